"""What happens to engineers: grades, qualifications, standing, shifts and leave."""

from dataclasses import dataclass
from datetime import date, datetime

from anxiu.kernel.events import Event, Sealed, event


@event("workforce.engineer_added")
@dataclass(frozen=True)
class EngineerAdded(Event):
    """A person became an engineer."""

    person_id: int
    grade: str


@event("workforce.engineer_changed")
@dataclass(frozen=True)
class EngineerChanged(Event):
    """Fields of an engineer were changed."""

    fields: tuple[str, ...]


@event("workforce.engineer_retired")
@dataclass(frozen=True)
class EngineerRetired(Event):
    """An engineer no longer goes on visits."""


@event("workforce.grade_set")
@dataclass(frozen=True)
class GradeSet(Event):
    """An engineer's grade was changed."""

    before: str
    after: str
    reason: Sealed


@event("workforce.skill_added")
@dataclass(frozen=True)
class SkillAdded(Event):
    """A skill joined the company's list."""

    code: str


@event("workforce.skill_retired")
@dataclass(frozen=True)
class SkillRetired(Event):
    """A skill is no longer given to anybody."""

    code: str


@event("workforce.qualification_added")
@dataclass(frozen=True)
class QualificationAdded(Event):
    """An engineer was given a skill, a certificate or the induction."""

    qualification_id: int
    kind_of: str
    code: str
    level: int | None
    valid_from: date
    valid_to: date | None


@event("workforce.qualification_revoked")
@dataclass(frozen=True)
class QualificationRevoked(Event):
    """A qualification no longer counts."""

    qualification_id: int
    kind_of: str
    code: str
    reason: Sealed


@event("workforce.qualification_expiring")
@dataclass(frozen=True)
class QualificationExpiring(Event):
    """A qualification will lapse within a number of days set by the regulation."""

    qualification_id: int
    kind_of: str
    code: str
    valid_to: date
    days: int
    value_key: str


@event("workforce.engineer_barred")
@dataclass(frozen=True)
class EngineerBarred(Event):
    """An engineer may not be sent from a moment on."""

    standing_id: int
    reason_code: str
    barred_from: datetime
    barred_until: datetime | None
    reason: Sealed


@event("workforce.bar_lifted")
@dataclass(frozen=True)
class BarLifted(Event):
    """An engineer may be sent again."""

    standing_id: int
    reason: Sealed


@event("workforce.shift_pattern_set")
@dataclass(frozen=True)
class ShiftPatternSet(Event):
    """An engineer's weekly hours were set from a day on."""

    valid_from: date
    hours: tuple[str, ...]


@event("workforce.shift_added")
@dataclass(frozen=True)
class ShiftAdded(Event):
    """A single shift beside the weekly hours."""

    shift_id: int
    kind_of: str
    starts_at: datetime
    ends_at: datetime


@event("workforce.shift_cancelled")
@dataclass(frozen=True)
class ShiftCancelled(Event):
    """A single shift was taken back."""

    shift_id: int


@event("workforce.leave_booked")
@dataclass(frozen=True)
class LeaveBooked(Event):
    """An engineer is away for a while."""

    leave_id: int
    kind_of: str
    starts_at: datetime
    ends_at: datetime


@event("workforce.leave_cancelled")
@dataclass(frozen=True)
class LeaveCancelled(Event):
    """A leave was taken back."""

    leave_id: int
