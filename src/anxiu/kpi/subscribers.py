"""Keeping facts up to date: the only writer of this app's tables."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar

from django.db import connection
from django.db.models import Q

from anxiu.equipment.models import Machine
from anxiu.feedback.events import Rated, RecoveryResolved
from anxiu.kernel.events import Event, Recorded
from anxiu.kernel.subscribers import projector
from anxiu.kernel.values import reading
from anxiu.kpi.choices import Verdict, Whose
from anxiu.kpi.folds import ANSWERS, ASKING, COMPANY, FOLDS, asked, nothing, opened, withdraw
from anxiu.kpi.models import CaseFact, DayCase, DayCell, DayFault, DayHours, OrderFact, VisitFact
from anxiu.kpi.rules import Case, cases
from anxiu.kpi.rules.adding import Changes, judged, of_all_severities, of_visit_fact
from anxiu.kpi.rules.indicators import HOURS, SUMMED
from anxiu.kpi.rules.measures import of_order, of_visit
from anxiu.kpi.values import ARRIVAL_GRACE, SATISFIED_FROM
from anxiu.orders import events as orders
from anxiu.orders.values import REPEAT_WINDOW
from anxiu.regulation.choices import OrderType
from anxiu.regulation.models import Version
from anxiu.sla import events as sla
from anxiu.workforce.models import Engineer

F = TypeVar("F", OrderFact, VisitFact, CaseFact)
SUBJECT: Final = "order"
EVENTS: Final[tuple[type[Event], ...]] = (
    orders.OrderOpened, orders.CustomerContacted, orders.HandedOver, orders.SeverityChanged, orders.MachineIdentified,
    orders.RepeatUnlinked, orders.GuaranteeClaimed, orders.VisitBooked, orders.VisitRescheduled, orders.VisitAccepted,
    orders.VisitDeclined, orders.Prepared, orders.Arrived, orders.Assessed, orders.Suspended, orders.RepairCompleted,
    orders.SignedOff, orders.SignOffRefused, orders.GuaranteeGiven, orders.FollowedUp, orders.UnresolvedAccepted,
    orders.Archived, orders.Cancelled, orders.PlanApproved, orders.SolvedRemotely, orders.SentOut,
    orders.VersionAdopted, orders.OrderMerged, orders.OrderSeparated, orders.SplitFrom, orders.ReporterAsked,
    sla.ClocksPaused, sla.ClocksResumed, sla.ClocksStopped,
    sla.ClockBroken, sla.BreachWithdrawn, sla.ClockWarned, sla.Escalated, sla.NobodyToCall,
    Rated, RecoveryResolved,
)  # fmt: skip


def forget() -> None:
    """Empty the facts, to be folded again."""
    for model in (OrderFact, VisitFact, CaseFact, DayCell, DayHours, DayFault, DayCase):
        model._default_manager.all().delete()


@projector("kpi.facts", *EVENTS, reset=forget)
def measure(facts: Sequence[Recorded]) -> None:
    """Fold a batch: a dozen statements, however many events."""
    found = [fact for fact in facts if fact.subject.kind == SUBJECT]
    batch = _Batch(found)
    for fact in found:
        batch.fold(fact)
    batch.write()


def local_day(at: datetime) -> date:
    """The day of a moment in the company's time zone."""
    return at.astimezone(COMPANY).date()


class _Batch:
    """The rows that a batch of events touches, and what they added to the sums before."""

    def __init__(self, facts: Sequence[Recorded]) -> None:
        wanted = {fact.subject.id for fact in facts} | {
            fact["repeat_of"] for fact in facts if fact.body.get("repeat_of") is not None
        }
        self.changes = Changes()
        self.orders = OrderFact.objects.in_bulk(wanted)
        self.visits = {row.pk: row for row in VisitFact.objects.filter(order_id__in=wanted)}
        self.asked = {row.order_id: row for row in sorted(self.visits.values(), key=lambda row: row.pk)}
        for order in self.orders.values():
            self.changes.request(order, local_day, -1)
        for visit in self.visits.values():
            self.changes.add(of_visit_fact(visit, local_day), -1)
        engineers = {row.engineer_id for row in self.orders.values()} | {fact.body.get("engineer_id") for fact in facts}
        known = Engineer.objects.filter(pk__in=[each for each in engineers if each])
        self.person_of = dict(known.values_list("pk", "person_id"))
        machines = [each for fact in facts if (each := fact.body.get("machine_id")) is not None]
        self.family_of = dict(Machine.objects.filter(pk__in=machines).values_list("pk", "model__family_id"))
        adopted = [fact["after"] for fact in facts if fact.kind == orders.VersionAdopted.kind]
        self.versions = dict(Version.objects.filter(code__in=adopted).values_list("code", "pk")) if adopted else {}
        self.cases: dict[str, CaseFact | None] = {}
        self.near = self._closed_near(facts, machines)
        self.closed = {*self.near, *(key for key, row in self.orders.items() if row.remote_at)}

    def _closed_near(self, facts: Sequence[Recorded], machines: Sequence[int]) -> dict[int, OrderFact]:
        """Orders solved from afar that a visit of this batch may show to have been solved not at all."""
        if not any(fact.kind in VISITED for fact in facts):
            return {}
        rows = [self.orders[key] for fact in facts if (key := fact.subject.id) in self.orders]
        known = {*machines, *(row.machine_id for row in rows)}
        customers = {fact.body.get("customer_id") for fact in facts} | {row.customer_id for row in rows}
        same = Q(machine__in=known - {None}) | Q(machine=None, customer__in=customers - {None})
        return OrderFact.objects.exclude(remote_at=None).filter(same).exclude(pk__in=self.orders).in_bulk()

    def fold(self, fact: Recorded) -> None:
        """One event: what it changes of its order and visit, and the cases it is."""
        if fact.kind == orders.OrderOpened.kind:
            self.orders[fact.subject.id] = opened(fact)
        row = self.orders.get(fact.subject.id)
        if row is None:
            return
        FOLDS.get(fact.kind, nothing)(row, fact)
        if fact.kind == orders.VersionAdopted.kind:
            row.version_id = self.versions[fact["after"]]
        self._place(row, fact)
        self._ask(row, fact)
        self._count_repeat(row, fact)
        self._come_after(row, fact)
        for case in cases(fact.kind, fact.position, fact.body):
            self.cases[case.source] = self._case(row, case, fact)

    def _place(self, row: OrderFact, fact: Recorded) -> None:
        """Which family of products the order is about."""
        if fact.kind in (orders.OrderOpened.kind, orders.MachineIdentified.kind):
            row.family_id = self.family_of.get(row.machine_id or 0)

    def _ask(self, row: OrderFact, fact: Recorded) -> None:
        """The visit that an engineer is asked for, and what becomes of it."""
        visit = self.asked.get(row.pk)
        if fact.kind in ASKING:
            if visit is not None:
                withdraw(visit, fact.occurred_at)
            visit = asked(row, fact)
            self.visits[visit.pk] = self.asked[row.pk] = visit
        elif visit is not None and fact.kind in ANSWERS:
            ANSWERS[fact.kind](visit, fact)

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
            if order_id is not None and (other := self._order(order_id)) is not None:
                other.repeats += more
        row.repeat_of = repeated

    def _come_after(self, row: OrderFact, fact: Recorded) -> None:
        """What an order has from another: a part from its request, one solved from afar from the visit behind it."""
        if fact.kind == orders.SplitFrom.kind and (request := self._order(fact["of_order_id"])) is not None:
            row.responded_at, row.pauses = request.responded_at, list(request.pauses)
        if row.remote_at is not None:
            self.closed.add(row.pk)
        if fact.kind not in VISITED or not row.arrivals:
            return
        for key in self.closed:
            closed = self.orders.get(key) or self.near[key]
            shows = key != row.pk and _shows_unsolved(closed, row)
            if shows and closed.followed_by is None:
                self._adopted(closed).followed_by = row.pk
            elif not shows and closed.followed_by == row.pk:
                self._adopted(closed).followed_by = None

    def _adopted(self, row: OrderFact) -> OrderFact:
        """A row near the batch that the batch changes after all."""
        if row.pk not in self.orders:
            self.changes.request(row, local_day, -1)
            self.orders[row.pk] = row
        return row

    def _order(self, order_id: int) -> OrderFact | None:
        """Another order than the one at hand; an unlinked one is not named by its event, so it may not be there yet."""
        if order_id not in self.orders and (row := OrderFact.objects.filter(pk=order_id).first()):
            self.changes.request(row, local_day, -1)
            self.orders[order_id] = row
        return self.orders.get(order_id)

    def _case(self, row: OrderFact, case: Case, fact: Recorded) -> CaseFact | None:
        if case.verdict is None:
            return None
        person = self.person_of.get(row.engineer_id or 0) if case.whose is Whose.ENGINEER else row.owner_id
        return CaseFact(
            source=case.source, order_id=row.pk, version_id=row.version_id, region_id=row.region_id, person_id=person,
            severity=row.severity, family_id=row.family_id, value_key=case.value_key, verdict=case.verdict,
            because=case.because, at=fact.occurred_at, week=_monday(fact.occurred_at), net=case.net, gross=case.gross,
            position=fact.position,
        )  # fmt: skip

    def write(self) -> None:
        """Write rows as they are now, take cases out that are none any more, and keep the sums up."""
        for order in self.orders.values():
            _measured(order, of_order(order, reading(order.version_id)(SATISFIED_FROM)))
            self.changes.request(order, local_day)
        for visit in self.visits.values():
            version = self.orders[visit.order_id].version_id
            _measured(visit, of_visit(visit, reading(version)(ARRIVAL_GRACE)))
            self.changes.add(of_visit_fact(visit, local_day))
        before = CaseFact.objects.filter(source__in=self.cases)
        for case in before:
            self.changes.case(case, local_day, -1)
        gone = [source for source, case in self.cases.items() if case is None]
        if gone:
            CaseFact.objects.filter(source__in=gone).delete()
        counted = [case for case in self.cases.values() if case is not None]
        for case in counted:
            self.changes.case(case, local_day)
        _put(OrderFact, self.orders.values(), "order")
        _put(VisitFact, self.visits.values(), "visit")
        _put(CaseFact, counted, "source")
        _add_up(self.changes)


VISITED: Final = frozenset({orders.Arrived.kind, orders.MachineIdentified.kind})


def _shows_unsolved(closed: OrderFact, visit: OrderFact) -> bool:
    """Whether somebody went out for a fault of the same machine, or customer, reported within the repeat window."""
    if visit.order_type != OrderType.REPAIR or closed.remote_at is None:
        return False
    same = closed.machine_id or visit.machine_id
    about = closed.machine_id == visit.machine_id
    if not same:
        about = closed.customer_id is not None and closed.customer_id == visit.customer_id
    window = reading(closed.version_id)(REPEAT_WINDOW)
    return about and closed.remote_at <= visit.opened_at <= closed.remote_at + window


def _monday(at: datetime) -> date:
    day = local_day(at)
    return day - timedelta(days=day.weekday())


def _measured(row: OrderFact | VisitFact, measures: dict[str, int | None]) -> None:
    for column, value in measures.items():
        setattr(row, column, value)


def _put(model: type[F], rows: Iterable[F], key: str) -> None:
    columns = [field.name for field in model._meta.concrete_fields if field.name not in ("id", key)]
    model._default_manager.bulk_create(
        list(rows), update_conflicts=True, unique_fields=[key], update_fields=columns
    )


def _adding(table: str, keys: str, kinds: str, names: Sequence[str]) -> str:
    """The statement that adds columns of numbers to a table's sums."""
    arrays = ", ".join([*(f"%s::{kind}[]" for kind in kinds.split()), *("%s::bigint[]" for _ in names)])
    sums = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in names)
    return (
        f"insert into {table} ({keys}, {', '.join(names)}) select * from unnest({arrays})"  # noqa: S608  names of ours
        f" on conflict ({keys}) do update set {sums}"
    )


_SUMS: Final = tuple(name for column in SUMMED for name in (column, f"{column}_n"))
_CELLS: Final = _adding("kpi_daycell", "day, region_id, family, severity", "date bigint bigint text", _SUMS)
_BY_HOUR: Final = _adding("kpi_dayhours", "day, region_id, severity", "date bigint text", HOURS)
_BY_FAULT: Final = _adding("kpi_dayfault", "day, region_id, severity, fault", "date bigint text bigint", ["number"])
_VERDICTS: Final = tuple(each.value for each in Verdict)
_BY_VALUE: Final = _adding("kpi_daycase", "day, region_id, value_key, version_id", "date bigint text bigint", _VERDICTS)


def _add_up(changes: Changes) -> None:
    """Add changes to the sums of their days: a statement for each kind of sum that changes."""
    _add_cells(changes)
    hours, faults = of_all_severities(changes.hours), of_all_severities(changes.faults)
    with connection.cursor() as cursor:
        if hours:
            spots = sorted({spot for spot, _hour in hours})
            by_hour = [[hours.get((spot, at), 0) for spot in spots] for at in range(len(HOURS))]
            cursor.execute(_BY_HOUR, [*_columns(spots), *by_hour])
        if faults:
            keys = zip(*((*spot, fault) for spot, fault in faults), strict=True)
            cursor.execute(_BY_FAULT, [*map(list, keys), list(faults.values())])
        if cases_of := judged(changes.verdicts):
            cursor.execute(_BY_VALUE, [*_columns(cases_of), *_columns(cases_of.values())])


def _columns(rows: Iterable[Iterable[Any]]) -> list[list[Any]]:
    return [list(part) for part in zip(*rows, strict=True)]


def _add_cells(changes: Changes) -> None:
    changed = changes.changed()
    if not changed:
        return
    sums = [[cell.get(column, (0, 0))[at] for cell in changed.values()] for column in SUMMED for at in (0, 1)]
    with connection.cursor() as cursor:
        cursor.execute(_CELLS, [*_columns(changed), *sums])
