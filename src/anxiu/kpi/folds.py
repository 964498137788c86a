"""What each kind of event says of its order, and of the visit that an engineer was asked for."""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

from anxiu.feedback.events import Rated
from anxiu.kernel.events import Recorded
from anxiu.kpi.choices import Answer
from anxiu.kpi.models import OrderFact, VisitFact
from anxiu.orders import events as orders
from anxiu.orders.choices import ContactResult
from anxiu.regulation.choices import OrderType
from anxiu.sla import events as sla
from anxiu.sla.choices import ClockKind

COMPANY: Final = ZoneInfo(settings.TIME_ZONE)


def opened(fact: Recorded) -> OrderFact:
    """A new order."""
    assert fact.region_id is not None  # every order has its region
    local = fact.occurred_at.astimezone(COMPANY)
    return OrderFact(
        order_id=fact.subject.id, version_id=fact["version_id"], region_id=fact.region_id, channel=fact["channel"],
        severity=fact["severity"], out_of_hours=fact["out_of_hours"], customer_id=fact["customer_id"],
        machine_id=fact["machine_id"], fault_class_id=fact["fault_class_id"], owner_id=fact["owner_id"],
        order_type=fact["order_type"],
        opened_at=fact.occurred_at, weekday=local.isoweekday(), hour=local.hour,
    )  # fmt: skip


def asked(row: OrderFact, fact: Recorded) -> VisitFact:
    """A visit that an engineer is asked for."""
    return VisitFact(
        visit_id=fact["visit_id"], order_id=row.pk, region_id=row.region_id, severity=row.severity,
        family_id=row.family_id, engineer_id=fact["engineer_id"], asked_at=fact.occurred_at,
        starts_at=datetime.fromisoformat(fact["starts_at"]),
    )  # fmt: skip


# ---- what each kind of event says of its order ---------------------------------------------------------------------
def nothing(row: OrderFact, fact: Recorded) -> None:
    """It is a case only."""


def _contacted(row: OrderFact, fact: Recorded) -> None:
    if fact["result"] == ContactResult.REACHED:
        row.responded_at = row.responded_at or fact.occurred_at


def _handed_over(row: OrderFact, fact: Recorded) -> None:
    row.owner_id = fact["to_owner_id"]


def _severity(row: OrderFact, fact: Recorded) -> None:
    row.severity = fact["after"]


def _identified(row: OrderFact, fact: Recorded) -> None:
    row.customer_id, row.machine_id = fact["customer_id"], fact["machine_id"]
    row.fault_class_id = fact["fault_class_id"]


def _booked(row: OrderFact, fact: Recorded) -> None:
    row.engineer_id = fact["engineer_id"]


def _accepted(row: OrderFact, fact: Recorded) -> None:
    row.engineer_id, row.accepted_at = fact["engineer_id"], row.accepted_at or fact.occurred_at


def _arrived(row: OrderFact, fact: Recorded) -> None:
    row.arrived_at, row.arrivals = row.arrived_at or fact.occurred_at, row.arrivals + 1


def _assessed(row: OrderFact, fact: Recorded) -> None:
    row.fault_class_id = fact["fault_class_id"] or row.fault_class_id


def _completed(row: OrderFact, fact: Recorded) -> None:
    row.completed_at, row.resolved = fact.occurred_at, fact["resolved"]
    row.ended_at = fact.occurred_at
    if row.order_type == OrderType.REMOTE and row.resolved:
        row.remote_at = fact.occurred_at


def _solved(row: OrderFact, fact: Recorded) -> None:
    row.completed_at = row.ended_at = row.remote_at = fact.occurred_at
    row.order_type, row.resolved = OrderType.REMOTE, True


def _sent_out(row: OrderFact, fact: Recorded) -> None:
    """It did not help after all: nothing is completed, and a repair goes on."""
    row.order_type = OrderType.REPAIR
    row.completed_at = row.ended_at = row.signed_at = row.resolved = None


def _signed(row: OrderFact, fact: Recorded) -> None:
    row.signed_at = row.signed_at or fact.occurred_at


def _archived(row: OrderFact, fact: Recorded) -> None:
    row.archived_at = fact.occurred_at


def _cancelled(row: OrderFact, fact: Recorded) -> None:
    row.cancelled_at = fact.occurred_at
    row.ended_at = row.ended_at or fact.occurred_at


def _merged(row: OrderFact, fact: Recorded) -> None:
    row.merged_at = fact.occurred_at
    row.ended_at = row.ended_at or fact.occurred_at


def _separated(row: OrderFact, fact: Recorded) -> None:
    row.merged_at = row.ended_at = None


def _paused(row: OrderFact, fact: Recorded) -> None:
    if not _is_paused(row):
        row.pauses = [*row.pauses, fact.occurred_at]


def _resumed(row: OrderFact, fact: Recorded) -> None:
    if _is_paused(row):
        row.pauses = [*row.pauses, fact.occurred_at]


def _is_paused(row: OrderFact) -> bool:
    """Beginnings and ends stand in turn: an odd one is open."""
    return bool(len(row.pauses) & 1)


def _rated(row: OrderFact, fact: Recorded) -> None:
    row.score, row.scale, row.recommends, row.is_bad = fact["score"], fact["scale"], fact["nps"], fact["is_bad"]
    row.rated_at = fact.occurred_at


FOLDS: Final[dict[str, Callable[[OrderFact, Recorded], None]]] = {
    orders.CustomerContacted.kind: _contacted, orders.HandedOver.kind: _handed_over,
    orders.SeverityChanged.kind: _severity, orders.MachineIdentified.kind: _identified,
    orders.VisitBooked.kind: _booked, orders.VisitRescheduled.kind: _booked, orders.VisitAccepted.kind: _accepted,
    orders.Arrived.kind: _arrived, orders.Assessed.kind: _assessed, orders.RepairCompleted.kind: _completed,
    orders.SolvedRemotely.kind: _solved, orders.SentOut.kind: _sent_out, orders.SignedOff.kind: _signed,
    orders.Archived.kind: _archived, orders.Cancelled.kind: _cancelled,
    orders.OrderMerged.kind: _merged, orders.OrderSeparated.kind: _separated,
    sla.ClocksPaused.kind: _paused, sla.ClocksResumed.kind: _resumed, Rated.kind: _rated,
}  # fmt: skip


# ---- what becomes of a visit that an engineer was asked for ---------------------------------------------------------
def _visit_accepted(visit: VisitFact, fact: Recorded) -> None:
    visit.answer, visit.answered_at = Answer.ACCEPTED, fact.occurred_at


def _visit_declined(visit: VisitFact, fact: Recorded) -> None:
    visit.answer, visit.answered_at = Answer.DECLINED, fact.occurred_at


def _visit_arrived(visit: VisitFact, fact: Recorded) -> None:
    visit.arrived_at = visit.arrived_at or fact.occurred_at


def withdraw(visit: VisitFact, at: datetime) -> None:
    """Another visit takes its place, or the order ends: without an answer by then, was one overdue?"""
    if visit.answer == Answer.WAITING:
        visit.answer = Answer.UNANSWERED if visit.is_overdue else Answer.WITHDRAWN
        visit.answered_at = at


def _cancelled_visit(visit: VisitFact, fact: Recorded) -> None:
    withdraw(visit, fact.occurred_at)


def _overdue(visit: VisitFact, fact: Recorded) -> None:
    if fact["clock"] == ClockKind.ACCEPTANCE:
        visit.is_overdue = True


def _no_longer_overdue(visit: VisitFact, fact: Recorded) -> None:
    if fact["clock"] == ClockKind.ACCEPTANCE:
        visit.is_overdue = False


ASKING: Final = frozenset({orders.VisitBooked.kind, orders.VisitRescheduled.kind})
ANSWERS: Final[dict[str, Callable[[VisitFact, Recorded], None]]] = {
    orders.VisitAccepted.kind: _visit_accepted, orders.VisitDeclined.kind: _visit_declined,
    orders.Arrived.kind: _visit_arrived, orders.Cancelled.kind: _cancelled_visit,
    orders.OrderMerged.kind: _cancelled_visit, sla.ClockBroken.kind: _overdue,
    sla.BreachWithdrawn.kind: _no_longer_overdue,
}  # fmt: skip
