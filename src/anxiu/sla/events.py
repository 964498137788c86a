"""What happens to clocks, ladders, rosters and the calendar. Where one change touches several clocks, one event lists
them side by side: the same place in each tuple is the same clock.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from anxiu.kernel.events import Audience, Event, Sealed, event


@event("sla.clocks_started")
@dataclass(frozen=True)
class ClocksStarted(Event):
    """Promises began. `provisional`: the deadline rests on days whose holidays are not published yet."""

    clock_ids: tuple[int, ...]
    clocks: tuple[str, ...]
    value_keys: tuple[str, ...]
    targets: tuple[timedelta, ...]
    working: tuple[bool, ...]
    due: tuple[datetime | None, ...]
    provisional: tuple[bool, ...]


@event("sla.clocks_stopped")
@dataclass(frozen=True)
class ClocksStopped(Event):
    """Promises came to their end: kept, broken or exempt. `net` is working time without pauses, `gross` with them."""

    clock_ids: tuple[int, ...]
    clocks: tuple[str, ...]
    value_keys: tuple[str, ...]
    outcomes: tuple[str, ...]
    because: tuple[str, ...]
    due: tuple[datetime | None, ...]
    net: tuple[timedelta, ...]
    gross: tuple[timedelta, ...]


@event("sla.clocks_paused", audience=Audience.CUSTOMER)
@dataclass(frozen=True)
class ClocksPaused(Event):
    """Time stopped counting, for a listed reason and until a date the customer may see."""

    clock_ids: tuple[int, ...]
    clocks: tuple[str, ...]
    reason: str
    until: datetime | None


@event("sla.clocks_resumed", audience=Audience.CUSTOMER)
@dataclass(frozen=True)
class ClocksResumed(Event):
    """Time counts again. `by_itself`: the end that was set for the pause came."""

    clock_ids: tuple[int, ...]
    clocks: tuple[str, ...]
    due: tuple[datetime | None, ...]
    by_itself: bool


@event("sla.clocks_retargeted")
@dataclass(frozen=True)
class ClocksRetargeted(Event):
    """Deadlines were reckoned anew from the same start, because the severity or the calendar changed."""

    clock_ids: tuple[int, ...]
    clocks: tuple[str, ...]
    value_keys: tuple[str, ...]
    why: str
    due_before: tuple[datetime | None, ...]
    due: tuple[datetime | None, ...]


@event("sla.clock_warned")
@dataclass(frozen=True)
class ClockWarned(Event):
    """Most of the time is used up: the owner was warned, or in absence whoever the ladder reaches first."""

    clock_id: int
    clock: str
    value_key: str
    due_at: datetime | None
    person_id: int | None


@event("sla.clock_broken")
@dataclass(frozen=True)
class ClockBroken(Event):
    """A deadline passed without what was promised."""

    clock_id: int
    clock: str
    value_key: str
    due_at: datetime


@event("sla.breach_withdrawn")
@dataclass(frozen=True)
class BreachWithdrawn(Event):
    """A breach on record turned out wrong: a fact known late had happened in time, or the deadline moved."""

    clock_id: int
    clock: str
    value_key: str
    breached_at: datetime


@event("sla.escalated")
@dataclass(frozen=True)
class Escalated(Event):
    """A level of the ladder was called: a named person. `found`: how this person was found."""

    clock_id: int
    escalation_id: int
    clock: str
    value_key: str
    level: int
    post: str
    person_id: int
    because: str
    found: str
    due_at: datetime | None
    acknowledge_by: datetime | None
    broken: bool


@event("sla.nobody_to_call")
@dataclass(frozen=True)
class NobodyToCall(Event):
    """No level of the ladder, from this one up, had anybody who could be called."""

    clock_id: int
    clock: str
    level: int
    posts: tuple[str, ...]


@event("sla.escalation_acknowledged")
@dataclass(frozen=True)
class EscalationAcknowledged(Event):
    """The person called, or somebody above, took it on."""

    clock_id: int
    escalation_id: int
    clock: str
    level: int
    person_id: int | None


@event("sla.clock_failed")
@dataclass(frozen=True)
class ClockFailed(Event):
    """A clock could not be evaluated and was set aside; the others went on."""

    clock_id: int
    clock: str


@event("sla.clock_retried")
@dataclass(frozen=True)
class ClockRetried(Event):
    """A clock that was set aside runs again."""

    clock_id: int
    clock: str


@event("sla.duty_set")
@dataclass(frozen=True)
class DutySet(Event):
    """Somebody was put on the roster."""

    duty_id: int
    person_id: int
    post: str
    duty_region_id: int | None
    from_at: datetime
    until_at: datetime
    rank: int


@event("sla.duty_removed")
@dataclass(frozen=True)
class DutyRemoved(Event):
    """A line of the roster was taken off."""

    duty_id: int
    person_id: int
    post: str


@event("sla.calendar_day_set")
@dataclass(frozen=True)
class CalendarDaySet(Event):
    """Somebody decided whether a date is worked."""

    day: date
    is_work: bool
    provisional: bool
    name: Sealed


@event("sla.year_published")
@dataclass(frozen=True)
class YearPublished(Event):
    """The holidays and make-up workdays of a year were taken over."""

    year: int
    days: int
    source: str
