"""Between rows and rules: a clock's row read as what the rules reckon with, and the result written back in bulk."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from anxiu.kernel.actor import Subject
from anxiu.kernel.prepared import Prepared
from anxiu.kernel.values import reading
from anxiu.regulation.choices import Severity
from anxiu.sla import rules
from anxiu.sla.choices import LIVE, Outcome, RunState
from anxiu.sla.models import Clock
from anxiu.sla.queries import pauses_of, with_pauses
from anxiu.sla.rules import BOTTOM, Called, Judgement, Pause, Rung, WorkingCalendar
from anxiu.sla.timetables import quiet_hours, timetable
from anxiu.sla.values import LADDER, QUIET_HOURS

OWNER: Final = "owner"
# What reckoning may change, and its type in the database.
WRITTEN: Final = {
    "region_id": "bigint", "version_id": "bigint", "value_key": "text", "severity": "text",
    "round_the_clock": "boolean", "target": "interval", "warn_percent": "smallint", "warn_at": "timestamptz",
    "due_at": "timestamptz", "provisional": "boolean", "state": "text", "next_at": "timestamptz", "level": "smallint",
    "called_at": "timestamptz", "acknowledged": "boolean", "stopped_at": "timestamptz", "outcome": "text",
    "exempted": "text",
    "breached_at": "timestamptz", "breach_withdrawn_at": "timestamptz", "failed_at": "timestamptz", "error": "text",
}  # fmt: skip


@dataclass(slots=True)
class Held:
    """A clock this transaction works on: its row, its pauses, and where it stood when it was read."""

    clock: Clock
    pauses: tuple[Pause, ...]
    was_level: int
    was_state: str

    @property
    def subject(self) -> Subject:
        return Subject(self.clock.subject_kind, self.clock.subject_id)

    @property
    def calendar(self) -> WorkingCalendar:
        clock = self.clock
        return timetable(clock.version_id, clock.time_zone, round_the_clock=clock.round_the_clock)

    @property
    def state(self) -> rules.ClockState:
        clock = self.clock
        return rules.ClockState(
            started_at=clock.started_at, target=clock.target, warn_percent=clock.warn_percent, pauses=self.pauses,
            stopped_at=clock.stopped_at, dropped=clock.state == RunState.DROPPED, exempted=clock.exempted,
            breached_at=clock.breached_at if clock.is_breached else None,
        )  # fmt: skip

    @property
    def ladder(self) -> tuple[Rung, ...]:
        """The warning to the owner as level 0, then the regulation's rungs."""
        rungs = reading(self.clock.version_id)(LADDER)[Severity(self.clock.severity)]
        return Rung(rules.warn_after(self.state), OWNER, None), *rungs

    @property
    def quiet(self) -> tuple[WorkingCalendar, ...]:
        """The hours in which nobody is called about it."""
        spans = reading(self.clock.version_id)(QUIET_HOURS)[Severity(self.clock.severity)]
        return quiet_hours(spans, self.clock.time_zone)

    @property
    def last_call(self) -> Called | None:
        """The level called last. A new severity's ladder may be shorter than the one that was climbed."""
        clock = self.clock
        if clock.level == BOTTOM or clock.called_at is None:
            return None
        return Called(min(clock.level, len(self.ladder) - 1), clock.called_at, clock.acknowledged)


def held(clock: Clock) -> Held:
    """A new row that has no pauses yet."""
    return Held(clock, (), clock.level, clock.state)


def in_hand(rows: Iterable[Clock]) -> list[Held]:
    """Clocks that were read `with_pauses`."""
    return [Held(clock, pauses_of(clock), clock.level, clock.state) for clock in rows]


def _locked(rows: QuerySet[Clock]) -> QuerySet[Clock]:
    return with_pauses(rows.order_by("id").select_for_update(of=("self",), no_key=True))


_LOCKED: Final = Prepared[Clock](lambda kind, key: _locked(live(Subject(kind, key))))
_LOCKED_OF: Final = Prepared[Clock](lambda kind, key, kinds: _locked(live(Subject(kind, key), kinds)))


def lock(subject: Subject, kinds: Collection[str] | None = None) -> list[Held]:
    """Lock a subject's open promises, of some kinds or all, and read them with their pauses, in one statement.

    For callers that hold the subject's lock. Without it the pauses might be older than the lock: use `lock_alone`.
    """
    if kinds is None:
        return in_hand(_LOCKED(subject.kind, subject.id))
    return in_hand(_LOCKED_OF(subject.kind, subject.id, tuple(str(each) for each in kinds))) if kinds else []


def lock_alone(rows: QuerySet[Clock]) -> list[Held]:
    """Lock clocks whose subject is not locked: first the lock, then what is true under it."""
    ids = list(rows.order_by("id").select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    return read(ids)


def read(ids: Collection[int]) -> list[Held]:
    """Clocks that are locked already, with their pauses."""
    return in_hand(with_pauses(Clock.objects.filter(pk__in=list(ids)).order_by("next_at", "id")))


def live(subject: Subject, kinds: Collection[str] | None = None) -> QuerySet[Clock]:
    """A subject's open promises, of some kinds or all."""
    rows = Clock.objects.filter(subject_kind=subject.kind, subject_id=subject.id, state__in=sorted(LIVE))
    return rows if kinds is None else rows.filter(kind__in=list(kinds))


def reckon(each: Held, at: datetime) -> None:
    """Set everything that follows from start, target and pauses: deadline, warning, and what happens next."""
    clock, calendar, state = each.clock, each.calendar, each.state
    due, warn = rules.due_at(calendar, state), rules.warn_at(calendar, state)
    clock.due_at = due.at if due else None
    clock.warn_at = warn.at if warn else None
    clock.provisional = due.provisional if due else clock.provisional
    if clock.state in LIVE:
        clock.state = RunState.PAUSED if rules.is_paused(state, at) else RunState.RUNNING
    clock.next_at = _next_at(each, calendar, state, at)


def _next_at(each: Held, calendar: WorkingCalendar, state: rules.ClockState, at: datetime) -> datetime | None:
    clock = each.clock
    if clock.state not in LIVE:
        return None
    if clock.state == RunState.PAUSED:
        # Nobody is called meanwhile, but a deadline that had passed before the pause is still a breach.
        moments = [pause.until_at for pause in each.pauses if pause.covers(at) and pause.until_at is not None]
    else:
        call = rules.next_call(calendar, state, each.ladder, each.last_call, each.quiet)
        moments = [call.at] if call else []
    if not clock.is_breached and clock.due_at is not None:
        moments.append(clock.due_at)
    return min(moments, default=None)


def judge(each: Held, at: datetime, recorded_at: datetime) -> tuple[Judgement, bool]:
    """What the promise is worth, and whether a breach on record turned out wrong; sets an ended clock's outcome.

    A live clock is judged as of `at`, an ended one by its stop, whenever that became known.
    """
    clock = each.clock
    known = [moment for moment in (clock.stopped_at, clock.breached_at) if moment is not None]
    as_of = max([at, *known]) if clock.state in LIVE else max([recorded_at, *known])
    judged = rules.outcome(each.calendar, each.state, as_of)
    if clock.state in LIVE:
        wrong = clock.is_breached and (judged.due is None or judged.due.at > as_of)
    else:
        wrong = judged.withdraws_breach
        clock.outcome = judged.outcome
        if judged.outcome == Outcome.BROKEN and judged.due is not None and not clock.is_breached:
            clock.breached_at, clock.breach_withdrawn_at = judged.due.at, None
    if wrong:
        clock.breach_withdrawn_at = recorded_at
    return judged, wrong


def write(clocks: Sequence[Held]) -> set[int]:
    """Write clocks back with one statement, each only if it still stands where it was read; the ids written."""
    if not clocks:
        return set()
    columns: list[tuple[str, str, list[Any]]] = [
        ("id", "bigint", [each.clock.pk for each in clocks]),
        ("was_level", "smallint", [each.was_level for each in clocks]),
        ("was_state", "text", [each.was_state for each in clocks]),
        *((name, kind, [_plain(getattr(each.clock, name)) for each in clocks]) for name, kind in WRITTEN.items()),
    ]
    statement = (
        f"update sla_clock c set {', '.join(f'{name} = u.{name}' for name in WRITTEN)}"  # noqa: S608  # own names
        f" from unnest({', '.join(f'%s::{kind}[]' for _, kind, _ in columns)})"
        f" as u({', '.join(name for name, _, _ in columns)})"
        " where c.id = u.id and c.level = u.was_level and c.state = u.was_state returning c.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [values for _, _, values in columns])
        return {row[0] for row in cursor.fetchall()}


def _plain(value: object) -> object:
    return str(value) if isinstance(value, str) else value


def elapsed(each: Held) -> tuple[timedelta, timedelta]:
    """Net and gross working time of an ended clock."""
    calendar, state = each.calendar, each.state
    end = state.stopped_at or state.started_at
    return rules.net_elapsed(calendar, state, end), rules.gross_elapsed(calendar, state, end)
