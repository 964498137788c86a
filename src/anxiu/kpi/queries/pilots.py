"""Comparing a pilot: the sums of its weeks by part, from the cells of days, or from facts where a kind of service is
tried, which cells do not tell apart. Two statements, however many indicators.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import connection

from anxiu.kernel.action import view
from anxiu.kernel.actor import Actor
from anxiu.kernel.values import reading
from anxiu.kpi.choices import Source, Verdict
from anxiu.kpi.models import CaseFact, OrderFact, VisitFact
from anxiu.kpi.queries.figures import COMPANY, Slice, Span
from anxiu.kpi.rules.adding import ALL_FAMILIES, ALL_SEVERITIES
from anxiu.kpi.rules.figures import pair
from anxiu.kpi.rules.indicators import CLOCKS, INDICATORS, SUMMED, Indicator
from anxiu.kpi.rules.piloting import Cell, Found, Weeks, found, weeks
from anxiu.kpi.values import MINIMUM_CASES, PILOT_WEEKS_BEFORE
from anxiu.orders.models import Order
from anxiu.regulation.models import Pilot
from anxiu.regulation.queries import in_force

VIEW_PILOTS = view("kpi.view_pilots", posts={"supervisor", "management", "hr", "administrator"})
_TABLES: Final = {
    source: model._meta.db_table
    for source, model in ((Source.ORDER, OrderFact), (Source.VISIT, VisitFact), (Source.CASE, CaseFact))
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A pilot compared. `minimum`: a part with fewer cases before or after does not count.

    `paired`: kinds of service are compared with the others of the same region; else regions with the other regions.
    """

    pilot: Pilot
    weeks: Weeks
    minimum: int
    paired: bool
    found: tuple[Found, ...]


def _weeks(pilot: Pilot, at: datetime, least: int) -> Weeks:
    """A day on which the pilot began or ended between two midnights belongs to neither side."""
    starts = pilot.starts_at.astimezone(COMPANY)
    first = starts.date() if starts.time() == time.min else starts.date() + timedelta(days=1)
    return weeks(first, min(pilot.holds_until or at, at).astimezone(COMPANY).date(), least)


def slices(pilot: Pilot) -> tuple[Slice, Slice]:
    """What tried it, and the rest: regions beside the other regions, or kinds of service beside the others."""
    scope = pilot.version
    regions, kinds = frozenset(pilot.regions), frozenset(pilot.order_types)
    if regions - {scope.region_id}:
        return Slice(regions, kinds), Slice(regions, kinds, other_regions=True)
    return Slice(regions, kinds), Slice(regions, kinds, other_kinds=True)


def compared(actor: Actor, pilot: Pilot, at: datetime) -> Comparison:
    """Every indicator the pilot was to be compared by; sums of all regions, also of those the actor does not see."""
    actor.require(VIEW_PILOTS)
    says = reading(in_force(None, "", at).pk)
    span, minimum = _weeks(pilot, at, says(PILOT_WEEKS_BEFORE)), says(MINIMUM_CASES)
    tried, rest = slices(pilot)
    asked = [INDICATORS[code] for code in pilot.indicators if code in INDICATORS]
    cells = _from_facts(asked, tried, rest, span) if tried.kinds else _from_cells(asked, tried, span)
    paired = rest.other_kinds
    results = tuple(found(each, cells[each.code], span, minimum, pilot.pk, paired=paired) for each in asked)
    return Comparison(pilot, span, minimum, paired, results)


# ---- regions: the cells of their days --------------------------------------------------------------------------------
_CELLS: Final = """
select region_id, (day - %s) / 7, {added} from kpi_daycell
where family = %s and severity = %s and day >= %s and day < %s group by 1, 2
"""


def _columns(asked: Iterable[Indicator]) -> list[str]:
    """The columns that these indicators add up."""
    wanted = {column for each in asked for column in _own(each)}
    return [each for each in SUMMED if each in wanted]


def _own(indicator: Indicator) -> list[str]:
    return [indicator.column] if indicator.column in SUMMED else [each.column for each in CLOCKS]


def _from_cells(asked: Sequence[Indicator], tried: Slice, span: Weeks) -> dict[str, list[Cell]]:
    made: dict[str, list[Cell]] = {each.code: [] for each in asked}
    columns = _columns(asked)
    added = ", ".join(f"sum({column}), sum({column}_n)" for column in columns)
    with connection.cursor() as cursor:
        given: list[Any] = [span.since, ALL_FAMILIES, ALL_SEVERITIES, span.since, span.until]
        cursor.execute(_CELLS.format(added=added), given)
        for region, week, *numbers in cursor.fetchall():
            each_way = iter(numbers)
            sums = {column: (int(next(each_way)), int(next(each_way))) for column in columns}
            for each in asked:
                made[each.code].append(Cell(region, region in tried.regions, week, *pair(each, sums)))
    return made


# ---- kinds of service: the facts -------------------------------------------------------------------------------------
_FACTS: Final = """
select %s, fact.region_id, {tried}, ((fact.{at} at time zone %s)::date - %s) / 7, {much}, count(*)
from {table} fact join {orders} told on told.id = fact.order_id
where fact.{at} >= %s and fact.{at} < %s and {counts}{where} group by 2, 3, 4
"""


def _from_facts(asked: Sequence[Indicator], tried: Slice, rest: Slice, span: Weeks) -> dict[str, list[Cell]]:
    made: dict[str, list[Cell]] = {each.code: [] for each in asked}
    parts, given = [], []
    for each in asked:
        text, values = _one(each, tried, rest, span)
        parts.append(text)
        given += values
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(parts), given)
        for code, region, side, week, much, many in cursor.fetchall():
            made[code].append(Cell(region, side, week, int(much), many))
    return made


def _one(indicator: Indicator, tried: Slice, rest: Slice, span: Weeks) -> tuple[str, list[Any]]:
    """One indicator by region, side and week, with what stands for its marks."""
    regions, kinds = sorted(tried.regions), sorted(tried.kinds)
    side = ("told.order_type = any(%s)", kinds) if rest.other_kinds else ("fact.region_id = any(%s)", regions)
    counts: tuple[str, list[Any]] = (f"fact.{indicator.column} is not null", [])
    much = f"sum(fact.{indicator.column})"
    if indicator.source is Source.CASE:
        counts = ("fact.value_key = any(%s) and fact.verdict <> %s", [list(indicator.keys), Verdict.EXEMPT.value])
        much = f"count(*) filter (where fact.verdict = '{Verdict.KEPT.value}')"
    where: tuple[str, list[Any]] = ("", [])
    if not rest.other_kinds:
        where = (" and told.order_type = any(%s)", [kinds])
    elif regions:
        where = (" and fact.region_id = any(%s)", [regions])
    text = _FACTS.format(
        tried=side[0], at=indicator.at, much=much, table=_TABLES[indicator.source], orders=Order._meta.db_table,
        counts=counts[0], where=where[0],
    )  # fmt: skip
    given = [indicator.code, side[1], str(COMPANY), span.since, *Span(span.since, span.until).moments]
    return text, [*given, *counts[1], *where[1]]


def days_of(span: Weeks, *, since: bool) -> tuple[date, date]:
    """The first and the last day that count before the pilot, or since it began."""
    first, end = (span.first, span.until) if since else (span.since, span.first)
    return first, end - timedelta(days=1)
