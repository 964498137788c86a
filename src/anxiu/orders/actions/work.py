"""The work on site: what was found, what was done, and what interrupts it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from anxiu.catalogue.models import FaultClass, Part
from anxiu.files.actions import NewAttachment, attach
from anxiu.files.choices import Purpose
from anxiu.files.intake import Prepared as PreparedFile
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, NotFound, WrongState
from anxiu.kernel.events import Sealed
from anxiu.kernel.geo import Place
from anxiu.kernel.time import now
from anxiu.orders.actions.ending import after_the_work
from anxiu.orders.actions.moves import (
    begin,
    figures,
    finish,
    go_on,
    live_visit,
    locked,
    require_authority,
    require_engineer,
    require_reason,
    required,
    subject_of,
    take_back,
    tell,
)  # fmt: skip
from anxiu.orders.actions.plans import NewPlan, close_plan, end_to_decide, plan_work
from anxiu.orders.choices import ABOUT_FAULTS, AFTER_THE_WORK, SUMMARY, EntryKind, PlanState, State
from anxiu.orders.events import (
    Assessed,
    Cancelled,
    EntryAdded,
    GuaranteeClaimed,
    RepairCompleted,
    Resumed,
    SignOffSuperseded,
    SummaryWritten,
    Suspended,
)  # fmt: skip
from anxiu.orders.gates import before
from anxiu.orders.models import Entry, Order, SignOff, Superseded
from anxiu.orders.queries import guarantee_of_part, process_of
from anxiu.orders.values import CANCEL_REASONS, SUSPEND_REASONS
from anxiu.sla.actions import drop, pause, stop
from anxiu.sla.choices import ClockKind

EVIDENCE: Final = {EntryKind.PHOTO: Purpose.EVIDENCE_PHOTO, EntryKind.VIDEO: Purpose.EVIDENCE_VIDEO}


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A line for the work record. Which fields it needs depends on its kind.

    `value` and `unit` for a reading, `minutes` for labour, `part_id` and `value` (quantity) for a part, `photo` for a
    photo and `video` for a video, under `file_uid` where the device gave it one; `corrects_uid` names the line that
    this one sets right, `reason` says why where the customer has signed it.
    """

    kind: EntryKind
    text: str = ""
    code: str = ""
    value: Decimal | None = None
    unit: str = ""
    minutes: int | None = None
    part_id: int | None = None
    photo: PreparedFile | None = None
    video: PreparedFile | None = None
    file_uid: UUID | None = None
    place: Place | None = None
    corrects_uid: UUID | None = None
    reason: str = ""


@action(posts={"engineer", "partner", "agent"})
def assess(
    *, actor: Actor, at: datetime, order_uid: UUID, finding: str, fault_class_id: int | None = None,
    plan: NewPlan | None = None,
) -> Order:  # fmt: skip
    """Record what was found and what is to be done. The work may begin, or waits until the plan is approved.

    Records: Assessed, PlanProposed. Refuses: anybody but the engineer, no finding, a plan that cannot be
    judged, what a gate still misses.
    """
    order = locked(actor, order_uid, "assess", at)
    require_engineer(actor, order, "assess")
    found = required(finding, "orders.finding_missing", "finding")
    if fault_class_id and not FaultClass.objects.filter(pk=fault_class_id, retired_at=None).exists():
        raise Invalid("orders.unknown_fault_class", field="fault_class")
    order.fault_class_id = fault_class_id or order.fault_class_id
    before("assess", order, actor, at)
    tell(order, Assessed(order.fault_class_id, Sealed(found)), actor=actor, at=at)
    _write(order, actor, at, NewEntry(EntryKind.NOTE, text=found, code="finding"))
    plan_work(order, actor, at, plan)
    return finish(order, {"fault_class", "plan"}, clocks_changed=order.state == State.APPROVING)


@action(posts={"engineer", "partner", "supervisor", "agent"})
def add_entry(*, actor: Actor, at: datetime, order_uid: UUID, entry: NewEntry) -> Entry:
    """Add a line to the work record. Lines are never changed; a wrong one is corrected by a further one.

    A part that an earlier repair put into the machine, replaced again inside that repair's guarantee, makes the order
    a free repeat of it. A line set right after the sign-off supersedes it: the record is to be signed again.
    Records: EntryAdded, GuaranteeClaimed, SignOffSuperseded. Refuses: anybody but the engineer, a line without what
    its kind needs, a new line once the work is complete.
    """
    order = locked(actor, order_uid, "add_entry", at)
    require_engineer(actor, order, "add_entry")
    if order.state in AFTER_THE_WORK and entry.corrects_uid is None:
        raise WrongState("orders.only_corrections")
    reason = required(entry.reason, "orders.why_corrected", "reason") if order.sign_off_id else ""
    _check(order, entry)
    written = _write(order, actor, at, entry)
    quantity = str(written.value.normalize()) if written.value is not None else ""
    fact = EntryAdded(
        written.pk, written.kind, written.code, Sealed(written.text), written.minutes, written.part_id, quantity
    )
    tell(order, fact, actor=actor, at=at)
    if written.part_id is not None:
        _claim(order, written.part_id, actor, at)
    if order.sign_off:
        _supersede(order, order.sign_off, written, reason, actor, at)
    return written


def _supersede(order: Order, former: SignOff, by: Entry, reason: str, actor: Actor, at: datetime) -> None:
    """What was signed stays as it is, on record as superseded; the order waits for the customer's word again."""
    Superseded.objects.create(sign_off=former, entry=by, reason=reason, at=at, by_id=actor.person_id)
    order.sign_off = None
    fact = SignOffSuperseded(former.pk, former.document_digest, by.pk, Sealed(reason))
    tell(order, fact, actor=actor, at=at)
    finish(order, {"sign_off"})


def _claim(order: Order, part_id: int, actor: Actor, at: datetime) -> None:
    if order.is_free or order.machine_id is None or order.order_type not in ABOUT_FAULTS:
        return
    claimed = guarantee_of_part(order, part_id)
    if claimed is None:
        return
    part = Part.objects.get(pk=part_id)
    order.under_guarantee, order.is_free, order.free_because = claimed, True, "guarantee"
    order.repeat_of_id = repeated = order.repeat_of_id or claimed.order_id
    tell(order, GuaranteeClaimed(claimed.pk, claimed.number, part_id, part.number, repeated), actor=actor, at=at)
    finish(order, {"under_guarantee", "is_free", "free_because", "repeat_of"})


def _check(order: Order, entry: NewEntry) -> None:
    """Refuse a line that says nothing, or that names what is not there."""
    match entry.kind:
        case EntryKind.NOTE if not entry.text.strip():
            raise Invalid("orders.entry_empty", field="text")
        case EntryKind.CHECK if not entry.code:
            raise Invalid("orders.entry_empty", field="code")
        case EntryKind.READING if not entry.text.strip() or entry.value is None:
            raise Invalid("orders.reading_incomplete", field="value")
        case EntryKind.LABOUR if not entry.minutes or entry.minutes < 0:
            raise Invalid("orders.entry_empty", field="minutes")
        case EntryKind.PART:
            if entry.part_id is None or not Part.objects.filter(pk=entry.part_id, retired_at=None).exists():
                raise Invalid("orders.unknown_part", field="part")
            if entry.value is None or entry.value <= 0:
                raise Invalid("orders.entry_empty", field="value")
        case EntryKind.PHOTO if entry.photo is None:
            raise Invalid("orders.entry_empty", field="photo")
        case EntryKind.VIDEO if entry.video is None:
            raise Invalid("orders.video_missing", field="video")
        case _:
            pass


def _write(order: Order, actor: Actor, at: datetime, entry: NewEntry) -> Entry:
    corrects = None
    if entry.corrects_uid:
        corrects = Entry.objects.filter(order=order, uid=entry.corrects_uid).first()
        if corrects is None:
            raise NotFound("kernel.not_found")
        if corrects.corrections.exists():
            raise Invalid("orders.corrected_already", field="corrects")
    place = entry.place
    file = {EntryKind.PHOTO: entry.photo, EntryKind.VIDEO: entry.video}.get(entry.kind)
    file_uid = _keep(order, actor, at, entry, file) if file else None
    return Entry.objects.create(
        order=order, visit=live_visit(order), kind=entry.kind, text=entry.text.strip(), code=entry.code,
        value=entry.value, unit=entry.unit.strip(), minutes=entry.minutes, part_id=entry.part_id,
        attachment_uid=file_uid, corrects=corrects, author_id=actor.person_id, at=at, recorded_at=now(),
        latitude=place.latitude if place else None, longitude=place.longitude if place else None,
        accuracy_metres=place.accuracy_metres if place else None,
    )  # fmt: skip


def _keep(order: Order, actor: Actor, at: datetime, entry: NewEntry, file: PreparedFile) -> UUID:
    kept = attach(
        actor=actor, at=at,
        new=NewAttachment(
            content=file, subject=subject_of(order), region_id=order.region_id, purpose=EVIDENCE[entry.kind],
            uid=entry.file_uid, place=entry.place, taken_at=at,
        ),
    )  # fmt: skip
    return kept.uid


@action(posts={"engineer", "partner", "agent", "supervisor"})
def write_summary(*, actor: Actor, at: datetime, order_uid: UUID, text: str) -> Entry:
    """Write down what is to be learned from the order, once the work is done.

    Records: SummaryWritten. Refuses: anybody but the engineer and the owner, no words.
    """
    order = locked(actor, order_uid, "write_summary", at)
    if actor.person_id != order.owner_id:
        require_engineer(actor, order, "write_summary")
    said = required(text, "orders.entry_empty", "text")
    written = _write(order, actor, at, NewEntry(EntryKind.NOTE, text=said, code=SUMMARY))
    tell(order, SummaryWritten(written.pk, Sealed(said)), actor=actor, at=at)
    finish(order, ())
    return written


@action(posts={"engineer", "partner", "agent"})
def complete_repair(
    *, actor: Actor, at: datetime, order_uid: UUID, resolved: bool, cause: str, solution: str
) -> Order:
    """Finish the work: cause, solution, and whether the fault is gone. The customer is asked to sign.

    Records: RepairCompleted. Refuses: missing evidence, naming each; no cause or solution.
    """
    order = locked(actor, order_uid, "complete_repair", at)
    require_engineer(actor, order, "complete_repair")
    order.cause = required(cause, "orders.cause_missing", "cause")
    order.solution = required(solution, "orders.solution_missing", "solution")
    require_authority(actor, order, order.cause, order.solution)
    before("complete_repair", order, actor, at)
    order.resolved, order.completed_at = resolved, at
    fact = RepairCompleted(resolved, Sealed(order.cause), Sealed(order.solution))
    tell(order, fact, actor=actor, at=at)
    stop(subject_of(order), [ClockKind.RESOLUTION], at=at, actor=actor)
    begin(order, [ClockKind.SIGN_OFF], at=at, actor=actor)
    if not process_of(order).has(State.SIGNING):
        after_the_work(order, actor, at)
    return finish(order, {"cause", "solution", "resolved", "completed_at"}, clocks_changed=True)


@action(posts={"engineer", "dispatcher", "supervisor", "agent", "partner"})
def suspend(*, actor: Actor, at: datetime, order_uid: UUID, reason: str, until: datetime, note: str = "") -> Order:
    """Interrupt the order for a listed reason until a date; whether the clocks stand still is the reason's rule.

    Records: Suspended. Refuses: an unlisted reason, a date that is past or later than the reason allows.
    """
    order = locked(actor, order_uid, "suspend", at)
    listed = figures(order)(SUSPEND_REASONS)
    if not reason:
        raise Invalid("orders.reason_missing", field="reason")
    rule = next((each for each in listed if each.code == reason), None)
    if rule is None:
        raise Invalid("orders.unknown_reason", field="reason", reason=reason)
    if until <= at:
        raise Invalid("orders.until_past", field="until")
    if until > at + rule.longest:
        raise Invalid("orders.until_too_far", field="until", latest=f"{at + rule.longest:%Y-%m-%d %H:%M}")
    order.suspended_at, order.suspend_reason, order.suspended_until = at, reason, until
    tell(order, Suspended(reason, until, rule.pauses, Sealed(note.strip())), actor=actor, at=at)
    if rule.pauses:
        pause(subject_of(order), reason=reason, at=at, until=until, actor=actor)
    return finish(order, {"suspended_at", "suspend_reason", "suspended_until"}, clocks_changed=True)


@action(posts={"engineer", "dispatcher", "supervisor", "agent", "partner"})
def resume(*, actor: Actor, at: datetime, order_uid: UUID) -> Order:
    """Go on with a suspended order; paused clocks run again.

    Records: Resumed. Refuses: an order that is not suspended.
    """
    order = locked(actor, order_uid, "resume", at)
    tell(order, Resumed(), actor=actor, at=at)
    return finish(order, go_on(order, actor, at), clocks_changed=True)


@action(posts={"dispatcher", "supervisor", "agent"})
def cancel(*, actor: Actor, at: datetime, order_uid: UUID, reason: str, note: str = "") -> Order:
    """End the order without the work; its clocks stop and count as the rules say.

    Records: Cancelled. Refuses: an unlisted reason, work that is already complete.
    """
    order = locked(actor, order_uid, "cancel", at)
    require_reason(reason, figures(order)(CANCEL_REASONS))
    take_back(order, at)
    close_plan(order, at)
    order.ended_at, order.cancel_reason = at, reason
    order.suspended_at, order.suspend_reason, order.suspended_until = None, "", None
    event = tell(order, Cancelled(reason, Sealed(note.strip())), actor=actor, at=at)
    end_to_decide(order.plan_id, event, PlanState.REJECTED, actor, at)
    drop(subject_of(order), list(ClockKind), at=at, actor=actor)
    written = {"ended_at", "cancel_reason", "suspended_at", "suspend_reason", "suspended_until"}
    return finish(order, written, clocks_changed=True)
