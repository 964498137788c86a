"""Pages of escalations, roster and calendar: seen and used by whoever may, refused to others."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from anxiu.accounts.actions import NewPerson, add_person
from anxiu.accounts.models import Person, Region
from anxiu.kernel.actor import SYSTEM, Subject
from anxiu.kernel.time import moved_to
from anxiu.regulation.choices import Severity
from anxiu.regulation.queries import in_force
from anxiu.sla import timetables
from anxiu.sla.actions import start, tick_all
from anxiu.sla.choices import ClockKind
from anxiu.sla.models import CalendarDay, Clock, DutyEntry, Escalation
from anxiu.sla.rules.case import Case

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # Monday, 09:00 in Shanghai


@pytest.fixture(autouse=True)
def _here():
    timetables.forget()
    with moved_to(NOW):
        yield


@pytest.fixture
def north(db) -> Region:
    return Region.objects.create(code="north", name_zh="华北", name_en="North")


@pytest.fixture
def person(north):
    def make(post: str, region=north) -> Person:
        new = NewPerson(f"人员 {post}", f"{post}@example.com", ((post, None),), region_id=region and region.pk)
        return add_person(actor=SYSTEM, at=NOW, new=new)

    return make


@pytest.fixture
def logged_in(client):
    def as_(somebody: Person):
        client.force_login(somebody)
        return client

    return as_


@pytest.fixture
def call(north, person) -> Escalation:
    """A missed first response about which the supervisor was called."""
    supervisor = person("supervisor")
    case = Case(Subject("drill", 1), north.pk, Severity.URGENT, None, in_force(None, "", NOW).pk, None, "Asia/Shanghai")
    start(case, [ClockKind.FIRST_RESPONSE], at=NOW - timedelta(hours=1), actor=SYSTEM)
    tick_all(NOW - timedelta(minutes=30))
    found = Escalation.objects.get(level=1)
    assert found.person_id == supervisor.pk
    return found


@pytest.mark.requirement("SLA-05")
def test_who_was_called_sees_it_and_takes_it_on(call, logged_in):
    client = logged_in(call.person)
    shown = client.get(reverse("escalations"))
    assert [row.pk for row in shown.context["listing"].rows] == [call.pk]
    assert "首次响应" in shown.content.decode()
    address = reverse("acknowledge", args=[call.uid])
    assert client.get(address).status_code == 200
    assert client.post(address, {"key": "k1"}).status_code == 204
    call.refresh_from_db()
    assert (call.acknowledged_at, call.acknowledged_by_id) == (NOW, call.person_id)
    assert client.get(reverse("escalations")).context["listing"].rows == []
    assert client.post(address, {"key": "k1"}).status_code == 204
    assert client.post(address, {"key": "k2"}).status_code == 422


def test_an_agent_sees_all_open_calls_but_answers_only_their_own(call, person, logged_in):
    client = logged_in(person("agent"))
    assert client.get(reverse("escalations")).context["listing"].rows == []
    [row] = client.get(reverse("escalations") + "?tab=all").context["listing"].rows
    assert (row.pk, row.may_answer) == (call.pk, False)
    assert client.get(reverse("acknowledge", args=[call.uid])).status_code == 404


def test_clocks_set_aside_are_listed_and_retried(call, person, logged_in):
    Clock.objects.update(failed_at=NOW, error="ValueError()", time_zone="Mars/Olympus")
    client = logged_in(person("administrator", None))
    assert len(client.get(reverse("clocks_set_aside")).context["listing"].rows) == 1
    retry = reverse("retry_clock", args=[call.clock_id])
    assert client.post(retry, {"key": "k1"}).status_code == 422
    Clock.objects.update(time_zone="Asia/Shanghai")
    assert client.post(retry, {"key": "k2"}).status_code == 204
    assert client.get(reverse("clocks_set_aside")).context["listing"].rows == []
    assert logged_in(person("agent")).get(reverse("clocks_set_aside")).status_code == 403


@pytest.mark.requirement("SLA-05")
def test_a_supervisor_puts_somebody_on_duty_and_takes_them_off(person, north, logged_in):
    supervisor = person("supervisor")
    client = logged_in(supervisor)
    assert client.get(reverse("roster")).context["lines"] == []
    given = {
        "key": "k1", "person": supervisor.pk, "post": "supervisor", "region": north.pk, "rank": 0,
        "from_at": "2026-11-23T08:00", "until_at": "2026-11-24T08:00",
    }  # fmt: skip
    assert client.get(reverse("set_duty")).status_code == 200
    assert client.post(reverse("set_duty"), {**given, "until_at": "2026-11-23T07:00"}).status_code == 422
    assert client.post(reverse("set_duty"), given).status_code == 204
    [line] = client.get(reverse("roster")).context["lines"]
    assert [len(pieces) for _, pieces in line.days] == [1, 1, 0, 0, 0, 0, 0]
    assert line.days[0][1][0].is_now
    assert client.get(reverse("roster") + "?week=2026-11-30").context["lines"] == []
    assert client.get(reverse("roster") + "?week=nonsense").status_code == 200
    assert client.post(reverse("remove_duty", args=[DutyEntry.objects.get().uid]), {"key": "k2"}).status_code == 204
    assert client.get(reverse("roster")).context["lines"] == []
    assert logged_in(person("engineer")).get(reverse("set_duty")).status_code == 403


@pytest.mark.requirement("SLA-02")
def test_the_calendar_shows_the_year_and_warns_of_one_not_published(person, logged_in):
    client = logged_in(person("hr", None))
    shown = client.get(reverse("calendar"))
    cells = {cell.day.isoformat(): cell for month in shown.context["months"] for week in month for cell in week if cell}
    assert len(cells) == 365
    looks = {day: cells[day].look for day in ("2026-10-01", "2026-10-10", "2026-11-21", "2026-11-23")}
    assert looks == {"2026-10-01": "is-holiday", "2026-10-10": "is-make-up", "2026-11-21": "is-free", "2026-11-23": ""}
    national = next(each for each in shown.context["breaks"] if each.name == "国庆节")
    assert (national.length, [day.isoformat() for day in national.make_up]) == (7, ["2026-09-20", "2026-10-10"])
    assert (shown.context["is_published"], shown.context["next_missing"]) == (True, 2027)
    unknown = client.get(reverse("calendar_year", args=[2027]))
    assert "2027 年的节假日安排尚未公布" in unknown.content.decode()
    assert client.get(reverse("calendar_year", args=[1999])).status_code == 404


def test_a_day_is_set_and_a_year_confirmed_by_whoever_may(person, logged_in):
    client = logged_in(person("hr", None))
    address = reverse("set_calendar_day") + "?day=2027-01-01"
    assert client.get(address).status_code == 200
    given = {"key": "k1", "day": "2027-01-01", "is_work": "0", "name_zh": "元旦", "name_en": "New Year's Day"}
    assert client.post(reverse("confirm_year", args=[2027]), {"key": "k0"}).status_code == 422
    assert client.post(address, given).status_code == 204
    assert CalendarDay.objects.get(date="2027-01-01").source == "manual"
    assert client.post(reverse("confirm_year", args=[2027]), {"key": "k2"}).status_code == 204
    assert client.get(reverse("calendar_year", args=[2027])).context["is_published"]
    assert logged_in(person("supervisor")).get(address).status_code == 403
