"""Reading indicators: sums of a period by week and region, the facts behind them, what recurs and when it comes.

Sums are kept by day; those of one person are added up from that person's facts, by the same rule.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q, QuerySet

from anxiu.kernel.action import view
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotAllowed
from anxiu.kernel.values import reading
from anxiu.kpi.choices import Rank, ScorePart, ShareCode, Source, Unit, Verdict, Whose
from anxiu.kpi.models import CaseFact, OrderFact, VisitFact
from anxiu.kpi.rules.adding import ALL_FAMILIES, ALL_SEVERITIES, of_order_fact, of_visit_fact
from anxiu.kpi.rules.figures import Aims, Figure, Sheet, Sums, every, together
from anxiu.kpi.rules.indicators import CLOCK_OF, CLOCKS, INDICATORS, SUMMED, columns
from anxiu.kpi.values import MINIMUM_CASES, SHARE_TARGETS, TIME_TARGETS, WEIGHTS
from anxiu.regulation.models import Version
from anxiu.workforce.models import Engineer

VIEW_INDICATORS = view(
    "kpi.view_indicators",
    posts={"engineer", "partner", "dispatcher", "supervisor", "hr", "management", "administrator"},
)
VIEW_TEAM = view("kpi.view_team_indicators", posts={"dispatcher", "supervisor", "hr", "management", "administrator"})
RANK = view("kpi.rank_people", posts={"supervisor", "hr", "management"})
COMPANY: Final = ZoneInfo(settings.TIME_ZONE)
_HUNDRED: Final = 100  # source: percent
F = TypeVar("F", OrderFact, VisitFact, CaseFact)


@dataclass(frozen=True, slots=True)
class Span:
    """Days of the company's time zone, the last not included."""

    since: date
    until: date

    @property
    def before(self) -> "Span":
        """As many days right before."""
        return Span(self.since - (self.until - self.since), self.since)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Its first moment, and the first after it."""
        return _midnight(self.since), _midnight(self.until)


@dataclass(frozen=True, slots=True)
class Slice:
    """Orders of some regions and kinds of service (none named: of all), or of the other regions, or the other kinds.

    In either case without some regions.
    """

    regions: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()
    other_regions: bool = False
    other_kinds: bool = False
    without: frozenset[int] = frozenset()

    def of(self, rows: QuerySet[F]) -> QuerySet[F]:
        """The facts that lie in it."""
        if self.regions:
            here = Q(region_id__in=sorted(self.regions))
            rows = rows.filter(~here if self.other_regions else here)
        if self.kinds:
            such = Q(order__order_type__in=sorted(self.kinds))
            rows = rows.filter(~such if self.other_kinds else such)
        if self.without:
            rows = rows.exclude(region_id__in=sorted(self.without))
        return rows


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figures: of a span, and of one region, family, severity, person or slice of the company where named.

    Sums that are kept by day know no slices: these are asked for as facts.
    """

    span: Span
    region_id: int | None = None
    family_id: int | None = None
    severity: str = ""
    person_id: int | None = None
    part: Slice | None = None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, COMPANY)


def own(actor: Actor, wanted: Wanted) -> Wanted:
    """What the actor may ask for: who sees only their own figures gets these, whatever they asked."""
    actor.require(VIEW_INDICATORS)
    if actor.may(VIEW_TEAM):
        return wanted
    if actor.person_id is None:
        raise NotAllowed("kernel.not_allowed", permission=VIEW_TEAM)
    return replace(wanted, person_id=actor.person_id)


def rules_of(version: Version) -> Aims:
    """What a version of the regulation aims at."""
    says = reading(version.pk)
    targets: dict[str, float] = {each.indicator: each.at_most.total_seconds() for each in says(TIME_TARGETS)}
    targets |= {each.indicator: each.target / _HUNDRED for each in says(SHARE_TARGETS)}
    if ShareCode.CLOCKS in targets:  # a kind without a target of its own has that of all kinds
        targets = {each.code: targets[ShareCode.CLOCKS] for each in CLOCKS} | targets
    return Aims(targets, says(MINIMUM_CASES))


def weights_of(version: Version) -> Mapping[ScorePart, int]:
    """How much each part of a service score counts under a version of the regulation."""
    return reading(version.pk)(WEIGHTS)


# ---- sums ------------------------------------------------------------------------------------------------------------
_WEEK: Final = "day - (extract(isodow from day)::int - 1)"
_ADDED: Final = ", ".join(f"sum({column}), sum({column}_n)" for column in SUMMED)
_SELECT: Final = "select {keys}, {added} from kpi_daycell where day >= %s and day < %s{where}{groups}"


def _where(actor: Actor, wanted: Wanted) -> tuple[str, list[Any]]:
    """The part of the cells that is asked for, of those the actor sees."""
    parts: list[tuple[str, Any]] = [
        ("family = %s", ALL_FAMILIES if wanted.family_id is None else wanted.family_id),
        ("severity = %s", wanted.severity or ALL_SEVERITIES),
    ]
    if not actor.may(VIEW_TEAM):
        home = Engineer.objects.filter(person_id=actor.person_id or 0).values_list("region_id", flat=True).first()
        parts.append(("region_id = %s", home or 0))
    elif actor.regions is not None:
        parts.append(("region_id = any(%s)", sorted(actor.regions)))
    if wanted.region_id is not None:
        parts.append(("region_id = %s", wanted.region_id))
    return "".join(f" and {text}" for text, _ in parts), [given for _, given in parts]


def _read(values: Iterable[Any]) -> Sums:
    """Two numbers for each column: how much, over how many."""
    numbers = [int(each or 0) for each in values]
    return {column: (numbers[at + at], numbers[at + at + 1]) for at, column in enumerate(SUMMED)}


def _cells(actor: Actor, wanted: Wanted) -> Sheet:
    """The sums of a team from the cells of its days; one statement."""
    where, given = _where(actor, wanted)
    keys = f"{_WEEK}, region_id, grouping({_WEEK}), grouping(region_id)"
    groups = f" group by grouping sets (({_WEEK}), (region_id), ())"
    text = _SELECT.format(added=_ADDED, keys=keys, where=where, groups=groups)
    weeks: dict[date, Sums] = {}
    regions: dict[int, Sums] = {}
    total: Sums = {}
    with connection.cursor() as cursor:
        cursor.execute(text, [wanted.span.since, wanted.span.until, *given])
        for week, region, without_week, without_region, *values in cursor.fetchall():
            if not without_week:
                weeks[week] = _read(values)
            elif not without_region:
                regions[region] = _read(values)
            else:
                total = _read(values)
    return Sheet(total, weeks, regions)


def _cells_total(actor: Actor, wanted: Wanted) -> Sums:
    where, given = _where(actor, wanted)
    text = _SELECT.format(added=_ADDED, keys="1", where=where, groups="")
    with connection.cursor() as cursor:
        cursor.execute(text, [wanted.span.since, wanted.span.until, *given])
        return _read(cursor.fetchone()[1:])


def sheet(actor: Actor, wanted: Wanted) -> Sheet:
    """The sums of a period by week and by region: of the team, or of one person."""
    wanted = own(actor, wanted)
    if wanted.person_id is None:
        return _cells(actor, wanted)
    return _of_person(actor, wanted)


_TOLD: Final = (
    "region_id", "family_id", "severity", "opened_at", "engineer_id", "owner_id",
    *dict.fromkeys(name for pair in columns(Source.ORDER) for name in pair if name != "opened_at"),
)  # fmt: skip
_ASKED: Final = (
    "region_id", "family_id", "severity", *dict.fromkeys(name for pair in columns(Source.VISIT) for name in pair),
)  # fmt: skip
_OWNERS: Final = frozenset(
    column
    for each in INDICATORS.values()
    if each.whose is Whose.OWNER
    for column in (each.column, each.other)
)  # fmt: skip


def _of_person(actor: Actor, wanted: Wanted) -> Sheet:
    """The sums of one person, added up from the facts of their part of the work; four statements."""
    person = wanted.person_id or 0
    engineer = Engineer.objects.filter(person_id=person).values_list("pk", flat=True).first() or 0
    since, until = wanted.span.moments
    lasted = Q(ended_at=None) | Q(ended_at__gte=since) | Q(rated_at__gte=since)
    theirs = Q(engineer_id=engineer) | Q(owner_id=person)
    orders = narrowed(actor, wanted, OrderFact.objects.filter(theirs, lasted, opened_at__lt=until))
    added: list[tuple[date, int, str, int]] = []
    for row in orders.values_list(*_TOLD, named=True):
        for (day, region, _, _), column, value in of_order_fact(row, _local_day):
            if (column in _OWNERS and row.owner_id == person) or (
                column not in _OWNERS and row.engineer_id == engineer
            ):
                added.append((day, region, column, value))
    asked = Q(answered_at__gte=since, answered_at__lt=until) | Q(arrived_at__gte=since, arrived_at__lt=until)
    visits = narrowed(actor, wanted, VisitFact.objects.filter(asked, engineer_id=engineer))
    for row in visits.values_list(*_ASKED, named=True):
        added += [(day, region, column, value) for (day, region, _, _), column, value in of_visit_fact(row, _local_day)]
    within = [each for each in added if wanted.span.since <= each[0] < wanted.span.until]
    return _put_together(within, _clocks_of_person(actor, wanted))


Counted = tuple[date, int, str, int, int]  # Monday, region, column, how much, how many


def _clocks_of_person(actor: Actor, wanted: Wanted) -> list[Counted]:
    since, until = wanted.span.moments
    rows = CaseFact.objects.filter(person_id=wanted.person_id or 0, at__gte=since, at__lt=until, value_key__in=CLOCK_OF)
    counted = (
        narrowed(actor, wanted, rows.exclude(verdict=Verdict.EXEMPT)).order_by()
        .values_list("week", "region_id", "value_key")
        .annotate(kept=Count("id", filter=Q(verdict=Verdict.KEPT)), number=Count("id"))
    )  # fmt: skip
    return [(week, region, CLOCK_OF[key].column, kept, number) for week, region, key, kept, number in counted]


def _put_together(added: Iterable[tuple[date, int, str, int]], counted: Iterable[Counted]) -> Sheet:
    weeks: dict[date, dict[str, tuple[int, int]]] = defaultdict(dict)
    regions: dict[int, dict[str, tuple[int, int]]] = defaultdict(dict)
    single = ((day - timedelta(days=day.weekday()), region, column, value, 1) for day, region, column, value in added)
    for week, region, column, value, number in (*single, *counted):
        for sums in (weeks[week], regions[region]):
            much, many = sums.get(column, (0, 0))
            sums[column] = (much + value, many + number)
    return Sheet(together(weeks.values()), dict(sorted(weeks.items())), dict(regions))


def narrowed(actor: Actor, wanted: Wanted, rows: QuerySet[F]) -> QuerySet[F]:
    """Rows of the regions the actor sees, or their own; of the part that is asked for."""
    if actor.may(VIEW_TEAM) and actor.regions is not None:
        rows = rows.filter(region_id__in=actor.regions)
    if wanted.region_id is not None:
        rows = rows.filter(region_id=wanted.region_id)
    if wanted.family_id is not None:
        rows = rows.filter(family_id=wanted.family_id)
    if wanted.part is not None:
        rows = wanted.part.of(rows)
    return rows.filter(severity=wanted.severity) if wanted.severity else rows


def _local_day(at: datetime) -> date:
    return at.astimezone(COMPANY).date()


def sums_of(actor: Actor, wanted: Wanted) -> Sums:
    """The sums of a period all together; one statement for a team."""
    wanted = own(actor, wanted)
    return _cells_total(actor, wanted) if wanted.person_id is None else _of_person(actor, wanted).total


def team(actor: Actor, wanted: Wanted) -> Sums:
    """The sums of the region around one person."""
    return _cells_total(actor, replace(wanted, person_id=None))


def goals(actor: Actor, wanted: Wanted, aims: Aims) -> dict[str, tuple[int, int]]:
    """How many targets are met of those with cases enough, by the value of the regulation that holds them."""
    found: dict[str, tuple[int, int]] = {TIME_TARGETS.key: (0, 0), SHARE_TARGETS.key: (0, 0)}
    for each in every(sums_of(actor, wanted), aims).values():
        if each.indicator in CLOCKS:
            continue  # they are counted together
        key = TIME_TARGETS.key if each.indicator.unit is Unit.TIME else SHARE_TARGETS.key
        if each.rank in (Rank.MET, Rank.MISSED):
            met, judged = found[key]
            found[key] = (met + (each.rank is Rank.MET), judged + 1)
    return found


def figures(actor: Actor, wanted: Wanted, aims: Aims) -> dict[str, Figure]:
    """Every indicator of a period beside the period before."""
    return every(sums_of(actor, wanted), aims, sums_of(actor, replace(wanted, span=wanted.span.before)))
