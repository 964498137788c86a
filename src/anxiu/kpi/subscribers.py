"""Keeping facts up to date: the only writer of this app's tables."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from anxiu.feedback.events import Rated, RecoveryResolved
from anxiu.kernel.events import Event, Recorded
from anxiu.kernel.subscribers import projector
from anxiu.kpi.choices import Whose
from anxiu.kpi.models import CaseFact, OrderFact
from anxiu.kpi.rules import Case, cases
from anxiu.orders import events as orders
from anxiu.orders.choices import ContactResult
from anxiu.sla import events as sla
from anxiu.workforce.models import Engineer

F = TypeVar("F", OrderFact, CaseFact)
SUBJECT: Final = "order"
COMPANY: Final = ZoneInfo(settings.TIME_ZONE)
EVENTS: Final[tuple[type[Event], ...]] = (
    orders.OrderOpened, orders.CustomerContacted, orders.HandedOver, orders.SeverityChanged, orders.MachineIdentified,
    orders.RepeatUnlinked, orders.GuaranteeClaimed, orders.VisitBooked, orders.VisitRescheduled, orders.VisitAccepted,
    orders.VisitDeclined, orders.Prepared, orders.Arrived, orders.Assessed, orders.Suspended, orders.RepairCompleted,
    orders.SignedOff, orders.SignOffRefused, orders.GuaranteeGiven, orders.FollowedUp, orders.UnresolvedAccepted,
    orders.Archived, orders.Cancelled,
    sla.ClocksStopped, sla.ClockBroken, sla.BreachWithdrawn, sla.ClockWarned, sla.Escalated, sla.NobodyToCall,
    Rated, RecoveryResolved,
)  # fmt: skip


def forget() -> None:
    """Empty the facts, to be folded again."""
    OrderFact.objects.all().delete()
    CaseFact.objects.all().delete()


@projector("kpi.facts", *EVENTS, reset=forget)
def measure(facts: Sequence[Recorded]) -> None:
    """Fold a batch: four statements, however many events."""
    found = [fact for fact in facts if fact.subject.kind == SUBJECT]
    batch = _Batch(found)
    for fact in found:
        batch.fold(fact)
    batch.write()


class _Batch:
    """The rows that a batch of events touches."""

    def __init__(self, facts: Sequence[Recorded]) -> None:
        wanted = {fact.subject.id for fact in facts} | {
            fact["repeat_of"] for fact in facts if fact.body.get("repeat_of") is not None
        }
        self.orders = OrderFact.objects.in_bulk(wanted)
        engineers = {row.engineer_id for row in self.orders.values()} | {fact.body.get("engineer_id") for fact in facts}
        known = Engineer.objects.filter(pk__in=[each for each in engineers if each])
        self.person_of = dict(known.values_list("pk", "person_id"))
        self.cases: dict[str, CaseFact | None] = {}

    def fold(self, fact: Recorded) -> None:
        """One event: what it changes of its order, and the cases it is."""
        if fact.kind == orders.OrderOpened.kind:
            self.orders[fact.subject.id] = _opened(fact)
        row = self.orders.get(fact.subject.id)
        if row is None:
            return
        _FOLDS.get(fact.kind, _nothing)(row, fact)
        self._count_repeat(row, fact)
        for case in cases(fact.kind, fact.position, fact.body):
            self.cases[case.source] = self._case(row, case, fact)

    def _count_repeat(self, row: OrderFact, fact: Recorded) -> None:
        """Which order this one repeats, and there how often it was repeated."""
        match fact.kind:
            case orders.RepeatUnlinked.kind:
                repeated = None
            case orders.OrderOpened.kind | orders.MachineIdentified.kind | orders.GuaranteeClaimed.kind:
                repeated = fact["repeat_of"]
            case _:
                return
        if repeated == row.repeat_of:
            return
        for order_id, more in ((row.repeat_of, -1), (repeated, 1)):
            if order_id in self.orders:
                self.orders[order_id].repeats += more
        row.repeat_of = repeated

    def _case(self, row: OrderFact, case: Case, fact: Recorded) -> CaseFact | None:
        if case.verdict is None:
            return None
        person = self.person_of.get(row.engineer_id or 0) if case.whose is Whose.ENGINEER else row.owner_id
        return CaseFact(
            source=case.source, order_id=row.pk, version_id=row.version_id, region_id=row.region_id, person_id=person,
            severity=row.severity, value_key=case.value_key, verdict=case.verdict, because=case.because,
            at=fact.occurred_at, week=_monday(fact.occurred_at), net=case.net, gross=case.gross, position=fact.position,
        )  # fmt: skip

    def write(self) -> None:
        """Write what changed: new rows in, known ones as they are now, cases that are none any more out."""
        _put(OrderFact, self.orders.values(), "order")
        gone = [source for source, case in self.cases.items() if case is None]
        if gone:
            CaseFact.objects.filter(source__in=gone).delete()
        _put(CaseFact, [case for case in self.cases.values() if case is not None], "source")


def _monday(at: datetime) -> date:
    day = timezone.localdate(at, COMPANY)
    return day - timedelta(days=day.weekday())


def _put(model: type[F], rows: Iterable[F], key: str) -> None:
    columns = [field.name for field in model._meta.concrete_fields if field.name not in ("id", key)]
    model._default_manager.bulk_create(
        list(rows), update_conflicts=True, unique_fields=[key], update_fields=columns
    )


def _opened(fact: Recorded) -> OrderFact:
    assert fact.region_id is not None  # every order has its region
    return OrderFact(
        order_id=fact.subject.id, version_id=fact["version_id"], region_id=fact.region_id, channel=fact["channel"],
        severity=fact["severity"], out_of_hours=fact["out_of_hours"], customer_id=fact["customer_id"],
        machine_id=fact["machine_id"], fault_class_id=fact["fault_class_id"], owner_id=fact["owner_id"],
        opened_at=fact.occurred_at,
    )  # fmt: skip


# ---- what each kind of event says of its order ---------------------------------------------------------------------
def _nothing(row: OrderFact, fact: Recorded) -> None:
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


def _signed(row: OrderFact, fact: Recorded) -> None:
    row.signed_at = row.signed_at or fact.occurred_at


def _archived(row: OrderFact, fact: Recorded) -> None:
    row.archived_at = fact.occurred_at


def _cancelled(row: OrderFact, fact: Recorded) -> None:
    row.cancelled_at = fact.occurred_at


def _rated(row: OrderFact, fact: Recorded) -> None:
    row.score, row.scale, row.nps, row.is_bad = fact["score"], fact["scale"], fact["nps"], fact["is_bad"]


_FOLDS: Final[dict[str, Callable[[OrderFact, Recorded], None]]] = {
    orders.CustomerContacted.kind: _contacted, orders.HandedOver.kind: _handed_over,
    orders.SeverityChanged.kind: _severity, orders.MachineIdentified.kind: _identified,
    orders.VisitBooked.kind: _booked, orders.VisitRescheduled.kind: _booked, orders.VisitAccepted.kind: _accepted,
    orders.Arrived.kind: _arrived, orders.Assessed.kind: _assessed, orders.RepairCompleted.kind: _completed,
    orders.SignedOff.kind: _signed, orders.Archived.kind: _archived, orders.Cancelled.kind: _cancelled,
    Rated.kind: _rated,
}  # fmt: skip
