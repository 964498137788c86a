"""Notices over the API: one's own, what was written to whom, and what went wrong; every verb of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from ninja.params import functions as parameter
from pydantic import BaseModel, Field

from anxiu.api.asking import PAGE, Cursor, Key, Limit, Line, page_of
from anxiu.api.auth import actor_of
from anxiu.api.doing import REFUSED, act
from anxiu.api.timing import RowKey
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.models import Cursor as Projector
from anxiu.kernel.time import now
from anxiu.notify import actions
from anxiu.notify.choices import Kind, State
from anxiu.notify.links import masked
from anxiu.notify.models import Notice
from anxiu.notify.queries import (
    FailedJob,
    deliveries,
    described,
    failed_projectors,
    inbox,
    jobs_that_failed,
    masked_to,
    notice,
    unread,
)  # fmt: skip
from anxiu.orders.queries import visible

router = Router(tags=["notices"])
# Listed here, for the description knows shapes by their last name only, and orders have a `State` too.
Stands = Literal[State.QUEUED, State.SENDING, State.HELD, State.SENT, State.FAILED, State.CANCELLED]

MaybeMedium = Annotated[str, Field(max_length=24, pattern=r"^[a-z0-9_]*$")]


class NoticeOut(BaseModel):
    """One of one's own notices; `order` is empty where the caller does not see it."""

    uid: UUID
    kind: Kind
    title: str
    body: str
    order: UUID | None
    occurred_at: datetime
    read_at: datetime | None


class NoticesOut(BaseModel):
    """A page of one's own notices."""

    items: list[NoticeOut]
    next: str


class ReadIn(Schema):
    """Which to mark as read; all when left out."""

    notices: Annotated[list[UUID], Field(max_length=1000)] | None = None


class MarkedOut(BaseModel):
    """How many were not read before."""

    marked: int


class DeliveryOut(BaseModel):
    """A notice to anybody and what became of it; the address is masked."""

    uid: UUID
    kind: Kind
    medium: str
    state: Stands
    reason: str
    title: str
    person: UUID | None
    to: str
    region: str
    order: UUID | None
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    read_at: datetime | None


class DeliveriesOut(BaseModel):
    """A page of the delivery log."""

    items: list[DeliveryOut]
    next: str


class DeliveryDetailOut(DeliveryOut):
    """A notice as it was written, without the secrets of its links, and what the server said."""

    body: str
    error: str


class FailedJobOut(BaseModel):
    """A job that was given up."""

    id: int
    task: str
    args: str
    attempts: int
    failed_at: datetime | None

    @staticmethod
    def of(job: FailedJob) -> "FailedJobOut":
        """From what is told of it."""
        return FailedJobOut(id=job.id, task=job.task, args=job.args, attempts=job.attempts, failed_at=job.failed_at)


class FailedJobsOut(BaseModel):
    """A page of jobs that were given up."""

    items: list[FailedJobOut]
    next: str


class RetriedOut(BaseModel):
    """The job that runs again."""

    id: int


class ProjectorOut(BaseModel):
    """A projector that cannot get past an event; the error only for who sees the whole company."""

    name: str
    position: int
    failed_at: datetime | None
    error: str

    @staticmethod
    def of(row: Projector, *, whole: bool) -> "ProjectorOut":
        """From a row."""
        error = row.error if whole else ""
        return ProjectorOut(name=row.name, position=row.position, failed_at=row.failed_at, error=error)


def _orders(actor: Actor, rows: Iterable[Notice]) -> dict[int, UUID]:
    """The orders that notices are about, as far as the actor sees them; one statement."""
    ids = {row.subject_id for row in rows if row.subject_kind == "order"}
    return dict(visible(actor).filter(pk__in=ids).values_list("pk", "uid")) if ids else {}


def _about(row: Notice, orders: dict[int, UUID]) -> UUID | None:
    return orders.get(row.subject_id) if row.subject_kind == "order" else None


def _delivery(row: Notice, orders: dict[int, UUID]) -> DeliveryOut:
    return DeliveryOut(
        uid=row.uid, kind=Kind(row.kind), medium=row.medium, state=State(row.state), reason=row.reason,
        title=row.title, person=row.person.uid if row.person else None, to=masked_to(row.medium, row.address),
        region=row.region.code if row.region else "", order=_about(row, orders), attempts=row.attempts,
        created_at=row.created_at, sent_at=row.sent_at, read_at=row.read_at,
    )  # fmt: skip


# ---- one's own -------------------------------------------------------------------------------------------------------
@router.get("/notices", response={200: NoticesOut, **REFUSED}, summary="List one's own notices")
def list_notices(
    request: HttpRequest, all: bool = False, after: Cursor = "", limit: Limit = PAGE,  # noqa: A002, FBT001, FBT002
) -> NoticesOut:  # fmt: skip
    """The caller's own notices, newest first: those not read yet, or all of them."""
    actor = actor_of(request)
    found, following = page_of(inbox(actor) if all else unread(actor), after, limit)
    orders = _orders(actor, found)
    items = [
        NoticeOut(
            uid=each.uid, kind=Kind(each.kind), title=each.title, body=masked(each.body), order=_about(each, orders),
            occurred_at=each.occurred_at, read_at=each.read_at,
        )
        for each in found
    ]  # fmt: skip
    return NoticesOut(items=items, next=following)


@router.post("/notices/actions/mark_read", response={200: MarkedOut, **REFUSED}, summary="Mark as read")
def mark_read(request: HttpRequest, body: ReadIn, key: Key) -> HttpResponse:
    """Mark one's own notices as read: these, or all."""
    def work(actor: Actor) -> MarkedOut:
        return MarkedOut(marked=actions.mark_read(actor=actor, at=now(), notice_uids=body.notices))

    return act(request, key, "notify.mark_read", work)


# ---- what was written to whom ----------------------------------------------------------------------------------------
@router.get("/deliveries", response={200: DeliveriesOut, **REFUSED}, summary="List what was written to whom")
def list_deliveries(
    request: HttpRequest, state: list[Stands] = parameter.Query([]), medium: MaybeMedium = "",
    kind: Kind | None = None, q: Line = "", after: Cursor = "", limit: Limit = PAGE,
) -> DeliveriesOut:  # fmt: skip
    """Notices to customers and staff, newest first; `q` is an order's number or an email address.

    Those that did not leave have the states `failed` and `held`.
    """
    actor = actor_of(request)
    rows = deliveries(actor)
    if state:
        rows = rows.filter(state__in=state)
    if medium:
        rows = rows.filter(medium=medium)
    if kind:
        rows = rows.filter(kind=kind)
    if typed := q.strip():
        about = visible(actor).filter(number__iexact=typed).values_list("pk", flat=True)
        of_order = {"subject_kind": "order", "subject_id__in": about}
        rows = rows.filter(address__iexact=typed) if "@" in typed else rows.filter(**of_order)
    found, following = page_of(rows, after, limit)
    orders = _orders(actor, found)
    return DeliveriesOut(items=[_delivery(each, orders) for each in found], next=following)


@router.get("/deliveries/{uuid:uid}", response={200: DeliveryDetailOut, **REFUSED}, summary="One notice as written")
def get_delivery(request: HttpRequest, uid: UUID) -> DeliveryDetailOut:
    """One notice as it was written. Leaves an access row."""
    actor = actor_of(request)
    row = notice(actor, uid)
    note_access(actor, AccessKind.DETAIL, "notice", [row.pk], now())
    told = _delivery(row, _orders(actor, [row])).model_dump()
    return DeliveryDetailOut(**told, body=masked(row.body), error=row.error)


@router.post("/deliveries/{uuid:uid}/actions/resend", response={200: DeliveryOut, **REFUSED}, summary="Send again")
def resend(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Have a notice that failed or waited too long sent again, to the address its recipient has now."""
    def work(actor: Actor) -> DeliveryOut:
        row = actions.resend(actor=actor, at=now(), notice_uid=uid)
        return _delivery(row, _orders(actor, [row]))

    return act(request, key, "notify.resend", work)


# ---- what went wrong -------------------------------------------------------------------------------------------------
@router.get("/failures/jobs", response={200: FailedJobsOut, **REFUSED}, summary="List jobs that failed for good")
def list_failed_jobs(request: HttpRequest, after: Cursor = "", limit: Limit = PAGE) -> FailedJobsOut:
    """Jobs that failed for good, newest first. Notices that did not leave are among the deliveries."""
    found, following = page_of(jobs_that_failed(actor_of(request)), after, limit)
    return FailedJobsOut(items=[FailedJobOut.of(each) for each in described(found)], next=following)


@router.post("/failures/jobs/{int:number}/actions/retry_job", response={200: RetriedOut, **REFUSED}, summary="Run it")
def retry_job(request: HttpRequest, number: RowKey, key: Key) -> HttpResponse:
    """Have a job that failed for good run again."""
    def work(actor: Actor) -> RetriedOut:
        actions.retry_job(actor=actor, at=now(), job_id=number)
        return RetriedOut(id=number)

    return act(request, key, "notify.retry_job", work)


@router.get(
    "/failures/projectors", response={200: list[ProjectorOut], **REFUSED}, summary="Projectors that are stuck"
)
def list_failed_projectors(request: HttpRequest) -> list[ProjectorOut]:
    """Projectors that cannot get past an event; there are a handful at most. They try again by themselves."""
    actor = actor_of(request)
    return [ProjectorOut.of(each, whole=actor.regions is None) for each in failed_projectors(actor)]
