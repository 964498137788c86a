"""The catalogue over the API."""

import pytest

from anxiu.catalogue.models import Family
from anxiu.kernel.actor import SYSTEM
from anxiu.workforce.actions import add_skill
from tests.given.assets import AT, a_region, acting


@pytest.fixture
def supervisor(db, calling):
    return calling(acting("supervisor", a_region()))


def done(answer, status=200):
    assert answer.status_code == status, answer.content
    return answer.json()


FAMILY = {"code": "PUMP", "name_zh": "水泵", "name_en": "Pump", "warranty_months": 24}


@pytest.mark.requirement("PF-02")
def test_the_catalogue_from_first_to_last(supervisor):
    add_skill(actor=SYSTEM, at=AT, code="hydraulics", name_zh="液压", name_en="Hydraulics")
    family = done(supervisor.post("/families", FAMILY), 201)
    act = f"/families/{family['uid']}/actions"
    changed = done(supervisor.post(f"{act}/change_family", {"warranty_months": 12, "skills": ["hydraulics"]}))
    assert (changed["warranty_months"], changed["skills"], changed["name_en"]) == (12, ["hydraulics"], "Pump")
    model = done(supervisor.post("/models", {"family": "PUMP", "maker": "安泰", "code": "P-9", "name": "P9 型"}), 201)
    assert done(supervisor.post(f"/models/{model['uid']}/actions/change_model", {"name": "P9"}))["name"] == "P9"
    new = {"code": "leak", "name_zh": "漏水", "name_en": "Leak", "difficulty": "basic", "family": "PUMP", "keywords_zh": ["滴水"]}
    fault = done(supervisor.post("/fault_classes", new), 201)
    assert (fault["family"], fault["keywords_zh"]) == ("PUMP", ["滴水"])
    at = f"/fault_classes/{fault['uid']}/actions"
    changed = done(supervisor.post(f"{at}/change_fault_class", {"severity_hint": "minor", "family": ""}))
    assert (changed["severity_hint"], changed["family"], changed["name_en"]) == ("minor", "", "Leak")
    new = {"number": "S-1", "name_zh": "密封圈", "name_en": "Seal", "unit": "个", "price_minor": 1250,
           "fits_families": ["PUMP"], "fits_models": [model["uid"]]}  # fmt: skip
    part = done(supervisor.post("/parts", new), 201)
    assert (part["fits_families"], part["fits_models"]) == (["PUMP"], [model["uid"]])
    at = f"/parts/{part['uid']}/actions"
    changed = done(supervisor.post(f"{at}/change_part", {"price_minor": 900, "fits_models": []}))
    assert (changed["price_minor"], changed["fits_families"], changed["fits_models"]) == (900, ["PUMP"], [])
    assert done(supervisor.get("/parts", q="密封"))["items"][0]["number"] == "S-1"
    assert done(supervisor.get("/models", family="PUMP"))["items"][0]["maker"] == "安泰"
    assert supervisor.post(f"{act}/retire_family").status_code == 409
    for path, verb, one in (
        ("models", "retire_model", model), ("fault_classes", "retire_fault_class", fault), ("parts", "retire_part", part),
    ):  # fmt: skip
        assert done(supervisor.post(f"/{path}/{one['uid']}/actions/{verb}"))["retired"]
    assert done(supervisor.post(f"{act}/retire_family"))["retired"]
    for path in ("/families", "/models", "/fault_classes", "/parts"):
        assert done(supervisor.get(path))["items"] == []
        assert len(done(supervisor.get(path, closed=True))["items"]) == 1


def test_the_same_key_adds_one_family(supervisor):
    first, again = supervisor.post("/families", FAMILY, key="k"), supervisor.post("/families", FAMILY, key="k")
    assert (first.json(), again["Idempotent-Replayed"]) == (again.json(), "true")
    assert Family.objects.count() == 1


def test_who_may_not_is_refused(supervisor, calling):
    engineer = calling(acting("engineer", a_region()))
    assert engineer.get("/families").status_code == 200
    assert engineer.post("/families", FAMILY).status_code == 403
    assert calling(acting("hr")).get("/families").status_code == 403


def test_what_is_unknown_is_refused_by_name(supervisor):
    model = {"family": "NONE", "maker": "安泰", "code": "P-9", "name": "P9 型"}
    for path, body, field in (
        ("/models", model, "family"),
        ("/parts", {"number": "S", "name_zh": "x", "name_en": "x", "unit": "x", "currency": "XXX"}, "currency"),
        ("/families", {**FAMILY, "skills": ["juggling"]}, "skills"),
    ):
        answer = supervisor.post(path, body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
