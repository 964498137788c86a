"""What stands behind a figure: its orders, which add up to it, and the people."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from anxiu.accounts.models import Person
from anxiu.console.dashboard.asking import KEPT, Question, asked_of, local_name, named
from anxiu.console.dashboard.pages import filters
from anxiu.console.dashboard.said import TONES, count_words, plain_words, target_words
from anxiu.console.pages import Listing, address, columns, keyset, page, show
from anxiu.kernel.actor import Actor
from anxiu.kernel.given import day as given_day
from anxiu.kernel.given import number
from anxiu.kpi.choices import Rank, Source, Unit, Verdict, Whose
from anxiu.kpi.messages import MEANINGS, RANKS
from anxiu.kpi.queries import RANK, VIEW_INDICATORS, Span, behind, people
from anxiu.kpi.rules.figures import judged
from anxiu.kpi.rules.indicators import Indicator
from anxiu.orders.queries import VIEW as VIEW_ORDERS

NARROWER: Final = ("fault", "weekday", "hour", "week", "result")
YES, NO = pgettext_lazy("in a share", "Yes"), pgettext_lazy("in a share", "No")
KEY: Final = {Source.ORDER: "order_id", Source.VISIT: "visit_id", Source.CASE: "id"}  # unique: ends a list's order


@page(VIEW_INDICATORS)
def orders_page(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """The orders behind a figure, the latest first, each with what it adds."""
    question, indicator = asked_of(request, actor), named(code)
    question, narrow = _narrowed(request, question)
    facts = _only(behind(actor, question.wanted, indicator), indicator, narrow)
    much, many = _sum(facts, indicator)
    shown = _with_result(facts, indicator, request.GET.get("result", ""))
    rows, next_url = keyset(request, shown, (f"-{indicator.at}", f"-{KEY[indicator.source]}"))
    figure = judged(indicator, much, many, question.aims)
    for row in rows:
        _told(row, indicator, question, actor)
    listing = Listing(
        id="facts", rows=rows, row_template="console/dashboard/fact_row.html", next_url=next_url,
        title="" if indicator.unit is Unit.SHARE else _("Orders"), tabs=_tabs(request, indicator, much, many),
        columns=columns(_("Order"), _("Adds"), _("Who"), _("Region"), _("When")),
        first_url=address(request) if request.GET.get("after") else "",
        hidden=[(name, request.GET[name]) for name in (*KEPT, *NARROWER) if request.GET.get(name)],
        empty={
            "title": _("No orders in this time"), "symbol": "circle-dashed",
            "text": _("Choose a longer time, or take a filter out."),
        },
    )  # fmt: skip
    context = {
        "title": MEANINGS[code].name, "listing": listing, "question": question, "indicator": indicator,
        "meaning": MEANINGS[code], "sum": _sum_words(question, indicator, much, many),
        "value": plain_words(indicator, figure.value, question.scale), "figure": figure,
        "count": count_words(figure), "home_url": question.home(), "indicator_url": question.to("indicator", code),
        "narrow": _narrow_words(narrow),
    }  # fmt: skip
    return show(request, "console/dashboard/orders.html", context, fragment="console/parts/listing.html")


def _narrowed(request: HttpRequest, question: Question) -> tuple[Question, Mapping[str, Any]]:
    """A week, a class of fault, a weekday or an hour that a point of a chart stands for."""
    narrow: dict[str, Any] = {}
    monday = given_day(request.GET.get("week", ""))
    if monday:
        span = question.wanted.span
        week = Span(max(monday, span.since), min(monday + timedelta(days=7), span.until))
        question = replace(question, wanted=replace(question.wanted, span=week))
        narrow["week"] = week
    if fault := request.GET.get("fault", ""):
        narrow["fault"] = fault
    for name, most in (("weekday", 7), ("hour", 23)):
        if (chosen := number(request.GET.get(name, ""))) is not None and chosen <= most:
            narrow[name] = chosen
    return question, narrow


def _only(facts: QuerySet[Any], indicator: Indicator, narrow: Mapping[str, Any]) -> QuerySet[Any]:
    if indicator.source is not Source.ORDER:
        return facts
    if fault := narrow.get("fault"):
        facts = facts.filter(fault_class=None) if fault == "-" else facts.filter(fault_class__code=fault)
    return facts.filter(**{name: narrow[name] for name in ("weekday", "hour") if name in narrow})


def _sum(facts: QuerySet[Any], indicator: Indicator) -> tuple[int, int]:
    """How much and how many the list adds up to; one statement."""
    facts = facts.select_related(None).order_by()
    if indicator.source is Source.CASE:
        found = dict(facts.values_list("verdict").annotate(Count("id")))
        return found.get(Verdict.KEPT, 0), sum(found.values())
    much = Sum(indicator.column) if indicator.column else Count("pk")
    row = facts.aggregate(much=much, many=Count("pk"))
    return int(row["much"] or 0), row["many"]


def _with_result(facts: QuerySet[Any], indicator: Indicator, result: str) -> QuerySet[Any]:
    """Of a share only those that are in it (1), or only those that are not (0)."""
    if indicator.unit is not Unit.SHARE or result not in ("0", "1"):
        return facts
    if indicator.source is Source.CASE:
        return facts.filter(verdict=Verdict.KEPT if result == "1" else Verdict.BROKEN)
    return facts.filter(**{indicator.column: int(result)})


def _tabs(request: HttpRequest, indicator: Indicator, much: int, many: int) -> list[dict[str, Any]]:
    if indicator.unit is not Unit.SHARE:
        return []
    chosen = request.GET.get("result", "")
    kinds = (
        ("", pgettext_lazy("case", "All"), many), ("1", pgettext_lazy("in a share", "Counts"), much),
        ("0", pgettext_lazy("in a share", "Does not count"), many - much),
    )  # fmt: skip
    return [
        {"label": label, "url": address(request, result=key), "active": chosen == key, "count": count}
        for key, label, count in kinds
    ]


def _told(row: Any, indicator: Indicator, question: Question, actor: Actor) -> None:
    """What a row of the list shows of its fact."""
    row.opens, row.when = actor.may(VIEW_ORDERS), getattr(row, indicator.at)
    if indicator.source is Source.CASE:
        kept = row.verdict == Verdict.KEPT
        row.adds, row.tone, row.who = (_("in time") if kept else _("late")), "green" if kept else "red", row.person
        return
    row.who = row.owner if indicator.whose is Whose.OWNER else row.engineer.person if row.engineer else None
    row.tone = "grey"
    value = getattr(row, indicator.column) if indicator.column else 1
    if indicator.unit is Unit.SHARE:
        good = bool(value) != (indicator.better == "less")
        row.adds, row.tone = YES if value else NO, "green" if good else "red"
    elif indicator.unit is Unit.SCORE:
        row.adds = f"{row.score} / {row.scale}"
    elif indicator.unit is Unit.POINTS:
        row.adds, row.tone = row.recommends, {1: "green", 0: "grey", -1: "red"}[value]
    else:
        row.adds = plain_words(indicator, value, question.scale)


def _sum_words(question: Question, indicator: Indicator, much: int, many: int) -> str:
    """How the list adds up: `412 h ÷ 398`, `371 ÷ 398`."""
    if not many or indicator.unit is Unit.COUNT:
        return ""
    if indicator.unit is Unit.TIME:
        return f"{plain_words(indicator, much, question.scale)} ÷ {many:,}"
    if indicator.unit is Unit.SCORE:
        return ngettext("{n} rating", "{n} ratings", many).format(n=f"{many:,}")
    return f"{much:,} ÷ {many:,}"


def _narrow_words(narrow: Mapping[str, Any]) -> list[str]:
    """What else the list is narrowed to."""
    words = []
    if week := narrow.get("week"):
        words.append(f"{week.since:%Y-%m-%d} – {week.until - timedelta(days=1):%Y-%m-%d}")
    if "hour" in narrow:
        words.append(f"{narrow['hour']:02}:00 – {narrow['hour'] + 1:02}:00")
    return words


@page(RANK)
def people_page(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """An indicator by person, the best first; whoever has too few cases stands behind, in no order of merit."""
    question, indicator = asked_of(request, actor), named(code)
    aims = question.aims
    found = people(actor, question.wanted, indicator, aims)
    names = Person.objects.select_related("region").in_bulk(found)
    sign = -1 if indicator.better == "more" else 1
    rows: list[dict[str, Any]] = [
        {
            "person": names[pk], "figure": each, "words": plain_words(indicator, each.value, question.scale),
            "count": count_words(each), "tone": TONES[each.rank], "note": RANKS[each.rank],
            "region": local_name(names[pk].region) if names[pk].region else "",
            "url": question.to("indicator_orders", code, person=names[pk].uid),
        }
        for pk, each in found.items() if pk in names
    ]  # fmt: skip
    ranked = sorted(
        (row for row in rows if row["figure"].is_judged),
        key=lambda row: (sign * row["figure"].value, row["person"].name_key),
    )
    few = sorted((row for row in rows if row["figure"].rank is Rank.TOO_FEW), key=lambda row: row["person"].name_key)
    for place, row in enumerate(ranked):
        before = ranked[place - 1] if place else None
        row["place"] = before["place"] if before and before["words"] == row["words"] else place + 1
    context = {
        "title": MEANINGS[code].name, "question": question, "indicator": indicator, "ranked": ranked, "few": few,
        "minimum": aims.minimum, "home_url": question.home(), "indicator_url": question.to("indicator", code),
        "target": target_words(indicator, aims.targets.get(code), question.scale), **filters(question, actor),
    }  # fmt: skip
    return show(request, "console/dashboard/people.html", context)
