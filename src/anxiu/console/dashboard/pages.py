"""The dashboard itself, and the page of one indicator."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anxiu.console.dashboard.asking import OWN_DAYS, PERIODS, Question, asked_of, is_chinese, local_name, named
from anxiu.console.dashboard.charts import by_region, heat, pareto, spark, trend
from anxiu.console.dashboard.said import GROUPS, TONES, beside_words, plain_words, target_words, targets_met, tile
from anxiu.console.dashboard.scoring import scored
from anxiu.console.pages import page, show
from anxiu.kernel.actor import Actor
from anxiu.kpi.choices import ShareCode, TimeCode, Unit
from anxiu.kpi.messages import MEANINGS
from anxiu.kpi.queries import RANK, VIEW_INDICATORS, lag, recurring, sheet, sums_of, team
from anxiu.kpi.rules.figures import Figure, every, figure
from anxiu.kpi.rules.indicators import CLOCKS, INDICATORS, Indicator
from anxiu.kpi.values import SHARE_TARGETS, TIME_TARGETS
from anxiu.orders.messages import SEVERITIES
from anxiu.regulation.models import Clause
from anxiu.sla.messages import KINDS
from anxiu.workforce.queries import engineers

FIRST, FIRST_OF_ONE = ShareCode.FIRST_FIX, TimeCode.HANDLING  # what is drawn unless the address says
BEHIND: Final = 5000  # events not folded yet from which a reader is told
CHARTED: Final = tuple(code for _group, codes in GROUPS for code in codes)


@page(VIEW_INDICATORS)
def dashboard(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Indicators against their targets, week by week, by region; what recurs, and when requests come."""
    question = asked_of(request, actor)
    wanted, aims = question.wanted, question.aims
    found = sheet(actor, wanted)
    figures = every(found.total, aims, sums_of(actor, replace(wanted, span=wanted.span.before)))
    around = every(team(actor, wanted), aims) if not question.is_team else {}
    chosen = _chosen(request, FIRST if question.is_team else FIRST_OF_ONE)
    again = recurring(actor, wanted)
    context = {
        "title": _("Dashboard") if question.is_team else _("My figures"), "question": question,
        "groups": [
            {
                "name": name,
                "tiles": [
                    tile(question, figures[code], spark(question, INDICATORS[code], found), around.get(code))
                    for code in codes
                ],
            }
            for name, codes in GROUPS
        ],
        "requests": figures["requests"], "requests_url": question.to("indicator_orders", "requests"),
        "goals": targets_met([figures[code] for code in CHARTED]), "behind": _behind(),
        "clocks": _clocks(question, figures), "score": scored(question, figures, found),
        "drawn": chosen.code, "drawn_name": MEANINGS[chosen.code].name,
        "aim": target_words(chosen, aims.targets.get(chosen.code), question.scale),
        "choices": [(code, MEANINGS[code].name) for code in CHARTED],
        "trend": trend(question, chosen, found),
        "regions": by_region(question, chosen, found) if len(question.regions) > 1 and question.is_team else None,
        "faults": pareto(question, again.faults), "heat": heat(question, again.hours),
        "people_url": question.to("indicator_people", chosen.code) if actor.may(RANK) else "",
        **filters(question, actor),
    }  # fmt: skip
    return show(request, "console/dashboard/dashboard.html", context, fragment="console/dashboard/figures.html")


def _chosen(request: HttpRequest, usual: str) -> Indicator:
    """The indicator whose weeks and regions are drawn."""
    code = request.GET.get("show", usual)
    return INDICATORS[code if code in CHARTED else usual]


def _behind() -> int:
    waiting = lag()
    return waiting if waiting > BEHIND else 0


def _clocks(question: Question, figures: dict[str, Figure]) -> list[dict[str, Any]]:
    """Deadlines kept, kind by kind."""
    return [
        {
            "name": KINDS[each.code.removeprefix("clock_")], "figure": figures[each.code],
            "tone": TONES[figures[each.code].rank],
            "percent": None if figures[each.code].value is None else int((figures[each.code].value or 0) * 100),
            "words": plain_words(each, figures[each.code].value, question.scale),
            "url": question.to("indicator", each.code),
        }
        for each in CLOCKS
    ]  # fmt: skip


def filters(question: Question, actor: Actor) -> dict[str, Any]:
    """What the toolbar above the figures holds."""
    people = engineers(actor).filter(retired_at=None).select_related("person").order_by("person__name_key")
    if question.region:
        people = people.filter(region=question.region)
    zh, version = is_chinese(), question.version
    return {
        "periods": [*((key, words) for key, (_days, words) in PERIODS.items()), (OWN_DAYS, _("From … to …"))],
        "since": question.wanted.span.since, "last": question.wanted.span.until - timedelta(days=1),
        "region_choices": [(each.code, local_name(each)) for each in question.regions],
        "family_choices": [(each.code, local_name(each)) for each in question.families],
        "severity_choices": list(SEVERITIES.items()),
        "person_choices": [(str(each.person.uid), each.person.name) for each in people]
        if actor.may(RANK) else [],
        "version": version, "version_name": version.name_zh if zh else version.name_en,
    }  # fmt: skip


def _key(indicator: Indicator) -> str:
    """The value of the regulation that holds its target."""
    return (TIME_TARGETS if indicator.unit is Unit.TIME else SHARE_TARGETS).key


@page(VIEW_INDICATORS)
def indicator_page(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """One indicator: exactly what is counted, its weeks and regions, and the way to its orders and people."""
    question, indicator = asked_of(request, actor), named(code)
    wanted, aims = question.wanted, question.aims
    found = sheet(actor, wanted)
    before = sums_of(actor, replace(wanted, span=wanted.span.before))
    one = figure(indicator, found.total, aims, before)
    around = figure(indicator, team(actor, wanted), aims) if not question.is_team else None
    clause = Clause.objects.filter(version=question.version, value_keys__contains=[_key(indicator)]).first()
    context = {
        "title": MEANINGS[code].name, "question": question, "indicator": indicator, "meaning": MEANINGS[code],
        "figure": one, "tile": tile(question, one, spark(question, indicator, found), around),
        "beside": beside_words(one, question.scale), "clause": clause,
        "regulation_url": reverse("regulation") + (f"#c{clause.number}" if clause else ""),
        "trend": trend(question, indicator, found),
        "aim": target_words(indicator, one.target, question.scale),
        "regions": by_region(question, indicator, found) if len(question.regions) > 1 and question.is_team else None,
        "home_url": question.home(), "orders_url": question.to("indicator_orders", code),
        "people_url": question.to("indicator_people", code) if actor.may(RANK) else "",
        "kinds": _clocks(question, every(found.total, aims)) if code == ShareCode.CLOCKS else [],
        "may_open_regulation": actor.may("regulation.view"), "minimum": aims.minimum, **filters(question, actor),
    }  # fmt: skip
    return show(request, "console/dashboard/indicator.html", context)


