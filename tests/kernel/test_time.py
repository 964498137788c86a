"""One clock for all machines: the database's, with the machine's own counting the seconds in between."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from anxiu.kernel import time
from anxiu.kernel.time import moved_to, now, set_by_database, set_to

NOON = datetime(2026, 5, 11, 4, tzinfo=UTC)


class Monotonic:
    """A clock of seconds that is moved by hand."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Monotonic]:
    made = Monotonic()
    monkeypatch.setattr(time, "monotonic", made)
    monkeypatch.setattr(time, "_read", None)
    return made


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


@pytest.mark.requirement("SLA-06")
def test_the_databases_clock_goes_on_by_the_machines_seconds(machine: Monotonic) -> None:
    set_to(NOON, 1000.0, 1000.0)
    assert now() == NOON
    machine.seconds += 61
    assert now() == NOON + seconds(61)
    with moved_to(NOON - seconds(9)):
        assert now() == NOON - seconds(9)


def test_a_slow_answer_does_not_replace_a_sure_one_unless_it_says_another_time(machine: Monotonic) -> None:
    set_to(NOON, 1000.0, 1000.0)
    machine.seconds = 1004.0
    set_to(NOON + seconds(3.5), 1000.0, 1004.0)  # somewhere within four seconds: it says nothing new
    assert now() == NOON + seconds(4)
    set_to(NOON + seconds(600), 1000.0, 1004.0)  # the database's clock was set
    assert now() == NOON + seconds(602)
    machine.seconds = 1010.0
    set_to(NOON + seconds(608.5), 1010.0, 1010.0)  # surer
    assert now() == NOON + seconds(608.5)


@pytest.mark.django_db
def test_each_connection_is_asked(machine: Monotonic) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        at = cursor.fetchone()[0]
    set_by_database(connection)
    assert abs(now() - at) < seconds(60)
    assert time._read is not None
