"""How an engineer's day is filled: working time, what is booked and away, and what is left of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from anxiu.workforce.choices import OccupancyKind
from anxiu.workforce.rules.slots import Busy, Slot

NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Load:
    """`work` is shift time of the window; `booked` what visits take of the window, in or out of a shift; `away` what
    leave and training take of the shift; `left` what of the shift is free from a moment on.
    """

    work: timedelta
    booked: timedelta
    away: timedelta
    left: timedelta


def load(work: Iterable[Slot], busy: Iterable[Busy], window: Slot, at: datetime) -> Load:
    """The load of a window, with what is left of it from `at` on."""
    shifts, taken = list(_joined(_within(work, window))), list(busy)
    visits = list(_joined(_within((each.slot for each in taken if each.kind is OccupancyKind.VISIT), window)))
    away = list(_joined(_within((each.slot for each in taken if each.kind is not OccupancyKind.VISIT), window)))
    to_come = list(_within(shifts, Slot(at, window.ends_at))) if at < window.ends_at else []
    occupied = list(_joined([*visits, *away]))
    return Load(
        _length(shifts), _length(visits), _length(_shared(shifts, away)),
        _length(to_come) - _length(_shared(to_come, occupied)),
    )  # fmt: skip


def _within(slots: Iterable[Slot], window: Slot) -> Iterator[Slot]:
    for each in slots:
        if each.overlaps(window):
            yield Slot(max(each.starts_at, window.starts_at), min(each.ends_at, window.ends_at))


def _joined(slots: Iterable[Slot]) -> Iterator[Slot]:
    """The same time without overlaps, in order."""
    current: Slot | None = None
    for each in sorted(slots, key=lambda slot: slot.starts_at):
        if current is None:
            current = each
        elif each.starts_at <= current.ends_at:
            current = Slot(current.starts_at, max(current.ends_at, each.ends_at))
        else:
            yield current
            current = each
    if current is not None:
        yield current


def _shared(some: Iterable[Slot], others: Iterable[Slot]) -> list[Slot]:
    rest = list(others)
    return [part for each in some for part in _within(rest, each)]


def _length(slots: Iterable[Slot]) -> timedelta:
    return sum((each.length for each in slots), NOTHING)
