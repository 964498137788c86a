"""The hash chain over events: what is hashed, in which form, and how a run of it is checked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from anxiu.kernel.events import canonical, instant
from anxiu.kernel.models import EventRow

START: Final = bytes(32)
POSITION_BYTES: Final = 8


def text_of(row: EventRow) -> str:
    """Everything an event says, as one canonical text; a change to any part changes it."""
    return canonical(
        [
            str(row.uid), row.kind, row.version, row.subject_kind, row.subject_id, row.region_id,
            row.actor_kind, row.actor_id, instant(row.occurred_at), instant(row.recorded_at), row.body,
        ]
    )  # fmt: skip


def link(previous: bytes, position: int, text: str) -> bytes:
    """The hash at a position: over the hash before it, the position, and the event's text."""
    return sha256(previous + position.to_bytes(POSITION_BYTES, "big") + text.encode()).digest()


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain does not hold."""

    position: int
    because: str


def check(rows: Iterable[tuple[int, bytes, EventRow]], previous: bytes = START, before: int = 0) -> Iterator[Break]:
    """Yield a break for the first wrong row, then stop; nothing when all hold."""
    expected = before
    for position, stored, row in rows:
        expected += 1
        if position != expected:
            yield Break(expected, "missing")
            return
        previous = link(previous, position, text_of(row))
        if previous != bytes(stored):
            yield Break(position, "changed")
            return
