"""Telling people: customers by email, staff by email and on their own page, each message a row with its delivery."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# What a block is: not quiet at all, or quiet with whether notices count as read.
_quiet: ContextVar[bool | None] = ContextVar("anxiu_notify_quiet", default=None)


@contextmanager
def quiet(*, unread: bool = False) -> Iterator[None]:
    """Send nothing from reactors that run inside the block: staff find what happened on their page, read already.

    For playing past events, in a demonstration or an import; `unread` leaves the latest of them to be read.
    """
    token = _quiet.set(not unread)
    try:
        yield
    finally:
        _quiet.reset(token)


def is_quiet() -> bool:
    """Whether nothing is to be sent here."""
    return _quiet.get() is not None


def is_read() -> bool:
    """Whether notices written here count as read."""
    return _quiet.get() is True
