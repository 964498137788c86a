"""Contracts over the API, and what a machine is entitled to."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from anxiu.accounts.models import Post
from anxiu.contracts.actions import end_contract
from anxiu.contracts.choices import CoverLevel, EndReason
from anxiu.contracts.models import Contract
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.models import Access
from anxiu.kernel.money import Money
from tests.given.assets import AT, a_base, a_contract, a_customer, a_machine, a_region, a_site, acting

pytestmark = pytest.mark.requirement("FIN-04", "PF-02")


@pytest.fixture
def base(db):
    return a_base(installed_on=date(2020, 1, 1))


@pytest.fixture
def supervisor(base, calling):
    return calling(acting("supervisor", base.region))


def done(answer, status=200):
    assert answer.status_code == status, answer.content
    return answer.json()


def days(first, last):
    today = timezone.localdate()
    return {"starts_on": today + timedelta(days=first), "ends_on": today + timedelta(days=last)}


def said(**more):
    return {name: str(each) if isinstance(each, date) else each for name, each in more.items()}


def body(base, number="HT-1", **more):
    given = {"number": number, "customer": str(base.customer.uid), "level": "full", **days(-10, 300), **more}
    return said(**given)


def wrong(answer):
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json"), answer.content
    return [(each["field"], each["code"]) for each in answer.json()["errors"]]


def test_a_contract_from_first_to_last(base, supervisor):
    new = body(
        base, level="limited", parts_limit_minor=50_000, value_minor=1_200_000, order_types=["maintenance", "repair"],
        visits_per_year=4, sites=[str(base.site.uid)], machines=[str(base.machine.uid)],
    )  # fmt: skip
    made = done(supervisor.post("/contracts", new), 201)
    assert {name: made[name] for name in new if name not in ("order_types", "customer")} == {
        name: each for name, each in new.items() if name not in ("order_types", "customer")
    }
    assert (made["state"], made["order_types"], made["currency"], made["covers_all"], made["region"]) == (
        "running", ["repair", "maintenance"], "CNY", False, base.region.code,
    )  # fmt: skip
    at = f"/contracts/{made['uid']}"
    act = f"{at}/actions"
    assert {**done(supervisor.get(at)), "created_at": made["created_at"]} == made
    assert Access.objects.filter(purpose="detail", subject_kind="contract").count() == 1
    changed = done(supervisor.post(f"{act}/change_contract", {"visits_per_year": 6, "level": "labour"}))
    assert (changed["visits_per_year"], changed["level"], changed["parts_limit_minor"]) == (6, "labour", None)
    assert changed["value_minor"] == 1_200_000
    covered = done(supervisor.post(f"{act}/set_contract_cover", {"covers_all": True}))
    assert (covered["covers_all"], covered["sites"], covered["machines"]) == (True, [], [])
    renewal = said(number="HT-2", **days(301, 600), value_minor=1_300_000)
    after = done(supervisor.post(f"{act}/renew_contract", renewal), 201)
    assert (after["number"], after["renews"], after["state"], after["value_minor"]) == (
        "HT-2", made["uid"], "coming", 1_300_000,
    )  # fmt: skip
    assert done(supervisor.get(at))["renewed_by"] == after["uid"]
    last = str(timezone.localdate() - timedelta(days=1))
    ended = done(supervisor.post(f"{act}/end_contract", {"ends_on": last, "reason": "price"}))
    assert (ended["state"], ended["ends_on"], ended["agreed_until"], ended["end_reason"]) == (
        "over", last, new["ends_on"], "price",
    )  # fmt: skip
    refused = supervisor.post(f"{act}/end_contract", {"ends_on": last, "reason": "price"})
    assert (refused.status_code, refused.json()["code"]) == (409, "contracts.is_over")


def test_lists_are_narrowed(base, supervisor):
    other = a_customer(base.region, "青云电梯")
    over, soon = a_contract(base.customer, number="OVER", **days(-90, -30)), a_contract(base.customer, **days(-9, 20))
    long, coming = a_contract(other, number="LANG-7", **days(-9, 300)), a_contract(other, **days(30, 300))

    def found(**query):
        return {each["number"] for each in done(supervisor.get("/contracts", **query))["items"]}

    assert found() == {over.number, soon.number, long.number, coming.number}
    assert found(customer=str(other.uid)) == {long.number, coming.number}
    assert [found(state=each) for each in ("over", "running", "coming")] == [
        {over.number}, {soon.number, long.number}, {coming.number}
    ]  # fmt: skip
    in_a_month = str(timezone.localdate() + timedelta(days=30))
    assert found(state="running", ends_before=in_a_month) == {soon.number}
    assert found(ends_before=str(soon.ends_on)) == {over.number}
    assert found(q="lang7") == {long.number}
    assert found(q="青云") == {long.number, coming.number}
    assert found(region="elsewhere") == set()
    assert supervisor.get("/contracts", state="lost").status_code == 422


def test_pages_go_on_where_the_last_ended_and_cost_the_same(base, supervisor, django_assert_max_num_queries):
    for _ in range(5):
        a_contract(base.customer)
    seen, after = [], ""
    while True:
        with django_assert_max_num_queries(4):
            page = done(supervisor.get("/contracts", limit=2, after=after))
        seen += [each["number"] for each in page["items"]]
        if not (after := page["next"]):
            break
    assert len(seen) == len(set(seen)) == 5


def test_a_value_is_for_who_sees_values(base, calling, supervisor):
    row = a_contract(base.customer, value=Money(900))
    agent = calling(acting("agent", base.region))
    assert done(agent.get(f"/contracts/{row.uid}"))["value_minor"] is None
    assert [each["value_minor"] for each in done(agent.get("/contracts"))["items"]] == [None]
    assert [each["value_minor"] for each in done(supervisor.get("/contracts"))["items"]] == [900]
    post = Post.objects.get(code="supervisor")
    post.permissions = sorted(set(post.permissions) - {"contracts.view_value"})
    post.save()
    act = f"/contracts/{row.uid}/actions"
    for answer in (
        supervisor.post("/contracts", body(base, value_minor=1)),
        supervisor.post(f"{act}/change_contract", {"value_minor": 5}),
        supervisor.post(f"{act}/change_contract", {"value_minor": None}),
        supervisor.post(f"{act}/change_contract", {"currency": "USD"}),
        supervisor.post(f"{act}/renew_contract", said(number="N", **days(900, 999), value_minor=1)),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "kernel.not_allowed"), answer.content
    assert done(supervisor.post("/contracts", body(base)), 201)["value_minor"] is None
    assert done(supervisor.post(f"{act}/change_contract", {"visits_per_year": 1}))["value_minor"] is None


def test_a_currency_is_that_of_both_amounts(base, supervisor):
    row = a_contract(base.customer, level=CoverLevel.LIMITED, value=Money(900))
    act = f"/contracts/{row.uid}/actions/change_contract"
    changed = done(supervisor.post(act, {"currency": "USD", "value_minor": 70}))
    assert (changed["currency"], changed["value_minor"], changed["parts_limit_minor"]) == ("USD", 70, 50_000)
    changed = done(supervisor.post(act, {"level": "full", "currency": "EUR"}))
    assert (changed["currency"], changed["value_minor"], changed["parts_limit_minor"]) == ("EUR", 70, None)
    assert wrong(supervisor.post(act, {"currency": "XXX"})) == [("currency", "catalogue.unknown_currency")]


def test_what_is_wrong_is_named_all_at_once(base, supervisor):
    given = body(base, level="limited", **days(5, 4), visits_per_year=400)
    assert wrong(supervisor.post("/contracts", given)) == [
        ("ends_on", "contracts.ends_before_it_starts"), ("parts_limit", "contracts.limit_needed"),
        ("visits_per_year", "contracts.too_many_visits"),
    ]  # fmt: skip
    theirs = a_site(a_customer(base.region, "他人"), "他人厂房")
    answer = supervisor.post("/contracts", body(base, sites=[str(theirs.uid)]))
    assert wrong(answer) == [("site_ids", "contracts.not_the_customers")]
    assert "他人厂房" in answer.json()["detail"]
    never = "00000000-0000-0000-0000-000000000007"
    assert wrong(supervisor.post("/contracts", body(base, machines=[never]))) == [("machines", "api.unknown_code")]
    assert wrong(supervisor.post("/contracts", body(base, customer=never))) == [("customer", "api.unknown_code")]
    row = a_contract(base.customer, number="TAKEN")
    assert wrong(supervisor.post("/contracts", body(base, "TAKEN"))) == [("number", "contracts.number_taken")]
    act = f"/contracts/{row.uid}/actions"
    assert wrong(supervisor.post(f"{act}/set_contract_cover")) == [("covers_all", "contracts.nothing_covered")]
    assert wrong(supervisor.post(f"{act}/change_contract", {"customer": never}))[0][0] == "body.customer"
    assert wrong(supervisor.post(f"{act}/change_contract", {"order_types": ["party"]}))[0][0].startswith("body.order_types")
    early = {"ends_on": "0001-01-01", "reason": "other"}
    assert wrong(supervisor.post(f"{act}/end_contract", early)) == [("ends_on", "contracts.not_in_its_time")]


def test_the_same_key_adds_one_contract(base, supervisor):
    first, again = (supervisor.post("/contracts", body(base), key="k") for _ in range(2))
    assert (first.json(), again["Idempotent-Replayed"]) == (again.json(), "true")
    assert Contract.objects.count() == 1


@pytest.mark.requirement("PF-04")
def test_another_region_sees_nothing(base, calling):
    row, stranger = a_contract(base.customer), calling(acting("supervisor", a_region()))
    assert done(stranger.get("/contracts")) == done(stranger.get("/contracts", q=row.number)) == {"items": [], "next": ""}
    assert stranger.get(f"/contracts/{row.uid}").status_code == 404
    assert stranger.get(f"/machines/{base.machine.uid}/entitlement").status_code == 404
    end = {"ends_on": str(timezone.localdate()), "reason": "price"}
    assert stranger.post(f"/contracts/{row.uid}/actions/end_contract", end).status_code == 404
    assert wrong(stranger.post("/contracts", body(base))) == [("customer", "api.unknown_code")]


def test_who_may_not_is_refused(base, calling):
    agent, row = calling(acting("agent", base.region)), a_contract(base.customer)
    assert agent.post("/contracts", body(base)).status_code == 403
    assert agent.post(f"/contracts/{row.uid}/actions/set_contract_cover", {"covers_all": True}).status_code == 403


@pytest.mark.requirement("AST-02", "FIN-01", "INT-02")
def test_who_pays_is_said_with_its_reason(base, supervisor, calling):
    at = f"/machines/{base.machine.uid}/entitlement"
    assert done(supervisor.get(at)) == {
        "basis": "chargeable", "because": "none", "text": "no warranty and no contract", "until": None, "contract": None,
        "contract_number": "", "level": None, "parts_limit_minor": None, "currency": "",
    }  # fmt: skip
    row = a_contract(
        base.customer, base.site, number="HT-9", level=CoverLevel.LIMITED, order_types=("repair",), **days(-9, 99)
    )
    until = str(row.ends_on)
    held = {
        "basis": "contract", "because": "covered", "text": f"contract HT-9 until {until}", "until": until,
        "contract": str(row.uid), "contract_number": "HT-9", "level": "limited", "parts_limit_minor": 50_000,
        "currency": "CNY",
    }  # fmt: skip
    assert done(supervisor.get(at)) == done(supervisor.get(at, on=until, order_type="repair")) == held
    warehouse = calling(acting("warehouse", base.region))
    assert done(warehouse.get(at)) == {**held, "contract": None}
    planned = done(supervisor.get(at, order_type="maintenance"))
    assert (planned["basis"], planned["because"], planned["contract_number"]) == ("chargeable", "other_types", "HT-9")
    after = done(supervisor.get(at, on=str(row.ends_on + timedelta(days=1))))
    assert (after["because"], after["text"]) == ("over", f"contract HT-9 ended on {until}")
    before = done(supervisor.get(at, on=str(row.starts_on - timedelta(days=1))))
    assert (before["because"], before["until"]) == ("coming", str(row.starts_on - timedelta(days=1)))
    new = a_machine(base.site, installed_on=timezone.localdate())
    found = done(supervisor.get(f"/machines/{new.uid}/entitlement"))
    assert (found["basis"], found["because"], found["contract_number"]) == ("warranty", "in_warranty", "")
    end_contract(
        actor=SYSTEM, at=AT, contract_id=row.pk, ends_on=row.starts_on - timedelta(days=1), reason=EndReason.MISTAKE
    )
    assert done(supervisor.get(at))["because"] == "none"
    assert supervisor.get(at, order_type="party").status_code == 422
    assert supervisor.get(at, on="tomorrow").status_code == 422


def test_an_entitlement_costs_few_statements(base, supervisor, django_assert_max_num_queries):
    for _ in range(3):
        a_contract(base.customer, base.machine)
    supervisor.get(f"/machines/{base.machine.uid}/entitlement")
    with django_assert_max_num_queries(6):
        assert supervisor.get(f"/machines/{base.machine.uid}/entitlement").status_code == 200
