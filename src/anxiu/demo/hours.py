"""When things happen in the demo company: office hours, visits by day, and the latest such moment before now."""

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
OPENS, CLOSES = time(8, 30), time(17, 30)
FIRST_VISIT, LAST_VISIT = time(8), time(16, 30)
WAKES, SLEEPS = time(7), time(21, 30)
HALF_HOUR: Final = timedelta(minutes=30)
DAY: Final = timedelta(days=1)


def local(at: datetime) -> datetime:
    """The instant as a clock in Shanghai shows it."""
    return at.astimezone(SHANGHAI)


def _at(day: datetime, clock: time) -> datetime:
    return day.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)


def within(at: datetime, first: time, last: time) -> datetime:
    """The instant itself if it is between two times of the day, else the next `first`."""
    there = local(at)
    if there.time() > last:
        there = _at(there + DAY, first)
    elif there.time() < first:
        there = _at(there, first)
    return there.astimezone(UTC)


def office(at: datetime) -> datetime:
    """The next moment at which somebody is at a desk: Monday to Saturday, by day."""
    found = within(at, OPENS, CLOSES)
    while local(found).weekday() == 6:
        found = within(_at(local(found) + DAY, OPENS), OPENS, CLOSES)
    return found


def awake(at: datetime) -> datetime:
    """The next moment at which people answer the telephone."""
    return within(at, WAKES, SLEEPS)


def is_day(at: datetime) -> bool:
    """Whether visits are made at this hour without being urgent."""
    return FIRST_VISIT <= local(at).time() <= LAST_VISIT


def next_slot(at: datetime, *, night: bool = False) -> datetime:
    """The next half hour at which somebody may come: by day, unless it cannot wait."""
    there = local(at)
    over = timedelta(minutes=there.minute % 30, seconds=there.second, microseconds=there.microsecond)
    rounded = there - over + HALF_HOUR if over else there
    return rounded.astimezone(UTC) if night else within(rounded, FIRST_VISIT, LAST_VISIT)


def latest(until: datetime, first: time, last: time) -> datetime:
    """The latest moment that is past and between two times of the day."""
    there = local(until)
    if there.time() < first:
        there = _at(there - DAY, last)
    elif there.time() > last:
        there = _at(there, last)
    return there.astimezone(UTC)
