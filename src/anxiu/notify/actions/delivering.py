"""Delivering: a notice is claimed before it is sent and settled after, each by compare-and-set, so that of two workers
one sends; one that is killed in between leaves a claim that lapses.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from anxiu.kernel.actor import SYSTEM, Subject
from anxiu.kernel.events import record
from anxiu.kernel.jobs import defer_many
from anxiu.kernel.values import reading
from anxiu.notify.actions.accounts import waits_for
from anxiu.notify.actions.limits import over_limit
from anxiu.notify.actions.routing import LEASE, fall_back
from anxiu.notify.channels import OFFERS, Undelivered, offered
from anxiu.notify.choices import Medium, Reason, State
from anxiu.notify.events import CustomerTold, DeliveryFailed
from anxiu.notify.links import masked
from anxiu.notify.models import Address, Notice
from anxiu.notify.values import TOO_OLD
from anxiu.regulation.queries import in_force

# source: RFC 5321, section 4.5.4.1, asks for retries over hours; the first soon, for greylisting takes minutes
RETRY_AFTER: Final = tuple(timedelta(minutes=each) for each in (1, 5, 15, 60, 240, 720))
CLAIM: Final = timedelta(minutes=10)  # source: longer than SMTP's six exchanges of 20 s each can take
BATCH: Final = 1000  # source: own choice; one tick's work


def claim(notice_id: int, at: datetime) -> Notice | None:
    """Take a queued notice to send it; none when it is not to be sent, or another worker has it."""
    notice = Notice.objects.filter(pk=notice_id, state=State.QUEUED).first()
    if notice is None:
        return None
    rows = Notice.objects.filter(pk=notice_id, state=State.QUEUED, attempts=notice.attempts)
    if waits := waits_for(notice.medium):
        rows.update(state=State.HELD, reason=waits, next_at=at + LEASE)
        return None
    with transaction.atomic():
        over = over_limit(notice, at)
        if over is not None:
            if rows.update(state=State.FAILED, reason=over, next_at=None, falls_at=None):
                _give_up(notice, over, at)
            return None
        if not rows.update(state=State.SENDING, attempts=F("attempts") + 1, next_at=at + CLAIM, tried_at=at):
            return None
    notice.state, notice.attempts = State.SENDING, notice.attempts + 1
    return notice


def settle_sent(notice: Notice, at: datetime) -> bool:
    """Write down that a claimed notice left. Its links are masked: nobody needs their secrets here any more."""
    with transaction.atomic():
        done = _mine(notice).update(
            state=State.SENT, sent_at=at, next_at=None, reason="", error="", body=masked(notice.body), falls_at=None
        )
        if done:
            _verify(notice, at)
        if done and notice.person_id is None:
            _record(CustomerTold(notice.pk, notice.kind, notice.medium), notice, at)
    return bool(done)


def settle_undelivered(notice: Notice, failure: Undelivered, at: datetime) -> State:
    """Write down that a claimed notice did not leave: it is tried again, or a person has to look."""
    again = failure.again and notice.attempts <= len(RETRY_AFTER)
    with transaction.atomic():
        if again:
            next_at = at + max(RETRY_AFTER[notice.attempts - 1], failure.after)
            _mine(notice).update(state=State.QUEUED, reason=failure.reason, error=failure.detail, next_at=next_at)
        elif _mine(notice).update(
            state=State.FAILED, reason=failure.reason, error=failure.detail, next_at=None, falls_at=None
        ):
            _give_up(notice, failure.reason, at)
    return State.QUEUED if again else State.FAILED


def settle_bounced(notice_uid: UUID, at: datetime) -> bool:
    """Write down that an email which had left came back: a person has to look. Part of a reaction."""
    notice = Notice.objects.filter(uid=notice_uid, medium=Medium.EMAIL, state=State.SENT).first()
    if notice is None or not Notice.objects.filter(pk=notice.pk, state=State.SENT).update(
        state=State.FAILED, reason=Reason.BOUNCED
    ):
        return False
    _record(DeliveryFailed(notice.pk, notice.kind, notice.medium, Reason.BOUNCED), notice, at)
    return True


def sweep(at: datetime) -> int:
    """Defer again what is due: retries, claims that lapsed, and email that waited for a server. How many."""
    with transaction.atomic():
        rows = list(
            Notice.objects.select_for_update(skip_locked=True)
            .filter(next_at__lte=at)
            .filter(Q(state__in=[State.QUEUED, State.SENDING]) | _freed())
            .order_by("next_at", "id")[:BATCH]
        )
        stale = reading(in_force(None, "", at).pk)(TOO_OLD) if rows else timedelta(0)
        due: list[int] = []
        for row in rows:
            if row.state == State.HELD and at - row.occurred_at > stale:
                row.reason, row.next_at = Reason.WAITED_TOO_LONG, None
            elif row.state == State.SENDING and (given_up := _interrupted(row)):
                row.state, row.reason, row.next_at, row.falls_at = State.FAILED, given_up, None, None
                _give_up(row, given_up, at)
            else:
                row.state, row.next_at = State.QUEUED, at + LEASE
                due.append(row.pk)
        Notice.objects.bulk_update(rows, ["state", "reason", "next_at", "falls_at"])
        defer_many("notify.send", "send", [{"notice_id": key} for key in due])
    return len(due)


def sweep_waiting(at: datetime) -> int:
    """Have what one channel has not sent in time go by the next one; how many. What is being sent is left alone."""
    with transaction.atomic():
        rows = list(
            Notice.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(falls_at__lte=at, state__in=[State.QUEUED, State.HELD]).order_by("falls_at", "id")[:BATCH]
        )  # fmt: skip
        went = 0
        for row in rows:
            row.falls_at = None
            if fall_back(row, at) is not None:
                row.state, row.next_at, row.error, went = State.CANCELLED, None, row.error or row.reason, went + 1
                row.reason = Reason.FELL_BACK
        Notice.objects.bulk_update(rows, ["state", "reason", "error", "next_at", "falls_at"])
    return went


def _interrupted(row: Notice) -> Reason | None:
    """Why a notice whose sending was interrupted is not sent again by itself; none where it is."""
    if row.medium in OFFERS and not offered(row.medium).repeats:
        return Reason.UNCERTAIN
    return Reason.INTERRUPTED if row.attempts > len(RETRY_AFTER) else None


def _give_up(notice: Notice, reason: Reason, at: datetime) -> None:
    """Go on to the next channel; where there is none, a person has to look."""
    if fall_back(notice, at) is None:
        _record(DeliveryFailed(notice.pk, notice.kind, notice.medium, reason), notice, at)


def _verify(notice: Notice, at: datetime) -> None:
    """What arrived proves the address."""
    kind = offered(notice.medium).address
    rows = Address.objects.filter(kind=kind, value=notice.address, verified_at=None)
    if notice.person_id or notice.contact_id:
        rows.filter(person=notice.person_id, contact=notice.contact_id).update(verified_at=at)


def _freed() -> Q:
    """Notices that were held and need not wait any more."""
    free = [medium for medium in OFFERS if waits_for(medium) is None]
    return Q(state=State.HELD, medium__in=free)


def _mine(notice: Notice) -> QuerySet[Notice]:
    """The row, while this very attempt still holds it."""
    return Notice.objects.filter(pk=notice.pk, state=State.SENDING, attempts=notice.attempts)


def _record(fact: CustomerTold | DeliveryFailed, notice: Notice, at: datetime) -> None:
    subject = Subject(notice.subject_kind, notice.subject_id)
    record(fact, subject=subject, region_id=notice.region_id, actor=SYSTEM, at=at)
