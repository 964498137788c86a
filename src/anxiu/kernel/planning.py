"""Plans for the very values that are asked for, where the plan kept for any value is the wrong one."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def planned_anew() -> Iterator[None]:
    """Have each statement planned for its values; also a decorator.

    Elsewhere a statement is planned once a connection (settings), for a value of the usual frequency. Of a million
    notices nearly all were sent: a plan for any state reads them all to find the few that wait.
    """
    connection.ensure_connection()
    held = connection.connection
    before, held.prepare_threshold = held.prepare_threshold, None
    try:
        yield
    finally:
        held.prepare_threshold = before
