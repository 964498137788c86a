"""What happens while a version is taken up."""

from dataclasses import dataclass
from datetime import datetime

from anxiu.kernel.events import Event, event


@event("uptake.reading_assigned")
@dataclass(frozen=True)
class ReadingAssigned(Event):
    """Somebody has to read and acknowledge a version."""

    reading_id: int
    code: str
    person_id: int
    due_at: datetime


@event("uptake.reading_lifted")
@dataclass(frozen=True)
class ReadingLifted(Event):
    """A version is not somebody's to read any more."""

    reading_id: int
    code: str
    person_id: int


@event("uptake.reading_reminded")
@dataclass(frozen=True)
class ReadingReminded(Event):
    """Somebody was reminded of a version they have not acknowledged."""

    reading_id: int
    code: str
    person_id: int
    days: int
    value_key: str


@event("uptake.readings_overdue")
@dataclass(frozen=True)
class ReadingsOverdue(Event):
    """The time to acknowledge a version passed for people of a region."""

    code: str
    reading_ids: tuple[int, ...]
    value_key: str


@event("uptake.quiz_taken")
@dataclass(frozen=True)
class QuizTaken(Event):
    """Somebody answered the questions on a version."""

    reading_id: int
    code: str
    attempt: int
    right: int
    asked: int
    passed: bool
    value_key: str


@event("uptake.acknowledged")
@dataclass(frozen=True)
class Acknowledged(Event):
    """Somebody acknowledged a version: they read it and work by it."""

    reading_id: int
    code: str
    person_id: int
    in_time: bool
    value_key: str
