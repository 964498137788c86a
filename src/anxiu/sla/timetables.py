"""Working calendars, kept in the process: the hours come from a regulation version, the days from the calendar table.

The table's stamp is asked for at most once a minute; only when it moved are the days read again.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from django.db import connection

from anxiu.kernel.values import reading
from anxiu.sla.models import CalendarDay, PublishedYear
from anxiu.sla.rules import Day, Hours, WorkingCalendar, hours
from anxiu.sla.values import WORKING_HOURS

FRESH_SECONDS: Final = 60  # source: own choice; a holiday entered by hand may reach other processes a minute late
KEPT: Final = 256  # source: own choice; more than there are pairs of quiet hours and time zones
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Stamp = tuple[datetime | None, datetime | None]


@dataclass(frozen=True)
class _Days:
    """The calendar table as of a stamp, and the calendars built on it."""

    stamp: Stamp
    days: Mapping[date, Day]
    published_through: date
    built: dict[tuple[int, str], WorkingCalendar] = field(default_factory=dict)


@dataclass
class _Kept:
    """What this process knows, and when it last asked whether that is still so."""

    days: _Days | None = None
    asked: float = float("-inf")


_kept: Final = _Kept()


def forget() -> None:
    """Read the table again at the next question: its days were changed here."""
    _kept.days, _kept.asked = None, float("-inf")


def timetable(version_id: int, zone: str, *, round_the_clock: bool) -> WorkingCalendar:
    """When time counts for clocks of a version in a zone."""
    if round_the_clock:
        return WorkingCalendar(code="always", zone=zone, round_the_clock=True)
    days = _days()
    key = (version_id, zone)
    if key not in days.built:
        days.built[key] = WorkingCalendar(
            code="working", zone=zone, week=_week(version_id), days=days.days, published_through=days.published_through
        )
    return days.built[key]


@lru_cache(KEPT)
def quiet_hours(spans: tuple[str, ...], zone: str) -> tuple[WorkingCalendar, ...]:
    """The hours of every day, holidays as well, in which nobody is called; `spans` as `22:00-07:00`, each by itself."""
    return tuple(WorkingCalendar(code="quiet", zone=zone, week=(hours(each),) * len(WEEKDAYS)) for each in spans)


def _week(version_id: int) -> tuple[Hours, ...]:
    written = reading(version_id)(WORKING_HOURS)
    return tuple(hours(" ".join(written.get(weekday, ()))) for weekday in WEEKDAYS)


def _days() -> _Days:
    days = _kept.days
    if days is not None and time.monotonic() - _kept.asked < FRESH_SECONDS:
        return days
    stamp = _stamp()
    if days is None or days.stamp != stamp:
        rows = CalendarDay.objects.values_list("date", "is_work", "name_zh", "provisional")
        known = {day: Day(is_work, name, provisional) for day, is_work, name, provisional in rows}
        days = _Days(stamp, known, _through(set(PublishedYear.objects.values_list("year", flat=True))))
        _kept.days = days
    _kept.asked = time.monotonic()
    return days


def _stamp() -> Stamp:
    with connection.cursor() as cursor:
        cursor.execute(
            "select (select max(changed_at) from sla_calendarday), (select max(changed_at) from sla_publishedyear)"
        )
        found: Stamp = cursor.fetchone()
        return found


def _through(years: set[int]) -> date:
    """The last date of the unbroken row of published years; a year after a gap does not make the gap certain."""
    if not years:
        return date.min
    last = min(years)
    while last + 1 in years:
        last += 1
    return date(last, 12, 31)  # source: the Gregorian calendar
