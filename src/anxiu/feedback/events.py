"""What customers said about the work, and what was done about it."""

from dataclasses import dataclass

from anxiu.kernel.events import Event, Sealed, event


@event("feedback.rated")
@dataclass(frozen=True)
class Rated(Event):
    """A customer gave the work a score. `value_key` names what makes it bad or not."""

    rating_id: int
    score: int
    scale: int
    is_bad: bool
    needs_recovery: bool
    value_key: str
    tags: tuple[str, ...]
    via: str
    words: Sealed
    nps: int | None = None


@event("feedback.recovery_resolved")
@dataclass(frozen=True)
class RecoveryResolved(Event):
    """Somebody spoke with a customer who was let down, and this came of it."""

    duty_id: int
    outcome: str
    in_time: bool
    value_key: str
    words: Sealed
