"""The only clock. Everything that needs the present asks `now()`, so that a company can be simulated in minutes."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_moved: ContextVar[datetime | None] = ContextVar("anxiu_moved_time", default=None)


def now() -> datetime:
    """The present instant in UTC, or the instant this context was moved to."""
    return _moved.get() or datetime.now(UTC)


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
