"""The calendars that tests of service clocks reckon with, built from the published holidays."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings

from anxiu.sla.calendars import NotPublished, published_days
from anxiu.sla.rules import Day, WorkingCalendar, hours

OFFICE = hours("09:00-12:00 13:00-18:00")
LAST_PUBLISHED = 2026

# pytest tests/sla --hypothesis-profile=thorough, after a change of the arithmetic
settings.register_profile("thorough", max_examples=3000)


def _published() -> Mapping[date, Day]:
    days = {}
    for year in (2025, LAST_PUBLISHED):
        found = published_days(year)
        assert not isinstance(found, NotPublished)
        days |= {day.date: Day(day.is_work, day.name_en) for day in found}
    return days


@pytest.fixture(scope="session")
def china() -> WorkingCalendar:
    """Office hours with a lunch break, eight hours a day, as published to the end of 2026."""
    return WorkingCalendar(
        code="office",
        zone="Asia/Shanghai",
        week=(OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, (), ()),
        days=_published(),
        published_through=date(LAST_PUBLISHED, 12, 31),
    )


@pytest.fixture(scope="session")
def always() -> WorkingCalendar:
    return WorkingCalendar(code="always", zone="Asia/Shanghai", round_the_clock=True)


@pytest.fixture(scope="session")
def at() -> Callable[[str], datetime]:
    """Shanghai wall time, as "2026-10-01 09:00", as the UTC instant it is."""

    def read(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)

    return read
