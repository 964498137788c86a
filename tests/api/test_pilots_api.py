"""Pilots over HTTP: started, read, compared, rolled out and withdrawn."""

from datetime import timedelta

import pytest

from anxiu.accounts.models import Person
from anxiu.kernel.time import now
from tests.given.asking import refused, twice
from tests.given.assets import a_region
from tests.given.piloted import approved

pytestmark = pytest.mark.requirement("REG-03")


def test_a_pilot_is_started_compared_and_decided(company, calling):
    a_region()
    manager, agent = calling(company.management), calling(company.agent)
    leader = Person.objects.get(pk=company.supervisor.person_id)
    version = approved(now() - timedelta(hours=1), leader.pk)
    start = f"/regulation/versions/{version.uid}/actions/start_pilot"
    body = {
        "regions": [company.region.code], "order_types": ["repair", "repair"], "leader": str(leader.uid), "purpose": "更快",
        "until_date": f"{now() + timedelta(days=60):%Y-%m-%d}", "indicators": ["response"],
    }  # fmt: skip
    assert refused(agent.post(start, body), 403) == "kernel.not_allowed"
    assert refused(manager.post(start, {**body, "indicators": ["requests"]}), 422) == "kpi.not_compared"
    assert refused(manager.post(start, {**body, "regions": ["nowhere"]}), 422) == "api.unknown_code"
    made = twice(manager, start, body)
    assert (made["version"], made["regions"], made["order_types"], made["outcome"]) == (
        str(version.uid), [company.region.code], ["repair"], None,
    )  # fmt: skip
    one = f"/regulation/pilots/{made['uid']}"
    assert [each["uid"] for each in manager.get("/regulation/pilots").json()["items"]] == [made["uid"]]
    assert agent.get(one).json()["purpose"] == "更快"
    assert refused(agent.get(f"{one}/comparison"), 403) == "kernel.not_allowed"
    [found] = manager.get(f"{one}/comparison").json()["items"]
    assert (found["indicator"], found["finding"], found["low"]) == ("response", "no_data", None)
    for verb in ("roll_out_pilot", "withdraw_pilot"):
        assert refused(agent.post(f"{one}/actions/{verb}", {"why": "x"}), 403) == "kernel.not_allowed"
    done = twice(manager, f"{one}/actions/roll_out_pilot", {"why": "确实更快"})
    assert (done["outcome"], done["decision"]) == ("rolled_out", "确实更快")
    assert refused(manager.post(f"{one}/actions/withdraw_pilot", {"why": "x"}), 409) == "regulation.pilot_over"


def test_a_pilot_is_withdrawn(company, calling):
    a_region()
    manager = calling(company.management)
    leader = Person.objects.get(pk=company.supervisor.person_id)
    version = approved(now() - timedelta(hours=1), leader.pk)
    body = {
        "regions": [company.region.code], "leader": str(leader.uid), "purpose": "更快", "indicators": ["response"],
        "until_date": f"{now() + timedelta(days=60):%Y-%m-%d}",
    }  # fmt: skip
    made = twice(manager, f"/regulation/versions/{version.uid}/actions/start_pilot", body)
    done = twice(manager, f"/regulation/pilots/{made['uid']}/actions/withdraw_pilot", {"why": "不成"})
    assert done["outcome"] == "withdrawn"
    assert manager.get(f"/regulation/versions/{version.uid}").json()["state"] == "withdrawn"
