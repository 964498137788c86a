"""The facts behind a figure: its orders and people, what recurs, and when it comes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from anxiu.kernel.actor import Actor
from anxiu.kernel.models import Cursor, Position
from anxiu.kpi.choices import Source, Verdict, Whose
from anxiu.kpi.models import CaseFact, OrderFact, VisitFact
from anxiu.kpi.queries.figures import RANK, Wanted, narrowed, own
from anxiu.kpi.rules.adding import ALL_SEVERITIES
from anxiu.kpi.rules.figures import Aims, Figure, judged
from anxiu.kpi.rules.indicators import HOURS, INDICATORS, Indicator

PROJECTOR: Final = "kpi.facts"


def behind(actor: Actor, wanted: Wanted, indicator: Indicator) -> QuerySet[Any]:
    """The facts that a figure is made of, with their orders and people at hand: their column adds up to it."""
    wanted = own(actor, wanted)
    since, until = wanted.span.moments
    within: dict[str, Any] = {f"{indicator.at}__gte": since, f"{indicator.at}__lt": until}
    if indicator.source is Source.CASE:
        cases = CaseFact.objects.filter(**within, value_key__in=indicator.keys).exclude(verdict=Verdict.EXEMPT)
        if wanted.person_id is not None:
            cases = cases.filter(person_id=wanted.person_id)
        return narrowed(actor, wanted, cases).select_related("order", "person", "region")
    if indicator.column:
        within[f"{indicator.column}__isnull"] = False
    if indicator.source is Source.VISIT:
        visits = VisitFact.objects.filter(**within)
        if wanted.person_id is not None:
            visits = visits.filter(engineer__person_id=wanted.person_id)
        return narrowed(actor, wanted, visits).select_related("order", "engineer__person", "region")
    orders = OrderFact.objects.filter(**within)
    if wanted.person_id is not None:
        whose = {"owner_id": wanted.person_id} if indicator.whose is Whose.OWNER else {}
        orders = orders.filter(**(whose or {"engineer__person_id": wanted.person_id}))
    return narrowed(actor, wanted, orders).select_related("order", "engineer__person", "owner", "region")


def people(actor: Actor, wanted: Wanted, indicator: Indicator, aims: Aims) -> dict[int, Figure]:
    """One indicator by person; one statement over the facts."""
    actor.require(RANK)
    rows = behind(actor, wanted, indicator).select_related(None).order_by()
    if indicator.source is Source.CASE:
        found = rows.values_list("person_id").annotate(
            much=Count("id", filter=Q(verdict=Verdict.KEPT)), many=Count("id")
        )
    else:
        whose = "owner_id" if indicator.whose is Whose.OWNER else "engineer__person_id"
        much = Sum(indicator.column) if indicator.column else Count("pk")
        found = rows.values_list(whose).annotate(much=much, many=Count("pk"))
    return {
        person: judged(indicator, int(much or 0), many, aims) for person, much, many in found if person is not None
    }


# ---- what recurs, and when it comes ----------------------------------------------------------------------------------
def _opened(actor: Actor, wanted: Wanted) -> QuerySet[OrderFact]:
    rows: QuerySet[OrderFact] = behind(actor, wanted, INDICATORS["requests"])
    return rows.select_related(None).order_by()


@dataclass(frozen=True, slots=True)
class Recurring:
    """Requests by class of fault, the most frequent first (0: none was named), and by weekday (Monday 1) and hour."""

    faults: Sequence[tuple[int, int]]
    hours: Mapping[tuple[int, int], int]


_SETS: Final = """
select fault_class_id, weekday, hour, grouping(fault_class_id), count(*) from ({rows}) told
group by grouping sets ((fault_class_id), (weekday, hour))
"""
_BY_DAY: Final = "select {what} from {table} where day >= %s and day < %s and severity = %s{regions} group by 1"
_HOURS: Final = ", ".join(["extract(isodow from day)::int", *(f"sum({name})" for name in HOURS)])


def recurring(actor: Actor, wanted: Wanted) -> Recurring:
    """What recurs and when requests come: from the sums of the days, or where a family or a person is asked for, from
    these facts.
    """
    wanted = own(actor, wanted)
    if wanted.family_id is None and wanted.person_id is None:
        hours, faults = _of_days(actor, wanted)
    else:
        hours, faults = _of_facts(actor, wanted)
    return Recurring(sorted(faults, key=lambda each: (-each[1], each[0])), hours)


Told = tuple[dict[tuple[int, int], int], list[tuple[int, int]]]


def _of_days(actor: Actor, wanted: Wanted) -> Told:
    """Two statements, over as many rows as there are days, regions and classes."""
    regions = ""
    given: list[Any] = [wanted.span.since, wanted.span.until, wanted.severity or ALL_SEVERITIES]
    if actor.regions is not None:
        regions, given = f"{regions} and region_id = any(%s)", [*given, sorted(actor.regions)]
    if wanted.region_id is not None:
        regions, given = f"{regions} and region_id = %s", [*given, wanted.region_id]
    with connection.cursor() as cursor:
        cursor.execute(_BY_DAY.format(what=_HOURS, table="kpi_dayhours", regions=regions), given)
        hours = {(day, hour): number for day, *row in cursor.fetchall() for hour, number in enumerate(row) if number}
        cursor.execute(_BY_DAY.format(what="fault, sum(number)", table="kpi_dayfault", regions=regions), given)
        return hours, [(fault, number) for fault, number in cursor.fetchall() if number]


def _of_facts(actor: Actor, wanted: Wanted) -> Told:
    """One statement, one pass over an index that holds all it needs."""
    text, params = _opened(actor, wanted).values("fault_class_id", "weekday", "hour").query.sql_with_params()
    faults: list[tuple[int, int]] = []
    hours: dict[tuple[int, int], int] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SETS.format(rows=text), params)
        for fault, weekday, hour, by_hour, number in cursor.fetchall():
            if by_hour:
                hours[weekday, hour] = number
            else:
                faults.append((fault or 0, number))
    return hours, faults


def lag() -> int:
    """How many events have not been folded into facts yet."""
    head = Position.objects.order_by("-position").values_list("position", flat=True).first() or 0
    read = Cursor.objects.filter(name=PROJECTOR).values_list("position", flat=True).first() or 0
    return head - read
