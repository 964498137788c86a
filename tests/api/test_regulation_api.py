"""Versions of the regulation over HTTP: read, adopted, amended, withdrawn."""

from datetime import timedelta

import pytest

from anxiu.kernel.time import now
from anxiu.regulation.models import Version
from tests.given.asking import refused, twice
from tests.given.assets import a_region, acting
from tests.given.orders import an_engineer


@pytest.fixture
def manager(company, calling):
    return calling(company.management)


@pytest.mark.requirement("PF-02")
def test_a_version_is_adopted_amended_and_withdrawn(company, calling, manager):
    soon = (now() + timedelta(days=1)).isoformat()
    adopt = {"preset": "default", "region": company.region.code, "in_force_from": soon}
    made = twice(manager, "/regulation/versions", adopt, 201)
    assert (made["region"], made["preset"], made["state"]) == (company.region.code, "default", "in_force")
    [base] = Version.objects.filter(region=None)
    figures = {each["key"]: each["raw"] for each in manager.get(f"/regulation/versions/{base.uid}/figures", limit=200).json()["items"]}
    changes = {"feedback.bad_rating": figures["feedback.bad_rating"] + 1}
    act, agent = f"/regulation/versions/{base.uid}/actions", calling(company.agent)
    for verb, body in (("amend_version", {"changes": changes}), ("withdraw_version", {})):
        assert refused(agent.post(f"{act}/{verb}", body), 403) == "kernel.not_allowed"
    assert refused(agent.post("/regulation/versions", adopt), 403)
    amended = twice(manager, f"{act}/amend_version", {"changes": changes})
    assert amended["uid"] != str(base.uid)
    assert refused(manager.post(f"{act}/amend_version", {"changes": {"no.such": 1}}), 409) == "regulation.not_the_latest"
    assert twice(manager, f"{act}/withdraw_version")["state"] == "withdrawn"
    assert {each["uid"] for each in manager.get("/regulation/versions").json()["items"]} >= {made["uid"], amended["uid"]}


def test_a_wrong_figure_is_refused_with_its_key(company, manager):
    [base] = Version.objects.all()
    body = {"changes": {"feedback.bad_rating": "many"}}
    answer = manager.post(f"/regulation/versions/{base.uid}/actions/amend_version", body)
    assert refused(answer, 422) == "regulation.figure_wrong"
    nul = manager.post(f"/regulation/versions/{base.uid}/actions/amend_version", {"changes": {"a": ["\x00"]}})
    assert refused(nul, 422) == "api.wrong_input"


def test_a_version_is_read_as_a_document(company, manager):
    [base] = Version.objects.all()
    whole = manager.get(f"/regulation/versions/{base.uid}", language="en").json()
    assert whole["chapters"][0]["clauses"][0]["number"] == "1.1"
    assert "feedback.bad_rating" in {key for each in whole["chapters"] for clause in each["clauses"] for key in clause["keys"]}
    number = whole["chapters"][2]["clauses"][0]["number"]
    found = manager.get(f"/regulation/versions/{base.uid}", language="en", q=number).json()
    assert sum(len(each["clauses"]) for each in found["chapters"]) < sum(len(each["clauses"]) for each in whole["chapters"])
    assert "default" in {each["code"] for each in manager.get("/regulation/presets").json()}
    assert manager.get("/regulation", language="en").json()["clauses"][0]["number"] == "1.1"


@pytest.mark.requirement("REG-06")
def test_presets_are_listed_and_one_is_read_before_it_is_adopted(company, calling, manager):
    listed = {each["code"]: each for each in manager.get("/regulation/presets").json()}
    assert set(listed) == {"default", "r1", "r2", "r3", "r4", "r5"}
    assert (listed["r1"]["based_on"], listed["r1"]["published_clauses"], listed["default"]["published_clauses"]) == ("default", 22, 0)
    one = manager.get("/regulation/presets/r1", language="en").json()
    clauses = {clause["number"]: clause for each in one["chapters"] for clause in each["clauses"]}
    assert (clauses["3.1"]["origin"], clauses["3.2"]["origin"]) == ("published", "ours")
    assert "within 30 minutes of the report" in clauses["3.1"]["text"]
    assert one["figures"]["sla.first_response"]["minor"] == "30 min"
    assert {"label": "Guarantee", "says": "30 days"} in one["known_for"]
    assert refused(manager.get("/regulation/presets/r9"), 404) == "regulation.unknown_preset"


@pytest.mark.requirement("REG-06")
def test_a_preset_without_a_grade_somebody_holds_is_refused_unless_insisted_on(company, manager):
    an_engineer(company.region, grade="intermediate", name="中级师傅")
    answer = manager.post("/regulation/versions", {"preset": "r4"})
    assert refused(answer, 409) == "regulation.speaks_against"
    assert "中级师傅" in answer.json()["detail"]
    assert manager.post("/regulation/versions", {"preset": "r4", "despite": True}).json()["preset"] == "r4"


@pytest.mark.requirement("PF-04")
def test_a_version_of_another_region_is_not_there(company, calling, manager):
    soon = (now() + timedelta(days=1)).isoformat()
    made = manager.post("/regulation/versions", {"preset": "default", "region": company.region.code, "in_force_from": soon}).json()
    stranger = calling(acting("supervisor", a_region()))
    assert made["uid"] not in stranger.get("/regulation/versions").content.decode()
    for part in ("", "/figures"):
        assert refused(stranger.get(f"/regulation/versions/{made['uid']}{part}"), 404)
