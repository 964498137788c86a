"""Delivering: a delivery is claimed before it is sent and settled after, each by compare-and-set.

Of two workers one sends; one that is killed in between leaves a claim that lapses.
"""

import random
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F, QuerySet

from anxiu.hooks.actions.queueing import LEASE, send
from anxiu.hooks.actions.targets import switch_off
from anxiu.hooks.choices import WAITING, Off, Reason, State
from anxiu.hooks.models import Delivery, Target
from anxiu.hooks.payloads import TEST
from anxiu.hooks.rules import is_given_up, next_try
from anxiu.hooks.sending import Answer
from anxiu.kernel.actor import SYSTEM

CLAIM: Final = timedelta(minutes=2)  # source: far longer than one exchange may take
BATCH: Final = 1000  # source: own choice; one tick's work
KEPT: Final = timedelta(days=30)  # source: own choice; longer than anybody looks for what a receiver missed


def claim(delivery_id: int, at: datetime) -> Delivery | None:
    """Take a queued delivery to send it; none when it is not to be sent, or another worker has it."""
    row = Delivery.objects.select_related("target").filter(pk=delivery_id, state=State.QUEUED).first()
    if row is None:
        return None
    mine = Delivery.objects.filter(pk=row.pk, state=State.QUEUED, attempts=row.attempts)
    if not row.target.is_on:
        mine.update(state=State.FAILED, reason=Reason.SWITCHED_OFF, next_at=None, ended_at=at)
        return None
    if not mine.update(state=State.SENDING, attempts=F("attempts") + 1, next_at=at + CLAIM):
        return None
    row.state, row.attempts = State.SENDING, row.attempts + 1
    return row


def settle(row: Delivery, answer: Answer, at: datetime) -> State:
    """Write down what came of an attempt: delivered, tried again later, or failed; and what that says of its target."""
    with transaction.atomic():
        target = Target.objects.select_for_update().get(pk=row.target_id)
        again = next_try(row.created_at, row.attempts, at, random.random()) if answer.reason else None  # noqa: S311 - no secret
        undone = State.QUEUED if again and target.is_on else State.FAILED
        state = undone if answer.reason else State.DELIVERED
        said: dict[str, Any] = {
            "reason": answer.reason, "error": answer.error, "status": answer.status, "answer": answer.text,
            "took_ms": answer.took_ms, "next_at": again if state == State.QUEUED else None,
            "ended_at": None if state == State.QUEUED else at,
        }  # fmt: skip
        if _mine(row).update(state=state, **said) and row.kind != TEST:
            _judge(target, at, failed=bool(answer.reason))
    return state


def _judge(target: Target, at: datetime, *, failed: bool) -> None:
    """Keep since when a target fails; one that failed too long is switched off."""
    if not failed and target.failing_since is not None:
        Target.objects.filter(pk=target.pk).update(failing_since=None)
    elif failed and target.failing_since is None:
        Target.objects.filter(pk=target.pk).update(failing_since=at)
    elif failed and target.is_on and target.failing_since and is_given_up(target.failing_since, at):
        switch_off(target, Off.FAILING, SYSTEM, at)


def _mine(row: Delivery) -> QuerySet[Delivery]:
    """The row, while this very attempt still holds it."""
    return Delivery.objects.filter(pk=row.pk, state=State.SENDING, attempts=row.attempts)


def sweep(at: datetime) -> int:
    """Defer again what is due: retries, claims that lapsed, jobs that were lost. How many."""
    with transaction.atomic():
        rows = list(
            Delivery.objects.select_for_update(skip_locked=True)
            .filter(state__in=WAITING, next_at__lte=at)
            .order_by("next_at", "id")[:BATCH]
        )
        due = []
        for row in rows:
            if row.state == State.SENDING and next_try(row.created_at, row.attempts, at, 0) is None:
                row.state, row.reason, row.next_at, row.ended_at = State.FAILED, Reason.INTERRUPTED, None, at
            else:
                row.state, row.next_at = State.QUEUED, at + LEASE
                due.append(row)
        Delivery.objects.bulk_update(rows, ["state", "reason", "next_at", "ended_at"])
        send(due)
    return len(due)


def forget(at: datetime) -> int:
    """Let go of what was delivered or failed long ago; how many."""
    old = Delivery.objects.filter(created_at__lt=at - KEPT).exclude(state__in=WAITING)
    deleted: int = old.delete()[0]
    return deleted
