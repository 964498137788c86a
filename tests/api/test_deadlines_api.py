"""Clocks, calls, the roster and the calendar over HTTP."""

from datetime import timedelta

import pytest

from anxiu.accounts.models import Person
from anxiu.kernel.time import now
from anxiu.sla.actions import tick_all
from anxiu.sla.models import Clock, DutyEntry, Escalation
from tests.given.asking import refused, twice
from tests.given.assets import a_region, acting
from tests.given.orders import opened


@pytest.fixture
def late(company):
    """An order nobody answered in time: somebody was called."""
    order = opened(company, now() - timedelta(days=5))
    tick_all(now())
    return order


def called() -> Escalation:
    return Escalation.objects.filter(acknowledge_by__isnull=False, acknowledged_at=None, superseded_at=None).latest("id")


@pytest.mark.requirement("PF-02", "SLA-05")
def test_a_call_is_listed_and_taken_on(company, calling, late):
    call, supervisor = called(), calling(company.supervisor)
    [row] = [each for each in supervisor.get("/escalations").json()["items"] if each["uid"] == str(call.uid)]
    assert (row["clock"]["order"], row["person"], row["clock"]["breached"]) == (str(late.uid), str(call.person.uid), True)
    act = f"/escalations/{call.uid}/actions/acknowledge"
    assert refused(calling(company.hands).post(act), 404)
    assert twice(supervisor, act)["acknowledged_at"]
    assert refused(supervisor.post(act), 409) == "sla.nothing_to_acknowledge"
    assert str(call.uid) not in supervisor.get("/escalations", mine=True).content.decode()
    assert late.number in {each["order_number"] for each in supervisor.get("/clocks").json()["items"]}


@pytest.mark.requirement("PF-02")
def test_a_clock_that_was_set_aside_runs_again(company, calling, late):
    clock = Clock.objects.filter(subject_id=late.pk).earliest("id")
    Clock.objects.filter(pk=clock.pk).update(failed_at=now(), error="unknown_zone")
    supervisor, act = calling(company.supervisor), f"/clocks/{clock.pk}/actions/retry_clock"
    [row] = supervisor.get("/clocks/set_aside").json()["items"]
    assert (row["id"], row["error"]) == (clock.pk, "unknown_zone")
    agent = calling(company.agent)
    assert refused(agent.get("/clocks/set_aside"), 403)
    assert refused(agent.post(act), 403)
    assert "unknown_zone" not in agent.get("/clocks").content.decode()
    assert twice(supervisor, act)["failed_at"] is None
    assert refused(supervisor.post(act), 404)


@pytest.mark.requirement("PF-02")
def test_the_roster_is_written_and_read(company, calling):
    supervisor, person = calling(company.supervisor), Person.objects.get(pk=company.supervisor.person_id)
    body = {
        "person": str(person.uid), "post": "supervisor", "region": company.region.code, "from_at": now().isoformat(),
        "until_at": (now() + timedelta(days=1)).isoformat(), "rank": 1,
    }  # fmt: skip
    line = twice(supervisor, "/roster/actions/set_duty", body)
    assert [each["uid"] for each in supervisor.get("/roster").json()["items"]] == [line["uid"]]
    assert refused(calling(company.agent).post("/roster/actions/set_duty", body), 403)
    assert refused(supervisor.post("/roster/actions/set_duty", {**body, "region": ""}), 422) == "sla.needs_a_region"
    act = f"/roster/{line['uid']}/actions/remove_duty"
    assert refused(calling(company.agent).post(act), 403)
    assert twice(supervisor, act)["removed_at"]
    assert supervisor.get("/roster").json()["items"] == []


@pytest.mark.requirement("PF-02")
def test_days_are_set_and_a_year_confirmed(company, calling):
    hr, agent = calling(acting("hr")), calling(company.agent)
    day = {"date": "2031-05-01", "is_work": False, "name_zh": "劳动节", "name_en": "Labour Day", "provisional": True}
    assert refused(hr.post("/calendar/2031/actions/confirm_year"), 422) == "sla.year_is_empty"
    assert twice(hr, "/calendar/actions/set_calendar_day", day)["provisional"] is True
    assert agent.get("/calendar/2031").json()["is_certain"] is False
    assert refused(agent.post("/calendar/actions/set_calendar_day", day), 403)
    assert refused(agent.post("/calendar/2031/actions/confirm_year"), 403)
    assert twice(hr, "/calendar/2031/actions/confirm_year")["year"] == 2031
    year = agent.get("/calendar/2031").json()
    assert (year["is_certain"], [each["provisional"] for each in year["days"]]) == (True, [False])
    assert agent.get("/calendar").json()["year"] == now().year


@pytest.mark.requirement("PF-04")
def test_another_region_sees_no_clock_call_or_duty(company, calling, late):
    stranger, call = calling(acting("supervisor", a_region())), called()
    clock = Clock.objects.filter(subject_id=late.pk).earliest("id")
    Clock.objects.filter(pk=clock.pk).update(failed_at=now(), error="x")
    entry = DutyEntry.objects.create(
        person_id=company.supervisor.person_id, post="supervisor", region=company.region, from_at=now(),
        until_at=now() + timedelta(days=1),
    )  # fmt: skip
    for path in ("/clocks", "/clocks/set_aside", "/escalations", "/roster"):
        assert stranger.get(path).json() == {"items": [], "next": ""}
    for act in (
        f"/escalations/{call.uid}/actions/acknowledge", f"/clocks/{clock.pk}/actions/retry_clock",
        f"/roster/{entry.uid}/actions/remove_duty",
    ):  # fmt: skip
        assert refused(stranger.post(act), 404)


@pytest.mark.parametrize(("path", "most"), [("/clocks", 5), ("/escalations", 5), ("/roster", 4), ("/duties", 5), ("/ratings", 4), ("/notices", 5)])
def test_lists_cost_the_same_however_long(company, calling, path, most, django_assert_max_num_queries):
    for days in (3, 4, 5):
        opened(company, now() - timedelta(days=days))
    tick_all(now())
    supervisor = calling(company.supervisor)
    with django_assert_max_num_queries(most):
        assert supervisor.get(path).status_code == 200
