"""The compliance board over HTTP."""

from datetime import timedelta

import pytest

from anxiu.kernel.time import now
from tests.given.asking import refused
from tests.given.assets import a_region, acting
from tests.given.orders import Walk, opened
from tests.kpi.test_board import lived
from tests.kpi.test_facts import measured

pytestmark = pytest.mark.requirement("REG-07", "PF-02")


def test_the_board_and_the_cases_behind_it(company, calling):
    lived(company)
    supervisor = calling(company.supervisor)
    board = supervisor.get("/compliance", language="en").json()
    [line] = [each for each in board["clauses"] if each["number"] == "3.1"]
    assert (line["standing"], line["tally"]["kept"], line["tally"]["broken"]) == ("broken", 1, 1)
    first = supervisor.get("/compliance/3.1/cases", limit=1).json()
    rest = supervisor.get("/compliance/3.1/cases", limit=1, after=first["next"]).json()
    assert {first["items"][0]["verdict"], rest["items"][0]["verdict"]} == {"kept", "broken"}
    [broken] = supervisor.get("/compliance/3.1/cases", verdict="broken", region=company.region.code).json()["items"]
    assert broken["order"]
    assert supervisor.get("/compliance/3.1/cases", since=now().isoformat()).json()["items"] == []
    assert refused(supervisor.get("/compliance/99.9/cases"), 404)


def test_who_may_not_see_the_board_is_refused(company, calling):
    agent = calling(company.agent)
    for path in ("/compliance", "/compliance/3.1/cases"):
        assert refused(agent.get(path), 403) == "kernel.not_allowed"


@pytest.mark.requirement("PF-04")
def test_another_region_has_no_cases_here(company, calling):
    lived(company)
    stranger = calling(acting("supervisor", a_region()))
    assert stranger.get("/compliance").json()["total"]["kept"] == 0
    assert stranger.get("/compliance/3.1/cases").json()["items"] == []
    assert refused(stranger.get("/compliance", region=company.region.code), 422) == "api.unknown_code"


@pytest.mark.requirement("SLA-08")
def test_from_intake_until_an_engineer_has_taken_it_is_a_time_of_its_own(company, calling):
    def handed_over(order):
        rows = supervisor.get(f"/orders/{order.uid}/deadlines").json()
        return next(each for each in rows if each["kind"] == "hand_over")

    supervisor = calling(company.supervisor)
    quick, slow = Walk(company, opened(company)), Walk(company, opened(company))
    assert handed_over(quick.order)["outcome"] == "running"
    assert handed_over(quick.order)["due_at"] > quick.order.opened_at.isoformat()
    quick.contacted().booked()
    assert handed_over(quick.order)["outcome"] == "running"  # booked is not yet taken on
    quick.accepted()
    slow.contacted()
    slow.at += timedelta(days=3)
    slow.booked().accepted()
    assert (handed_over(quick.order)["outcome"], handed_over(slow.order)["outcome"]) == ("kept", "broken")
    measured()
    board = supervisor.get("/compliance", since="2026-01-01T00:00Z").json()
    [line] = [each for each in board["clauses"] if each["number"] == "3.2"]
    assert (line["tally"]["kept"], line["tally"]["broken"]) == (1, 1)
    cases = supervisor.get("/compliance/3.2/cases", since="2026-01-01T00:00Z").json()["items"]
    assert {each["verdict"] for each in cases} == {"kept", "broken"}
