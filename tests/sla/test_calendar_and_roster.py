"""The calendar on the database, and who is on duty: seeded, set by hand, certain or not, seen where one may."""

from datetime import UTC, date, datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from anxiu.kernel.actor import SYSTEM, Subject
from anxiu.kernel.errors import Invalid, NotAllowed, NotFound
from anxiu.kernel.models import EventRow
from anxiu.regulation.choices import Severity
from anxiu.sla import timetables
from anxiu.sla.actions import (
    NewDay,
    NewDuty,
    confirm_year,
    reckon_again,
    remove_duty,
    seed_calendar,
    set_calendar_day,
    set_duty,
    start,
)
from anxiu.sla.choices import ClockKind
from anxiu.sla.models import CalendarDay, Clock, DutyEntry, PublishedYear
from anxiu.sla.queries import calendar_days, published_years, roster

from .conftest import MONDAY

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
FIRST = ClockKind.FIRST_RESPONSE
OFF = NewDay(date(2026, 5, 12), False, "公司庆典", "Company day")


@pytest.mark.requirement("SLA-02")
def test_a_new_installation_knows_the_published_years(db):
    assert published_years() == list(range(2004, 2027))
    days = {day.date: day.is_work for day in calendar_days(2026)}
    assert (days[date(2026, 10, 1)], days[date(2026, 10, 10)]) == (False, True)
    assert seed_calendar() == []


def test_a_year_that_is_published_later_is_taken_over_once(db):
    PublishedYear.objects.filter(year=2026).delete()
    CalendarDay.objects.filter(date__year=2026).delete()
    CalendarDay.objects.create(
        date=date(2026, 10, 1), is_work=True, name_zh="加班", name_en="Work", source="manual", changed_at=MONDAY
    )
    assert seed_calendar() == [2026]
    assert seed_calendar() == []
    assert CalendarDay.objects.get(date=date(2026, 10, 1)).is_work
    assert EventRow.objects.filter(kind="sla.year_published", subject_id=2026).count() == 2


@pytest.mark.requirement("SLA-02", "SLA-03")
def test_a_day_set_by_hand_moves_open_deadlines_on_record(case, acting, told):
    one, round_the_clock = case(Severity.MINOR), case(Severity.URGENT)
    for each in (one, round_the_clock):
        start(each, [FIRST], at=MONDAY + HOUR, actor=SYSTEM)
    assert Clock.objects.get(subject_id=one.subject.id).due_at == MONDAY + 25 * HOUR
    set_calendar_day(actor=acting("administrator"), at=MONDAY, new=OFF)
    assert ProcrastinateJob.objects.filter(task_name="sla.reckon_again", queue_name="default").exists()
    assert reckon_again(MONDAY + 2 * HOUR) == 1
    assert reckon_again(MONDAY + 2 * HOUR) == 0
    assert Clock.objects.get(subject_id=one.subject.id).due_at == MONDAY + 49 * HOUR
    [event] = told(one.subject, "sla.clocks_retargeted")
    assert event["why"] == "calendar"
    [event] = told(Subject("calendar", 2026), "sla.calendar_day_set")
    assert (event["day"], event["is_work"]) == ("2026-05-12", False)


def test_only_those_who_keep_the_calendar_set_a_day(acting):
    with pytest.raises(NotAllowed):
        set_calendar_day(actor=acting("supervisor"), at=MONDAY, new=OFF)
    with pytest.raises(Invalid) as refused:
        set_calendar_day(actor=acting("hr"), at=MONDAY, new=NewDay(date(2026, 5, 12), False, "公司庆典", " "))
    assert refused.value.field == "name_en"


@pytest.mark.requirement("SLA-02")
def test_a_year_entered_by_hand_may_be_confirmed_and_is_certain_then(case, acting):
    at = datetime(2027, 1, 4, 1, 0, tzinfo=UTC)
    keeper = acting("hr")
    with pytest.raises(NotAllowed):
        confirm_year(actor=acting("agent"), at=MONDAY, year=2027)
    with pytest.raises(Invalid):
        confirm_year(actor=keeper, at=MONDAY, year=2027)
    new_year = NewDay(date(2027, 1, 1), False, "元旦", "New Year's Day", provisional=True)
    set_calendar_day(actor=keeper, at=MONDAY, new=new_year)
    one = case(Severity.MINOR)
    start(one, [FIRST], at=at, actor=SYSTEM)
    assert Clock.objects.get().provisional
    confirm_year(actor=keeper, at=MONDAY, year=2027)
    reckon_again(at)
    assert not Clock.objects.get().provisional
    assert not CalendarDay.objects.get(date=date(2027, 1, 1)).provisional


def test_the_calendar_is_asked_for_its_stamp_once_a_minute(case, django_assert_num_queries, monkeypatch):
    one = case(Severity.MINOR)
    zone = {"zone": "Asia/Shanghai", "round_the_clock": False}
    timetables.timetable(one.version_id, **zone)
    with django_assert_num_queries(0):
        timetables.timetable(one.version_id, **zone)
    monkeypatch.setattr(timetables._kept, "asked", float("-inf"))
    with django_assert_num_queries(1):
        timetables.timetable(one.version_id, **zone)


def duty(person, region, **more) -> NewDuty:
    given = {"person_id": person.pk, "post": "supervisor", "from_at": MONDAY, "until_at": MONDAY + 8 * HOUR}
    return NewDuty(**{**given, "region_id": region and region.pk, **more})


@pytest.mark.requirement("SLA-05")
def test_a_supervisor_keeps_the_roster_of_the_own_region(acting, person, north, south):
    supervisor, colleague = acting("supervisor"), person("supervisor")
    row = set_duty(actor=supervisor, at=MONDAY, new=duty(colleague, north))
    assert list(roster(supervisor, MONDAY, MONDAY + HOUR)) == [row]
    assert list(roster(acting("dispatcher", region=south), MONDAY, MONDAY + HOUR)) == []
    assert list(roster(supervisor, MONDAY + 8 * HOUR, MONDAY + 9 * HOUR)) == []
    with pytest.raises(NotFound):
        remove_duty(actor=acting("supervisor", region=south), at=MONDAY, duty_uid=row.uid)
    with pytest.raises(NotAllowed):
        remove_duty(actor=acting("engineer"), at=MONDAY, duty_uid=row.uid)
    remove_duty(actor=supervisor, at=MONDAY, duty_uid=row.uid)
    assert list(roster(supervisor, MONDAY, MONDAY + HOUR)) == []
    assert DutyEntry.objects.count() == 1


def test_what_cannot_be_a_duty_is_refused(acting, person, north, south):
    supervisor, colleague = acting("supervisor"), person("supervisor")
    stranger = person("supervisor", region=south)
    refused = {
        "sla.duty_ends_before_it_begins": duty(colleague, north, until_at=MONDAY),
        "sla.duty_is_over": duty(colleague, north, from_at=MONDAY - 9 * HOUR, until_at=MONDAY),
        "accounts.unknown_post": duty(colleague, north, post="king"),
        "sla.needs_a_region": duty(colleague, None),
        "kernel.not_found": duty(stranger, north),
    }
    for code, new in refused.items():
        with pytest.raises((Invalid, NotFound)) as why:
            set_duty(actor=supervisor, at=MONDAY, new=new)
        assert why.value.code == code
    with pytest.raises(NotFound):
        set_duty(actor=supervisor, at=MONDAY, new=duty(colleague, south))
    with pytest.raises(NotAllowed):
        set_duty(actor=acting("engineer"), at=MONDAY, new=duty(colleague, north))
    everywhere = set_duty(actor=acting("management", region=None), at=MONDAY, new=duty(colleague, None))
    with pytest.raises(NotFound):
        remove_duty(actor=supervisor, at=MONDAY, duty_uid=everywhere.uid)
