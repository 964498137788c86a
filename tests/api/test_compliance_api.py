"""The compliance board over HTTP."""

import pytest

from anxiu.kernel.time import now
from tests.given.asking import refused
from tests.given.assets import a_region, acting
from tests.kpi.test_board import lived

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
