"""Webhooks over HTTP: targets, kinds, the log, and every verb."""

from datetime import timedelta
from uuid import uuid4

import pytest

from anxiu.hooks.models import Delivery
from anxiu.kernel.time import now
from tests.given.asking import refused, twice
from tests.given.assets import a_region, acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(calling):
    return calling(acting("administrator"))


@pytest.fixture
def target(administrator):
    body = {"url": "https://erp.example.com/x", "purpose": "ERP", "kinds": ["orders.opened"]}
    return twice(administrator, "/hooks", body, 201)


@pytest.mark.requirement("PF-02")
def test_a_target_is_named_and_read_without_its_secret(administrator, target):
    assert target["secret"].startswith("anxiu_hook_")
    uid = target["target"]["uid"]
    one = administrator.get(f"/hooks/{uid}").json()
    assert {**one, "created_at": ""} == {**target["target"], "created_at": ""}
    assert administrator.get("/hooks").json() == {"items": [one], "next": ""}
    assert target["secret"] not in administrator.get("/hooks").content.decode()
    assert administrator.get(f"/hooks/{uuid4()}").status_code == 404


def test_the_kinds_of_events_are_listed_in_words(administrator):
    found = {each["kind"]: each for each in administrator.get("/hooks/kinds").json()}
    assert found["orders.opened"] == {"kind": "orders.opened", "version": 2, "words": "Order opened"}


@pytest.mark.requirement("PF-02")
def test_every_verb_of_a_target(administrator, target):
    region = a_region()
    act = f"/hooks/{target['target']['uid']}/actions"
    changed = twice(administrator, f"{act}/change_target", {"purpose": "CRM", "regions": [region.code]})
    assert (changed["purpose"], changed["regions"], changed["kinds"]) == ("CRM", [region.code], ["orders.opened"])
    renewed = twice(administrator, f"{act}/renew_secret")
    assert renewed["secret"] != target["secret"]
    assert renewed["target"]["old_secret_until"]
    sent = twice(administrator, f"{act}/send_test", status=201)
    assert (sent["kind"], sent["state"]) == ("hooks.test", "queued")
    span = {"from_at": (now() - timedelta(days=1)).isoformat(), "until_at": now().isoformat()}
    assert twice(administrator, f"{act}/repeat_deliveries", span) == {"count": 0}
    assert twice(administrator, f"{act}/switch_target_off")["off_why"] == "person"
    assert refused(administrator.post(f"{act}/send_test"), 409) == "hooks.is_off"
    assert twice(administrator, f"{act}/switch_target_on")["off_at"] is None


@pytest.mark.requirement("PF-02")
def test_the_log_is_filtered_paged_and_sent_again(administrator, target):
    uid = target["target"]["uid"]
    for _ in range(3):
        administrator.post(f"/hooks/{uid}/actions/send_test")
    Delivery.objects.update(state="failed", reason="answer", status=500, answer="oops", took_ms=12)
    page = administrator.get("/hooks/deliveries", limit=2, target=uid, state="failed", kind="hooks.test").json()
    rest = administrator.get("/hooks/deliveries", limit=2, after=page["next"]).json()
    assert (len(page["items"]), len(rest["items"]), rest["next"]) == (2, 1, "")
    assert administrator.get("/hooks/deliveries", state="delivered").json()["items"] == []
    one = page["items"][0]
    whole = administrator.get(f"/hooks/deliveries/{one['uid']}").json()
    assert (whole["answer"], whole["status"], whole["took_ms"], whole["target"]) == ("oops", 500, 12, uid)
    again = twice(administrator, f"/hooks/deliveries/{one['uid']}/actions/repeat_delivery", status=201)
    assert (again["event_id"], again["state"]) == (one["event_id"], "queued")
    assert again["uid"] != one["uid"]


@pytest.mark.parametrize(
    ("change", "code"),
    [({"url": "http://erp.example.com/"}, "hooks.https_only"), ({"url": "https://10.0.0.1/"}, "hooks.inside"),
     ({"kinds": []}, "hooks.no_kinds"), ({"kinds": ["orders.never"]}, "hooks.unknown_kind"),
     ({"regions": ["never"]}, "api.unknown_code")],
)  # fmt: skip
def test_what_a_target_cannot_be_is_refused(administrator, change, code):
    body = {"url": "https://erp.example.com/x", "purpose": "ERP", "kinds": ["orders.opened"], **change}
    assert refused(administrator.post("/hooks", body), 422) == code


def test_who_may_not_is_refused(calling, target):
    agent = calling(acting("agent"))
    for path in ("/hooks", "/hooks/kinds", "/hooks/deliveries", f"/hooks/{target['target']['uid']}"):
        assert refused(agent.get(path), 403)
    body = {"url": "https://erp.example.com/x", "purpose": "ERP", "kinds": ["orders.opened"]}
    assert refused(agent.post("/hooks", body), 403)
    for verb in ("renew_secret", "send_test", "switch_target_off", "switch_target_on"):
        assert refused(agent.post(f"/hooks/{target['target']['uid']}/actions/{verb}"), 403)
