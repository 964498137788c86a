"""Customers, their sites and contacts over the API."""

import pytest

from anxiu.customers.models import Contact, Customer
from anxiu.kernel.models import Access
from tests.given.assets import a_base, a_customer, a_region, acting


@pytest.fixture
def base(db):
    return a_base()


@pytest.fixture
def supervisor(base, calling):
    return calling(acting("supervisor", base.region))


def done(answer, status=200):
    assert answer.status_code == status, answer.content
    return answer.json()


@pytest.mark.requirement("PF-02")
def test_a_customer_from_first_to_last(base, supervisor, calling):
    new = {"name": "青云电梯有限公司", "region": base.region.code, "tier": "key"}
    made = done(supervisor.post("/customers", new), 201)
    assert (made["tier"], made["region"], made["own_agent"]) == ("key", base.region.code, None)
    at = f"/customers/{made['uid']}"
    act = f"{at}/actions"
    agent = acting("agent", base.region)
    me = done(calling(agent).get("/me"))["person"]["uid"]
    assert done(supervisor.post(f"{act}/assign_agent", {"person": me}))["own_agent"] == me
    changed = done(supervisor.post(f"{act}/change_customer", {"name": "青云", "tier": "contract"}))
    assert (changed["name"], changed["tier"], changed["own_agent"], changed["code"]) == ("青云", "contract", None, made["code"])
    site = done(supervisor.post(f"{act}/add_site", {"name": "北厂", "place": {"latitude": 31.2, "longitude": 121.5}}), 201)
    assert (site["region"], site["place"]["latitude"]) == (base.region.code, 31.2)
    moved = done(supervisor.post(f"/sites/{site['uid']}/actions/change_site", {"address": "北路 1 号"}))
    assert (moved["address"], moved["place"]["longitude"]) == ("北路 1 号", 121.5)
    assert done(supervisor.post(f"/sites/{site['uid']}/actions/change_site", {"place": None}))["place"] is None
    new = {"name": "李雷", "phone": "138 1111 2222", "email": "li@example.com", "site": site["uid"]}
    contact = done(supervisor.post(f"{act}/add_contact", new), 201)
    assert (contact["phone"], contact["email"], contact["site"]) == ("138****2222", "l***@example.com", site["uid"])
    person = f"/contacts/{contact['uid']}"
    assert done(supervisor.post(f"{person}/actions/change_contact", {"role": "厂长"}))["phone"] == "138****2222"
    assert done(supervisor.get(f"{person}/phone"))["phone"] == "138 1111 2222"
    assert Access.objects.filter(purpose="unmask", subject_kind="contact").count() == 1
    assert [each["uid"] for each in done(supervisor.get("/customers", q="1381111 2222"))["items"]] == [made["uid"]]
    assert done(supervisor.post(f"{person}/actions/retire_contact"))["retired_at"]
    assert done(supervisor.post(f"{person}/actions/erase_contact", {"why": "asked"}))["name"] == ""
    assert done(supervisor.post(f"/sites/{site['uid']}/actions/retire_site"))["retired_at"]
    assert done(supervisor.get("/sites", customer=made["uid"]))["items"] == []
    assert done(supervisor.post(f"{act}/retire_customer"))["retired_at"]
    assert done(supervisor.get(at))["retired_at"]
    assert [each["uid"] for each in done(supervisor.get("/customers", closed=True))["items"]] == [made["uid"]]


def test_the_same_key_takes_on_one_customer(base, supervisor):
    body = {"name": "新客户", "region": base.region.code}
    first, again = supervisor.post("/customers", body, key="k"), supervisor.post("/customers", body, key="k")
    assert (first.json(), again["Idempotent-Replayed"]) == (again.json(), "true")
    assert Customer.objects.filter(name="新客户").count() == 1


def test_who_may_not_is_refused(base, calling):
    dispatcher = calling(acting("dispatcher", base.region))
    body = {"name": "x", "region": base.region.code}
    assert dispatcher.post("/customers", body).status_code == 403
    assert dispatcher.post(f"/contacts/{base.contact.uid}/actions/erase_contact", {"why": "asked"}).status_code == 403
    assert calling(acting("finance")).get(f"/contacts/{base.contact.uid}/phone").status_code == 403
    assert Contact.objects.get(pk=base.contact.pk).erased_at is None


@pytest.mark.requirement("PF-04")
def test_another_region_sees_nothing(base, calling):
    stranger = calling(acting("supervisor", a_region()))
    for path in ("/customers", "/sites", "/contacts"):
        assert done(stranger.get(path)) == {"items": [], "next": ""}
    assert stranger.get(f"/customers/{base.customer.uid}").status_code == 404
    assert stranger.post(f"/sites/{base.site.uid}/actions/retire_site").status_code == 404
    refused = stranger.post("/customers", {"name": "x", "region": base.region.code})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "api.unknown_code")


def test_what_cannot_be_changed_is_refused_by_name(base, supervisor):
    answer = supervisor.post(f"/customers/{base.customer.uid}/actions/change_customer", {"own_agent": "x"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body.own_agent")


def test_pages_go_on_where_the_last_ended(base, supervisor):
    for number in range(4):
        a_customer(base.region, f"客户{number}")
    seen, after = [], ""
    while True:
        page = done(supervisor.get("/customers", limit=2, after=after))
        seen += [each["code"] for each in page["items"]]
        if not (after := page["next"]):
            break
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize(("path", "most"), [("/customers", 4), ("/sites", 4), ("/contacts", 4), ("/machines", 4)])
def test_lists_cost_the_same_however_long(base, supervisor, path, most, django_assert_max_num_queries):
    with django_assert_max_num_queries(most):
        assert supervisor.get(path).status_code == 200
