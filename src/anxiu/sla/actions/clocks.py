"""What other apps' verbs do with clocks, as part of their own transaction: no verbs of their own, no permission here.

Every function writes one event that lists all clocks it changed; the caller updates what its subject shows.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import DateTimeField, F, Q, Value
from django.db.models.functions import Least

from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import Invalid
from anxiu.kernel.events import Event, Fact, record_many
from anxiu.kernel.rows import insert
from anxiu.kernel.time import now
from anxiu.kernel.values import Reading, reading
from anxiu.sla import rules
from anxiu.sla.actions.reckoning import Held, elapsed, held, judge, live, lock, read, reckon, write
from anxiu.sla.choices import ClockKind, Exemption, RunState, Why
from anxiu.sla.events import (
    BreachWithdrawn,
    ClocksPaused,
    ClocksResumed,
    ClocksRetargeted,
    ClocksStarted,
    ClocksStopped,
)
from anxiu.sla.models import Clock, ClockPause
from anxiu.sla.rules import Judgement
from anxiu.sla.rules.case import Case, Promise
from anxiu.sla.rules.promise import promise, readiness
from anxiu.sla.values import WARNING_SHARE

# Makes the event from the changed clocks and their judgements.
Told = Callable[[Sequence[Held], Sequence[Judgement]], Event | None]

def start(case: Case, kinds: Sequence[ClockKind], *, at: datetime, actor: Actor) -> list[Clock]:
    """Begin promises at `at`. Two statements.

    Records: ClocksStarted.
    """
    figures = reading(case.version_id)
    return _begin([_new(case, kind, promise(case, kind, figures), at) for kind in kinds], at, actor)


def start_before(case: Case, kind: ClockKind, instant: datetime, *, at: datetime, actor: Actor) -> list[Clock]:
    """Begin a promise that must be kept a while before `instant`, as prepared before departure. Two statements.

    Records: ClocksStarted.
    """
    ready = readiness(case, instant, reading(case.version_id))
    clock = _new(case, kind, ready.promise(at), at)
    clock.before_at = instant
    return _begin([clock], at, actor)


def stop(subject: Subject, kinds: Collection[ClockKind], *, at: datetime, actor: Actor) -> list[Clock]:
    """What was promised happened at `at`, which may lie before a breach on record: the breach is then withdrawn.

    A kind without a live clock is passed over. Records: ClocksStopped, BreachWithdrawn.
    """
    return _end(subject, kinds, RunState.STOPPED, at, actor)


def drop(subject: Subject, kinds: Collection[ClockKind] | None = None, *, at: datetime, actor: Actor) -> list[Clock]:
    """The matter ended at `at` without what was promised (cancelled, declined): exempt, unless it was late already.

    Without kinds, all live clocks. Records: ClocksStopped, BreachWithdrawn.
    """
    return _end(subject, kinds, RunState.DROPPED, at, actor)


def exempt(
    subject: Subject, kinds: Collection[ClockKind], reason: Exemption, *, at: datetime, actor: Actor
) -> list[Clock]:
    """The promises bind no more, because others stand in their place: neither kept nor broken, even where late.

    Records: ClocksStopped, BreachWithdrawn.
    """
    return _end(subject, kinds, RunState.DROPPED, at, actor, exempted=reason)


def start_as(case: Case, others: Sequence[Clock], *, at: datetime, actor: Actor) -> list[Clock]:
    """Begin for this case what was promised by other clocks: from their start and with their pauses, aimed at the
    case's own targets. So nobody gains time by taking a matter apart.

    Records: ClocksStarted.
    """
    figures = reading(case.version_id)
    fresh = []
    for other in read([each.pk for each in others]):
        kind = ClockKind(other.clock.kind)
        clock = _new(case, kind, promise(case, kind, figures), other.clock.started_at)
        fresh.append(Held(clock, other.pauses, clock.level, clock.state))
    clocks = _begin([each.clock for each in fresh], at, actor, fresh)
    ClockPause.objects.bulk_create(
        ClockPause(clock=each.clock, from_at=pause.from_at, until_at=pause.until_at, reason=pause.reason)
        for each in fresh
        for pause in each.pauses
    )
    return clocks


def pause(
    subject: Subject, *, reason: str, at: datetime, until: datetime | None, actor: Actor,
    kinds: Collection[ClockKind] | None = None,
) -> list[Clock]:  # fmt: skip
    """Let time stop counting for the subject's running clocks until `until`, when it counts again by itself.

    Records: ClocksPaused, BreachWithdrawn. Refuses: an end that is not after the beginning.
    """
    if until is not None and until <= at:
        raise Invalid("sla.pause_ends_before_it_begins", field="until")
    running = [each for each in lock(subject, kinds) if not rules.is_paused(each.state, at)]
    over = ClockPause.objects.filter(clock__in=[each.clock.pk for each in running if each.pauses], until_at=None)
    if any(each.pauses for each in running):
        over.update(until_at=F("expected_until"))
    rows = [row for each in running if (row := _pause_of(each, reason, at, until))]
    ClockPause.objects.bulk_create(rows)
    paused = {row.clock_id for row in rows}
    return _settle(
        [each for each in running if each.clock.pk in paused], at, actor,
        lambda done, _: ClocksPaused(_ids(done), _kinds(done), reason, until),
    )  # fmt: skip


def resume(subject: Subject, *, at: datetime, actor: Actor) -> list[Clock]:
    """Let time count again for the subject's paused clocks; those whose pause was over by itself stay as they are.

    Records: ClocksResumed.
    """
    paused = [each for each in lock(subject) if rules.is_paused(each.state, at)]
    _close_pauses(paused, at)
    return _settle(
        paused, at, actor, lambda done, _: ClocksResumed(_ids(done), _kinds(done), _due(done), by_itself=False)
    )


def retarget(case: Case, *, at: datetime, actor: Actor, why: Why = Why.SEVERITY) -> list[Clock]:
    """Apply the targets of another severity (or tier, or version) to the subject's live clocks, from the same start.

    Records: ClocksRetargeted, BreachWithdrawn.
    """
    figures = reading(case.version_id)
    clocks = lock(case.subject)
    for each in clocks:
        _aim(each.clock, case, _promise_again(each.clock, case, figures), figures)
    return move(clocks, why, at=at, actor=actor)


def move(clocks: Sequence[Held], why: Why, *, at: datetime, actor: Actor) -> list[Clock]:
    """Reckon one subject's locked clocks anew; those whose deadline or warning stays are left out of the event.

    Records: ClocksRetargeted, BreachWithdrawn.
    """
    before = {each.clock.pk: each.clock.due_at for each in clocks}

    def told(done: Sequence[Held], _: Sequence[Judgement]) -> Event | None:
        moved = [each for each in done if each.clock.due_at != before[each.clock.pk]]
        if not moved:
            return None
        due_before = tuple(before[each.clock.pk] for each in moved)
        return ClocksRetargeted(_ids(moved), _kinds(moved), _keys(moved), why, due_before, _due(moved))

    return _settle(clocks, at, actor, told)


def set_owner(subject: Subject, owner_id: int | None) -> int:
    """Name another owner for the subject's live clocks: who is warned. One statement; how many."""
    return live(subject).update(owner_id=owner_id)


# ---- parts of the above --------------------------------------------------------------------------------------------
def _new(case: Case, kind: ClockKind, promised: Promise, at: datetime) -> Clock:
    clock = Clock(
        subject_kind=case.subject.kind, subject_id=case.subject.id, kind=kind, owner_id=case.owner_id,
        time_zone=case.time_zone, started_at=at,
    )  # fmt: skip
    _aim(clock, case, promised, reading(case.version_id))
    return clock


def _aim(clock: Clock, case: Case, promised: Promise, figures: Reading) -> None:
    clock.region_id, clock.version_id, clock.severity = case.region_id, case.version_id, case.severity
    clock.value_key, clock.target = promised.value_key, promised.target
    clock.round_the_clock = not promised.working
    clock.warn_percent = figures(WARNING_SHARE)


def _promise_again(clock: Clock, case: Case, figures: Reading) -> Promise:
    if clock.before_at is not None:
        return readiness(case, clock.before_at, figures).promise(clock.started_at)
    return promise(case, ClockKind(clock.kind), figures)


def _begin(
    clocks: list[Clock], at: datetime, actor: Actor, with_pauses: Sequence[Held] | None = None
) -> list[Clock]:
    fresh = with_pauses or [held(clock) for clock in clocks]
    for each in fresh:
        reckon(each, at)
    insert(*clocks)
    if fresh:
        told = ClocksStarted(
            _ids(fresh), _kinds(fresh), _keys(fresh), tuple(clock.target for clock in clocks),
            tuple(not clock.round_the_clock for clock in clocks), _due(fresh),
            tuple(clock.provisional for clock in clocks),
        )  # fmt: skip
        record_many([Fact(told, fresh[0].subject, clocks[0].region_id, at)], actor=actor)
    return clocks


def _pause_of(each: Held, reason: str, at: datetime, until: datetime | None) -> ClockPause | None:
    """Add a pause to a clock, after any it had before; None where it would be over before it began."""
    earlier = [pause.until_at for pause in each.pauses if pause.until_at is not None]
    from_at = max(at, each.clock.started_at, *earlier)
    if len(earlier) < len(each.pauses) or (until is not None and until <= from_at):
        return None
    each.pauses = rules.pause(each.state, from_at, until, reason).pauses
    return ClockPause(clock=each.clock, from_at=from_at, expected_until=until, reason=reason)


def _end(
    subject: Subject, kinds: Collection[ClockKind] | None, state: RunState, at: datetime, actor: Actor,
    *, exempted: str = "",
) -> list[Clock]:  # fmt: skip
    ended = lock(subject, kinds)
    _close_pauses([each for each in ended if each.pauses], at)
    for each in ended:
        # A fact cannot lie before what it ends: a phone's clock may be a little behind the server's.
        each.clock.stopped_at = max(at, each.clock.started_at)
        each.clock.state, each.clock.exempted = state, exempted

    def told(done: Sequence[Held], judged: Sequence[Judgement]) -> Event:
        passed = [elapsed(each) for each in done]
        return ClocksStopped(
            _ids(done), _kinds(done), _keys(done),
            tuple(each.outcome.value for each in judged), tuple(exempted or each.because.value for each in judged),
            _due(done),
            tuple(net for net, _ in passed), tuple(gross for _, gross in passed),
        )  # fmt: skip

    return _settle(ended, at, actor, told)


def _close_pauses(paused: Sequence[Held], at: datetime) -> None:
    """Let no pause reach beyond `at`; one that began only then never was."""
    rows = ClockPause.objects.filter(clock__in=[each.clock.pk for each in paused])
    if any(pause.from_at >= at for each in paused for pause in each.pauses):
        rows.filter(from_at__gte=at).delete()
    if paused:
        # PostgreSQL's LEAST passes over what is null.
        end = Least(F("until_at"), F("expected_until"), Value(at, output_field=DateTimeField()))
        rows.filter(Q(until_at=None) | Q(until_at__gt=at)).update(until_at=end)
    for each in paused:
        each.pauses = tuple(
            replace(pause, until_at=at) if pause.covers(at) else pause for pause in each.pauses if pause.from_at < at
        )


def _settle(clocks: Sequence[Held], at: datetime, actor: Actor, told: Told) -> list[Clock]:
    """Judge and reckon one subject's changed clocks, write them with one statement and their events with another."""
    if not clocks:
        return []
    recorded_at = now()
    judged, facts = [], []
    for each in clocks:
        breached_at = each.clock.breached_at
        verdict, wrong = judge(each, at, recorded_at)
        reckon(each, at)
        judged.append(verdict)
        if wrong and breached_at is not None:
            clock = each.clock
            withdrawn = BreachWithdrawn(clock.pk, clock.kind, clock.value_key, breached_at)
            facts.append(Fact(withdrawn, each.subject, clock.region_id, at))
    write(clocks)
    if event := told(clocks, judged):
        facts.append(Fact(event, clocks[0].subject, clocks[0].clock.region_id, at))  # has the last word on a case
    record_many(facts, actor=actor)
    return [each.clock for each in clocks]


def _ids(clocks: Sequence[Held]) -> tuple[int, ...]:
    return tuple(each.clock.pk for each in clocks)


def _kinds(clocks: Sequence[Held]) -> tuple[str, ...]:
    return tuple(str(each.clock.kind) for each in clocks)


def _keys(clocks: Sequence[Held]) -> tuple[str, ...]:
    return tuple(each.clock.value_key for each in clocks)


def _due(clocks: Sequence[Held]) -> tuple[datetime | None, ...]:
    return tuple(each.clock.due_at for each in clocks)
