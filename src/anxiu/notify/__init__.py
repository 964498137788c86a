"""Telling people: customers by email, staff by email and on their own page, each message a row with its delivery."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_quiet: ContextVar[bool] = ContextVar("anxiu_notify_quiet", default=False)


@contextmanager
def quiet() -> Iterator[None]:
    """Send nothing from reactors that run inside the block: staff find what happened on their page, read already.

    For playing past events, in a demonstration or an import.
    """
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def is_quiet() -> bool:
    """Whether nothing is to be sent here."""
    return _quiet.get()
