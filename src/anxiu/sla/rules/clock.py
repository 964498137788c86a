"""A service clock: when it is due, what passed on it, and whether the promise was kept.

A clock is its start, its target and its pauses; everything else is reckoned from these, so that a new target, a
pause or a fact reported late never needs anything undone. Net time is working time without pauses, gross with them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from anxiu.sla.choices import Because, Outcome, Refusal
from anxiu.sla.rules.calendar import (
    ZERO,
    Reckoned,
    WorkingCalendar,
    add_working,
    before,
    is_provisional_between,
    utc,
    working_between,
)

PERCENT = 100  # source: arithmetic


class ClockRefusal(ValueError):
    """The clock cannot do this; `code` says why."""

    def __init__(self, code: Refusal) -> None:
        super().__init__(code.value)
        self.code = code


@dataclass(frozen=True, slots=True)
class Pause:
    """Time that does not count. A pause with an end is over by itself; without one it lasts until resumed."""

    from_at: datetime
    until_at: datetime | None
    reason: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "from_at", utc(self.from_at))
        if self.until_at is not None:
            object.__setattr__(self, "until_at", utc(self.until_at))
            if self.until_at <= self.from_at:
                raise ClockRefusal(Refusal.PAUSE_ENDS_BEFORE_IT_BEGINS)
        if not self.reason:
            raise ClockRefusal(Refusal.REASON_MISSING)

    def covers(self, at: datetime) -> bool:
        return self.from_at <= at and (self.until_at is None or at < self.until_at)


@dataclass(frozen=True, slots=True)
class ClockState:
    """`warn_percent`: share of the target after which to warn. `dropped`: the matter ended without what was promised.
    `breached_at`: a breach already on record, which a fact reported late may withdraw.
    """

    started_at: datetime
    target: timedelta
    warn_percent: int
    pauses: tuple[Pause, ...] = ()
    stopped_at: datetime | None = None
    dropped: bool = False
    exempted: str = ""
    breached_at: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "started_at", utc(self.started_at))
        if self.stopped_at is not None:
            object.__setattr__(self, "stopped_at", utc(self.stopped_at))
        if self.target < ZERO:
            raise ClockRefusal(Refusal.BAD_TARGET)
        if not 0 <= self.warn_percent <= PERCENT:
            raise ClockRefusal(Refusal.BAD_WARNING)
        ends = [self.started_at, *(pause.until_at for pause in self.pauses)]
        for end, following in zip(ends, self.pauses, strict=False):
            if end is None or following.from_at < end:
                raise ClockRefusal(Refusal.BAD_PAUSES)


@dataclass(frozen=True, slots=True)
class Judgement:
    """`due` is None where an open pause leaves no deadline. `withdraws_breach`: a recorded breach turns out wrong."""

    outcome: Outcome
    because: Because
    due: Reckoned | None
    withdraws_breach: bool = False


# ---- what a clock shows --------------------------------------------------------------------------------------------
def due_at(calendar: WorkingCalendar, state: ClockState) -> Reckoned | None:
    """The deadline; None while an open pause holds it up. A fact exactly at the deadline is in time."""
    return reached_at(calendar, state, state.target)


def warn_at(calendar: WorkingCalendar, state: ClockState) -> Reckoned | None:
    """When the warning is given; None while an open pause holds it up."""
    return reached_at(calendar, state, state.target + warn_after(state))


def warn_after(state: ClockState) -> timedelta:
    """The warning as the `after` of a rung: net time relative to the deadline, so never positive."""
    return -(state.target * (PERCENT - state.warn_percent) / PERCENT)


def reached_at(calendar: WorkingCalendar, state: ClockState, net: timedelta) -> Reckoned | None:
    """The earliest instant by which this much net time has passed (regardless of a stop); None behind an open pause."""
    cursor, left, provisional = state.started_at, max(net, ZERO), False
    for pause in state.pauses:
        counted = working_between(calendar, cursor, pause.from_at)
        if left <= counted:
            break
        if pause.until_at is None:
            return None
        provisional |= is_provisional_between(calendar, cursor, pause.from_at)
        cursor, left = pause.until_at, left - counted
    found = add_working(calendar, cursor, left)
    return replace(found, provisional=found.provisional or provisional)


def gross_elapsed(calendar: WorkingCalendar, state: ClockState, at: datetime) -> timedelta:
    """Working time from the start to `at`, or to the stop; pauses included."""
    return max(working_between(calendar, state.started_at, _end(state, at)), ZERO)


def net_elapsed(calendar: WorkingCalendar, state: ClockState, at: datetime) -> timedelta:
    """Working time from the start to `at`, or to the stop; without pauses."""
    return sum((working_between(calendar, a, b) for a, b in _counted(state, _end(state, at))), ZERO)


def remaining(calendar: WorkingCalendar, state: ClockState, at: datetime) -> timedelta:
    """Net time left; negative when late."""
    return state.target - net_elapsed(calendar, state, at)


def is_paused(state: ClockState, at: datetime) -> bool:
    """Whether the clock stands still at `at`."""
    return state.stopped_at is None and any(pause.covers(at) for pause in state.pauses)


def target_before(calendar: WorkingCalendar, started_at: datetime, instant: datetime, lead: timedelta) -> timedelta:
    """The target of a clock that must be done `lead` (working time) before an instant; none left if it is too late."""
    return max(working_between(calendar, started_at, before(calendar, instant, lead).at), ZERO)


def outcome(calendar: WorkingCalendar, state: ClockState, at: datetime) -> Judgement:
    """Whether the promise was kept as of `at`. Only instants count: a breach on record does not make a fact late."""
    due = due_at(calendar, state)
    breached = state.breached_at is not None and state.breached_at <= at
    if state.exempted:
        return Judgement(Outcome.EXEMPT, Because.EXEMPTED, due, breached)
    in_time = due is None or _end(state, at) <= due.at
    result, because = _verdict(state, utc(at), in_time=in_time)
    return Judgement(result, because, due, in_time and breached)


# ---- what happens to a clock ---------------------------------------------------------------------------------------
def pause(state: ClockState, at: datetime, until_at: datetime | None, reason: str) -> ClockState:
    """Time stops counting at `at`, which may lie back, but not before an earlier pause was over."""
    at = utc(at)
    _check_running(state)
    if at < state.started_at:
        raise ClockRefusal(Refusal.BEFORE_START)
    if state.pauses:
        last = state.pauses[-1]
        if last.covers(at):
            raise ClockRefusal(Refusal.ALREADY_PAUSED)
        if at < last.from_at:
            raise ClockRefusal(Refusal.BEFORE_LAST_PAUSE)
    return replace(state, pauses=(*state.pauses, Pause(at, until_at, reason)))


def resume(state: ClockState, at: datetime) -> ClockState:
    """Time counts again from `at`. A pause resumed the instant it began leaves no trace."""
    at = utc(at)
    _check_running(state)
    if not state.pauses or not state.pauses[-1].covers(at):
        raise ClockRefusal(Refusal.NOT_PAUSED)
    return replace(state, pauses=_pauses_until(state.pauses, at))


def stop(state: ClockState, at: datetime) -> ClockState:
    """What was promised happened at `at`. Of two such facts the earlier one counts, whenever it becomes known."""
    at = utc(at)
    if at < state.started_at:
        raise ClockRefusal(Refusal.BEFORE_START)
    if state.stopped_at is not None and at >= state.stopped_at:
        raise ClockRefusal(Refusal.ALREADY_STOPPED)
    return replace(state, stopped_at=at, dropped=False, pauses=_pauses_until(state.pauses, at))


def drop(state: ClockState, at: datetime) -> ClockState:
    """The matter ended at `at` without what was promised, as by a cancellation: no excuse for a breach before."""
    _check_running(state)
    return replace(stop(state, at), dropped=True)


def exempt(state: ClockState, reason: str) -> ClockState:
    """A recorded decision that the promise did not bind; allowed at any time, also after the stop."""
    if not reason:
        raise ClockRefusal(Refusal.REASON_MISSING)
    return replace(state, exempted=reason)


def retarget(state: ClockState, new_target: timedelta, warn_percent: int | None = None) -> ClockState:
    """Another target, as when the severity changes: start, pauses and time already used stay what they are."""
    _check_running(state)
    percent = state.warn_percent if warn_percent is None else warn_percent
    return replace(state, target=new_target, warn_percent=percent)


# ---- parts of the above --------------------------------------------------------------------------------------------
def _end(state: ClockState, at: datetime) -> datetime:
    at = utc(at)
    return at if state.stopped_at is None else min(at, state.stopped_at)


def _counted(state: ClockState, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The stretches from the start to `end` that no pause covers."""
    cursor = state.started_at
    for paused in state.pauses:
        if paused.from_at >= end:
            break
        yield cursor, paused.from_at
        if paused.until_at is None:
            return
        cursor = paused.until_at
    if cursor < end:
        yield cursor, end


def _pauses_until(pauses: tuple[Pause, ...], at: datetime) -> tuple[Pause, ...]:
    """The pauses that began before `at`, cut there."""
    return tuple(replace(pause, until_at=at) if pause.covers(at) else pause for pause in pauses if pause.from_at < at)


def _check_running(state: ClockState) -> None:
    if state.stopped_at is not None:
        raise ClockRefusal(Refusal.ALREADY_STOPPED)


def _verdict(state: ClockState, at: datetime, *, in_time: bool) -> tuple[Outcome, Because]:
    if state.stopped_at is None or at < state.stopped_at:
        if not in_time:
            return Outcome.BROKEN, Because.PAST_DUE
        paused = any(pause.covers(at) for pause in state.pauses)
        return Outcome.RUNNING, Because.PAUSED if paused else Because.NOT_YET_DUE
    if state.dropped and in_time:
        return Outcome.EXEMPT, Because.DROPPED_BEFORE_DUE
    if not in_time:
        return Outcome.BROKEN, Because.DROPPED_AFTER_DUE if state.dropped else Because.STOPPED_LATE
    return Outcome.KEPT, Because.IN_TIME if state.breached_at is None else Because.LATE_FACT_IN_TIME
