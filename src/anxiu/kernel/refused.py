"""The trace that refusals leave: who tried what on which thing, and by what it was refused.

Whoever refuses only notes it for the request at hand; it is written when the request is answered and whatever it tried
has been rolled back. Only people are noted, never a customer's link, a job or the system itself; and never what was
typed.
"""

import logging
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse

from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import GateShut, NotAllowed, Refusal
from anxiu.kernel.models import Refused
from anxiu.kernel.time import now

log = logging.getLogger(__name__)
TOGETHER: Final = timedelta(minutes=1)  # source: own choice; pressed again within a minute it is the same attempt
MOST: Final = 20  # source: own choice; one request tries one thing, a bulk one a few


class Why(StrEnum):
    """By what something was refused: no permission for the verb, beyond one's authority, or a gate that was shut."""

    PERMISSION = "permission"
    AUTHORITY = "authority"
    GATE = "gate"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody tried and was refused. `subject` is the thing's uid or key as text."""

    at: datetime
    actor_id: int
    verb: str
    why: Why
    code: str
    value_key: str
    subject_kind: str = ""
    subject: str = ""


_TRIED: Final[ContextVar[list[Attempt] | None]] = ContextVar("tried", default=None)


def note(actor: Actor, verb: str, refusal: Refusal, given: Mapping[str, object]) -> None:
    """Note a refusal for the request at hand, once however many surfaces it passes; outside of one do nothing."""
    tried = _TRIED.get()
    if tried is None or actor.person_id is None or refusal.noted or len(tried) >= MOST:
        return
    if isinstance(refusal, GateShut):
        why = Why.GATE
    elif isinstance(refusal, NotAllowed):
        why = Why.PERMISSION if refusal.code == "kernel.not_allowed" else Why.AUTHORITY
    else:
        return
    refusal.noted = True
    kind, key = _subject(given)
    tried.append(Attempt(now(), actor.person_id, verb, why, refusal.code, refusal.value_key, kind, key))


def _subject(given: Mapping[str, object]) -> tuple[str, str]:
    """The thing a verb was tried on: the first argument that names one, as `order_uid` does."""
    for name, value in given.items():
        kind, _, end = name.rpartition("_")
        if kind and end in ("uid", "id") and isinstance(value, UUID | int):
            return kind, str(value)
    return "", ""


def keep(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: write what was refused during a request, after it was rolled back."""

    def answer(request: HttpRequest) -> HttpResponse:
        tried: list[Attempt] = []
        token = _TRIED.set(tried)
        try:
            return get_response(request)
        finally:
            _TRIED.reset(token)
            for attempt in tried:
                _write(attempt)

    return answer


def _write(attempt: Attempt) -> None:
    """One row, or one more on the row of the same attempt just before."""
    same = {
        "actor_id": attempt.actor_id, "verb": attempt.verb, "why": attempt.why, "code": attempt.code,
        "value_key": attempt.value_key, "subject_kind": attempt.subject_kind, "subject": attempt.subject,
    }  # fmt: skip
    try:
        with transaction.atomic():
            again = Refused.objects.filter(**same, last_at__gt=attempt.at - TOGETHER).order_by("-pk")[:1]
            if not Refused.objects.filter(pk__in=again).update(count=F("count") + 1, last_at=attempt.at):
                Refused.objects.create(at=attempt.at, last_at=attempt.at, **same)
    except DatabaseError:  # the person gets their answer all the same
        log.exception("a refused attempt could not be kept: %s by %s", attempt.verb, attempt.actor_id)
