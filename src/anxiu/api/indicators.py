"""Indicators over the API: each with its meaning, target, weeks and count, and the orders behind it."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import override
from ninja import Path as InPath
from ninja import Router
from pydantic import BaseModel

from anxiu.accounts.models import Person, Region
from anxiu.accounts.queries import people, regions
from anxiu.api.asking import PAGE, Code, Cursor, Limit, Line, page_of
from anxiu.api.auth import actor_of
from anxiu.api.problems import Problem
from anxiu.api.timing import Day
from anxiu.catalogue.queries import families
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.kernel.time import now
from anxiu.kpi.choices import Better, Missing, Rank, ScorePart, Source, Unit, Verdict
from anxiu.kpi.messages import MEANINGS
from anxiu.kpi.queries import RANK, Span, Wanted, behind, rules_of, sheet, sums_of, weights_of
from anxiu.kpi.queries.figures import COMPANY
from anxiu.kpi.rules.figures import Aims, Figure, Sheet, every, figure, mondays
from anxiu.kpi.rules.indicators import INDICATORS, Indicator
from anxiu.kpi.rules.weighing import score
from anxiu.orders.queries import visible
from anxiu.regulation.choices import Severity
from anxiu.regulation.models import Version
from anxiu.regulation.queries import in_force

router = Router(tags=["indicators"])
REFUSED = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
USUAL, LONGEST = timedelta(days=90), timedelta(days=3 * 366)
IndicatorCode = Annotated[str, InPath(max_length=32, pattern=r"^[a-z_]+$")]


class IndicatorOut(BaseModel):
    """An indicator over a span. `value` is in seconds (time), a share of 1 (share, score), points, or a number; null
    without cases. `beside` is the same time with, or without, paused time. `rank` says how it stands to its target.
    """

    code: str
    name: str
    meaning: str
    formula: str
    left_out: str
    unit: Unit
    better: Better
    source: Source
    value: float | None
    count: int
    total: int
    beside: float | None
    before: float | None
    target: float | None
    rank: Rank

    @staticmethod
    def of(given: Figure, language: str) -> "IndicatorOut":
        """From a figure, in one language."""
        indicator, meaning = given.indicator, MEANINGS[given.indicator.code]
        with override("en" if language == "en" else "zh-hans"):
            return IndicatorOut(
                code=indicator.code, name=str(meaning.name), meaning=str(meaning.says), formula=str(meaning.formula),
                left_out=str(meaning.left_out), unit=indicator.unit, better=indicator.better, source=indicator.source,
                value=given.value, count=given.count, total=given.total, beside=given.beside, before=given.before,
                target=given.target, rank=given.rank,
            )  # fmt: skip


class WeekFigureOut(BaseModel):
    """The figure of a week, named by its Monday."""

    week: date
    value: float | None
    count: int


class RegionFigureOut(BaseModel):
    """The figure of a region; with too few cases it is not to be compared."""

    region: str
    value: float | None
    count: int
    rank: Rank


class IndicatorSeriesOut(IndicatorOut):
    """An indicator with its weeks and regions."""

    weeks: list[WeekFigureOut]
    regions: list[RegionFigureOut]


class IndicatorsOut(BaseModel):
    """Every indicator of a span; fewer cases than `minimum` meet or miss no target. `own`: of the caller only."""

    since: date
    until: date
    version: UUID
    minimum: int
    own: bool
    items: list[IndicatorOut]


class ScorePartOut(BaseModel):
    """A part of the service score: its weight in percent, and its points of a hundred or why it has none."""

    part: ScorePart
    weight: int
    value: float | None
    count: int
    points: float | None
    missing: Missing | None


class ScoreOut(BaseModel):
    """The service score of a span: of the parts that can be said, which are `covered` percent of the weights."""

    since: date
    until: date
    version: UUID
    points: float | None
    covered: int
    parts: list[ScorePartOut]


class BehindOut(BaseModel):
    """What one fact adds to a figure: `adds` to its sum, one to its count; `order` is empty where it is not seen."""

    order: UUID | None
    region: str
    at: datetime
    adds: int


class BehindPageOut(BaseModel):
    """A page of the facts behind a figure."""

    items: list[BehindOut]
    next: str


def _wanted(
    actor: Actor, since: date | None, until: date | None, region: str, family: str, severity: Severity | None,
    person: UUID | None,
) -> Wanted:  # fmt: skip
    """Which figures: of 90 days unless said; what the caller does not see cannot be named."""
    last = until or now().astimezone(COMPANY).date()
    first = since or last - USUAL + timedelta(days=1)
    if not first <= last <= first + LONGEST:
        raise Invalid("api.bad_span", field="until")
    place = _known("region", region, regions(actor).filter(code=region)) if region else None
    kind = _known("family", family, families(actor).filter(code=family)) if family else None
    one = None
    if person is not None:
        actor.require(RANK)
        one = _known("person", str(person), people(actor).filter(uid=person))
    return Wanted(Span(first, last + timedelta(days=1)), place, kind, severity or "", one)


def _known(field: str, given: str, rows: Any) -> int:
    key: int | None = rows.values_list("pk", flat=True).first()
    if key is None:
        raise Invalid("api.unknown_code", field=field, given=given)
    return key


def _version(actor: Actor, wanted: Wanted) -> Version:
    home = Person.objects.filter(pk=actor.person_id or 0).values_list("region", flat=True).first()
    return in_force(wanted.region_id or home, "", now())


def _named(code: str) -> Indicator:
    if code not in INDICATORS:
        raise NotFound("kernel.not_found")
    return INDICATORS[code]


@router.get("/indicators", response={200: IndicatorsOut, **REFUSED}, summary="Every indicator")
def get_indicators(
    request: HttpRequest, since: Day | None = None, until: Day | None = None, region: Code = "", family: Code = "",
    severity: Severity | None = None, person: UUID | None = None, language: Line = "zh-hans",
) -> IndicatorsOut:  # fmt: skip
    """Every indicator of a span of days, `until` included, beside the span before. Who may not see the team's figures
    gets their own.
    """
    actor = actor_of(request)
    wanted = _wanted(actor, since, until, region, family, severity, person)
    sums, before = (sums_of(actor, each) for each in (wanted, replace(wanted, span=wanted.span.before)))
    version = _version(actor, wanted)
    aims = rules_of(version)
    return IndicatorsOut(
        since=wanted.span.since, until=wanted.span.until - timedelta(days=1), version=version.uid, minimum=aims.minimum,
        own=not actor.may("kpi.view_team_indicators"),
        items=[IndicatorOut.of(figure(each, sums, aims, before), language) for each in INDICATORS.values()],
    )  # fmt: skip


@router.get("/indicators/score", response={200: ScoreOut, **REFUSED}, summary="The service score")
def get_score(
    request: HttpRequest, since: Day | None = None, until: Day | None = None, region: Code = "", family: Code = "",
    severity: Severity | None = None, person: UUID | None = None,
) -> ScoreOut:  # fmt: skip
    """The indicators of a span put together by the weights of the regulation, part by part."""
    actor = actor_of(request)
    wanted = _wanted(actor, since, until, region, family, severity, person)
    version = _version(actor, wanted)
    found = score(weights_of(version), every(sums_of(actor, wanted), rules_of(version)))
    parts = [
        ScorePartOut(
            part=each.part, weight=each.weight, value=each.figure.value if each.figure else None,
            count=each.figure.count if each.figure else 0, points=each.points, missing=each.missing,
        )
        for each in found.parts
    ]  # fmt: skip
    return ScoreOut(
        since=wanted.span.since, until=wanted.span.until - timedelta(days=1), version=version.uid,
        points=found.points, covered=found.covered, parts=parts,
    )  # fmt: skip


@router.get("/indicators/{str:code}", response={200: IndicatorSeriesOut, **REFUSED}, summary="An indicator")
def get_indicator(
    request: HttpRequest, code: IndicatorCode, since: Day | None = None, until: Day | None = None, region: Code = "",
    family: Code = "", severity: Severity | None = None, person: UUID | None = None, language: Line = "zh-hans",
) -> IndicatorSeriesOut:  # fmt: skip
    """One indicator week by week and region by region, beside the span before."""
    actor, indicator = actor_of(request), _named(code)
    wanted = _wanted(actor, since, until, region, family, severity, person)
    found, before = sheet(actor, wanted), sums_of(actor, replace(wanted, span=wanted.span.before))
    aims = rules_of(_version(actor, wanted))
    whole = IndicatorOut.of(figure(indicator, found.total, aims, before), language)
    return IndicatorSeriesOut(
        **whole.model_dump(), weeks=_weeks(indicator, found, wanted, aims), regions=_regions(indicator, found, aims)
    )


def _weeks(indicator: Indicator, found: Sheet, wanted: Wanted, aims: Aims) -> list[WeekFigureOut]:
    span = wanted.span
    weeks = [(week, figure(indicator, found.weeks.get(week, {}), aims)) for week in mondays(span.since, span.until)]
    return [WeekFigureOut(week=week, value=each.value, count=each.count) for week, each in weeks]


def _regions(indicator: Indicator, found: Sheet, aims: Aims) -> list[RegionFigureOut]:
    codes = dict(Region.objects.filter(pk__in=found.regions).values_list("pk", "code"))
    figures = [(codes[key], figure(indicator, sums, aims)) for key, sums in found.regions.items()]
    return [
        RegionFigureOut(region=code, value=each.value, count=each.count, rank=each.rank)
        for code, each in sorted(figures, key=lambda pair: pair[0]) if each.count
    ]  # fmt: skip


@router.get("/indicators/{str:code}/orders", response={200: BehindPageOut, **REFUSED}, summary="The orders behind one")
def list_indicator_orders(
    request: HttpRequest, code: IndicatorCode, since: Day | None = None, until: Day | None = None, region: Code = "",
    family: Code = "", severity: Severity | None = None, person: UUID | None = None, after: Cursor = "",
    limit: Limit = PAGE,
) -> BehindPageOut:  # fmt: skip
    """The facts behind an indicator; what they add makes up its `total`, their number its `count`."""
    actor, indicator = actor_of(request), _named(code)
    wanted = _wanted(actor, since, until, region, family, severity, person)
    found, following = page_of(behind(actor, wanted, indicator), after, limit)
    ids = {each.order_id for each in found}
    orders = dict(visible(actor).filter(pk__in=ids).values_list("pk", "uid")) if ids else {}
    return BehindPageOut(
        items=[
            BehindOut(
                order=orders.get(each.order_id), region=each.region.code, at=getattr(each, indicator.at),
                adds=_adds(indicator, each),
            )
            for each in found
        ],
        next=following,
    )  # fmt: skip


def _adds(indicator: Indicator, fact: Any) -> int:
    if indicator.source is Source.CASE:
        return int(fact.verdict == Verdict.KEPT)
    return int(getattr(fact, indicator.column)) if indicator.column else 1
