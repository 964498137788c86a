"""What a clock shows and refuses."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from anxiu.sla.choices import Because, Outcome, PauseReason, Refusal
from anxiu.sla.rules import (
    ClockRefusal,
    ClockState,
    Day,
    Pause,
    Reckoned,
    drop,
    due_at,
    exempt,
    gross_elapsed,
    is_paused,
    net_elapsed,
    outcome,
    pause,
    reached_at,
    remaining,
    resume,
    retarget,
    stop,
    target_before,
    warn_at,
)

H = timedelta(hours=1)
PARTS = PauseReason.PARTS_ON_ORDER


@pytest.fixture
def clock(at):
    """Ten working hours from Monday 10:00: due Tuesday 12:00."""
    return ClockState(started_at=at("2026-03-02 10:00"), target=10 * H, warn_percent=70)


def _refusal(call):
    with pytest.raises(ClockRefusal) as refusal:
        call()
    return refusal.value.code


def test_due_and_warning_are_working_time(china, at, clock):
    assert due_at(china, clock) == Reckoned(at("2026-03-03 12:00"), provisional=False)
    assert warn_at(china, clock) == Reckoned(at("2026-03-02 18:00"), provisional=False)
    assert remaining(china, clock, at("2026-03-03 11:00")) == 1 * H
    assert remaining(china, clock, at("2026-03-03 14:00")) == -1 * H


def test_a_pause_moves_the_deadline_by_the_working_time_in_it(china, at, clock):
    paused = pause(clock, at("2026-03-02 15:00"), None, PARTS)
    assert due_at(china, paused) is None
    assert warn_at(china, paused) is None
    assert is_paused(paused, at("2026-03-05 09:00"))
    resumed = resume(paused, at("2026-03-04 15:00"))
    assert not is_paused(resumed, at("2026-03-04 15:00"))
    assert due_at(china, resumed) == Reckoned(at("2026-03-05 12:00"), provisional=False)
    assert net_elapsed(china, resumed, at("2026-03-04 16:00")) == 5 * H
    assert gross_elapsed(china, resumed, at("2026-03-04 16:00")) == 21 * H


def test_a_pause_with_an_end_is_over_by_itself(china, at, clock):
    paused = pause(clock, at("2026-03-02 15:00"), at("2026-03-04 15:00"), PARTS)
    assert due_at(china, paused) == Reckoned(at("2026-03-05 12:00"), provisional=False)
    assert not is_paused(paused, at("2026-03-04 15:00"))
    # Resumed sooner, it is due sooner.
    assert due_at(china, resume(paused, at("2026-03-03 15:00"))) == Reckoned(at("2026-03-04 12:00"), provisional=False)
    again = pause(paused, at("2026-03-04 15:00"), at("2026-03-04 16:00"), PARTS)
    assert due_at(china, again) == Reckoned(at("2026-03-05 14:00"), provisional=False)


def test_a_pause_after_the_deadline_changes_nothing(china, at, clock):
    late = pause(clock, at("2026-03-04 09:00"), None, PARTS)
    assert due_at(china, late) == due_at(china, clock)
    assert reached_at(china, late, 12 * H) == Reckoned(at("2026-03-03 15:00"), provisional=False)
    assert reached_at(china, late, 18 * H) is None
    assert outcome(china, late, at("2026-03-05 09:00")).outcome == Outcome.BROKEN


def test_a_pause_at_the_very_deadline_changes_nothing(china, at, clock):
    punctual = pause(clock, at("2026-03-03 12:00"), at("2026-03-04 12:00"), PARTS)
    assert due_at(china, punctual) == due_at(china, clock)


def test_an_unsure_day_before_a_pause_makes_the_deadline_provisional(china, at, clock):
    unsure = replace(china, days={date(2026, 3, 2): Day(is_work=True, name="", provisional=True)})
    paused = pause(clock, at("2026-03-03 09:00"), at("2026-03-04 09:00"), PARTS)
    assert due_at(unsure, paused) == Reckoned(at("2026-03-04 12:00"), provisional=True)


def test_a_deadline_over_unpublished_days_is_provisional(china, at):
    running = ClockState(started_at=at("2026-12-31 10:00"), target=10 * H, warn_percent=70)
    assert due_at(china, running) == Reckoned(at("2027-01-01 12:00"), provisional=True)
    assert warn_at(china, running) == Reckoned(at("2026-12-31 18:00"), provisional=False)
    # What is paused does not depend on the days inside the pause.
    over = pause(replace(running, target=4 * H), at("2026-12-30 11:00") + 24 * H, at("2027-03-01 09:00"), PARTS)
    assert due_at(china, over) == Reckoned(at("2027-03-01 12:00"), provisional=True)


def test_a_new_target_counts_from_the_old_start(china, at, clock):
    urgent = retarget(clock, 4 * H)
    assert urgent.started_at == clock.started_at
    assert due_at(china, urgent) == Reckoned(at("2026-03-02 15:00"), provisional=False)
    assert outcome(china, urgent, at("2026-03-02 16:00")).outcome == Outcome.BROKEN
    assert outcome(china, clock, at("2026-03-02 16:00")).outcome == Outcome.RUNNING
    assert warn_at(china, retarget(clock, 10 * H, warn_percent=20)) == Reckoned(
        at("2026-03-02 12:00"), provisional=False
    )


@pytest.mark.parametrize(
    ("stopped", "result", "because"),
    [
        ("2026-03-03 11:59", Outcome.KEPT, Because.IN_TIME),
        ("2026-03-03 12:00", Outcome.KEPT, Because.IN_TIME),
        # No working time passed over lunch, but the deadline said 12:00.
        ("2026-03-03 12:30", Outcome.BROKEN, Because.STOPPED_LATE),
        ("2026-03-05 10:00", Outcome.BROKEN, Because.STOPPED_LATE),
    ],
)
def test_a_stopped_clock_is_judged_by_the_instant_of_the_fact(china, at, clock, stopped, result, because):
    judged = outcome(china, stop(clock, at(stopped)), at("2026-03-06 10:00"))
    assert (judged.outcome, judged.because) == (result, because)
    assert judged.due == Reckoned(at("2026-03-03 12:00"), provisional=False)


@pytest.mark.parametrize(
    ("now", "result", "because"),
    [
        ("2026-03-03 12:00", Outcome.RUNNING, Because.NOT_YET_DUE),
        ("2026-03-03 12:01", Outcome.BROKEN, Because.PAST_DUE),
    ],
)
def test_a_running_clock_breaks_only_after_its_deadline(china, at, clock, now, result, because):
    judged = outcome(china, clock, at(now))
    assert (judged.outcome, judged.because) == (result, because)


def test_a_paused_clock_says_so(china, at, clock):
    judged = outcome(china, pause(clock, at("2026-03-02 15:00"), None, PARTS), at("2026-04-02 15:00"))
    assert (judged.outcome, judged.because, judged.due) == (Outcome.RUNNING, Because.PAUSED, None)


def test_a_fact_reported_late_withdraws_the_breach(china, at, clock):
    breached = replace(clock, breached_at=at("2026-03-03 12:00"))
    now = at("2026-03-03 16:00")
    assert outcome(china, breached, now).outcome == Outcome.BROKEN
    judged = outcome(china, stop(breached, at("2026-03-03 11:00")), now)
    assert (judged.outcome, judged.because, judged.withdraws_breach) == (Outcome.KEPT, Because.LATE_FACT_IN_TIME, True)
    late = outcome(china, stop(breached, at("2026-03-03 15:00")), now)
    assert (late.outcome, late.withdraws_breach) == (Outcome.BROKEN, False)
    # So does an earlier fact after a later one.
    twice = stop(stop(breached, at("2026-03-03 15:00")), at("2026-03-03 11:00"))
    assert outcome(china, twice, now).withdraws_breach
    # And a longer target.
    assert outcome(china, retarget(breached, 20 * H), now).withdraws_breach


def test_a_clock_can_be_judged_as_of_the_past(china, at, clock):
    stopped = replace(stop(clock, at("2026-03-03 15:00")), breached_at=at("2026-03-03 12:00"))
    past = outcome(china, stopped, at("2026-03-03 10:00"))
    assert (past.outcome, past.because, past.withdraws_breach) == (Outcome.RUNNING, Because.NOT_YET_DUE, False)
    assert outcome(china, stopped, at("2026-03-03 14:00")).because == Because.PAST_DUE


def test_what_was_dropped_in_time_is_exempt_and_later_is_not(china, at, clock):
    now = at("2026-03-06 10:00")
    dropped = outcome(china, drop(clock, at("2026-03-02 16:00")), now)
    assert (dropped.outcome, dropped.because) == (Outcome.EXEMPT, Because.DROPPED_BEFORE_DUE)
    late = outcome(china, drop(clock, at("2026-03-04 16:00")), now)
    assert (late.outcome, late.because) == (Outcome.BROKEN, Because.DROPPED_AFTER_DUE)
    # An earlier fact is still the fact.
    done = stop(drop(clock, at("2026-03-02 16:00")), at("2026-03-02 15:00"))
    assert outcome(china, done, now).outcome == Outcome.KEPT


def test_an_exemption_stands_above_all(china, at, clock):
    broken = replace(stop(clock, at("2026-03-05 10:00")), breached_at=at("2026-03-03 12:00"))
    judged = outcome(china, exempt(broken, "typhoon"), at("2026-03-06 10:00"))
    assert (judged.outcome, judged.because, judged.withdraws_breach) == (Outcome.EXEMPT, Because.EXEMPTED, True)


def test_a_stop_ends_the_pause_it_falls_in_and_forgets_later_ones(at, clock):
    paused = pause(clock, at("2026-03-02 15:00"), at("2026-03-02 16:00"), PARTS)
    paused = pause(paused, at("2026-03-02 17:00"), None, PARTS)
    assert stop(paused, at("2026-03-02 17:30")).pauses[1].until_at == at("2026-03-02 17:30")
    assert stop(paused, at("2026-03-02 16:30")).pauses == paused.pauses[:1]
    assert stop(paused, at("2026-03-02 14:00")).pauses == ()


def test_a_clock_refuses_what_makes_no_sense(at, clock):
    noon, one, two = at("2026-03-02 12:00"), at("2026-03-02 13:00"), at("2026-03-02 14:00")
    early = at("2026-03-02 09:00")
    paused = pause(clock, one, None, PARTS)
    stopped = stop(clock, one)
    assert _refusal(lambda: pause(paused, two, None, PARTS)) == Refusal.ALREADY_PAUSED
    assert _refusal(lambda: pause(paused, noon, one, PARTS)) == Refusal.BEFORE_LAST_PAUSE
    assert _refusal(lambda: pause(clock, early, one, PARTS)) == Refusal.BEFORE_START
    assert _refusal(lambda: pause(clock, two, one, PARTS)) == Refusal.PAUSE_ENDS_BEFORE_IT_BEGINS
    assert _refusal(lambda: pause(clock, one, two, "")) == Refusal.REASON_MISSING
    assert _refusal(lambda: pause(stopped, two, None, PARTS)) == Refusal.ALREADY_STOPPED
    assert _refusal(lambda: resume(clock, two)) == Refusal.NOT_PAUSED
    assert _refusal(lambda: resume(paused, noon)) == Refusal.NOT_PAUSED
    assert _refusal(lambda: resume(stopped, two)) == Refusal.ALREADY_STOPPED
    assert _refusal(lambda: stop(clock, early)) == Refusal.BEFORE_START
    assert _refusal(lambda: stop(stopped, two)) == Refusal.ALREADY_STOPPED
    assert _refusal(lambda: stop(stopped, one)) == Refusal.ALREADY_STOPPED
    assert _refusal(lambda: drop(stopped, two)) == Refusal.ALREADY_STOPPED
    assert _refusal(lambda: exempt(clock, "")) == Refusal.REASON_MISSING
    assert _refusal(lambda: retarget(stopped, 1 * H)) == Refusal.ALREADY_STOPPED
    assert _refusal(lambda: retarget(clock, -1 * H)) == Refusal.BAD_TARGET
    assert _refusal(lambda: retarget(clock, 1 * H, warn_percent=101)) == Refusal.BAD_WARNING
    open_pause, later = Pause(one, None, PARTS), Pause(two, None, PARTS)
    assert _refusal(lambda: replace(clock, pauses=(open_pause, later))) == Refusal.BAD_PAUSES


def test_the_target_before_a_departure(china, always, at):
    started, departure = at("2026-03-02 08:00"), at("2026-03-02 14:00")
    assert target_before(always, started, departure, 2 * H) == 4 * H
    assert target_before(china, started, departure, 2 * H) == 2 * H
    assert target_before(always, departure, departure, 2 * H) == timedelta()
