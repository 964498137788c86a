"""Who answers for the order, how bad it is, and that somebody spoke with the customer."""

from datetime import datetime
from uuid import UUID

from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, NotAllowed, NotFound, WrongState
from anxiu.kernel.events import Sealed
from anxiu.kernel.rows import update
from anxiu.orders.actions.moves import finish, live_visit, locked, required, subject_of, tell
from anxiu.orders.choices import ContactResult, HandOverState, State
from anxiu.orders.events import (
    CustomerContacted,
    HandedOver,
    HandOverDeclined,
    HandOverProposed,
    RepeatUnlinked,
    SeverityChanged,
    VersionAdopted,
)  # fmt: skip
from anxiu.orders.messages import state_words
from anxiu.orders.models import HandOver, Order
from anxiu.orders.queries import case_of, may_take_over, process_for
from anxiu.regulation.choices import OrderType, Severity
from anxiu.regulation.queries import applies, versions
from anxiu.sla.actions import retarget, set_owner, stop
from anxiu.sla.choices import ClockKind, Why


@action(posts={"agent", "dispatcher", "supervisor", "engineer"})
def contact_customer(
    *, actor: Actor, at: datetime, order_uid: UUID, result: ContactResult, note: str = "",
    symptom_confirmed: bool = False, time_agreed: bool = False,
) -> Order:  # fmt: skip
    """Record that a person reached the customer, or tried to. Reaching them is the first response.

    Records: CustomerContacted. Refuses: an archived or cancelled order.
    """
    order = locked(actor, order_uid, "contact_customer", at)
    reached = result is ContactResult.REACHED
    fact = CustomerContacted(
        result, Sealed(note.strip()), reached and symptom_confirmed, reached and time_agreed
    )
    tell(order, fact, actor=actor, at=at)
    if not reached:
        return finish(order, ())
    _note_on_visit(order, at)
    if order.responded_at:
        return finish(order, ())
    order.responded_at = at
    stop(subject_of(order), [ClockKind.FIRST_RESPONSE], at=at, actor=actor)
    return finish(order, {"responded_at"}, clocks_changed=True)


def _note_on_visit(order: Order, at: datetime) -> None:
    """The engineer's word before leaving, or anybody's for them: the first since the visit was accepted counts."""
    visit = live_visit(order)
    if visit and visit.accepted_at and at >= visit.accepted_at and visit.contacted_at is None:
        visit.contacted_at = at
        update(visit, {"contacted_at"})


@action(posts={"agent", "dispatcher", "supervisor"})
def propose_hand_over(*, actor: Actor, at: datetime, order_uid: UUID, to_person_id: int, reason: str = "") -> HandOver:
    """Ask somebody to take the order over. Until they accept, its owner stays its owner.

    Records: HandOverProposed. Refuses: somebody who may not take orders of this region, the owner, a second proposal.
    """
    order = locked(actor, order_uid, "propose_hand_over", at)
    if to_person_id == order.owner_id:
        raise Invalid("orders.hand_over_to_owner", field="to_person")
    if not may_take_over(order).filter(pk=to_person_id).exists():
        raise Invalid("orders.unknown_person", field="to_person")
    if HandOver.objects.filter(order=order, state=HandOverState.PROPOSED).exists():
        raise WrongState("orders.hand_over_open")
    proposal = HandOver.objects.create(
        order=order, from_owner_id=order.owner_id, to_owner_id=to_person_id, state=HandOverState.PROPOSED,
        reason=reason.strip(), proposed_at=at,
    )  # fmt: skip
    tell(order, HandOverProposed(to_person_id), actor=actor, at=at)
    return proposal


def _proposal(order: Order, actor: Actor) -> HandOver:
    proposal = HandOver.objects.select_for_update().filter(order=order, state=HandOverState.PROPOSED).first()
    if proposal is None:
        raise WrongState("orders.no_hand_over")
    if not actor.is_system and proposal.to_owner_id != actor.person_id:
        raise NotAllowed("orders.not_the_addressee")
    return proposal


@action(posts={"agent", "dispatcher", "supervisor"})
def accept_hand_over(*, actor: Actor, at: datetime, order_uid: UUID) -> Order:
    """Take an order over; from now on the actor answers for it.

    Records: HandedOver. Refuses: anybody but the person who was asked.
    """
    order = locked(actor, order_uid, "accept_hand_over", at)
    proposal = _proposal(order, actor)
    proposal.state, proposal.answered_at = HandOverState.ACCEPTED, at
    proposal.save(update_fields=["state", "answered_at"])
    tell(order, HandedOver(order.owner_id, proposal.to_owner_id), actor=actor, at=at)
    order.owner_id = proposal.to_owner_id
    set_owner(subject_of(order), order.owner_id)
    return finish(order, {"owner"})


@action(posts={"agent", "dispatcher", "supervisor"})
def decline_hand_over(*, actor: Actor, at: datetime, order_uid: UUID) -> Order:
    """Leave an order with its owner; counted as a bounce.

    Records: HandOverDeclined. Refuses: anybody but the person who was asked.
    """
    order = locked(actor, order_uid, "decline_hand_over", at)
    proposal = _proposal(order, actor)
    proposal.state, proposal.answered_at = HandOverState.DECLINED, at
    proposal.save(update_fields=["state", "answered_at"])
    tell(order, HandOverDeclined(proposal.to_owner_id), actor=actor, at=at)
    return order


@action(posts={"agent", "dispatcher", "supervisor"})
def change_severity(*, actor: Actor, at: datetime, order_uid: UUID, severity: Severity, reason: str) -> Order:
    """Correct the severity. The clocks take the new targets and keep their start.

    Records: SeverityChanged. Refuses: no reason, the same severity.
    """
    order = locked(actor, order_uid, "change_severity", at)
    why = required(reason, "orders.reason_missing", "reason")
    if severity == order.severity:
        return order
    before, order.severity = order.severity, severity
    tell(order, SeverityChanged(before, severity, Sealed(why)), actor=actor, at=at)
    retarget(case_of(order), at=at, actor=actor)
    return finish(order, {"severity"}, clocks_changed=True)


@action(posts={"supervisor", "management"})
def adopt_version(*, actor: Actor, at: datetime, order_uid: UUID, version_id: int, reason: str) -> Order:
    """Move the order to another version of the regulation. The clocks take its targets and keep their start.

    Records: VersionAdopted. Refuses: no reason, a version that is not there, one that does not hold for the order's
    region and kind of service at that moment, one whose process has no place for the order as it stands.
    """
    order = locked(actor, order_uid, "adopt_version", at)
    why = required(reason, "orders.reason_missing", "reason")
    version = versions(actor).filter(pk=version_id).first()
    if version is None:
        raise NotFound("kernel.not_found")
    if version.pk == order.version_id:
        return order
    if not applies(version, order.region_id, order.order_type, at):
        raise Invalid("orders.version_elsewhere", field="version")
    way = process_for(version.pk, OrderType(order.order_type))
    if not order.ended_at and not way.has(State(order.state)):
        stands = state_words(order.state, order.order_type)
        raise Invalid("orders.version_without_state", field="version", state=stands)
    before, order.version = order.version.code, version
    tell(order, VersionAdopted(before, version.code, Sealed(why)), actor=actor, at=at)
    retarget(case_of(order), at=at, actor=actor, why=Why.VERSION)
    return finish(order, {"version"}, clocks_changed=True)


@action(posts={"supervisor"})
def unlink_repeat(*, actor: Actor, at: datetime, order_uid: UUID, reason: str) -> Order:
    """Undo the link to an earlier order, because it is another fault after all; its guarantee covers it no more.

    Records: RepeatUnlinked. Refuses: no reason, no link.
    """
    order = locked(actor, order_uid, "unlink_repeat", at)
    why = required(reason, "orders.reason_missing", "reason")
    if order.repeat_of_id is None:
        raise WrongState("orders.no_repeat")
    claimed = order.under_guarantee if order.under_guarantee_id else None
    lost = claimed if claimed and claimed.order_id == order.repeat_of_id else None
    tell(order, RepeatUnlinked(order.repeat_of_id, Sealed(why), lost.pk if lost else None), actor=actor, at=at)
    order.repeat_of = None
    if lost:
        order.under_guarantee, order.is_free, order.free_because = None, False, ""
    return finish(order, {"repeat_of", "under_guarantee", "is_free", "free_because"})
