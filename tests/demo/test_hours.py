"""The company can be played at any hour of any day: times stay plausible, every state of an open order is there."""

from datetime import UTC, datetime, time, timedelta

import pytest

from anxiu.demo import base, plans, quarter
from anxiu.demo.company import play
from anxiu.demo.hours import latest, local, next_slot, office
from anxiu.kernel.time import moved_to
from anxiu.orders.choices import State
from anxiu.orders.models import Order
from anxiu.workforce.models import Engineer
from tests.demo.conftest import SHANGHAI


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("given", "by_day", "by_night"),
    [
        ("2026-11-18T10:01", "2026-11-18T10:30", "2026-11-18T10:30"),
        ("2026-11-18T10:30", "2026-11-18T10:30", "2026-11-18T10:30"),
        ("2026-11-18T16:31", "2026-11-19T08:00", "2026-11-18T17:00"),
        ("2026-11-18T03:10", "2026-11-18T08:00", "2026-11-18T03:30"),
    ],
)
def test_visits_begin_on_the_half_hour_and_by_day(given: str, by_day: str, by_night: str):
    assert next_slot(at(given)) == at(by_day)
    assert next_slot(at(given), night=True) == at(by_night)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        ("2026-11-18T12:00", "2026-11-18T12:00"),
        ("2026-11-18T18:00", "2026-11-19T08:30"),
        ("2026-11-21T18:00", "2026-11-23T08:30"),  # Saturday evening
        ("2026-11-22T11:00", "2026-11-23T08:30"),  # Sunday
    ],
)
def test_desks_are_taken_from_monday_to_saturday(given: str, then: str):
    assert office(at(given)) == at(then)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        ("2026-11-18T12:00", "2026-11-18T12:00"),
        ("2026-11-18T20:00", "2026-11-18T17:30"),
        ("2026-11-18T03:00", "2026-11-17T17:30"),
    ],
)
def test_the_latest_moment_of_a_day_is_past(given: str, then: str):
    assert latest(at(given), time(9), time(17, 30)) == at(then)


@pytest.mark.parametrize(
    "now",
    ["2026-11-22T03:00", "2026-10-01T10:00", "2026-11-18T12:00", "2027-02-05T23:50", "2026-11-20T07:40"],
    ids=["sunday night", "national day", "wednesday noon", "before midnight", "friday morning"],
)
@pytest.mark.django_db
def test_it_can_be_played_at_any_hour(now: str, monkeypatch: pytest.MonkeyPatch, aside: None):
    monkeypatch.setattr(base, "CUSTOMERS", 48)
    monkeypatch.setattr(base, "MACHINES", 192)
    monkeypatch.setattr(plans, "PAST", ("", "cancelled", "night"))
    monkeypatch.setattr(quarter, "ORDERS", 2)
    monkeypatch.setattr(plans, "TODAY", tuple(each for each in plans.TODAY if each.repeats is None))
    until = at(now)
    with moved_to(until):
        assert play() == 22
        assert set(Order.objects.values_list("state", flat=True)) >= set(State) - {State.ARCHIVED, State.MERGED}
        assert Engineer.objects.count() == 40
        for order in Order.objects.exclude(engineer=None):
            hour = order.visits.latest("number").starts_at.astimezone(SHANGHAI).hour
            assert order.severity == "urgent" or 8 <= hour <= 17
        assert Order.objects.filter(opened_at__gt=until - timedelta(hours=4)).exists()


def test_a_local_time_is_an_instant():
    assert local(datetime(2026, 11, 18, 4, tzinfo=UTC)).hour == 12
