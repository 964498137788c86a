"""The compliance board: every clause in force with its cases, and the cases behind each figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any, Final, TypeVar, cast
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.models import Person, Region
from anxiu.accounts.queries import people, regions
from anxiu.console.pages import Listing, address, columns, keyset, page, show
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.time import now
from anxiu.kpi.choices import Standing, Verdict
from anxiu.kpi.messages import STANDINGS, VERDICTS
from anxiu.kpi.queries import (
    RANK,
    VIEW,
    VIEW_INDICATORS,
    Asked,
    Span,
    Wanted,
    compliance,
    evidence,
    goals,
    rules_of,
    verdicts,
)
from anxiu.kpi.queries.board import LOW
from anxiu.kpi.queries.figures import COMPANY
from anxiu.kpi.rules.board import Board, Line, Tally, standing_of
from anxiu.orders.queries import VIEW as VIEW_ORDERS
from anxiu.regulation.choices import HELD
from anxiu.regulation.models import Clause, Version
from anxiu.regulation.queries import in_force
from anxiu.trace.queries import VIEW_REFUSED, refused, times

PERIODS: Final[dict[str, tuple[int, Promise]]] = {
    "30": (30, _("Last 30 days")), "90": (90, _("Last 90 days")), "365": (365, _("Last 365 days")),
}  # fmt: skip
R = TypeVar("R", Person, Version)
USUAL: Final = "90"
WORST: Final = 6  # source: own choice; as many as one takes in at a glance
FILTERS: Final = ("period", "region", "person", "version", "verdict")
TONES: Final = {
    Standing.KEPT: ("green", "circle-check"), Standing.PARTLY: ("amber", "alert-triangle"),
    Standing.BROKEN: ("red", "alert-octagon"), Standing.NO_CASES: ("grey", "circle-dashed"),
    Standing.BY_PEOPLE: ("grey", "user-check"), Standing.BY_SYSTEM: ("blue", "shield-lock"),
    Standing.BY_FIGURES: ("teal", "target"),
}  # fmt: skip
VERDICT_TONES: Final = {Verdict.KEPT: "green", Verdict.BROKEN: "red", Verdict.EXEMPT: "grey"}


@dataclass(frozen=True, slots=True)
class Row:
    """A clause as the board draws it."""

    line: Line
    percent: int | None
    words: Promise | str
    tone: str
    symbol: str
    trend: list[float]
    url: str


@dataclass(frozen=True, slots=True)
class Question:
    """What the address asks for, with the rows it names; `query` is the same question for another page."""

    asked: Asked
    period: str
    region: Region | None
    person: Person | None
    chosen: Version | None
    version: Version
    query: str


def asked_of(request: HttpRequest, actor: Actor) -> Question:
    """Which cases the address asks for; what it names and the reader may not see is as if it were not named."""
    at, given = now(), request.GET
    period = given.get("period", USUAL)
    period = period if period in PERIODS else USUAL
    region = regions(actor).filter(code=given["region"]).first() if given.get("region") else None
    person = _one(people(actor), given.get("person", "")) if actor.may(RANK) else None
    chosen = _one(_versions(actor), given.get("version", ""))
    home = region.pk if region else (person or cast("Person", request.user)).region_id
    names = {
        "period": period, "region": region.code if region else "", "person": person.uid if person else "",
        "version": chosen.uid if chosen else "",
    }  # fmt: skip
    asked = Asked(
        at - timedelta(days=PERIODS[period][0]), at, region.pk if region else None, person.pk if person else None,
        chosen.pk if chosen else None,
    )  # fmt: skip
    query = urlencode({name: str(value) for name, value in names.items() if value})
    return Question(asked, period, region, person, chosen, chosen or in_force(home, "", at), query)


def _one(rows: QuerySet[R], text: str) -> R | None:
    try:
        uid = UUID(text)
    except ValueError:
        return None
    return rows.filter(uid=uid).first()


def _versions(actor: Actor) -> QuerySet[Version]:
    """The versions that were ever in force where the actor looks, the latest first."""
    rows = Version.objects.filter(state__in=sorted(HELD)).order_by("-pk")
    return rows if actor.regions is None else rows.filter(Q(region=None) | Q(region_id__in=actor.regions))


@page(VIEW)
def board_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every clause in force: cases, kept, broken, trend; those that nothing measures named as such."""
    question = asked_of(request, actor)
    asked, version = question.asked, question.version
    found = compliance(actor, version, asked, get_language() or "zh-hans")
    met = _goals(actor, question)
    rows = [_row(line, question.query, met) for line in found.lines]
    zh = (get_language() or "zh").startswith("zh")
    context = {
        "title": _("Compliance board"), "chapters": _chapters(rows), "tiles": _tiles(found), "version": version,
        "worst": _worst(rows, rules_of(version).minimum),
        "version_name": version.name_zh if zh else version.name_en, "question": question, "asked": asked,
        "periods": [(key, words) for key, (_days, words) in PERIODS.items()], "period": question.period,
        "regions": [(each.code, each.name_zh if zh else each.name_en) for each in regions(actor)],
        "region": question.region.code if question.region else "",
        "people": [
            (str(uid), name)
            for uid, name in people(actor).filter(is_active=True).order_by("name_key", "id").values_list("uid", "name")
        ] if actor.may(RANK) else [],
        "versions": [(str(each.uid), each.code) for each in _versions(actor)],
    }  # fmt: skip
    return show(request, "console/compliance/board.html", context, fragment="console/compliance/clauses.html")


def _chapters(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The clauses by chapter, each with the share of all its cases."""
    found = []
    groups = groupby(rows, key=lambda each: (each.line.clause.chapter_number, each.line.clause.chapter))
    for (number, title), group in groups:
        of_it = list(group)
        share = sum((each.line.tally for each in of_it), Tally()).share
        tone = "grey" if share is None else TONES[standing_of(share, LOW)][0]
        percent = None if share is None else int(share * 100)
        is_counted = any(each.line.tally.cases for each in of_it)
        found.append(
            {"number": number, "title": title, "rows": of_it, "percent": percent, "tone": tone, "counts": is_counted}
        )
    return found


def _worst(rows: Sequence[Row], minimum: int) -> list[Row]:
    """The clauses that are broken most, the worst first; one with too few cases to judge is not among them."""
    broken = [each for each in rows if each.line.tally.broken and each.line.tally.cases >= minimum]
    return sorted(broken, key=lambda each: (each.line.tally.share or 0, -each.line.tally.broken))[:WORST]


def _goals(actor: Actor, question: Question) -> dict[str, tuple[int, int]]:
    """Targets met, for the clauses that indicators measure; of the same days, region and person."""
    if not actor.may(VIEW_INDICATORS):
        return {}
    asked = question.asked
    last = asked.until.astimezone(COMPANY).date() + timedelta(days=1)
    span = Span(last - timedelta(days=PERIODS[question.period][0]), last)
    return goals(actor, Wanted(span, asked.region_id, person_id=asked.person_id), rules_of(question.version))


def _row(line: Line, query: str, met: dict[str, tuple[int, int]]) -> Row:
    tone, symbol = TONES[line.standing]
    share = line.tally.share
    trend = [kept / (kept + broken) for _week, kept, broken in line.tally.weeks if kept + broken]
    words: Promise | str = STANDINGS[line.standing]
    url = reverse("compliance_cases", args=[line.clause.number]) + f"?{query}"
    if line.standing is Standing.BY_FIGURES:
        pairs = [met.get(key, (0, 0)) for key in line.clause.keys]
        reached, judged = sum(first for first, _all in pairs), sum(every for _met, every in pairs)
        words = _("{met} of {all} targets met").format(met=reached, all=judged) if judged else words
        url = reverse("dashboard") + f"?{query}"
    return Row(line, None if share is None else int(share * 100), words, tone, symbol, trend, url)


def _tiles(found: Board) -> list[dict[str, Any]]:
    share = found.total.share
    lived = sum(1 for line in found.lines if line.standing is Standing.KEPT)
    broken = sum(1 for line in found.lines if line.standing in (Standing.BROKEN, Standing.PARTLY))
    return [
        {
            "label": _("Cases kept"), "value": "–" if share is None else f"{share:.1%}", "symbol": "scale",
            "tone": "blue", "note": _("{kept} of {all} that count").format(
                kept=found.total.kept, all=found.total.kept + found.total.broken
            ),
        },
        {
            "label": _("Clauses always kept"), "value": lived, "symbol": "circle-check", "tone": "green",
            "note": _("of {n} with cases").format(n=found.measured),
        },
        {
            "label": _("Clauses broken at times"), "value": broken, "symbol": "alert-triangle", "tone": "amber",
            "note": _("{n} broken cases").format(n=found.total.broken),
        },
        {
            "label": _("Clauses nothing counts"), "value": found.unmeasured, "symbol": "eye-off", "tone": "teal",
            "note": _("held by the system itself, or by people"),
        },
    ]  # fmt: skip


@page(VIEW)
def cases_page(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """The cases under one clause, the latest first; each opens its order."""
    question = asked_of(request, actor)
    asked = question.asked
    clause = Clause.objects.filter(version=question.version, number=number).first()
    if clause is None:
        raise NotFound("kernel.not_found")
    keys = tuple(clause.value_keys)
    verdict = request.GET.get("verdict", "")
    verdict = verdict if verdict in VERDICTS else ""
    numbers = verdicts(evidence(actor, asked, keys))
    rows, next_url = keyset(request, evidence(actor, asked, keys, verdict), ("-at", "-id"))
    for row in rows:
        row.opens = actor.may(VIEW_ORDERS)  # type: ignore[attr-defined]
        row.verdict_words, row.tone = VERDICTS[row.verdict], VERDICT_TONES[Verdict(row.verdict)]  # type: ignore[attr-defined]
    tabs = [
        {"label": pgettext_lazy("case", "All"), "url": address(request, verdict=""), "active": not verdict,
         "count": sum(numbers.values())},
        *(
            {"label": words, "url": address(request, verdict=each), "active": verdict == each,
             "count": numbers.get(each, 0)}
            for each, words in VERDICTS.items()
        ),
    ]  # fmt: skip
    zh = (get_language() or "zh").startswith("zh")
    listing = Listing(
        id="cases", rows=rows, row_template="console/compliance/case_row.html", next_url=next_url, tabs=tabs,
        columns=columns(
            _("Order"), pgettext_lazy("case", "Verdict"), _("Who"), _("Region"), _("Took"), _("When"),
        ),
        first_url=address(request) if request.GET.get("after") else "",
        hidden=[(name, request.GET[name]) for name in FILTERS if request.GET.get(name)],
        empty={
            "title": _("No cases in this time"), "symbol": "circle-dashed",
            "text": _("What happens under this clause appears here."),
        },
    )  # fmt: skip
    since = {"at__gte": asked.since, "at__lt": asked.until, "value_key__in": keys}
    tried = times(refused(actor).filter(**since)) if actor.may(VIEW_REFUSED) else 0
    context = {
        "refused": tried, "refused_url": f"{reverse('refused')}?clause={clause.number}",
        "title": f"{clause.number} {clause.title_zh if zh else clause.title_en}", "listing": listing,
        "board_url": f"{reverse('compliance')}?{question.query}",
    }  # fmt: skip
    return show(request, "console/compliance/cases.html", context, fragment="console/parts/listing.html")


urlpatterns = [
    path("compliance/", board_page, name="compliance"),
    path("compliance/<str:number>/", cases_page, name="compliance_cases"),
]
