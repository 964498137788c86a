"""What happens while a version is taken up. What people say is sealed."""

from dataclasses import dataclass
from datetime import datetime

from anxiu.kernel.events import Event, Sealed, event


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


@event("uptake.clause_remarked")
@dataclass(frozen=True)
class ClauseRemarked(Event):
    """Somebody said something of a clause."""

    remark_id: int
    code: str
    number: str
    remark_kind: str
    text: Sealed


@event("uptake.remark_replied")
@dataclass(frozen=True)
class RemarkReplied(Event):
    """Something was said to a remark."""

    remark_id: int
    code: str
    number: str
    text: Sealed


@event("uptake.remark_settled")
@dataclass(frozen=True)
class RemarkSettled(Event):
    """A remark was answered, or taken up into a draft."""

    remark_id: int
    code: str
    number: str
    state: str
    draft: str
    text: Sealed


@event("uptake.review_opened")
@dataclass(frozen=True)
class ReviewOpened(Event):
    """A regular review of the regulation begins."""

    review_id: int
    owner_id: int
    since: datetime
    due_at: datetime
    value_key: str


@event("uptake.clause_decided")
@dataclass(frozen=True)
class ClauseDecided(Event):
    """A review decided to keep, amend or drop a clause."""

    review_id: int
    code: str
    number: str
    decision: str
    why: Sealed


@event("uptake.review_closed")
@dataclass(frozen=True)
class ReviewClosed(Event):
    """A review was closed; the next one is due after the regulation's interval."""

    review_id: int
    decided: int
    in_time: bool
    value_key: str
    why: Sealed


@event("uptake.session_recorded")
@dataclass(frozen=True)
class SessionRecorded(Event):
    """A session at which a version was explained was recorded, with who came."""

    session_id: int
    code: str
    numbers: tuple[str, ...]
    person_ids: tuple[int, ...]
    place: Sealed
    about: Sealed
