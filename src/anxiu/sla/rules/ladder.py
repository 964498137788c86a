"""The escalation ladder: which level is called when, and the named person who answers for it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from anxiu.sla.choices import CallReason, DutyReason
from anxiu.sla.rules.calendar import Reckoned, WorkingCalendar, add_working, utc
from anxiu.sla.rules.clock import ClockState, reached_at
from anxiu.sla.rules.quiet import heard_at

BOTTOM = -1  # below the first level: nothing was called yet


@dataclass(frozen=True, slots=True)
class Rung:
    """`after`: net time on the clock relative to its deadline, negative for a warning. `to`: code of the post.
    `acknowledge_within`: working time the person called has to acknowledge; None where nobody need.
    """

    after: timedelta
    to: str
    acknowledge_within: timedelta | None


@dataclass(frozen=True, slots=True)
class Step:
    """A rung and its place on the ladder; level 0 is the lowest."""

    level: int
    rung: Rung


@dataclass(frozen=True, slots=True)
class Called:
    """The level called last."""

    level: int
    at: datetime
    acknowledged: bool


@dataclass(frozen=True, slots=True)
class Call:
    """The level to call next, and when."""

    level: int
    rung: Rung
    at: datetime
    because: CallReason


@dataclass(frozen=True, slots=True)
class DutyEntry:
    """One line of the roster; half-open. No region means the whole company; a lower rank is called first."""

    person: int
    post: str
    region: int | None
    from_at: datetime
    until_at: datetime
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Skipped:
    """Somebody on the roster who could not be called."""

    person: int
    because: DutyReason


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is called, or nobody and why; `skipped` were on the roster but could not be called."""

    person: int | None
    because: DutyReason
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class Reached:
    """The level that has somebody to call, with what was found on the levels passed over on the way."""

    step: Step
    duty: Duty
    passed: tuple[Duty, ...]


@dataclass(frozen=True, slots=True)
class Unreached:
    """No level has anybody to call; what was found on each."""

    passed: tuple[Duty, ...]


def next_rung(ladder: Sequence[Rung], level: int) -> Step | None:
    """The rung above `level` (BOTTOM where none was called yet); None at the top."""
    above = level + 1
    return Step(above, ladder[above]) if above < len(ladder) else None


def rung_at(calendar: WorkingCalendar, state: ClockState, rung: Rung) -> Reckoned | None:
    """When a rung is due by its own time; None behind an open pause. It moves with the clock's target and pauses."""
    return reached_at(calendar, state, state.target + rung.after)


def next_call(
    calendar: WorkingCalendar, state: ClockState, ladder: Sequence[Rung], last: Called | None,
    quiet: Sequence[WorkingCalendar] = (),
) -> Call | None:  # fmt: skip
    """What the clock does next by itself: the rung above when its time comes, or earlier when the person called last
    has not acknowledged. None once the clock is stopped, at the top, or behind an open pause. `quiet`: hours in which
    nobody is called; a call that falls into them comes when they are over.
    """
    step = next_rung(ladder, BOTTOM if last is None else last.level)
    if state.stopped_at is not None or state.exempted or step is None:
        return None
    due = rung_at(calendar, state, step.rung)
    silent_at = _unacknowledged_at(calendar, ladder, last)
    if silent_at is not None and (due is None or silent_at < due.at):
        return Call(step.level, step.rung, heard_at(quiet, silent_at), CallReason.NOT_ACKNOWLEDGED)
    return None if due is None else Call(step.level, step.rung, heard_at(quiet, due.at), CallReason.RUNG_DUE)


def on_duty(
    roster: Collection[DutyEntry], post: str, regions: Sequence[int], at: datetime, absent: Collection[int]
) -> Duty:
    """The person of this post on duty at `at`. `regions`: the order's region and those around it, nearest first; a
    nearer region goes before a wider one, then rank, then who came on duty first.
    """
    at = utc(at)
    near = {region: distance for distance, region in enumerate(regions)}
    serving = [
        entry
        for entry in roster
        if entry.post == post
        and entry.from_at <= at < entry.until_at
        and (entry.region is None or entry.region in near)
    ]

    def distance(entry: DutyEntry) -> int:
        return len(near) if entry.region is None else near[entry.region]

    serving.sort(key=lambda entry: (distance(entry), entry.rank, entry.from_at, entry.person))
    away = dict.fromkeys(entry.person for entry in serving if entry.person in absent)
    skipped = tuple(Skipped(person, DutyReason.ABSENT) for person in away)
    for entry in serving:
        if entry.person not in away:
            return Duty(entry.person, _how(entry, distance(entry)), skipped)
    return Duty(None, DutyReason.ALL_ABSENT if serving else DutyReason.NOBODY_ON_DUTY, skipped)


def reach(ladder: Sequence[Rung], level: int, find: Callable[[str], Duty]) -> Reached | Unreached:
    """The first level from `level` up with somebody to call. `find`: the duty of a post, as `on_duty` gives it."""
    passed: list[Duty] = []
    for number, rung in enumerate(ladder[level:], start=level):
        duty = find(rung.to)
        if duty.person is not None:
            return Reached(Step(number, rung), duty, tuple(passed))
        passed.append(duty)
    return Unreached(tuple(passed))


def _unacknowledged_at(calendar: WorkingCalendar, ladder: Sequence[Rung], last: Called | None) -> datetime | None:
    if last is None or last.acknowledged:
        return None
    within = ladder[last.level].acknowledge_within
    return None if within is None else add_working(calendar, last.at, within).at


def _how(entry: DutyEntry, distance: int) -> DutyReason:
    if entry.region is None:
        return DutyReason.WHOLE_COMPANY
    return DutyReason.WIDER_REGION if distance else DutyReason.OWN_REGION
