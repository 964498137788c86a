"""Limits on how often somebody comes, counted in the database: all processes count together.

`spend` counts each time, exactly: for what is rare and guessed at. `Spans` is for what is often: a process counts by
itself and writes after each twentieth of the limit, so that a call pays next to nothing and who calls seldom nothing
at all; each process may let that twentieth more through.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from threading import Lock
from typing import Final

from django.conf import settings
from django.db import connection

from anxiu.kernel.models import Tally

PART: Final = 20  # source: own choice; a process writes each time it has counted this part of the limit
MOST_KEPT: Final = 4096  # source: own choice; more callers than an installation has, each a few hundred bytes
FORGET_AFTER: Final = timedelta(days=1)  # source: own choice; no window is longer


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many within each window."""

    name: str
    most: int
    window: timedelta

    def window_at(self, at: datetime) -> datetime:
        """The beginning of the window a moment is in."""
        start = datetime(1970, 1, 1, tzinfo=UTC)
        return at - (at - start) % self.window

    def wait(self, at: datetime) -> int:
        """Whole seconds until the next window."""
        return max(1, round((self.window_at(at) + self.window - at).total_seconds()))


def _key(limit: Limit, who: str) -> str:
    return blake2b(f"{limit.name}:{who}".encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=32).hexdigest()


# Nobody waits for the disk to be counted: decision 7.
_COUNT: Final = """
with unhurried as (select set_config('synchronous_commit', 'off', true))
insert into kernel_tally as t (key, window_at, count) select %s, %s::timestamptz, %s from unhurried
on conflict (key, window_at) do update set count = t.count + excluded.count returning count
"""


def _count(limit: Limit, who: str, at: datetime, times: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [_key(limit, who), limit.window_at(at), times])
        return int(cursor.fetchone()[0])


def spend(limit: Limit, who: str, at: datetime) -> bool:
    """Count one more; whether it is within the limit."""
    return _count(limit, who, at, 1) <= limit.most


def is_spent(limit: Limit, who: str, at: datetime) -> bool:
    """Whether somebody has reached the limit; nothing is counted."""
    return Tally.objects.filter(key=_key(limit, who), window_at=limit.window_at(at), count__gte=limit.most).exists()


def forget(at: datetime) -> int:
    """Drop the counts of windows that are over."""
    return Tally.objects.filter(window_at__lt=at - FORGET_AFTER).delete()[0]


@dataclass(slots=True)
class _Span:
    """What this process knows of one caller in one window."""

    window_at: datetime
    total: int = 0
    here: int = 0


@dataclass(slots=True)
class Spans:
    """Counts callers of one process, and tells the others once in a while."""

    known: dict[str, _Span] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def spend(self, limit: Limit, who: str, at: datetime) -> bool:
        """Count one more; whether it is within the limit as far as this process knows."""
        with self.lock:
            span = self._span(limit, who, at)
            if span.total + span.here >= limit.most:
                return False  # refused ones are not counted: who waits for the window gets through
            span.here += 1
            is_due = span.here * PART >= limit.most
            times = span.here if is_due else 0
            if times:
                span.here = 0
                span.total += times  # until the database has said more
        if times:
            total = _count(limit, who, at, times)
            with self.lock:
                span.total = max(span.total, total)
            return total <= limit.most
        return True

    def _span(self, limit: Limit, who: str, at: datetime) -> _Span:
        window_at = limit.window_at(at)
        span = self.known.get(who)
        if span is None or span.window_at != window_at:
            if len(self.known) >= MOST_KEPT:
                self.known.clear()
            span = self.known[who] = _Span(window_at)
        return span
