"""What higher apps fill in: who is absent, and how the things that clocks belong to are locked and told of changes.

The tick never waits for a lock that a verb may hold: it takes the clocks first and then asks for their subjects with
SKIP LOCKED. Whoever is being changed at this moment is left for the next tick.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple, Protocol


class Change(NamedTuple):
    """What a subject shows of its clocks; `breached`: a breach stands on one that is still live."""

    subject_id: int
    next_due_at: datetime | None
    next_clock: str
    breached: bool


Absent = Callable[[Collection[int], datetime], Collection[int]]
Told = Callable[[Sequence[Change]], None]


class Lock(Protocol):
    """Locks subjects by id and answers those it got: all of them if it may wait, else those nobody else holds."""

    def __call__(self, ids: Collection[int], *, wait: bool) -> Collection[int]: ...


@dataclass(frozen=True, slots=True)
class Port:
    """One kind of subject: `told` writes changes in bulk, `lock` locks rows before the clocks are judged."""

    told: Told
    lock: Lock


_ABSENT: Final[list[Absent]] = []
_SUBJECTS: Final[dict[str, Port]] = {}


def absent(ask: Absent) -> Absent:
    """Register a question, person ids and instant in, those who are away out; usable as a decorator."""
    _ABSENT.append(ask)
    return ask


def on_change(kind: str, told: Told, *, lock: Lock) -> None:
    """Register who keeps the shown deadline of a kind of subject; both run inside the tick's transaction."""
    if kind in _SUBJECTS:
        raise ValueError(f"subjects of kind {kind} are kept twice")
    _SUBJECTS[kind] = Port(told, lock)


def who_is_absent(people: Collection[int], at: datetime) -> frozenset[int]:
    """Those of the people who are away, for whatever reason."""
    return frozenset(person for ask in _ABSENT for person in ask(people, at)) if people else frozenset()


def subject_port(kind: str) -> Port | None:
    """Who keeps the shown deadline of this kind; None where nobody does."""
    return _SUBJECTS.get(kind)
