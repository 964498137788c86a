"""What clocks do by themselves: warn, break, call the next level, end a pause. Once each, whatever restarts.

A batch of due clocks is taken with SKIP LOCKED, decided in memory, and written together with its events in one
transaction; each clock is only written if it still stands where it was read. Where a batch fails, each of its clocks
is tried alone, and one that fails alone is set aside and reported while the others go on.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F

from anxiu.kernel.action import in_transaction
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.events import Event, Fact, record, record_many
from anxiu.sla import ports, rules
from anxiu.sla.actions.directory import Directory
from anxiu.sla.actions.reckoning import Held, read, reckon, write
from anxiu.sla.choices import RunState
from anxiu.sla.events import ClockBroken, ClockFailed, ClocksResumed, ClockWarned, Escalated, NobodyToCall
from anxiu.sla.models import Clock, ClockPause, Escalation
from anxiu.sla.queries import clocks_of_many, shown
from anxiu.sla.rules import Call, Called, Duty

log = logging.getLogger(__name__)

BATCH: Final = 200  # source: measured, bench/README.md; larger batches hold their locks longer and gain nothing
ERROR_LENGTH: Final = 2000  # source: own choice; enough of an error to know it by
WARNING: Final = 0  # source: the ladder; its lowest level
LOST: Final = (OperationalError, InterfaceError)  # the database or its connection failed, not a clock


@dataclass(slots=True)
class Move:
    """What one clock does now."""

    held: Held
    resumed: bool = False
    broken: bool = False
    call: Escalation | None = None
    found: str = ""
    told: list[Event] = field(default_factory=list)



@dataclass(frozen=True, slots=True)
class Ticked:
    """How many clocks were taken and how many of them set aside; `left`: those whose subject somebody was changing."""

    taken: int
    failed: int
    left: frozenset[int]


def tick(at: datetime, limit: int = BATCH, leave: Collection[int] = ()) -> Ticked:
    """Let up to `limit` clocks that are due at `at` do what they do by themselves; `leave` names clocks to pass over.

    Records: ClocksResumed, ClockBroken, ClockWarned, Escalated, NobodyToCall, ClockFailed.
    """
    return in_transaction(lambda: _tick(at, limit, leave))


def tick_all(at: datetime, limit: int = BATCH) -> int:
    """Tick until nothing is due at `at`; how many clocks were taken, counted again for each level they reached."""
    total, left = 0, frozenset[int]()
    while (ticked := tick(at, limit, left)).taken or ticked.left:
        total += ticked.taken
        left |= ticked.left
    return total


def _tick(at: datetime, limit: int, leave: Collection[int]) -> Ticked:
    waiting = Clock.objects.filter(next_at__lte=at, failed_at=None).exclude(pk__in=list(leave))
    locking = waiting.order_by("next_at", "id").select_for_update(skip_locked=True, of=("self",), no_key=True)
    due = list(locking.values_list("pk", "subject_kind", "subject_id")[:limit])
    mine = _lock_subjects(due)
    clocks = read(mine)
    directory = Directory([each.clock for each in clocks], at)
    moves, failed = [], 0
    for each in clocks:
        try:
            moves.append(_decide(each, at, directory))
        except LOST:
            raise
        except Exception as error:
            failed += 1
            _set_aside(each.clock.pk, at, error)
    failed += _write_all(moves, at)
    return Ticked(len(mine), failed, frozenset(clock for clock, _, _ in due) - set(mine))


def _lock_subjects(due: Sequence[tuple[int, str, int]]) -> list[int]:
    """The clocks whose subject this transaction could lock without waiting, or whose subject nobody keeps."""
    got: dict[str, Collection[int]] = {}
    for kind in {kind for _, kind, _ in due}:
        subjects = {subject for _, each, subject in due if each == kind}
        port = ports.subject_port(kind)
        got[kind] = set(port.lock(sorted(subjects), wait=False)) if port else subjects
    return [clock for clock, kind, subject in due if subject in got[kind]]


# ---- what one clock does -------------------------------------------------------------------------------------------
def _decide(each: Held, at: datetime, directory: Directory) -> Move:
    """One thing at a time: a clock that has more to do is due again at once."""
    clock, move = each.clock, Move(each)
    if not clock.is_breached and clock.due_at is not None and clock.due_at <= at:
        clock.breached_at, clock.breach_withdrawn_at = clock.due_at, None
        move.broken = True
    if clock.state == RunState.PAUSED:
        move.resumed = not rules.is_paused(each.state, at)
    elif (call := _due_call(each, at)) is not None:
        _call(move, call, at, directory)
    reckon(each, at)
    stands = (clock.level, clock.state, move.broken) == (each.was_level, each.was_state, False)
    if stands and clock.next_at is not None and clock.next_at <= at:
        raise RuntimeError(f"clock {clock.pk} is due but has nothing to do")
    return move


def _due_call(each: Held, at: datetime) -> Call | None:
    """The level to call now. A warning that would come after the breach is not given any more."""
    calendar, state, ladder = each.calendar, each.state, each.ladder
    call = rules.next_call(calendar, state, ladder, each.last_call, each.quiet)
    if call is not None and call.level == WARNING and each.clock.is_breached:
        each.clock.level, each.clock.called_at, each.clock.acknowledged = WARNING, call.at, True
        call = rules.next_call(
            calendar, state, ladder, Called(WARNING, call.at, acknowledged=True), each.quiet
        )
    return call if call is not None and call.at <= at else None


def _call(move: Move, call: Call, at: datetime, directory: Directory) -> None:
    each, clock = move.held, move.held.clock
    ladder = each.ladder

    def find(post: str) -> Duty:
        return directory.find(post, clock)

    reached = rules.reach(ladder, call.level, find)
    clock.level, clock.called_at, clock.acknowledged = call.level, at, True
    acknowledge_by = None
    if isinstance(reached, rules.Unreached):
        if call.level != WARNING:
            clock.level = len(ladder) - 1
            posts = tuple(rung.to for rung in ladder[call.level :])
            move.told.append(NobodyToCall(clock.pk, clock.kind, call.level, posts))
        return
    if call.level != WARNING:
        # In the owner's absence a warning goes up as well, but it stays a warning: nobody must acknowledge it.
        clock.level = reached.step.level
        if (within := reached.step.rung.acknowledge_within) is not None:
            clock.acknowledged, acknowledge_by = False, rules.add_working(each.calendar, at, within).at
    person = reached.duty.person
    if person is None:
        raise RuntimeError("a level was reached without a person")
    move.found = reached.duty.because
    move.call = Escalation(
        clock=clock, level=clock.level, post=reached.step.rung.to, person_id=person, because=call.because,
        called_at=at, acknowledge_by=acknowledge_by,
    )  # fmt: skip


# ---- writing -------------------------------------------------------------------------------------------------------
def _write_all(moves: Sequence[Move], at: datetime) -> int:
    """Write a batch; where that fails, each clock alone. How many were set aside."""
    if not moves:
        return 0
    try:
        with transaction.atomic():
            _write(moves, at)
    except LOST:
        raise
    except Exception as error:
        if len(moves) == 1:
            _set_aside(moves[0].held.clock.pk, at, error)
            return 1
        log.warning("a batch of %s clocks failed, trying each alone: %r", len(moves), error)
        return sum(_write_all([move], at) for move in moves)
    return 0


def _write(moves: Sequence[Move], at: datetime) -> None:
    written = write([move.held for move in moves])
    done = [move for move in moves if move.held.clock.pk in written]
    called = [move for move in done if move.call is not None]
    if resumed := [move.held.clock.pk for move in done if move.resumed]:
        ClockPause.objects.filter(clock__in=resumed, until_at=None).update(until_at=F("expected_until"))
    if called:
        calls = [move.call for move in called if move.call is not None]
        earlier = Escalation.objects.filter(clock__in=[call.clock_id for call in calls], superseded_at=None)
        earlier.filter(acknowledged_at=None, acknowledge_by__isnull=False).update(superseded_at=at)
        for call in calls:
            call.pk = None  # a batch that failed may have given it a key
        Escalation.objects.bulk_create(calls)
    record_many([fact for move in done for fact in _facts(move, at)], actor=SYSTEM)
    _tell([move.held for move in done if move.broken or move.resumed])


def _facts(move: Move, at: datetime) -> list[Fact]:
    clock, subject = move.held.clock, move.held.subject
    facts: list[Fact] = []

    def add(event: Event, when: datetime) -> None:
        facts.append(Fact(event, subject, clock.region_id, when))

    if move.resumed:
        add(ClocksResumed((clock.pk,), (clock.kind,), (clock.due_at,), by_itself=True), at)
    if move.broken and clock.breached_at is not None:
        add(ClockBroken(clock.pk, clock.kind, clock.value_key, clock.breached_at), clock.breached_at)
    if (call := move.call) is not None and call.level == WARNING:
        add(ClockWarned(clock.pk, clock.kind, clock.value_key, clock.due_at, call.person_id), at)
    elif call is not None:
        add(
            Escalated(
                clock.pk, call.pk, clock.kind, clock.value_key, call.level, call.post, call.person_id, call.because,
                move.found, clock.due_at, call.acknowledge_by, clock.is_breached,
            ),
            at,
        )  # fmt: skip
    for event in move.told:
        add(event, at)
    return facts


def _tell(changed: Sequence[Held]) -> None:
    """Let those who keep subjects write what they show."""
    for kind in {each.subject.kind for each in changed}:
        port = ports.subject_port(kind)
        if port is not None:
            ids = sorted({each.subject.id for each in changed if each.subject.kind == kind})
            port.told([shown(key, clocks) for key, clocks in clocks_of_many(kind, ids).items()])


def _set_aside(clock_id: int, at: datetime, error: Exception) -> None:
    log.error("clock %s could not be evaluated and was set aside", clock_id, exc_info=error)
    clock = Clock.objects.get(pk=clock_id)
    clock.failed_at, clock.error = at, repr(error)[:ERROR_LENGTH]
    clock.save(update_fields=["failed_at", "error"])
    subject = Held(clock, (), clock.level, clock.state).subject
    record(ClockFailed(clock.pk, clock.kind), subject=subject, region_id=clock.region_id, actor=SYSTEM, at=at)
