"""The only clock. Everything that needs the present asks `now()`, so that a company can be simulated in minutes.

Several machines have several clocks, and one that is a minute ahead would refuse what was done on the other a moment
ago. So all of them go by the database's: it is asked with every new connection, and the machine's own clock only counts
the seconds since. A machine whose clock jumps does not notice.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, Final

DRIFT: Final = 0.0002  # seconds a second; source: own choice, four times what cheap quartz is off
_moved: ContextVar[datetime | None] = ContextVar("anxiu_moved_time", default=None)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the database's clock said, when that was by our monotonic one, and how far off it may be."""

    at: datetime
    then: float
    error: timedelta

    def now(self) -> datetime:
        return self.at + timedelta(seconds=monotonic() - self.then)

    def doubt(self) -> timedelta:
        return self.error + timedelta(seconds=(monotonic() - self.then) * DRIFT)


_read: _Reading | None = None


def now() -> datetime:
    """The present instant in UTC by the database's clock, or the instant this context was moved to."""
    if (moved := _moved.get()) is not None:
        return moved
    return _read.now() if _read is not None else datetime.now(UTC)


def set_by_database(connection: Any, **_more: object) -> None:
    """Ask the database what time it is; called with each connection that is made, and now and then."""
    if connection.connection is None:
        return
    began = monotonic()
    seconds = connection.connection.execute("select extract(epoch from clock_timestamp())::float8").fetchone()[0]
    set_to(datetime.fromtimestamp(seconds, UTC), began, monotonic())


def set_to(at: datetime, began: float, ended: float) -> None:
    """Go by a clock that said `at` between two moments, unless what we go by already is surer and agrees with it."""
    global _read  # noqa: PLW0603 - one clock for the process
    half = (ended - began) / 2
    found = _Reading(at, began + half, timedelta(seconds=half))
    if _read is not None:
        apart = abs(found.now() - _read.now())
        if found.doubt() >= _read.doubt() and apart <= found.doubt() + _read.doubt():
            return
    _read = found


@contextmanager
def moved_to(at: datetime) -> Iterator[None]:
    """Let `now()` answer `at` inside the block. For simulations and tests; a server never calls it."""
    if at.tzinfo is None:
        raise ValueError("a moved clock needs an aware instant")
    token = _moved.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _moved.reset(token)
