"""The compliance board: every clause in force with its cases, and the cases behind each figure."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any, Final, cast

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.models import Person
from anxiu.accounts.queries import regions
from anxiu.console.pages import Listing, address, columns, keyset, page, show
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.time import now
from anxiu.kpi.choices import Standing, Verdict
from anxiu.kpi.messages import STANDINGS, VERDICTS
from anxiu.kpi.queries import VIEW, Asked, compliance, evidence, verdicts
from anxiu.kpi.rules.board import Board, Line
from anxiu.orders.queries import VIEW as VIEW_ORDERS
from anxiu.regulation.models import Clause, Version
from anxiu.regulation.queries import in_force

PERIODS: Final[dict[str, tuple[int, Promise]]] = {
    "30": (30, _("Last 30 days")), "90": (90, _("Last 90 days")), "365": (365, _("Last 365 days")),
}  # fmt: skip
USUAL: Final = "90"
TONES: Final = {
    Standing.KEPT: ("green", "circle-check"), Standing.PARTLY: ("amber", "alert-triangle"),
    Standing.BROKEN: ("red", "alert-octagon"), Standing.NO_CASES: ("grey", "circle-dashed"),
    Standing.BY_PEOPLE: ("grey", "user-check"), Standing.BY_SYSTEM: ("blue", "shield-lock"),
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


def asked_of(request: HttpRequest, actor: Actor) -> tuple[Asked, str, str]:
    """Which cases the address asks for; with the period and the region as it names them."""
    at, period = now(), request.GET.get("period", USUAL)
    period = period if period in PERIODS else USUAL
    code = request.GET.get("region", "")
    region = regions(actor).filter(code=code).first() if code else None
    since = at - timedelta(days=PERIODS[period][0])
    return Asked(since, at, region.pk if region else None), period, region.code if region else ""


@page(VIEW)
def board_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every clause in force: cases, kept, broken, trend; those that nothing measures named as such."""
    asked, period, code = asked_of(request, actor)
    version = in_force(asked.region_id or cast("Person", request.user).region_id, "", now())
    found = compliance(actor, version, asked, get_language() or "zh-hans")
    query = f"?period={period}&region={code}" if code else f"?period={period}"
    rows = [_row(line, query) for line in found.lines]
    chapters = [
        {"number": number, "title": title, "rows": list(group)}
        for (number, title), group in groupby(
            rows, key=lambda each: (each.line.clause.chapter_number, each.line.clause.chapter)
        )
    ]
    zh = (get_language() or "zh").startswith("zh")
    context = {
        "title": _("Compliance board"), "chapters": chapters, "tiles": _tiles(found), "version": version,
        "version_name": version.name_zh if zh else version.name_en,
        "periods": [(key, words) for key, (_days, words) in PERIODS.items()], "period": period,
        "regions": [(each.code, each.name_zh if zh else each.name_en) for each in regions(actor)], "region": code,
        "asked": asked,
    }  # fmt: skip
    return show(request, "console/compliance/board.html", context, fragment="console/compliance/clauses.html")


def _row(line: Line, query: str) -> Row:
    tone, symbol = TONES[line.standing]
    share = line.tally.share
    trend = [kept / (kept + broken) for _week, kept, broken in line.tally.weeks if kept + broken]
    return Row(
        line, None if share is None else int(share * 100), STANDINGS[line.standing], tone, symbol, trend,
        reverse("compliance_cases", args=[line.clause.number]) + query,
    )  # fmt: skip


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
    asked, period, code = asked_of(request, actor)
    version: Version = in_force(asked.region_id or cast("Person", request.user).region_id, "", now())
    clause = Clause.objects.filter(version=version, number=number).first()
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
        hidden=[(name, request.GET[name]) for name in ("period", "region", "verdict") if request.GET.get(name)],
        empty={
            "title": _("No cases in this time"), "symbol": "circle-dashed",
            "text": _("What happens under this clause appears here."),
        },
    )  # fmt: skip
    context = {
        "title": f"{clause.number} {clause.title_zh if zh else clause.title_en}", "listing": listing,
        "board_url": f"{reverse('compliance')}?period={period}" + (f"&region={code}" if code else ""),
    }  # fmt: skip
    return show(request, "console/compliance/cases.html", context, fragment="console/parts/listing.html")


urlpatterns = [
    path("compliance/", board_page, name="compliance"),
    path("compliance/<str:number>/", cases_page, name="compliance_cases"),
]
