"""What people do with notices: read them, have one sent again, and have a failed job run again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import Invalid, NotFound, WrongState
from anxiu.kernel.events import record
from anxiu.kernel.jobs import defer_many
from anxiu.notify.actions.accounts import waits_for
from anxiu.notify.actions.routing import LEASE
from anxiu.notify.choices import Medium, State
from anxiu.notify.events import JobRetried, Resent
from anxiu.notify.models import Notice
from anxiu.notify.queries import deliveries, present_address, unread

EVERYBODY = {
    "agent", "dispatcher", "engineer", "supervisor", "warehouse", "hr", "finance", "management", "partner",
    "administrator",
}  # fmt: skip


@action(posts=EVERYBODY)
def mark_read(*, actor: Actor, at: datetime, notice_uids: Sequence[UUID] | None = None) -> int:
    """Mark one's own notices as read: these, or all. How many were not read before.

    Records: nothing, for nobody else is concerned.
    """
    rows = unread(actor)
    wanted = rows if notice_uids is None else rows.filter(uid__in=notice_uids)
    return wanted.update(read_at=at, gathers_until=None)  # what comes now is news again


@action(posts={"supervisor", "administrator"})
def resend(*, actor: Actor, at: datetime, notice_uid: UUID) -> Notice:
    """Have a notice that failed or waited too long sent again, to the address its recipient has now.

    Records: Resent. Refuses: one that is on its way or has left, one whose text is gone, one without an address, no
    server to send it.
    """
    notice = deliveries(actor).select_for_update(of=("self",)).filter(uid=notice_uid).first()
    if notice is None:
        raise NotFound("kernel.not_found")
    if notice.state not in (State.FAILED, State.HELD):
        raise WrongState("notify.not_failed")
    if not notice.body:
        raise WrongState("notify.text_is_gone")
    if waits_for(notice.medium):
        raise WrongState("notify.no_server" if notice.medium == Medium.EMAIL else "notify.channel_off")
    notice.address = present_address(notice)
    if not notice.address:
        raise Invalid("notify.no_address", field="address")
    notice.state, notice.reason, notice.error, notice.attempts, notice.next_at = State.QUEUED, "", "", 0, at + LEASE
    notice.save(update_fields=["state", "reason", "error", "attempts", "next_at", "address"])
    subject = Subject(notice.subject_kind, notice.subject_id)
    record(Resent(notice.pk, notice.kind), subject=subject, region_id=notice.region_id, actor=actor, at=at)
    defer_many("notify.send", "send", [{"notice_id": notice.pk}])
    return notice


@action(posts={"administrator"})
def retry_job(*, actor: Actor, at: datetime, job_id: int) -> None:
    """Have a job that failed for good run again.

    Records: JobRetried. Refuses: a job that has not failed.
    """
    job = ProcrastinateJob.objects.filter(pk=job_id, status="failed").first()
    if job is None:
        raise WrongState("notify.job_not_failed")
    with connection.cursor() as cursor:
        cursor.execute("select procrastinate_retry_job_v2(%s, %s, null, null, null)", [job_id, at])
    record(JobRetried(job_id, job.task_name), subject=Subject("job", job_id), region_id=None, actor=actor, at=at)
