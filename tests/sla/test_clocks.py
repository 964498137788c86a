"""Clocks on the database: what other apps' verbs start, stop, pause and retarget."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from anxiu.customers.choices import Tier
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.errors import Invalid
from anxiu.regulation.choices import Severity
from anxiu.sla.actions import drop, pause, resume, retarget, set_owner, start, start_before, stop, tick_all
from anxiu.sla.choices import ClockKind, Outcome, RunState
from anxiu.sla.models import Clock, ClockPause
from anxiu.sla.queries import clocks_of, next_due, shown, shown_of

from .conftest import MONDAY

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FIRST, ARRIVAL, PREPARE = ClockKind.FIRST_RESPONSE, ClockKind.ARRIVAL, ClockKind.PREPARE


def only(subject, kind=FIRST) -> Clock:
    return Clock.objects.get(subject_kind=subject.kind, subject_id=subject.id, kind=kind)


@pytest.mark.requirement("SLA-01", "SLA-04")
def test_clocks_start_with_the_deadlines_of_the_regulation(case, told):
    one = case(Severity.URGENT)
    started = start(one, [FIRST, ARRIVAL], at=MONDAY, actor=SYSTEM)
    assert [(clock.kind, clock.due_at, clock.value_key) for clock in started] == [
        (FIRST, MONDAY + 30 * MINUTE, "sla.first_response"),
        (ARRIVAL, MONDAY + 4 * HOUR, "sla.arrival"),
    ]
    assert next_due(started) == next_due(one.subject) == (MONDAY + 30 * MINUTE, FIRST)
    [event] = told(one.subject, "sla.clocks_started")
    assert event["clocks"] == ["first_response", "arrival"]
    assert event["due"] == ["2026-05-11T01:30:00.000000Z", "2026-05-11T05:00:00.000000Z"]
    assert only(one.subject).warn_at == MONDAY + 21 * MINUTE


@pytest.mark.requirement("SLA-02")
def test_a_working_target_counts_working_hours_over_a_holiday(case):
    # The day before Labour Day, 17:00: an hour is left, then five free days, and 9 May 2026 is a make-up workday.
    at = datetime(2026, 4, 30, 9, 0, tzinfo=UTC)
    one = case(Severity.MINOR)
    [clock] = start(one, [FIRST], at=at, actor=SYSTEM)
    assert clock.due_at == datetime(2026, 5, 6, 9, 0, tzinfo=UTC)
    assert (clock.round_the_clock, clock.provisional) == (False, False)
    saturday = datetime(2026, 5, 9, 1, 0, tzinfo=UTC)
    [clock] = start(case(Severity.MINOR), [FIRST], at=saturday, actor=SYSTEM)
    assert clock.due_at == saturday + 9 * HOUR


@pytest.mark.requirement("SLA-02")
def test_a_deadline_in_a_year_not_published_is_provisional(case, told):
    one = case(Severity.MINOR)
    [clock] = start(one, [FIRST], at=datetime(2032, 12, 31, 8, 0, tzinfo=UTC), actor=SYSTEM)
    assert clock.provisional
    assert told(one.subject, "sla.clocks_started")[0]["provisional"] == [True]


@pytest.mark.requirement("SLA-01")
def test_a_tier_shortens_the_target(case):
    [clock] = start(case(tier=Tier.KEY), [ARRIVAL], at=MONDAY, actor=SYSTEM)
    assert clock.target == 4 * HOUR * 70 / 100
    [clock] = start(case(tier=None), [ARRIVAL], at=MONDAY, actor=SYSTEM)
    assert clock.target == 4 * HOUR


def test_starting_costs_two_statements(case):
    one = case(Severity.MINOR)
    start(case(Severity.MINOR), [FIRST], at=MONDAY, actor=SYSTEM)
    with CaptureQueriesContext(connection, ) as seen:
        start(one, [FIRST, ARRIVAL, ClockKind.HAND_OVER, ClockKind.RESOLUTION], at=MONDAY, actor=SYSTEM)
    assert len(seen) == 2
    with CaptureQueriesContext(connection) as seen:
        stop(one.subject, [FIRST, ClockKind.HAND_OVER], at=MONDAY + MINUTE, actor=SYSTEM)
    assert len(seen) == 3


def test_a_second_live_clock_of_a_kind_is_impossible(case):
    one = case()
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    with pytest.raises(IntegrityError):
        start(one, [FIRST], at=MONDAY, actor=SYSTEM)


def test_a_kind_may_start_again_after_it_ended(case):
    one = case()
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    drop(one.subject, [FIRST], at=MONDAY + MINUTE, actor=SYSTEM)
    start(one, [FIRST], at=MONDAY + HOUR, actor=SYSTEM)
    assert [clock.state for clock in clocks_of(one.subject)] == [RunState.DROPPED, RunState.RUNNING]


@pytest.mark.parametrize(
    ("minutes", "outcome", "because"), [(30, "kept", "in_time"), (31, "broken", "stopped_late")]
)
def test_stopping_says_whether_the_promise_was_kept(case, told, minutes, outcome, because):
    one = case()
    start(one, [FIRST, ARRIVAL], at=MONDAY, actor=SYSTEM)
    at = MONDAY + minutes * MINUTE
    [clock] = stop(one.subject, [FIRST, ClockKind.SIGN_OFF], at=at, actor=SYSTEM)
    clock.refresh_from_db()
    assert (clock.state, clock.outcome, clock.stopped_at, clock.next_at) == (RunState.STOPPED, outcome, at, None)
    [event] = told(one.subject, "sla.clocks_stopped")
    assert (event["value_keys"], event["outcomes"], event["because"]) == (["sla.first_response"], [outcome], [because])
    assert (event["net"], event["gross"]) == ([minutes * 60], [minutes * 60])
    assert next_due(one.subject) == (MONDAY + 4 * HOUR, ARRIVAL)


@pytest.mark.parametrize(("minutes", "outcome"), [(29, "exempt"), (31, "broken")])
def test_dropping_exempts_only_what_was_not_late(case, told, minutes, outcome):
    one = case()
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    [clock] = drop(one.subject, at=MONDAY + minutes * MINUTE, actor=SYSTEM)
    assert (clock.state, clock.outcome) == (RunState.DROPPED, outcome)
    assert told(one.subject, "sla.clocks_stopped")[0]["outcomes"] == [outcome]


@pytest.mark.requirement("SLA-06")
def test_a_fact_known_late_withdraws_the_breach(case, told):
    one = case()
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    tick_all(MONDAY + HOUR)
    assert only(one.subject).is_breached
    assert shown_of(one.subject).breached
    [clock] = stop(one.subject, [FIRST], at=MONDAY + 20 * MINUTE, actor=SYSTEM)
    assert (clock.outcome, clock.is_breached, clock.breached_at) == (Outcome.KEPT, False, MONDAY + 30 * MINUTE)
    assert [event["clock_id"] for event in told(one.subject, "sla.breach_withdrawn")] == [clock.pk]
    assert told(one.subject, "sla.clocks_stopped")[0]["because"] == ["late_fact_in_time"]


def test_a_fact_before_the_start_counts_as_at_the_start(case):
    one = case()
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    [clock] = stop(one.subject, [FIRST], at=MONDAY - MINUTE, actor=SYSTEM)
    assert (clock.stopped_at, clock.outcome) == (MONDAY, Outcome.KEPT)


@pytest.mark.requirement("SLA-03")
def test_a_pause_moves_the_deadline_and_ends_by_itself(case, told):
    one = case()
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    pause(one.subject, reason="parts", at=MONDAY + 10 * MINUTE, until=MONDAY + 5 * HOUR, actor=SYSTEM)
    clock = only(one.subject)
    assert (clock.state, clock.due_at) == (RunState.PAUSED, MONDAY + 5 * HOUR + 20 * MINUTE)
    assert clock.next_at == MONDAY + 5 * HOUR
    assert tick_all(MONDAY + 4 * HOUR) == 0
    assert tick_all(MONDAY + 5 * HOUR) == 1
    clock = only(one.subject)
    assert (clock.state, clock.next_at) == (RunState.RUNNING, MONDAY + 5 * HOUR + 11 * MINUTE)
    assert [event["by_itself"] for event in told(one.subject, "sla.clocks_resumed")] == [True]
    assert ClockPause.objects.get().until_at == MONDAY + 5 * HOUR


@pytest.mark.requirement("SLA-03")
def test_net_and_gross_differ_by_the_pauses(case, told):
    one = case()
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    pause(one.subject, reason="parts", at=MONDAY + 10 * MINUTE, until=MONDAY + 5 * HOUR, actor=SYSTEM)
    resume(one.subject, at=MONDAY + 40 * MINUTE, actor=SYSTEM)
    assert only(one.subject).due_at == MONDAY + HOUR
    stop(one.subject, [FIRST], at=MONDAY + 50 * MINUTE, actor=SYSTEM)
    [event] = told(one.subject, "sla.clocks_stopped")
    assert (event["outcomes"], event["net"], event["gross"]) == (["kept"], [20 * 60], [50 * 60])
    [event] = told(one.subject, "sla.clocks_paused")
    assert (event["reason"], event["until"]) == ("parts", "2026-05-11T06:00:00.000000Z")


def test_a_pause_without_an_end_leaves_no_deadline(case):
    one = case()
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    pause(one.subject, reason="parts", at=MONDAY + MINUTE, until=None, actor=SYSTEM)
    clock = only(one.subject)
    assert (clock.due_at, clock.next_at, next_due(one.subject)) == (None, None, None)
    assert pause(one.subject, reason="parts", at=MONDAY + HOUR, until=None, actor=SYSTEM) == []
    resume(one.subject, at=MONDAY + HOUR, actor=SYSTEM)
    assert only(one.subject).due_at == MONDAY + HOUR + 29 * MINUTE
    assert resume(one.subject, at=MONDAY + HOUR, actor=SYSTEM) == []


def test_a_pause_may_follow_one_that_ended_by_itself(case):
    one = case()
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    pause(one.subject, reason="parts", at=MONDAY + MINUTE, until=MONDAY + 2 * MINUTE, actor=SYSTEM)
    pause(one.subject, reason="site", at=MONDAY + 4 * MINUTE, until=MONDAY + 9 * MINUTE, actor=SYSTEM)
    assert only(one.subject).due_at == MONDAY + 36 * MINUTE
    assert [each.until_at for each in ClockPause.objects.order_by("id")] == [MONDAY + 2 * MINUTE, None]


def test_a_pause_of_some_kinds_leaves_the_others_running(case):
    one = case()
    start(one, [FIRST, ARRIVAL], at=MONDAY, actor=SYSTEM)
    pause(one.subject, reason="parts", at=MONDAY + MINUTE, until=MONDAY + HOUR, actor=SYSTEM, kinds=[ARRIVAL])
    assert [only(one.subject, kind).state for kind in (FIRST, ARRIVAL)] == [RunState.RUNNING, RunState.PAUSED]


def test_a_pause_must_end_after_it_begins(case):
    one = case()
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    with pytest.raises(Invalid) as refused:
        pause(one.subject, reason="parts", at=MONDAY, until=MONDAY, actor=SYSTEM)
    assert refused.value.code == "sla.pause_ends_before_it_begins"


@pytest.mark.requirement("SLA-07")
def test_a_new_severity_applies_new_targets_from_the_same_start(case, told):
    one = case(Severity.NORMAL)
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    urgent = case(Severity.URGENT, subject=one.subject)
    retarget(urgent, at=MONDAY + 10 * MINUTE, actor=SYSTEM)
    clock = only(one.subject)
    assert (clock.started_at, clock.due_at, clock.severity) == (MONDAY, MONDAY + 30 * MINUTE, "urgent")
    [event] = told(one.subject, "sla.clocks_retargeted")
    assert (event["due_before"], event["due"]) == (["2026-05-11T03:00:00.000000Z"], ["2026-05-11T01:30:00.000000Z"])


@pytest.mark.requirement("SLA-07")
def test_a_milder_severity_withdraws_a_breach_that_is_none_any_more(case, told):
    one = case(Severity.URGENT)
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    tick_all(MONDAY + 31 * MINUTE)
    retarget(case(Severity.NORMAL, subject=one.subject), at=MONDAY + 32 * MINUTE, actor=SYSTEM)
    clock = only(one.subject)
    assert (clock.is_breached, clock.due_at) == (False, MONDAY + 2 * HOUR)
    assert len(told(one.subject, "sla.breach_withdrawn")) == 1
    tick_all(MONDAY + 2 * HOUR)
    assert only(one.subject).breached_at == MONDAY + 2 * HOUR


def test_preparing_is_due_a_while_before_departure_but_never_at_once(case):
    one, two = case(), case()
    [clock] = start_before(one, PREPARE, MONDAY + 6 * HOUR, at=MONDAY, actor=SYSTEM)
    assert (clock.due_at, clock.value_key) == (MONDAY + 4 * HOUR, "sla.prepare_before")
    [clock] = start_before(two, PREPARE, MONDAY + HOUR, at=MONDAY, actor=SYSTEM)
    assert clock.due_at == MONDAY + 15 * MINUTE
    retarget(case(Severity.MINOR, subject=one.subject), at=MONDAY + MINUTE, actor=SYSTEM)
    assert only(one.subject, PREPARE).due_at == MONDAY + 4 * HOUR


def test_what_a_subject_shows_comes_from_clocks_in_hand(case):
    one = case()
    started = start(one, [FIRST, ARRIVAL], at=MONDAY, actor=SYSTEM)
    with CaptureQueriesContext(connection) as seen:
        assert shown(one.subject.id, started) == (one.subject.id, MONDAY + 30 * MINUTE, FIRST, False)
    assert len(seen) == 0
    drop(one.subject, at=MONDAY, actor=SYSTEM)
    assert shown_of(one.subject) == (one.subject.id, None, "", False)


def test_a_new_owner_is_on_all_live_clocks(case, person):
    one, other = case(), person("agent")
    start(one, [FIRST, ARRIVAL], at=MONDAY, actor=SYSTEM)
    stop(one.subject, [FIRST], at=MONDAY, actor=SYSTEM)
    assert set_owner(one.subject, other.pk) == 1
    assert only(one.subject, ARRIVAL).owner_id == other.pk
    assert only(one.subject).owner_id == one.owner_id
