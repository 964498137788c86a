"""Booking an engineer, and the engineer's way to the site."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from anxiu.kernel.action import action, view
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import GateShut, Invalid, NotFound
from anxiu.kernel.events import Sealed
from anxiu.kernel.geo import Place
from anxiu.kernel.rows import update
from anxiu.kernel.time import now
from anxiu.orders.actions.checks import write_checks
from anxiu.orders.actions.moves import (
    begin,
    figures,
    finish,
    go_on,
    live_visit,
    locked,
    require_engineer,
    require_reason,
    subject_of,
    tell,
)  # fmt: skip
from anxiu.orders.actions.plans import close_plan, end_to_decide
from anxiu.orders.choices import PlanState, State, VisitState
from anxiu.orders.events import (
    Arrived,
    Departed,
    Prepared,
    VisitAccepted,
    VisitBooked,
    VisitDeclined,
    VisitRescheduled,
)  # fmt: skip
from anxiu.orders.gates import before, lacking
from anxiu.orders.models import Order, Visit
from anxiu.orders.processes import CheckItem
from anxiu.orders.queries import case_of, items_at, need_of, open_items, process_of, ticked
from anxiu.orders.rules import arrival
from anxiu.orders.values import (
    ARRIVAL_ACCURACY,
    ARRIVAL_RADIUS,
    CHECKLISTS,
    DECLINE_REASONS,
    RESCHEDULE_REASONS,
)  # fmt: skip
from anxiu.sla.actions import drop, start_before, stop
from anxiu.sla.choices import ClockKind
from anxiu.workforce.actions import hold, occupy, release
from anxiu.workforce.choices import OccupancyKind
from anxiu.workforce.messages import refusal, spoken
from anxiu.workforce.queries import candidate
from anxiu.workforce.queries import figures as figures_of_people
from anxiu.workforce.rules import Slot

ACT_FOR_ENGINEER = view("orders.act_for_engineer", posts={"dispatcher", "supervisor"})


def _slot(starts_at: datetime, ends_at: datetime) -> Slot:
    if ends_at <= starts_at:
        raise Invalid("orders.slot_reversed", field="ends_at")
    if ends_at <= now():
        raise Invalid("orders.slot_past", field="starts_at")
    return Slot(starts_at, ends_at)


def _occupy(actor: Actor, at: datetime, order: Order, visit: Visit) -> None:
    """Refuse an engineer who may not take it, with every reason; then keep the time free of others."""
    slot = Slot(visit.starts_at, visit.ends_at)
    subject = Subject("visit", visit.pk)
    need = need_of(order, slot, ignoring=subject)
    reading = figures_of_people(order.region_id, at)
    hold(visit.engineer_id)
    try:
        chosen = candidate(actor, need, at, reading, engineer_id=visit.engineer_id)
    except NotFound:
        raise Invalid("orders.unknown_engineer", field="engineer") from None
    if not chosen.eligibility.may:
        missing = tuple(refusal(reason) for reason in chosen.eligibility.because)
        raise GateShut("orders.not_eligible", missing=missing, engineer=chosen.engineer.person.name)
    occupy(
        engineer_id=visit.engineer_id, starts_at=visit.starts_at, ends_at=visit.ends_at, kind=OccupancyKind.VISIT,
        subject=subject,
    )  # fmt: skip


@action(posts={"dispatcher", "supervisor", "agent"})
def book_visit(
    *, actor: Actor, at: datetime, order_uid: UUID, engineer_id: int, starts_at: datetime, ends_at: datetime
) -> Visit:
    """Book an engineer for a time. A suspended order goes on with this further visit.

    Records: VisitBooked. Refuses: an engineer who may not take it, with each reason; a time that is taken; what a gate
    before the first visit still misses.
    """
    order = locked(actor, order_uid, "book_visit", at)
    slot = _slot(starts_at, ends_at)
    if order.engineer_id is None:  # a further visit leaves no step: it goes back to one
        before("book_visit", order, actor, at)
    if order.is_suspended:
        go_on(order, actor, at)
        drop(subject_of(order), [ClockKind.APPROVAL], at=at, actor=actor)
    close_plan(order, at)  # another visit makes another plan
    if visit := live_visit(order):
        _leave(visit, at)
    number = Visit.objects.filter(order=order).count() + 1
    visit = Visit.objects.create(
        order=order, engineer_id=engineer_id, number=number, state=VisitState.PROPOSED, starts_at=slot.starts_at,
        ends_at=slot.ends_at, booked_at=at, booked_by_id=actor.person_id,
    )  # fmt: skip
    _occupy(actor, at, order, visit)
    order.engineer_id = engineer_id
    event = tell(order, VisitBooked(visit.pk, engineer_id, starts_at, ends_at), actor=actor, at=at)
    end_to_decide(order.plan_id, event, PlanState.REJECTED, actor, at)
    begin(order, [ClockKind.ACCEPTANCE], at=at, actor=actor)
    finish(order, {"engineer", *_SUSPENSION}, clocks_changed=True)
    return visit


_SUSPENSION = ("suspended_at", "suspend_reason", "suspended_until")


def _leave(visit: Visit, at: datetime) -> None:
    """End a visit that was under way, because a further one follows."""
    visit.state, visit.left_at = VisitState.DONE, at
    update(visit, {"state", "left_at"})
    release(subject=Subject("visit", visit.pk))


@action(posts={"dispatcher", "supervisor", "agent"})
def reschedule(
    *, actor: Actor, at: datetime, order_uid: UUID, starts_at: datetime, ends_at: datetime, reason: str,
    engineer_id: int | None = None, note: str = "",
) -> Visit:  # fmt: skip
    """Move the visit to another time or engineer. The engineer is asked again; the clocks run on.

    Records: VisitRescheduled. Refuses: an unlisted reason, an engineer who may not take it, a time that is taken.
    """
    order = locked(actor, order_uid, "reschedule", at)
    require_reason(reason, figures(order)(RESCHEDULE_REASONS))
    slot = _slot(starts_at, ends_at)
    visit = live_visit(order)
    if visit is None:
        raise NotFound("kernel.not_found")
    if order.is_suspended:
        go_on(order, actor, at)
    release(subject=Subject("visit", visit.pk))
    visit.state = VisitState.RELEASED
    update(visit, {"state"})
    chosen = engineer_id or visit.engineer_id
    moved = Visit.objects.create(
        order=order, engineer_id=chosen, number=visit.number + 1, state=VisitState.PROPOSED,
        starts_at=slot.starts_at, ends_at=slot.ends_at, booked_at=at, booked_by_id=actor.person_id,
    )  # fmt: skip
    _occupy(actor, at, order, moved)
    order.engineer_id = chosen
    fact = VisitRescheduled(moved.pk, chosen, starts_at, ends_at, reason, Sealed(note.strip()))
    tell(order, fact, actor=actor, at=at)
    drop(subject_of(order), [ClockKind.ACCEPTANCE, ClockKind.PREPARE], at=at, actor=actor)
    begin(order, [ClockKind.ACCEPTANCE], at=at, actor=actor)
    finish(order, {"engineer", *_SUSPENSION}, clocks_changed=True)
    return moved


def _visit(order: Order, at: datetime, *states: VisitState) -> Visit:
    """The live visit in one of these states. Refused: a moment before what already happened on it."""
    visit = live_visit(order)
    if visit is None or visit.state not in states:
        raise NotFound("kernel.not_found")
    happened = (visit.accepted_at, visit.prepared_at, visit.departed_at, visit.arrived_at)
    if any(each and at < each for each in happened):
        raise Invalid("orders.before_last_step", field="at")
    return visit


@action(posts={"engineer", "partner"})
def accept_visit(*, actor: Actor, at: datetime, order_uid: UUID) -> Order:
    """Take the order: the engineer will come at the booked time.

    Records: VisitAccepted. Refuses: anybody but the engineer, what a gate still misses.
    """
    order = locked(actor, order_uid, "accept_visit", at)
    require_engineer(actor, order, "accept_visit")
    before("accept_visit", order, actor, at)
    visit = _visit(order, at, VisitState.PROPOSED)
    visit.state, visit.accepted_at = VisitState.ACCEPTED, at
    update(visit, {"state", "accepted_at"})
    tell(order, VisitAccepted(visit.pk, visit.engineer_id), actor=actor, at=at)
    stop(subject_of(order), [ClockKind.ACCEPTANCE, ClockKind.HAND_OVER], at=at, actor=actor)
    if ClockKind.PREPARE in process_of(order).clocks and order.state == State.PREPARING:
        start_before(case_of(order), ClockKind.PREPARE, visit.starts_at, at=at, actor=actor)
    return finish(order, (), clocks_changed=True)


@action(posts={"engineer", "partner"})
def decline_visit(*, actor: Actor, at: datetime, order_uid: UUID, reason: str, note: str = "") -> Order:
    """Do not take the order; it goes back to be booked.

    Records: VisitDeclined. Refuses: anybody but the engineer, an unlisted reason.
    """
    order = locked(actor, order_uid, "decline_visit", at)
    require_engineer(actor, order, "decline_visit")
    require_reason(reason, figures(order)(DECLINE_REASONS))
    visit = _visit(order, at, VisitState.PROPOSED)
    visit.state, visit.declined_at, visit.decline_reason = VisitState.DECLINED, at, reason
    update(visit, {"state", "declined_at", "decline_reason"})
    release(subject=Subject("visit", visit.pk))
    tell(order, VisitDeclined(visit.pk, visit.engineer_id, reason, Sealed(note.strip())), actor=actor, at=at)
    stop(subject_of(order), [ClockKind.ACCEPTANCE], at=at, actor=actor)
    order.engineer = None
    return finish(order, {"engineer"}, clocks_changed=True)


@action(posts={"engineer", "partner"})
def prepare(*, actor: Actor, at: datetime, order_uid: UUID, checked: tuple[str, ...]) -> Order:
    """Confirm that tools and parts are ready, by the regulation's checklist.

    Records: Prepared. Refuses: a mandatory item that is not checked, naming each, and what a gate still misses.
    """
    order = locked(actor, order_uid, "prepare", at)
    require_engineer(actor, order, "prepare")
    items = items_at(order, State.PREPARING)
    visit = _visit(order, at, VisitState.ACCEPTED)
    done = ticked([order]).get(order.pk, {})
    write_checks(order, checked, done, items, actor, at)
    if process_of(order).left_by("prepare") is None:  # else the gate of the step asks for its items, among the rest
        _require_ticked(order, items, {**done, **dict.fromkeys(checked, True)})
    before("prepare", order, actor, at)
    visit.prepared_at = at
    update(visit, {"prepared_at"})
    tell(order, Prepared(visit.pk, tuple(sorted(set(checked)))), actor=actor, at=at)
    stop(subject_of(order), [ClockKind.PREPARE], at=at, actor=actor)
    return finish(order, (), clocks_changed=True)


def _require_ticked(order: Order, items: Sequence[CheckItem], done: Mapping[str, bool]) -> None:
    step = process_of(order).step_of(State.PREPARING)
    if unticked := open_items(items, step, done):
        missing = tuple(Invalid("orders.item_missing", item=spoken(each.words)) for each in unticked)
        raise GateShut("orders.not_prepared", missing=missing, value_key=CHECKLISTS.key)


@action(posts={"engineer", "partner"})
def depart(*, actor: Actor, at: datetime, order_uid: UUID) -> Order:
    """Leave for the site; the customer is told.

    Records: Departed. Refuses: what a gate before leaving still misses.
    """
    order = locked(actor, order_uid, "depart", at)
    require_engineer(actor, order, "depart")
    before("depart", order, actor, at)
    visit = _visit(order, at, VisitState.ACCEPTED)
    visit.state, visit.departed_at = VisitState.TRAVELLING, at
    update(visit, {"state", "departed_at"})
    tell(order, Departed(visit.pk), actor=actor, at=at)
    return finish(order, ())


def _flag_of_gates(order: Order, visit: Visit, actor: Actor, at: datetime) -> str:
    """What the way to the site lacked. Who arrives without having left has passed two gates."""
    if visit.prepared_at is None and process_of(order).has(State.PREPARING):
        return "not_prepared"
    verbs = ("arrive",) if visit.departed_at else ("depart", "arrive")
    missing = [each.code for verb in verbs for each in lacking(verb, order, actor, at)]
    if "orders.not_contacted" in missing:
        return "not_contacted"
    return "step_incomplete" if missing else ""


_ARRIVAL = (
    "state", "arrived_at", "arrival_proof", "arrival_distance_metres", "arrival_flag", "arrival_latitude",
    "arrival_longitude", "arrival_accuracy_metres",
)  # fmt: skip


@action(posts={"engineer", "partner"})
def arrive(
    *, actor: Actor, at: datetime, order_uid: UUID, place: Place | None = None, label_code: str = ""
) -> Order:
    """Record the arrival with its proof. It is a fact: a weak proof is flagged, never refused.

    Records: Arrived. Refuses: anybody but the engineer.
    """
    order = locked(actor, order_uid, "arrive", at)
    require_engineer(actor, order, "arrive")
    visit = _visit(order, at, VisitState.ACCEPTED, VisitState.TRAVELLING)
    reading = figures(order)
    scanned = bool(order.machine and label_code and order.machine.label_code == label_code.strip().upper())
    proof = arrival(
        place, order.site.place if order.site else None, radius_metres=reading(ARRIVAL_RADIUS),
        accuracy_metres=reading(ARRIVAL_ACCURACY), label_scanned=scanned,
    )  # fmt: skip
    flag = proof.flag or _flag_of_gates(order, visit, actor, at)
    visit.state, visit.arrived_at = VisitState.ON_SITE, at
    visit.arrival_proof, visit.arrival_distance_metres, visit.arrival_flag = proof.proof, proof.distance_metres, flag
    if place:
        visit.arrival_latitude, visit.arrival_longitude = place.latitude, place.longitude
        visit.arrival_accuracy_metres = place.accuracy_metres
    update(visit, _ARRIVAL)
    tell(order, Arrived(visit.pk, proof.proof, proof.distance_metres, flag), actor=actor, at=at)
    stop(subject_of(order), [ClockKind.ARRIVAL, ClockKind.PREPARE], at=at, actor=actor)
    if not Visit.objects.filter(order=order, arrived_at__isnull=False).exclude(pk=visit.pk).exists():
        begin(order, [ClockKind.RESOLUTION], at=at, actor=actor)  # a further visit leaves it running
    return finish(order, (), clocks_changed=True)
