"""Every verb of the workforce over HTTP, and what lists and pages of engineers tell."""

from datetime import timedelta

import pytest

from anxiu.kernel.time import now
from anxiu.workforce.models import Engineer, Qualification
from tests.given.asking import refused, twice
from tests.given.assets import a_person, a_region, acting
from tests.given.orders import an_engineer

SOON = timedelta(days=3)


@pytest.fixture
def hr(company, calling):
    return calling(acting("hr"))


def stretch(days: int = 3) -> dict[str, str]:
    start = now() + timedelta(days=days)
    return {"starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=4)).isoformat()}


@pytest.mark.requirement("PF-02")
def test_an_engineer_is_added_changed_graded_and_retired(company, calling, hr):
    person = a_person("agent", company.region)
    new = {"region": company.region.code, "grade": "junior", "started_date": "2026-01-05"}
    made = twice(hr, "/engineers", {**new, "person": str(person.uid)}, 201)
    assert (made["region"], made["grade"], made["number"][0]) == (company.region.code, "junior", "E")
    fresh = {"name": "新人", "email": "fresh@example.com", "phone": "13900000000"}
    assert twice(hr, "/engineers", {**new, "new_person": fresh}, 201)["started_date"] == "2026-01-05"
    assert Engineer.objects.count() == 3
    act = f"/engineers/{made['uid']}/actions"
    changed = twice(hr, f"{act}/change_engineer", {"number": "E-77", "base": {"latitude": 31.2, "longitude": 121.4}})
    assert changed["number"] == "E-77"
    assert hr.get(f"/engineers/{made['uid']}").json()["base_latitude"] == 31.2
    graded = hr.post(f"{act}/set_grade", {"grade": "intermediate", "reason": "Passed"})
    assert graded.status_code in (200, 409), graded.content  # the grade's skills may be missing
    assert refused(hr.post(f"{act}/set_grade", {"grade": "wizard", "reason": "x"}), 422) == "workforce.unknown_grade"
    assert twice(hr, f"{act}/retire_engineer")["retired_at"]
    assert refused(hr.post(f"{act}/retire_engineer"), 409) == "workforce.already_retired"
    assert refused(hr.post("/engineers", {**new, "person": str(person.uid), "new_person": fresh}), 422)
    assert refused(calling(company.agent).post("/engineers", {**new, "person": str(person.uid)}), 403)


@pytest.mark.requirement("PF-02")
def test_another_grade_is_given(company, calling, hr):
    engineer = an_engineer(company.region, grade="senior")
    graded = twice(hr, f"/engineers/{engineer.uid}/actions/set_grade", {"grade": "junior", "reason": "Trial"})
    assert graded["grade"] == "junior"
    answer = calling(company.supervisor).post(
        f"/engineers/{engineer.uid}/actions/set_grade", {"grade": "senior", "reason": "x"}
    )
    assert refused(answer, 403) == "kernel.not_allowed"


@pytest.mark.requirement("PF-02")
def test_skills_and_papers_are_given_and_taken(company, calling, hr):
    act = f"/engineers/{company.engineer.uid}/actions"
    skill = {"code": "hydraulics", "name_zh": "液压", "name_en": "Hydraulics"}
    assert twice(hr, "/skills", skill, 201)["code"] == "hydraulics"
    given = {"kind": "skill", "skill": "hydraulics", "level": 2, "valid_from": "2026-01-01"}
    held = twice(hr, f"{act}/add_qualification", given)
    paper = {"kind": "certificate", "name": "Crane", "number": "CR-123456789", "valid_from": "2026-01-01"}
    twice(hr, f"{act}/add_qualification", paper)
    shown = {each["name_en"]: each for each in hr.get(f"/engineers/{company.engineer.uid}").json()["qualifications"]}
    assert (shown["Hydraulics"]["code"], shown["Hydraulics"]["level"]) == ("hydraulics", 2)
    assert shown["Crane"]["number"] == "CR-123456789"
    others = calling(company.agent).get(f"/engineers/{company.engineer.uid}").json()["qualifications"]
    assert "CR-123456789" not in {each["number"] for each in others}
    assert refused(calling(company.agent).post(f"{act}/add_qualification", given), 403)
    assert twice(hr, f"/qualifications/{held['uid']}/actions/revoke_qualification", {"reason": "Error"})["revoked_at"]
    assert refused(calling(company.dispatcher).post(f"/qualifications/{held['uid']}/actions/revoke_qualification", {"reason": "x"}), 403)
    assert "hydraulics" in {each["code"] for each in hr.get("/skills").json()["items"]}
    assert twice(hr, "/skills/hydraulics/actions/retire_skill")["code"] == "hydraulics"
    assert "hydraulics" not in {each["code"] for each in hr.get("/skills").json()["items"]}
    assert refused(calling(company.agent).post("/skills", {**skill, "code": "x"}), 403)
    assert refused(calling(company.agent).post("/skills/hydraulics/actions/retire_skill"), 403)


@pytest.mark.requirement("PF-02")
def test_an_engineer_is_barred_and_the_bar_lifted(company, calling, hr):
    act, supervisor = f"/engineers/{company.engineer.uid}/actions/bar", calling(company.supervisor)
    body = {"barred_from": now().isoformat(), "reason": "safety", "note": "No helmet"}
    bar = twice(supervisor, act, body)
    [row] = supervisor.get("/engineers", state="barred").json()["items"]
    assert (row["uid"], row["is_barred"]) == (str(company.engineer.uid), True)
    assert calling(company.agent).get("/engineers", state="barred").json()["items"] == []
    assert calling(company.agent).get(f"/engineers/{company.engineer.uid}").json()["standings"] == []
    assert refused(calling(company.dispatcher).post(act, body), 403)
    lift = f"/standings/{bar['uid']}/actions/lift_bar"
    assert refused(calling(company.dispatcher).post(lift, {"reason": "x"}), 403)
    assert twice(supervisor, lift, {"reason": "Trained"})["ended_at"]
    told = supervisor.get(f"/engineers/{company.engineer.uid}/history").json()
    assert [each["kind"] for each in told][:2] == ["workforce.bar_lifted", "workforce.engineer_barred"]
    assert "No helmet" not in calling(company.agent).get(f"/engineers/{company.engineer.uid}/history").content.decode()


@pytest.mark.requirement("PF-02")
def test_hours_shifts_and_leave_are_set_and_taken_back(company, calling, hr):
    engineer = an_engineer(company.region)
    act, first = f"/engineers/{engineer.uid}/actions", (now() + SOON).date().isoformat()
    hours = [{"weekday": day, "start": "08:30", "end": "17:00"} for day in (1, 2, 3)]
    assert twice(hr, f"{act}/set_shift_pattern", {"valid_from": first, "hours": hours})["hours"] == hours
    shift = twice(hr, f"{act}/add_shift", {"kind": "on_call", **stretch(10)})
    leave = twice(hr, f"{act}/book_leave", {"kind": "annual", **stretch(11)})
    shown = hr.get(f"/engineers/{engineer.uid}").json()
    assert ([each["id"] for each in shown["shifts"]], [each["id"] for each in shown["leaves"]]) == ([shift["id"]], [leave["id"]])
    week = hr.get(f"/engineers/{engineer.uid}/week", first=(now() + timedelta(days=9)).date().isoformat()).json()
    assert len(week) == 7
    assert "leave" in {each["kind"] for day in week for each in day["taken"]}
    assert "on_call" in {each["kind"] for day in week for each in day["shifts"]}
    agent = calling(company.agent)
    for path, body in (
        (f"{act}/set_shift_pattern", {"valid_from": first, "hours": []}), (f"{act}/add_shift", {"kind": "work", **stretch()}),
        (f"{act}/book_leave", {"kind": "sick", **stretch()}), (f"/shifts/{shift['id']}/actions/cancel_shift", {}),
        (f"/leaves/{leave['id']}/actions/cancel_leave", {}),
    ):  # fmt: skip
        assert refused(agent.post(path, body), 403) == "kernel.not_allowed"
    assert twice(hr, f"/shifts/{shift['id']}/actions/cancel_shift")["cancelled_at"]
    assert twice(hr, f"/leaves/{leave['id']}/actions/cancel_leave")["cancelled_at"]
    assert refused(hr.post(f"{act}/add_shift", {"kind": "work", **stretch(), "ends_at": now().isoformat()}), 422)


@pytest.mark.requirement("PF-04")
def test_engineers_of_another_region_are_not_there(company, calling, hr):
    elsewhere = a_region()
    stranger = calling(acting("supervisor", elsewhere))
    uid, act = company.engineer.uid, f"/engineers/{company.engineer.uid}/actions"
    held = Qualification.objects.filter(engineer=company.engineer).first()
    assert stranger.get("/engineers").json() == {"items": [], "next": ""}
    assert stranger.get("/engineers", region=company.region.code).json()["items"] == []
    for part in ("", "/week", "/history"):
        assert refused(stranger.get(f"/engineers/{uid}{part}"), 404)
    assert refused(stranger.post(f"{act}/book_leave", {"kind": "sick", **stretch()}), 404)
    assert refused(stranger.post(f"/qualifications/{held.uid}/actions/revoke_qualification", {"reason": "x"}), 404)
    assert refused(stranger.post(f"{act}/change_engineer", {"number": "E-1"}), 404)


def test_the_list_is_narrowed_and_read_page_by_page(company, calling, hr):
    for _ in range(3):
        an_engineer(company.region, grade="junior")
    first = hr.get("/engineers", grade="junior", limit=2).json()
    rest = hr.get("/engineers", grade="junior", limit=2, after=first["next"]).json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, "")
    assert [each["number"] for each in hr.get("/engineers", q=company.engineer.number).json()["items"]] == [company.engineer.number]
    assert hr.get("/engineers", state="left").json()["items"] == []
