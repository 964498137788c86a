"""Reading notices: one's own, what was delivered, and what was not."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, QuerySet
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from anxiu.kernel.action import view
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.models import Cursor
from anxiu.notify.choices import Medium, State
from anxiu.notify.models import Notice

VIEW_FAILURES = view("notify.view_failures", posts={"supervisor", "administrator"})


def inbox(actor: Actor) -> QuerySet[Notice]:
    """The notices on the actor's own page, newest first."""
    return Notice.objects.filter(person=actor.person_id, medium=Medium.INAPP).order_by("-id")


def unread(actor: Actor) -> QuerySet[Notice]:
    """Those that were not read yet."""
    return inbox(actor).filter(read_at=None)


# Asked of every person who opens a page, in the statement that finds them.
UNREAD: Final = Exists(Notice.objects.filter(person=OuterRef("pk"), medium=Medium.INAPP, read_at=None))


def deliveries(actor: Actor) -> QuerySet[Notice]:
    """Everything that was written to anybody about things in the actor's regions, newest first."""
    actor.require(VIEW_FAILURES)
    rows = Notice.objects.select_related("person", "contact__customer", "region").order_by("-id")
    return rows if actor.regions is None else rows.filter(region_id__in=actor.regions)


def notice(actor: Actor, uid: UUID) -> Notice:
    """One notice of the delivery log."""
    found = deliveries(actor).filter(uid=uid).first()
    if found is None:
        raise NotFound("kernel.not_found")
    return found


def not_delivered(actor: Actor) -> QuerySet[Notice]:
    """Notices that failed for good or wait for something."""
    return deliveries(actor).filter(state__in=[State.FAILED, State.HELD])


def counts(actor: Actor) -> dict[str, int]:
    """How many notices of the actor's regions stand in each state; one statement."""
    rows = deliveries(actor).order_by().values_list("state").annotate(Count("id"))
    return {str(state): number for state, number in rows}


def told_about(subject_kind: str, subject_id: int) -> QuerySet[Notice]:
    """What was written about one thing; its own app has asked whether the actor may see that thing."""
    return Notice.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("id")


def email_is_configured() -> bool:
    """Whether a mail server is named; without one, email waits."""
    return bool(settings.EMAIL_HOST)


def held_count() -> int:
    """How many notices wait for a mail server; for the doctor and the failures page."""
    return Notice.objects.filter(state=State.HELD).count()


# ---- what went wrong elsewhere: things of the whole installation -----------------------------------------------------
@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that was given up: which, with what, how often it was tried, and when it last failed."""

    id: int
    task: str
    args: str
    attempts: int
    failed_at: datetime | None


def jobs_that_failed(actor: Actor) -> QuerySet[ProcrastinateJob]:
    """The jobs that failed for good, the latest first. Sends are listed as notices, not here."""
    actor.require(VIEW_FAILURES)
    return ProcrastinateJob.objects.filter(status="failed").exclude(task_name="notify.send").order_by("-id")


def failed_jobs(actor: Actor, most: int) -> list[FailedJob]:
    """The latest jobs that failed for good; two statements."""
    return described(jobs_that_failed(actor)[:most])


def described(jobs: Iterable[ProcrastinateJob]) -> list[FailedJob]:
    """What is told of failed jobs the caller may see; one statement."""
    rows = list(jobs)
    ended = ProcrastinateEvent.objects.filter(job__in=rows, type="failed").values_list("job_id").annotate(Max("at"))
    failed_at: dict[int, datetime] = dict(ended.order_by())
    return [
        FailedJob(
            each.id, each.task_name, json.dumps(each.args, ensure_ascii=False), each.attempts, failed_at.get(each.id)
        )
        for each in rows
    ]


def failed_projectors(actor: Actor) -> QuerySet[Cursor]:
    """Projectors that cannot get past an event; they try again by themselves until the cause is gone."""
    actor.require(VIEW_FAILURES)
    return Cursor.objects.filter(failed_at__isnull=False).order_by("name")
