"""Triage: a second report of one matter goes on with the first, and by itself again when it was another one."""

from datetime import datetime
from typing import Final
from uuid import UUID

from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, WrongState
from anxiu.kernel.events import Sealed
from anxiu.orders.actions.inquiries import let_go
from anxiu.orders.actions.moves import (
    finish,
    lock_in_order,
    locked,
    locked_beside,
    required,
    subject_of,
    take_back,
    tell,
)  # fmt: skip
from anxiu.orders.choices import ABOUT_FAULTS, BEFORE_WORK, ON_THE_JOB
from anxiu.orders.events import OrderGivenUp, OrderMerged, OrderSeparated, OrderTakenIn, SeverityChanged
from anxiu.orders.messages import state_words
from anxiu.orders.models import Order
from anxiu.orders.queries import case_of, process_of, sees
from anxiu.regulation.choices import Severity
from anxiu.sla.actions import exempt, retarget, start_as
from anxiu.sla.choices import ClockKind, Exemption
from anxiu.sla.queries import clocks_of

# A question of the customer is answered whatever becomes of the order.
ENDED_BY_MERGING: Final = tuple(each for each in ClockKind if each is not ClockKind.ANSWER)
# What was promised for the matter itself, not for a visit that is no more.
OF_THE_MATTER: Final = frozenset({ClockKind.FIRST_RESPONSE, ClockKind.HAND_OVER, ClockKind.ARRIVAL})


@action(posts={"agent", "dispatcher", "supervisor"})
def merge_order(*, actor: Actor, at: datetime, order_uid: UUID, into_uid: UUID, reason: str) -> Order:
    """Let an order that reports the same matter go on with the one that was opened before it.

    Its clocks bind no more: those of the earlier order began before them, and take the higher of both severities.
    Records: OrderMerged; OrderTakenIn and perhaps SeverityChanged on the other. Refuses: no reason, itself, an order
    out of sight, of another customer, region, machine or kind of service, a later one, one whose work is complete,
    and an order whose engineer has left.
    """
    lock_in_order(order_uid, into_uid)
    order = locked(actor, order_uid, "merge_order", at)
    why = required(reason, "orders.reason_missing", "reason")
    other = _other(actor, order, into_uid)
    take_back(order, at)
    let_go(order, at)
    order.merged_into, order.ended_at = other, at
    order.suspended_at, order.suspend_reason, order.suspended_until = None, "", None
    tell(order, OrderMerged(other.pk, other.number, Sealed(why)), actor=actor, at=at)
    tell(other, OrderTakenIn(order.pk, order.number), actor=actor, at=at)
    exempt(subject_of(order), ENDED_BY_MERGING, Exemption.MERGED, at=at, actor=actor)
    _take_severity(order, other, actor, at, why)
    written = {"merged_into", "ended_at", "suspended_at", "suspend_reason", "suspended_until"}
    return finish(order, written, clocks_changed=True)


def _other(actor: Actor, order: Order, uid: UUID) -> Order:
    """The order that goes on, locked."""
    if uid == order.uid:
        raise Invalid("orders.merge_itself", field="into")
    other = locked_beside(uid)
    if other is None or not sees(actor, other):
        raise Invalid("orders.unknown_order", field="into")
    if order.customer_id is None or (other.customer_id, other.region_id) != (order.customer_id, order.region_id):
        raise Invalid("orders.merge_other_customer", field="into")
    if order.machine_id and other.machine_id and order.machine_id != other.machine_id:
        raise Invalid("orders.merge_other_machine", field="into")
    if order.order_type != other.order_type and not {order.order_type, other.order_type} <= ABOUT_FAULTS:
        raise Invalid("orders.merge_other_type", field="into")
    if other.state not in BEFORE_WORK | ON_THE_JOB:
        state = state_words(other.state, other.order_type)
        raise WrongState("orders.merge_finished", number=other.number, state=state, field="into")
    if (other.opened_at, other.pk) > (order.opened_at, order.pk):
        raise Invalid("orders.merge_into_earlier", field="into", number=other.number)
    return other


def _take_severity(order: Order, other: Order, actor: Actor, at: datetime, why: str) -> None:
    """What goes on is as severe as the most severe report of it."""
    severities = list(Severity)
    if severities.index(Severity(order.severity)) >= severities.index(Severity(other.severity)):
        return
    before, other.severity = other.severity, order.severity
    tell(other, SeverityChanged(before, order.severity, Sealed(why)), actor=actor, at=at)
    retarget(case_of(other), at=at, actor=actor)
    finish(other, {"severity"}, clocks_changed=True)


@action(posts={"agent", "dispatcher", "supervisor"})
def separate_order(*, actor: Actor, at: datetime, order_uid: UUID, reason: str) -> Order:
    """Take a merged order out again, because it is another matter after all: to triage, with the time already used.

    Records: OrderSeparated; OrderGivenUp on the other. Refuses: no reason, once the order it was merged into ended.
    """
    order = locked(actor, order_uid, "separate_order", at)
    why = required(reason, "orders.reason_missing", "reason")
    other = order.merged_into
    assert other is not None  # a constraint of the database
    if other.ended_at:
        state = state_words(other.state, other.order_type)
        raise WrongState("orders.merge_finished", number=other.number, state=state)
    merged_at = order.ended_at
    order.merged_into, order.ended_at, order.engineer = None, None, None
    tell(order, OrderSeparated(other.pk, other.number, Sealed(why)), actor=actor, at=at)
    tell(other, OrderGivenUp(order.pk, order.number), actor=actor, at=at)
    kinds = OF_THE_MATTER if process_of(order).has_visit else OF_THE_MATTER | {ClockKind.RESOLUTION}
    let_lie = [
        each
        for each in clocks_of(subject_of(order))
        if each.exempted and each.stopped_at == merged_at and each.kind in kinds
    ]
    start_as(case_of(order), let_lie, at=at, actor=actor)
    return finish(order, {"merged_into", "ended_at", "engineer"}, clocks_changed=True)
