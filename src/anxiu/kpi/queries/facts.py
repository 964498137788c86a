"""The facts behind a figure: its orders and people, what recurs, and when it comes."""

from collections.abc import Mapping
from typing import Any, Final

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


def faults(actor: Actor, wanted: Wanted) -> list[tuple[int, int]]:
    """Requests by class of fault, the most frequent first; 0 where none was named. One statement."""
    rows = _opened(actor, wanted).values_list("fault_class_id").annotate(number=Count("pk"))
    return sorted(((fault or 0, number) for fault, number in rows), key=lambda each: (-each[1], each[0]))


def hours(actor: Actor, wanted: Wanted) -> Mapping[tuple[int, int], int]:
    """Requests by weekday (Monday 1) and hour of the company's time zone. One statement."""
    rows = _opened(actor, wanted).values_list("weekday", "hour").annotate(number=Count("pk"))
    return {(weekday, hour): number for weekday, hour, number in rows}


def lag() -> int:
    """How many events have not been folded into facts yet."""
    head = Position.objects.order_by("-position").values_list("position", flat=True).first() or 0
    read = Cursor.objects.filter(name=PROJECTOR).values_list("position", flat=True).first() or 0
    return head - read
