"""Stretches of an engineer's time, and how one becomes a range of whole numbers that a database can keep apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from anxiu.kernel.errors import Invalid
from anxiu.workforce.choices import OccupancyKind

# source: decision in ARCHITECTURE.md: 2^33 seconds after 1970 is the year 2242, and engineers' ids stay below 2^30
SECONDS_BITS: Final = 33
_SPAN: Final = 1 << SECONDS_BITS
_SECOND: Final = timedelta(seconds=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of time: from `starts_at` up to, not including, `ends_at`; both aware."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.starts_at >= self.ends_at:
            raise Invalid("workforce.ends_before_start", field="ends_at")

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.ends_at - self.starts_at

    def overlaps(self, other: "Slot") -> bool:
        """Whether the two share any instant."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time whose end may be open."""

    starts_at: datetime
    ends_at: datetime | None

    def touches(self, slot: Slot) -> bool:
        """Whether it shares any instant with a slot."""
        return self.starts_at < slot.ends_at and (self.ends_at is None or slot.starts_at < self.ends_at)


@dataclass(frozen=True, slots=True)
class Busy:
    """A slot that is taken, and by what."""

    slot: Slot
    kind: OccupancyKind


def encode(engineer_id: int, slot: Slot) -> tuple[int, int]:
    """The slot as `[lower, upper)`: engineer × 2^33 + whole seconds since 1970, so that ranges of two never touch."""
    first = (slot.starts_at - _EPOCH) // _SECOND
    last = (slot.ends_at - _EPOCH) // _SECOND
    if not 0 <= first < last < _SPAN:
        raise Invalid("workforce.ends_before_start", field="ends_at")
    return engineer_id * _SPAN + first, engineer_id * _SPAN + last


def decode(lower: int, upper: int) -> tuple[int, Slot]:
    """Engineer and slot of a range."""
    engineer_id, first = divmod(lower, _SPAN)
    return engineer_id, Slot(_EPOCH + first * _SECOND, _EPOCH + (upper - engineer_id * _SPAN) * _SECOND)


def covered(slot: Slot, by: Iterable[Slot]) -> bool:
    """Whether `by` together leave no gap in the slot."""
    reached = slot.starts_at
    for each in sorted(by, key=lambda one: one.starts_at):
        if each.starts_at > reached:
            break
        reached = max(reached, each.ends_at)
    return reached >= slot.ends_at


def brief(slot: Slot, zone: tzinfo) -> str:
    """`11-21 10:00–12:00` in local time: the same in both languages."""
    start, end = slot.starts_at.astimezone(zone), slot.ends_at.astimezone(zone)
    if start.date() == (slot.ends_at - _SECOND).astimezone(zone).date():
        return f"{start:%m-%d %H:%M}–{end:%H:%M}"
    return f"{start:%m-%d %H:%M}–{end:%m-%d %H:%M}"
