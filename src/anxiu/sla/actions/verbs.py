"""What people do with escalations, the roster, and clocks that were set aside."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anxiu.accounts.models import Post, Region
from anxiu.accounts.queries import people
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import Invalid, NotFound, WrongState
from anxiu.kernel.events import record
from anxiu.sla.actions.reckoning import lock_alone, reckon, write
from anxiu.sla.events import ClockRetried, DutyRemoved, DutySet, EscalationAcknowledged
from anxiu.sla.models import Clock, DutyEntry, Escalation
from anxiu.sla.queries import duty_entries, escalation, set_aside

EVERYBODY = {
    "agent", "dispatcher", "engineer", "supervisor", "warehouse", "hr", "finance", "management", "administrator",
}  # fmt: skip


@action(posts=EVERYBODY)
def acknowledge(*, actor: Actor, at: datetime, escalation_uid: UUID) -> Escalation:
    """Take on a broken promise one was called about; the next level is then not called before its own time.

    Records: EscalationAcknowledged. Refuses: a call to somebody else (unless one may answer for others), one that
    needs no word or has it, a clock that ended.
    """
    call = escalation(actor, escalation_uid)
    [each] = lock_alone(Clock.objects.filter(pk=call.clock_id))
    call.refresh_from_db()
    if not each.clock.is_live:
        raise WrongState("sla.clock_ended")
    if call.acknowledge_by is None or call.acknowledged_at is not None:
        raise WrongState("sla.nothing_to_acknowledge")
    call.acknowledged_at, call.acknowledged_by_id = at, actor.person_id
    call.save(update_fields=["acknowledged_at", "acknowledged_by"])
    if call.level == each.clock.level:
        each.clock.acknowledged = True
        reckon(each, at)
        write([each])
    told = EscalationAcknowledged(each.clock.pk, call.pk, each.clock.kind, call.level, actor.person_id)
    record(told, subject=each.subject, region_id=each.clock.region_id, actor=actor, at=at)
    return call


@action(posts={"supervisor", "administrator"})
def retry_clock(*, actor: Actor, at: datetime, clock_id: int) -> Clock:
    """Let a clock that was set aside run again.

    Records: ClockRetried. Refuses: a clock that still cannot be evaluated.
    """
    if not set_aside(actor).filter(pk=clock_id).exists():
        raise NotFound("kernel.not_found")
    [each] = lock_alone(Clock.objects.filter(pk=clock_id))
    each.clock.failed_at, each.clock.error = None, ""
    try:
        reckon(each, at)
    except ValueError as error:
        raise WrongState("sla.still_fails", error=str(error)) from error
    write([each])
    told = ClockRetried(each.clock.pk, each.clock.kind)
    record(told, subject=each.subject, region_id=each.clock.region_id, actor=actor, at=at)
    return each.clock


@dataclass(frozen=True, slots=True)
class NewDuty:
    """Who answers for a post and when. `region_id` None: in the whole company. A lower rank is called first."""

    person_id: int
    post: str
    from_at: datetime
    until_at: datetime
    region_id: int | None = None
    rank: int = 0


@action(posts={"dispatcher", "supervisor", "hr", "management", "administrator"})
def set_duty(*, actor: Actor, at: datetime, new: NewDuty) -> DutyEntry:
    """Put somebody on the duty roster.

    Records: DutySet. Refuses: a period without length or over already, an unknown post, a person or region out of
    sight, the whole company by somebody who only sees a part.
    """
    if new.until_at <= new.from_at:
        raise Invalid("sla.duty_ends_before_it_begins", field="until_at")
    if new.until_at <= at:
        raise Invalid("sla.duty_is_over", field="until_at")
    if not Post.objects.filter(code=new.post, retired_at=None).exists():
        raise Invalid("accounts.unknown_post", field="post", post=new.post)
    if not people(actor).filter(pk=new.person_id, is_active=True).exists():
        raise NotFound("kernel.not_found")
    if new.region_id is None:
        if actor.regions is not None:
            raise Invalid("sla.needs_a_region", field="region_id")
    else:
        actor.require_region(new.region_id)
        if not Region.objects.filter(pk=new.region_id, retired_at=None).exists():
            raise NotFound("kernel.not_found")
    row = DutyEntry.objects.create(
        person_id=new.person_id, post=new.post, region_id=new.region_id, from_at=new.from_at, until_at=new.until_at,
        rank=new.rank,
    )  # fmt: skip
    told = DutySet(row.pk, new.person_id, new.post, new.region_id, new.from_at, new.until_at, new.rank)
    record(told, subject=Subject("person", new.person_id), region_id=new.region_id, actor=actor, at=at)
    return row


@action(posts={"dispatcher", "supervisor", "hr", "management", "administrator"})
def remove_duty(*, actor: Actor, at: datetime, duty_uid: UUID) -> DutyEntry:
    """Take somebody off the duty roster.

    Records: DutyRemoved. Refuses: a line out of sight; the whole company's, by somebody who only sees a part.
    """
    row = duty_entries(actor).select_for_update(of=("self",)).filter(uid=duty_uid).first()
    if row is None or (row.region_id is None and actor.regions is not None):
        raise NotFound("kernel.not_found")
    row.removed_at = at
    row.save(update_fields=["removed_at"])
    told = DutyRemoved(row.pk, row.person_id, row.post)
    record(told, subject=Subject("person", row.person_id), region_id=row.region_id, actor=actor, at=at)
    return row
