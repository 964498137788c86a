"""Which level is called when, and who answers."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from anxiu.sla.choices import CallReason, DutyReason
from anxiu.sla.rules import (
    BOTTOM,
    Call,
    Called,
    ClockState,
    Duty,
    DutyEntry,
    Reached,
    Rung,
    Skipped,
    Step,
    Unreached,
    exempt,
    next_call,
    next_rung,
    on_duty,
    pause,
    reach,
    rung_at,
    stop,
    warn_after,
    warn_at,
)

H = timedelta(hours=1)
LADDER = (
    Rung(-3 * H, "owner", None),
    Rung(timedelta(), "supervisor", H / 4),
    Rung(2 * H, "manager", H / 2),
)
WUHAN, HUBEI, BEIJING = 12, 10, 20


@pytest.fixture
def clock(at):
    """Due Tuesday 12:00, warning Monday 18:00."""
    return ClockState(started_at=at("2026-03-02 10:00"), target=10 * H, warn_percent=70)


def test_the_ladder_is_climbed_rung_by_rung():
    assert next_rung(LADDER, BOTTOM) == Step(0, LADDER[0])
    assert next_rung(LADDER, 1) == Step(2, LADDER[2])
    assert next_rung(LADDER, 2) is None


def test_the_warning_is_a_rung_of_the_same_ladder(china, clock):
    warning = Rung(warn_after(clock), "owner", None)
    assert warning == LADDER[0]
    assert rung_at(china, clock, warning) == warn_at(china, clock)


def test_a_rung_above_the_deadline_waits_in_working_time(china, at, clock):
    found = rung_at(china, clock, LADDER[2])
    assert found is not None
    assert found.at == at("2026-03-03 15:00")


def test_a_warning_before_the_start_comes_at_the_start(china, at, clock):
    found = rung_at(china, replace(clock, target=H), LADDER[0])
    assert found is not None
    assert found.at == clock.started_at


def test_the_next_level_is_called_at_its_time_or_when_nobody_acknowledges(china, at, clock):
    call = partial(next_call, china, clock, LADDER)
    assert call(None) == Call(0, LADDER[0], at("2026-03-02 18:00"), CallReason.RUNG_DUE)
    warned = Called(0, at("2026-03-02 18:00"), acknowledged=False)
    assert call(warned) == Call(1, LADDER[1], at("2026-03-03 12:00"), CallReason.RUNG_DUE)
    silent = Called(1, at("2026-03-03 12:00"), acknowledged=False)
    assert call(silent) == Call(2, LADDER[2], at("2026-03-03 13:15"), CallReason.NOT_ACKNOWLEDGED)
    answered = replace(silent, acknowledged=True)
    assert call(answered) == Call(2, LADDER[2], at("2026-03-03 15:00"), CallReason.RUNG_DUE)
    assert call(Called(2, at("2026-03-03 15:00"), acknowledged=False)) is None


def test_a_clock_that_stopped_stands_or_is_exempt_calls_nobody(china, at, clock):
    assert next_call(china, stop(clock, at("2026-03-02 11:00")), LADDER, None) is None
    assert next_call(china, exempt(clock, "typhoon"), LADDER, None) is None
    assert next_call(china, pause(clock, at("2026-03-02 11:00"), None, "parts_on_order"), LADDER, None) is None


@pytest.fixture
def roster(at):
    day, night, end = at("2026-03-02 08:00"), at("2026-03-02 20:00"), at("2026-03-03 08:00")
    return (
        DutyEntry(1, "supervisor", HUBEI, day, night),
        DutyEntry(2, "supervisor", WUHAN, day, night, rank=1),
        DutyEntry(3, "supervisor", WUHAN, day, night, rank=0),
        DutyEntry(4, "supervisor", None, day, end),
        DutyEntry(5, "supervisor", BEIJING, day, end),
        DutyEntry(6, "manager", None, day, end),
    )


@pytest.mark.parametrize(
    ("moment", "absent", "expected"),
    [
        ("2026-03-02 08:00", set(), Duty(3, DutyReason.OWN_REGION)),
        ("2026-03-02 09:00", {3}, Duty(2, DutyReason.OWN_REGION, (Skipped(3, DutyReason.ABSENT),))),
        (
            "2026-03-02 09:00",
            {2, 3},
            Duty(1, DutyReason.WIDER_REGION, (Skipped(3, DutyReason.ABSENT), Skipped(2, DutyReason.ABSENT))),
        ),
        ("2026-03-02 20:00", set(), Duty(4, DutyReason.WHOLE_COMPANY)),
        ("2026-03-02 20:00", {4}, Duty(None, DutyReason.ALL_ABSENT, (Skipped(4, DutyReason.ABSENT),))),
        ("2026-03-03 08:00", set(), Duty(None, DutyReason.NOBODY_ON_DUTY)),
    ],
)
def test_the_nearest_person_on_duty_who_is_there_is_called(roster, at, moment, absent, expected):
    assert on_duty(roster, "supervisor", (WUHAN, HUBEI), at(moment), absent) == expected
    assert on_duty(roster[::-1], "supervisor", (WUHAN, HUBEI), at(moment), absent) == expected


def test_a_level_without_anybody_is_passed_over(roster, at):
    def find(post):
        return on_duty(roster, post, (WUHAN, HUBEI), at("2026-03-02 21:00"), {4})

    nobody = Duty(None, DutyReason.NOBODY_ON_DUTY)
    away = Duty(None, DutyReason.ALL_ABSENT, (Skipped(4, DutyReason.ABSENT),))
    manager = Duty(6, DutyReason.WHOLE_COMPANY)
    assert reach(LADDER, 0, find) == Reached(Step(2, LADDER[2]), manager, (nobody, away))
    assert reach(LADDER, 2, find) == Reached(Step(2, LADDER[2]), manager, ())
    assert reach(LADDER[:2], 0, find) == Unreached((nobody, away))
