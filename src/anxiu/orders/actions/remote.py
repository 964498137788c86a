"""Triage: what can be solved from afar is solved without a visit, and goes out as a repair when it was not."""

from datetime import datetime
from uuid import UUID

from anxiu.accounts.actions import revoke_links
from anxiu.accounts.choices import LinkPurpose
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import WrongState
from anxiu.kernel.events import Sealed
from anxiu.orders.actions.checks import write_checks
from anxiu.orders.actions.moves import (
    begin,
    finish,
    locked,
    require_authority,
    require_engineer,
    required,
    subject_of,
    tell,
)  # fmt: skip
from anxiu.orders.choices import State
from anxiu.orders.events import SentOut, SolvedRemotely
from anxiu.orders.gates import before
from anxiu.orders.models import Order
from anxiu.orders.queries import items_at, ticked
from anxiu.regulation.choices import OrderType
from anxiu.sla.actions import drop
from anxiu.sla.choices import ClockKind

GOING = (ClockKind.HAND_OVER, ClockKind.ARRIVAL)
ENDING = (ClockKind.RESOLUTION, ClockKind.SIGN_OFF, ClockKind.FOLLOW_UP, ClockKind.ARCHIVE)


@action(posts={"agent", "supervisor"})
def solve_remotely(
    *, actor: Actor, at: datetime, order_uid: UUID, cause: str, solution: str, checked: tuple[str, ...] = ()
) -> Order:
    """Solve a repair from afar before anybody is sent: it becomes remote support, and the customer confirms it.

    Records: SolvedRemotely. Refuses: anybody but the owner, an order that is no repair, no cause or solution, what
    the process of remote support still misses.
    """
    order = locked(actor, order_uid, "solve_remotely", at)
    if order.order_type != OrderType.REPAIR:
        raise WrongState("orders.not_a_repair")
    order.order_type = OrderType.REMOTE
    require_engineer(actor, order, "solve_remotely")
    order.cause = required(cause, "orders.cause_missing", "cause")
    order.solution = required(solution, "orders.solution_missing", "solution")
    require_authority(actor, order, order.cause, order.solution)
    write_checks(
        order, checked, ticked([order]).get(order.pk, {}), items_at(order, State.REPAIRING), actor, at
    )
    before("complete_repair", order, actor, at)
    order.resolved, order.completed_at = True, at
    tell(order, SolvedRemotely(Sealed(order.cause), Sealed(order.solution)), actor=actor, at=at)
    drop(subject_of(order), GOING, at=at, actor=actor)
    begin(order, [ClockKind.SIGN_OFF], at=at, actor=actor)
    return finish(
        order, {"order_type", "cause", "solution", "resolved", "completed_at"}, clocks_changed=True
    )


@action(posts={"agent", "supervisor", "dispatcher"})
def send_out(*, actor: Actor, at: datetime, order_uid: UUID, reason: str) -> Order:
    """Send somebody after all: remote support that did not help becomes a repair to be booked.

    Records: SentOut. Refuses: an order that is not remote support, no reason.
    """
    order = locked(actor, order_uid, "send_out", at)
    if order.order_type != OrderType.REMOTE:
        raise WrongState("orders.not_remote")
    go_out(order, actor, at, required(reason, "orders.reason_missing", "reason"))
    return order


def go_out(order: Order, actor: Actor, at: datetime, reason: str) -> None:
    """Turn remote support into a repair; part of the verb that found out that it did not help."""
    order.state, order.order_type = State.ACCEPTED, OrderType.REPAIR
    order.resolved, order.completed_at, order.cause, order.solution, order.sign_off = None, None, "", "", None
    tell(order, SentOut(Sealed(reason)), actor=actor, at=at)
    revoke_links(subject=subject_of(order), purpose=LinkPurpose.SIGN, at=at)
    drop(subject_of(order), ENDING, at=at, actor=actor)
    begin(order, GOING, at=at, actor=actor)
    finish(
        order, {"order_type", "resolved", "completed_at", "cause", "solution", "sign_off"}, clocks_changed=True
    )
