"""Chinese holidays and their make-up workdays, as published by the State Council and packaged by chinesecalendar.

Read strictly: a year is either published whole or not at all. A calendar that guesses the make-up workdays of a year
not published yet makes wrong promises without anybody noticing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

import chinese_calendar

# Holidays every notice has had since the first year known. A release that holds only a few days of a year, as where
# a New Year break begins in December, does not make that year published.
EVERY_YEAR = frozenset({chinese_calendar.Holiday.spring_festival.value, chinese_calendar.Holiday.national_day.value})
FIRST_YEAR: int = min(chinese_calendar.holidays).year


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A date the notice names. `is_work`: a make-up workday on a weekend, named after the holiday it makes up for."""

    date: date
    is_work: bool
    name_zh: str
    name_en: str
    source: str


@dataclass(frozen=True, slots=True)
class NotPublished:
    """The year has no notice, or the installed package does not hold it yet."""

    year: int
    source: str


def published_days(year: int) -> list[CalendarDay] | NotPublished:
    """Every date of the year that the notice names, weekends inside a holiday included."""
    source = f"chinesecalendar {version('chinesecalendar')}"
    try:
        days = list(_named_days(year, source))
    except NotImplementedError:
        return NotPublished(year, source)
    if not {day.name_en for day in days if not day.is_work} >= EVERY_YEAR:
        return NotPublished(year, source)
    return days


def _named_days(year: int, source: str) -> Iterator[CalendarDay]:
    for number in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
        day = date.fromordinal(number)
        is_holiday, name = chinese_calendar.get_holiday_detail(day)
        if name is not None:
            yield CalendarDay(day, not is_holiday, chinese_calendar.Holiday(name).chinese, name, source)
