"""What clocks do by themselves: warn, break, climb the ladder to a named person, and never stop for one that fails."""

from datetime import timedelta

import pytest

from anxiu.kernel.actor import SYSTEM, Subject
from anxiu.kernel.errors import NotAllowed, NotFound, WrongState
from anxiu.regulation.choices import Severity
from anxiu.sla import actions, ports
from anxiu.sla.actions import NewDuty, acknowledge, set_duty, start, stop, tick, tick_all
from anxiu.sla.choices import ClockKind, RunState
from anxiu.sla.models import Clock, Escalation
from anxiu.sla.queries import escalations_for, next_to_break, open_escalations, set_aside

from .conftest import MONDAY

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FIRST = ClockKind.FIRST_RESPONSE
DUE = MONDAY + 30 * MINUTE

absentees: set[int] = set()
locked: set[int] = set()
shown: list[ports.Change] = []


@ports.absent
def _away(people, at):
    return absentees & set(people)


ports.on_change("kept", shown.extend, lock=lambda ids, *, wait: set(ids) - locked)


@pytest.fixture(autouse=True)
def _nobody_away():
    for each in (absentees, locked, shown):
        each.clear()


@pytest.fixture
def supervisor(person):
    return person("supervisor")


@pytest.fixture
def manager(person):
    return person("management", region=None)


def calls(subject):
    rows = Escalation.objects.filter(clock__subject_kind=subject.kind, clock__subject_id=subject.id).order_by("level")
    return [(row.level, row.post, row.person_id, row.because) for row in rows]


@pytest.mark.requirement("SLA-05")
def test_the_owner_is_warned_before_the_breach(case, told):
    one = case()
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    assert tick_all(MONDAY + 20 * MINUTE) == 0
    assert tick_all(MONDAY + 21 * MINUTE) == 1
    assert calls(one.subject) == [(0, "owner", one.owner_id, "rung_due")]
    assert tick_all(MONDAY + 29 * MINUTE) == 0
    assert [event["person_id"] for event in told(one.subject, "sla.clock_warned")] == [one.owner_id]


@pytest.mark.requirement("SLA-05")
def test_a_breach_climbs_to_named_people_until_somebody_acknowledges(case, told, supervisor, manager):
    one = case()
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    for minutes in (21, 30, 44, 45, 46):
        tick_all(MONDAY + minutes * MINUTE)
    assert calls(one.subject) == [
        (0, "owner", one.owner_id, "rung_due"),
        (1, "supervisor", supervisor.pk, "rung_due"),
        (2, "management", manager.pk, "not_acknowledged"),
    ]
    assert [event["due_at"] for event in told(one.subject, "sla.clock_broken")] == ["2026-05-11T01:30:00.000000Z"]
    assert [event["level"] for event in told(one.subject, "sla.escalated")] == [1, 2]
    assert [row.superseded_at for row in Escalation.objects.order_by("level")] == [None, MONDAY + 45 * MINUTE, None]
    assert Clock.objects.get().next_at is None


@pytest.mark.requirement("SLA-05")
def test_who_acknowledges_holds_the_next_level_off_until_its_own_time(case, acting, told, supervisor, manager):
    from anxiu.accounts.queries import actor_of

    one = case()
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    tick_all(DUE)
    actor = actor_of(supervisor)
    [call] = escalations_for(actor)
    acknowledge(actor=actor, at=DUE + MINUTE, escalation_uid=call.uid)
    assert list(escalations_for(actor)) == []
    tick_all(DUE + 16 * MINUTE)
    assert [level for level, *_ in calls(one.subject)] == [1]
    tick_all(DUE + 30 * MINUTE)
    assert calls(one.subject)[-1] == (2, "management", manager.pk, "rung_due")
    [event] = told(one.subject, "sla.escalation_acknowledged")
    assert (event["person_id"], event["level"]) == (supervisor.pk, 1)


def test_only_who_was_called_or_stands_above_may_acknowledge(case, acting, south, supervisor, manager):
    from anxiu.accounts.queries import actor_of

    one = case()
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    tick_all(DUE)
    call = Escalation.objects.get(level=1)
    for stranger in (acting("agent"), acting("supervisor", region=south)):
        with pytest.raises(NotFound):
            acknowledge(actor=stranger, at=DUE, escalation_uid=call.uid)
    with pytest.raises(NotAllowed):
        acknowledge(actor=acting("partner"), at=DUE, escalation_uid=call.uid)
    manager_acting = actor_of(manager)
    acknowledge(actor=manager_acting, at=DUE, escalation_uid=call.uid)
    with pytest.raises(WrongState) as refused:
        acknowledge(actor=manager_acting, at=DUE, escalation_uid=call.uid)
    assert refused.value.code == "sla.nothing_to_acknowledge"
    stop(one.subject, [FIRST], at=DUE, actor=SYSTEM)
    with pytest.raises(WrongState) as refused:
        acknowledge(actor=manager_acting, at=DUE, escalation_uid=call.uid)
    assert refused.value.code == "sla.clock_ended"


@pytest.mark.requirement("SLA-05")
def test_the_roster_goes_before_other_holders_of_the_post_and_absentees_are_skipped(case, person, north, supervisor, manager):
    on_duty = person("supervisor")
    new = NewDuty(on_duty.pk, "supervisor", MONDAY, MONDAY + 12 * HOUR, north.pk)
    set_duty(actor=SYSTEM, at=MONDAY, new=new)
    one, two, three = case(), case(), case()
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    tick_all(DUE)
    assert calls(one.subject) == [(1, "supervisor", on_duty.pk, "rung_due")]
    absentees.add(on_duty.pk)
    start(two, [FIRST], at=MONDAY, actor=SYSTEM)
    tick_all(DUE)
    assert calls(two.subject) == [(1, "supervisor", supervisor.pk, "rung_due")]
    absentees.add(supervisor.pk)
    start(three, [FIRST], at=MONDAY, actor=SYSTEM)
    tick_all(DUE)
    assert calls(three.subject) == [(2, "management", manager.pk, "rung_due")]


def test_the_warning_of_an_absent_owner_goes_up_but_stays_a_warning(case, supervisor):
    one = case()
    absentees.add(one.owner_id)
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    tick_all(MONDAY + 21 * MINUTE)
    assert calls(one.subject) == [(0, "supervisor", supervisor.pk, "rung_due")]
    assert Escalation.objects.get().acknowledge_by is None
    tick_all(DUE)
    assert [level for level, *_ in calls(one.subject)] == [0, 1]


@pytest.mark.requirement("SLA-05")
def test_an_engineer_on_leave_is_an_absentee(north, person):
    from anxiu.workforce.models import Engineer, Leave

    away, back, here = (person("engineer") for _ in range(3))
    for number, each in enumerate((away, back, here)):
        engineer = Engineer.objects.create(
            person=each, region=north, number=f"E{number}", grade="junior", started_date=MONDAY.date(), created_at=MONDAY
        )
        if each is not here:
            days = 2 if each is away else 1
            Leave.objects.create(
                engineer=engineer, kind="annual", starts_at=MONDAY - 24 * HOUR, ends_at=MONDAY + (days - 1) * 24 * HOUR,
                created_at=MONDAY,
            )  # fmt: skip
    assert ports.who_is_absent({away.pk, back.pk, here.pk}, MONDAY) == {away.pk}


def test_a_person_who_left_is_not_called(case, person, supervisor, manager):
    supervisor.is_active = False
    supervisor.save()
    one = case()
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    tick_all(DUE)
    assert calls(one.subject) == [(2, "management", manager.pk, "rung_due")]


def test_where_nobody_can_be_called_it_is_said_once(case, told):
    one = case()
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    tick_all(DUE)
    tick_all(DUE + 5 * HOUR)
    assert calls(one.subject) == []
    assert [event["posts"] for event in told(one.subject, "sla.nobody_to_call")] == [["supervisor", "management"]]
    assert Clock.objects.get().is_breached


@pytest.mark.requirement("SLA-06")
def test_workers_that_were_away_call_each_level_once_and_no_warning_comes_after_the_breach(case, told, supervisor, manager):
    one = case()
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    tick_all(MONDAY + 9 * HOUR)
    tick_all(MONDAY + 9 * HOUR)
    assert [level for level, *_ in calls(one.subject)] == [1, 2]
    assert told(one.subject, "sla.clock_warned") == []
    assert len(told(one.subject, "sla.clock_broken")) == 1


def test_a_stopped_clock_does_nothing_more(case):
    one = case()
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    stop(one.subject, [FIRST], at=MONDAY + MINUTE, actor=SYSTEM)
    assert tick_all(MONDAY + 9 * HOUR) == 0
    assert calls(one.subject) == []


@pytest.mark.requirement("SLA-02", "SLA-05")
def test_a_working_clock_gives_working_time_to_acknowledge(case, supervisor, manager):
    one = case(Severity.MINOR)
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    due = MONDAY + 9 * HOUR  # 18:00, the end of the day
    tick_all(due)
    call = Escalation.objects.get(level=1)
    assert call.acknowledge_by == due + 20 * HOUR  # 14:00 the next day: four hours, with the lunch break between


def test_a_clock_that_cannot_be_evaluated_is_set_aside_and_the_rest_go_on(case, told, acting, supervisor):
    bad, good = case(), case()
    start(bad, [FIRST], at=MONDAY, actor=SYSTEM)
    start(good, [FIRST], at=MONDAY, actor=SYSTEM)
    Clock.objects.filter(subject_id=bad.subject.id).update(time_zone="Mars/Olympus")
    ticked = tick(DUE)
    assert (ticked.taken, ticked.failed) == (2, 1)
    assert [level for level, *_ in calls(good.subject)] == [1]
    assert calls(bad.subject) == []
    assert len(told(bad.subject, "sla.clock_failed")) == 1
    assert tick(DUE + HOUR).failed == 0
    administrator = acting("administrator")
    [clock] = set_aside(administrator)
    assert "unknown_zone" in clock.error
    Clock.objects.filter(pk=clock.pk).update(time_zone="Asia/Shanghai")
    with pytest.raises(NotAllowed):
        actions.retry_clock(actor=acting("agent"), at=DUE + HOUR, clock_id=clock.pk)
    actions.retry_clock(actor=administrator, at=DUE + HOUR, clock_id=clock.pk)
    assert list(set_aside(administrator)) == []
    tick_all(DUE + HOUR)
    assert calls(bad.subject)[0][0] == 1


def test_a_clock_whose_row_cannot_be_written_is_set_aside_alone(case, supervisor, monkeypatch):
    bad, good = case(), case()
    for each in (bad, good):
        start(each, [FIRST], at=MONDAY, actor=SYSTEM)
    # Its level was called before, though the clock does not know: the unique constraint refuses a second call.
    Escalation.objects.create(
        clock=Clock.objects.get(subject_id=bad.subject.id), level=1, post="supervisor", person=supervisor,
        because="rung_due", called_at=DUE,
    )  # fmt: skip
    ticked = tick(DUE)
    assert (ticked.taken, ticked.failed) == (2, 1)
    assert Clock.objects.get(subject_id=good.subject.id).level == 1
    assert Clock.objects.get(subject_id=bad.subject.id).failed_at == DUE


def test_who_keeps_the_subject_is_told_and_never_waited_for(case, supervisor):
    one, two = case(subject=Subject("kept", 1)), case(subject=Subject("kept", 2))
    for each in (one, two):
        start(each, [FIRST, ClockKind.ARRIVAL], at=MONDAY, actor=SYSTEM)
    locked.add(2)
    tick_all(DUE)
    assert shown == [(1, DUE, FIRST, True)]
    locked.clear()
    tick_all(DUE)
    assert shown == [(1, DUE, FIRST, True), (2, DUE, FIRST, True)]


@pytest.mark.requirement("SLA-04")
def test_lists_show_what_is_next_to_break_where_one_may_see_it(case, acting, south, supervisor):
    one, two = case(Severity.NORMAL), case(Severity.URGENT)
    for each in (one, two):
        start(each, [FIRST], at=MONDAY, actor=SYSTEM)
    here, there, owner = acting("dispatcher"), acting("dispatcher", region=south), acting("engineer")
    assert [clock.subject_id for clock in next_to_break(here)] == [two.subject.id, one.subject.id]
    assert list(next_to_break(there)) == list(next_to_break(owner)) == []
    tick_all(DUE)
    assert [call.level for call in open_escalations(here)] == [1]
    assert list(open_escalations(there)) == []


def test_a_running_clock_keeps_its_state(case):
    one = case()
    start(one, [FIRST], at=MONDAY, actor=SYSTEM)
    assert Clock.objects.get().state == RunState.RUNNING
