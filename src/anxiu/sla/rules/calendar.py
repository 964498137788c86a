"""Working time on a calendar.

All sums are made on UTC instants; only the hours of a day are local. A local time means the first instant at which
the local clock shows it *or later*: this one sentence settles both hours that a clock change skips and hours
it repeats, and since it never runs backwards, hours that do not overlap on paper never overlap in fact.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from anxiu.sla.choices import BadHours

ZERO = timedelta()  # source: arithmetic
ONE_SECOND = timedelta(seconds=1)  # source: arithmetic; clock changes fall on whole seconds
ONE_DAY = timedelta(days=1)  # source: arithmetic
DAYS_IN_WEEK = 7  # source: ISO 8601
HORIZON = timedelta(days=1827)  # source: ours; five years, a promise further away is a mistake in the hours or figures
MIDNIGHT = time()
END_OF_DAY = "24:00"


class BadCalendar(ValueError):
    """The hours cannot be reckoned with."""

    def __init__(self, code: BadHours) -> None:
        super().__init__(code.value)
        self.code = code


class CalendarExhausted(ValueError):
    """No answer within the horizon: the calendar has too few working hours for what was asked."""


class Segment(NamedTuple):
    """Hours worked without a break. Where `closes` is not after `opens` it is on the next day, so 00:00 is 24:00."""

    opens: time
    closes: time


Hours = tuple[Segment, ...]


class Window(NamedTuple):
    """A segment on one date, as UTC instants; half-open."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """A date that differs from its weekday: a holiday, or a make-up workday."""

    is_work: bool
    name: str
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Reckoned:
    """An instant (UTC). `provisional`: it rests on days whose holidays are not published yet and may still move."""

    at: datetime
    provisional: bool


@dataclass(frozen=True)
class WorkingCalendar:
    """When time counts. `week` is Monday to Sunday; `days` and `published_through` mean nothing round the clock."""

    code: str
    zone: str
    round_the_clock: bool = False
    week: tuple[Hours, ...] = ()
    days: Mapping[date, Day] = field(default_factory=lambda: MappingProxyType({}))
    published_through: date = date.min

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError) as error:
            raise BadCalendar(BadHours.UNKNOWN_ZONE) from error
        if not self.round_the_clock:
            _check_week(self.week)

    @cached_property
    def zone_info(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @cached_property
    def wall_lengths(self) -> tuple[timedelta, ...]:
        """Length of each weekday's hours on a day without a clock change."""
        return tuple(sum((_wall_length(segment) for segment in segments), ZERO) for segments in self.week)

    @cached_property
    def ordinary_weekday(self) -> int:
        """Monday, or the first weekday with hours: what a make-up workday works when its own weekday is free."""
        return next(index for index, segments in enumerate(self.week) if segments)

    @cached_property
    def works_past_midnight(self) -> bool:
        return any(_passes_midnight(segment) for segments in self.week for segment in segments)

    def weekday_worked(self, day: date) -> int | None:
        """The weekday whose hours are worked on this date; None on a free day."""
        weekday = day.weekday()
        known = self.days.get(day)
        if known is not None and not known.is_work:
            return None
        if self.week[weekday]:
            return weekday
        return None if known is None else self.ordinary_weekday

    def is_provisional(self, day: date) -> bool:
        """Whether the date may still turn out otherwise: not published, and nobody entered it by hand for certain."""
        known = self.days.get(day)
        return known.provisional if known is not None else day > self.published_through

    def windows(self, day: date) -> tuple[Window, ...]:
        weekday = self.weekday_worked(day)
        return () if weekday is None else _windows(self.zone, day, self.week[weekday])

    def length(self, day: date) -> timedelta:
        """Working time of a whole date, its hours after midnight included; instants are only made on clock changes."""
        weekday = self.weekday_worked(day)
        if weekday is None:
            return ZERO
        zone, after = self.zone_info, day + ONE_DAY + ONE_DAY
        if datetime.combine(day, MIDNIGHT, zone).utcoffset() == datetime.combine(after, MIDNIGHT, zone).utcoffset():
            return self.wall_lengths[weekday]
        return sum((window.closes - window.opens for window in self.windows(day)), ZERO)

    def local_date(self, at: datetime) -> date:
        return at.astimezone(self.zone_info).date()


def hours(text: str) -> Hours:
    """Read "09:00-12:00 13:00-18:00"; "24:00" closes a day, a close before its open is on the next day."""
    try:
        pairs = [part.split("-") for part in text.split()]
        return tuple(
            Segment(time.fromisoformat(opens), MIDNIGHT if closes == END_OF_DAY else time.fromisoformat(closes))
            for opens, closes in pairs
        )
    except ValueError as error:
        raise BadCalendar(BadHours.UNREADABLE) from error


def add_working(calendar: WorkingCalendar, start: datetime, duration: timedelta) -> Reckoned:
    """The earliest instant by which `duration` of working time has passed since `start`."""
    start = utc(start)
    _check_duration(duration)
    if calendar.round_the_clock:
        return Reckoned(start + _within_horizon(calendar, duration), provisional=False)
    if not duration:
        return _reckoned(calendar, start, start)
    first = calendar.local_date(start)
    for day in _dates(first - ONE_DAY, first + HORIZON):
        # Whole days are jumped; the days around the start are cut at it.
        if day > first + ONE_DAY and (length := calendar.length(day)) < duration:
            duration -= length
            continue
        for window in calendar.windows(day):
            opens = max(window.opens, start)
            if opens >= window.closes:
                continue
            if duration <= window.closes - opens:
                return _reckoned(calendar, start, opens + duration)
            duration -= window.closes - opens
    raise CalendarExhausted(calendar.code)


def subtract_working(calendar: WorkingCalendar, end: datetime, duration: timedelta) -> Reckoned:
    """The latest instant from which `duration` of working time passes until `end`."""
    end = utc(end)
    _check_duration(duration)
    if calendar.round_the_clock:
        return Reckoned(end - _within_horizon(calendar, duration), provisional=False)
    if not duration:
        return _reckoned(calendar, end, end)
    last = calendar.local_date(end)
    for day in _dates_back(last + ONE_DAY, last - HORIZON):
        if day < last - ONE_DAY and (length := calendar.length(day)) < duration:
            duration -= length
            continue
        for window in reversed(calendar.windows(day)):
            closes = min(window.closes, end)
            if closes <= window.opens:
                continue
            if duration <= closes - window.opens:
                return _reckoned(calendar, end, closes - duration)
            duration -= closes - window.opens
    raise CalendarExhausted(calendar.code)


def before(calendar: WorkingCalendar, instant: datetime, duration: timedelta) -> Reckoned:
    """A deadline that hangs on another instant, as "ready two hours before departure"."""
    return subtract_working(calendar, instant, duration)


def working_between(calendar: WorkingCalendar, a: datetime, b: datetime) -> timedelta:
    """Working time from `a` to `b`, negative where `b` is earlier. Not bound by the horizon: old clocks are read."""
    a, b = utc(a), utc(b)
    if calendar.round_the_clock:
        return b - a
    if b < a:
        return -working_between(calendar, b, a)
    first, last = calendar.local_date(a), calendar.local_date(b)
    total = ZERO
    for day in _dates(first - ONE_DAY, last + ONE_DAY):
        if first + ONE_DAY < day < last - ONE_DAY:
            total += calendar.length(day)
            continue
        for window in calendar.windows(day):
            total += max(min(window.closes, b) - max(window.opens, a), ZERO)
    return total


def is_working(calendar: WorkingCalendar, at: datetime) -> bool:
    """Whether time counts at this instant; the closing instant itself does not."""
    at = utc(at)
    if calendar.round_the_clock:
        return True
    today = calendar.local_date(at)
    around = _dates(today - ONE_DAY, today + ONE_DAY)
    return any(window.opens <= at < window.closes for day in around for window in calendar.windows(day))


def next_working(calendar: WorkingCalendar, at: datetime) -> Reckoned:
    """The first instant not before `at` at which time counts."""
    at = utc(at)
    if calendar.round_the_clock:
        return Reckoned(at, provisional=False)
    today = calendar.local_date(at)
    for day in _dates(today - ONE_DAY, today + HORIZON):
        for window in calendar.windows(day):
            if window.opens < window.closes and at < window.closes:
                return _reckoned(calendar, at, max(window.opens, at))
    raise CalendarExhausted(calendar.code)


def is_provisional_between(calendar: WorkingCalendar, a: datetime, b: datetime) -> bool:
    """Whether any date from `a` to `b` may still change; hours after midnight belong to the date they began on."""
    if calendar.round_the_clock:
        return False
    first, last = calendar.local_date(utc(a)), calendar.local_date(utc(b))
    if calendar.works_past_midnight:
        first -= ONE_DAY
    return any(calendar.is_provisional(day) for day in _dates(first, last))


def utc(at: datetime) -> datetime:
    """Refuses a naive datetime: Python would silently take it for the machine's own time."""
    if at.utcoffset() is None:
        raise ValueError("naive datetime")
    return at.astimezone(UTC)


def _reckoned(calendar: WorkingCalendar, given: datetime, found: datetime) -> Reckoned:
    """What was found is as sure as the least sure date on the way to it."""
    return Reckoned(found, is_provisional_between(calendar, min(given, found), max(given, found)))


def _dates(first: date, last: date) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def _dates_back(last: date, first: date) -> Iterator[date]:
    return map(date.fromordinal, range(last.toordinal(), first.toordinal() - 1, -1))


def _check_duration(duration: timedelta) -> None:
    if duration < ZERO:
        raise ValueError("negative duration")


def _within_horizon(calendar: WorkingCalendar, duration: timedelta) -> timedelta:
    if duration > HORIZON:
        raise CalendarExhausted(calendar.code)
    return duration


def _passes_midnight(segment: Segment) -> bool:
    return MIDNIGHT < segment.closes <= segment.opens


def _wall_length(segment: Segment) -> timedelta:
    length = datetime.combine(date.min, segment.closes) - datetime.combine(date.min, segment.opens)
    return length if length > ZERO else length + ONE_DAY


def _check_week(week: tuple[Hours, ...]) -> None:
    """Refuses hours that would count twice. Any weekday may follow any other, since make-up days move them."""
    if len(week) != DAYS_IN_WEEK:
        raise BadCalendar(BadHours.NOT_A_WEEK)
    every = [segment for segments in week for segment in segments]
    if not every:
        raise BadCalendar(BadHours.NO_HOURS)
    for segments in week:
        for earlier, later in pairwise(segments):
            if earlier.closes <= earlier.opens or later.opens < earlier.closes:
                raise BadCalendar(BadHours.OVERLAP)
    mornings = [segment.closes for segment in every if _passes_midnight(segment)]
    if mornings and max(mornings) > min(segment.opens for segment in every):
        raise BadCalendar(BadHours.NIGHT_OVERLAP)


@lru_cache
def _windows(zone: str, day: date, segments: Hours) -> tuple[Window, ...]:
    """The segments of a date as instants; kept, because the same few days are asked for again and again."""
    found = []
    for opens, closes in segments:
        last = day if closes > opens else day + ONE_DAY
        found.append(Window(_instant(zone, day, opens), _instant(zone, last, closes)))
    return tuple(found)


def _instant(zone: str, day: date, at: time) -> datetime:
    """The first instant (UTC) at which the local clock shows this time or later."""
    wall = datetime.combine(day, at, ZoneInfo(zone))
    instant = wall.astimezone(UTC)
    if instant.astimezone(wall.tzinfo).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    # The clock skipped this time. Read with the offset before the change it lies after the change, read with the
    # offset after the change it lies before: the change itself is searched between the two.
    lower, offset = wall.replace(fold=1).astimezone(UTC), instant.astimezone(wall.tzinfo).utcoffset()
    seconds = range((instant - lower) // ONE_SECOND)

    def changed(second: int) -> bool:
        return (lower + ONE_SECOND * second).astimezone(wall.tzinfo).utcoffset() == offset

    return lower + ONE_SECOND * bisect_left(seconds, 1, key=changed)
