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
from anxiu.kpi.rules.figures import Aims, Figure, judged
from anxiu.kpi.rules.indicators import INDICATORS, Indicator

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


def recurring(actor: Actor, wanted: Wanted) -> Recurring:
    """What recurs and when requests come; one statement, one pass over an index that holds all it needs."""
    rows = _opened(actor, wanted).values("fault_class_id", "weekday", "hour")
    text, given = rows.query.sql_with_params()
    faults: list[tuple[int, int]] = []
    hours: dict[tuple[int, int], int] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SETS.format(rows=text), given)
        for fault, weekday, hour, by_hour, number in cursor.fetchall():
            if by_hour:
                hours[weekday, hour] = number
            else:
                faults.append((fault or 0, number))
    return Recurring(sorted(faults, key=lambda each: (-each[1], each[0])), hours)


def lag() -> int:
    """How many events have not been folded into facts yet."""
    head = Position.objects.order_by("-position").values_list("position", flat=True).first() or 0
    read = Cursor.objects.filter(name=PROJECTOR).values_list("position", flat=True).first() or 0
    return head - read
