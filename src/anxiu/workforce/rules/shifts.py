"""Shifts reckoned from weekly patterns: nothing is generated ahead, so nothing has to be regenerated."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from anxiu.workforce.choices import ShiftKind
from anxiu.workforce.rules.slots import Slot

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Every week on one day, 1 Monday to 7 Sunday, local time; an end not after the start is on the next day.

    `valid_to` is the last day on which a shift starts; none means for good.
    """

    weekday: int
    start: time
    end: time
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class ShiftSlot:
    """A shift, and whether it is ordinary work or being on call."""

    slot: Slot
    kind: ShiftKind


def _days(window: Slot, zone: tzinfo) -> Iterator[date]:
    """The local days on which a shift touching the window can start: the evening before included."""
    day = window.starts_at.astimezone(zone).date() - _DAY
    last = window.ends_at.astimezone(zone).date()
    while day <= last:
        yield day
        day += _DAY


def shifts(patterns: Iterable[Pattern], zone: tzinfo, window: Slot) -> tuple[Slot, ...]:
    """The shifts that touch a window, in order of time."""
    found: list[Slot] = []
    patterns = tuple(patterns)
    for day in _days(window, zone):
        for each in patterns:
            if day.isoweekday() != each.weekday or day < each.valid_from or (each.valid_to and day > each.valid_to):
                continue
            end_day = day if each.end > each.start else day + _DAY
            shift = Slot(datetime.combine(day, each.start, zone), datetime.combine(end_day, each.end, zone))
            if shift.overlaps(window):
                found.append(shift)
    return tuple(sorted(found, key=lambda slot: slot.starts_at))
