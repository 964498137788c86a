"""How an order is worked by the regulation it was opened under: its process, and what its record holds of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from anxiu.kernel.values import reading
from anxiu.orders.choices import LIVE_VISITS, UNTICKED, VISIT, EntryKind, State
from anxiu.orders.models import Entry, Order
from anxiu.orders.processes import CheckItem, ProcessStep
from anxiu.orders.rules import Process, process
from anxiu.orders.values import CHECKLISTS, PROCESSES
from anxiu.regulation.choices import OrderType

# The verb behind each event that takes an order on.
MOVED_BY: Final = {
    "orders.visit_booked": "book_visit", "orders.visit_accepted": "accept_visit", "orders.prepared": "prepare",
    "orders.departed": "depart", "orders.arrived": "arrive", "orders.assessed": "assess",
    "orders.plan_approved": "approve_plan",
    "orders.repair_completed": "complete_repair", "orders.signed_off": "sign_off",
    "orders.sign_off_refused": "refuse_sign_off", "orders.followed_up": "follow_up", "orders.archived": "archive",
}  # fmt: skip


def process_of(order: Order) -> Process:
    """The process of the order's type in the version it was opened under; no statement once that is read."""
    return process_for(order.version_id, OrderType(order.order_type))


def process_for(version_id: int, order_type: OrderType) -> Process:
    """The process of an order type in a version."""
    return process(reading(version_id)(PROCESSES)[order_type])


def items_of(order: Order, step: ProcessStep) -> tuple[CheckItem, ...]:
    """The lines of a step's checklists."""
    lists = reading(order.version_id)(CHECKLISTS)
    return tuple(each for code in step.checklists for each in lists[code])


def items_at(order: Order, state: State) -> tuple[CheckItem, ...]:
    """The lines of the checklists of the step in which a state lies."""
    return items_of(order, process_of(order).step_of(state))


def is_of_each_visit(step: ProcessStep) -> bool:
    """Whether a step's checklists are ticked anew for every visit: those of the way there."""
    return bool(set(step.states) & set(VISIT) - {State.ON_SITE})


def ticked(orders: Iterable[Order | int], *, by_customer: bool = False) -> dict[int, dict[str, bool]]:
    """The items ticked on each order by us or by the customer, and whether on the visit that is live now.

    One statement.
    """
    rows = Entry.objects.filter(order__in=orders, corrections=None, kind=EntryKind.CHECK, by_customer=by_customer)
    rows = rows.order_by()
    found: dict[int, dict[str, bool]] = {}
    for order_id, code, now in rows.values_list("order_id", "code").annotate(
        now=Count("id", filter=Q(visit__state__in=sorted(LIVE_VISITS)))
    ):
        found.setdefault(order_id, {})[code] = bool(now)
    return found


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a work record holds: lines of each kind, and the items we ticked, whether on the visit that is live now."""

    counts: Mapping[str, int]
    ticked: Mapping[str, bool]


NOTHING: Final = Recorded({}, {})


def recorded(orders: Iterable[Order | int], at: datetime) -> dict[int, Recorded]:
    """What stood in the work records at a moment; one statement."""
    rows = Entry.objects.filter(order__in=orders, corrections=None, at__lte=at).order_by()
    live = Count("id", filter=Q(visit__state__in=sorted(LIVE_VISITS)))
    found: dict[int, tuple[dict[str, int], dict[str, bool]]] = {}
    for order_id, kind, code, by_customer, number, now in rows.values_list(
        "order_id", "kind", "code", "by_customer"
    ).annotate(number=Count("id"), now=live):
        counts, done = found.setdefault(order_id, ({}, {}))
        if code != UNTICKED:
            counts[kind] = counts.get(kind, 0) + number
        if kind == EntryKind.CHECK and not by_customer:
            done[code] = bool(now)
    return {order_id: Recorded(*held) for order_id, held in found.items()}


def open_items(
    items: Sequence[CheckItem], step: ProcessStep, done: Mapping[str, bool]
) -> tuple[CheckItem, ...]:
    """The mandatory items of a step that nobody has ticked."""
    anew = is_of_each_visit(step)
    return tuple(each for each in items if each.mandatory and not (done.get(each.code) if anew else each.code in done))


def left_at(process: Process, moves: Collection[tuple[str, datetime]]) -> dict[str, datetime]:
    """When each step was left, by events oldest first: the last time counts."""
    found: dict[str, datetime] = {}
    for kind, at in moves:
        step = process.left_by(MOVED_BY[kind]) if kind in MOVED_BY else None
        if step:
            found[step.code] = at
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """An item of a checklist as it stands: who ticked it and when, and when the customer did."""

    item: CheckItem
    entry: Entry | None
    customer_at: datetime | None


@dataclass(frozen=True, slots=True)
class StepLines:
    """The checklists of one step; `is_current` marks the step the order is in."""

    step: ProcessStep
    is_current: bool
    lines: tuple[Line, ...]

    @property
    def done(self) -> int:
        """How many of them we ticked."""
        return sum(each.entry is not None for each in self.lines)


def checklists(order: Order, entries: Iterable[Entry], live_visit_id: int | None) -> list[StepLines]:
    """Every checklist of the order's process by its step, with the ticks among these lines of its work record."""
    way = process_of(order)
    current = None if order.ended_at else way.step_of(State(order.state))
    lines = list(entries)
    corrected = {each.corrects_id for each in lines}
    checks = [each for each in lines if each.kind == EntryKind.CHECK and each.pk not in corrected]
    found = []
    for step in way.steps:
        visits = {live_visit_id} if live_visit_id and is_of_each_visit(step) else None
        mine = [each for each in checks if visits is None or each.visit_id in visits]
        ours = {each.code: each for each in mine if not each.by_customer}
        theirs = {each.code: each.at for each in mine if each.by_customer}
        shown = tuple(Line(each, ours.get(each.code), theirs.get(each.code)) for each in items_of(order, step))
        if shown:
            found.append(StepLines(step, step is current, shown))
    return found


def line_in_words(entry: Entry, order: Order, language: str) -> str:
    """What a line of the work record says where it is about a checklist; nothing of the others."""
    lists = reading(order.version_id)(CHECKLISTS).values()
    said = {each.code: each.words.in_language(language) for items in lists for each in items}
    if entry.code == UNTICKED and entry.corrects:
        item = said.get(entry.corrects.code, entry.corrects.code)
        return _("Tick taken back: {item}. {reason}").format(item=item, reason=entry.text)
    return _("Checked: {item}").format(item=said.get(entry.code, entry.code)) if entry.kind == EntryKind.CHECK else ""
