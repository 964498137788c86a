"""Whose turn it is: plans to decide as to-dos, corrected records to sign again, ticks taken back, the owner's pad."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from anxiu.accounts.models import Person
from anxiu.duties.models import Duty
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.errors import GateShut, Invalid, NotAllowed
from anxiu.kernel.events import Audience
from anxiu.kernel.subscribers import rebuild
from anxiu.kernel.time import moved_to, now
from anxiu.kpi.models import CaseFact, DayCell
from anxiu.orders import actions
from anxiu.orders.actions import NewPlan
from anxiu.orders.choices import EntryKind, PlanState, State
from anxiu.orders.documents import filling
from anxiu.orders.models import Entry, Plan
from anxiu.orders.queries import history, items_at, ticked, verbs
from anxiu.regulation.choices import OrderType, Severity
from anxiu.sla.actions import NewDuty, set_duty
from anxiu.sla.models import Clock
from anxiu.sla.queries import clocks_of, took
from tests.api.conftest import Caller
from tests.given.assets import acting
from tests.given.browsing import browser, do
from tests.given.orders import MONDAY, Walk, a_company, opened, react_all
from tests.orders.test_process import ruled, step, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return a_company()


def at_the_site(company, start=MONDAY) -> Walk:
    walk = Walk(company, opened(company, start), start)
    walk.to("arrived")
    return walk


def planned(walk: Walk, cost: int = 20000) -> Plan:
    at = walk.later()
    plan = NewPlan("更换曳引机", Decimal(cost))
    with moved_to(at):
        actions.assess(actor=walk.company.hands, at=at, order_uid=walk.order.uid, finding="主板烧毁", plan=plan)
    walk.order.refresh_from_db()
    return Plan.objects.filter(order=walk.order).latest("id")


def duty_of(plan: Plan) -> Duty:
    return Duty.objects.get(kind="plan_approval", subject_kind="plan", subject_id=plan.pk)


# ---- plans -----------------------------------------------------------------------------------------------------------
@pytest.mark.requirement("ORD-06")
def test_a_plan_that_waits_is_the_to_do_of_somebody_who_may_decide(company):
    walk = at_the_site(company)
    plan = planned(walk)
    duty, clock = duty_of(plan), Clock.objects.get(subject_id=walk.order.pk, kind="approval")
    assert (duty.owner_id, duty.due_at) == (company.supervisor.person_id, clock.due_at)
    with moved_to(walk.at):
        desk = browser(company.supervisor).get("/").content.decode()
        mine = browser(company.supervisor).get(reverse("duties")).content.decode()
        answer = Caller(company.supervisor).get("/duties", mine=True).json()["items"]
    for page in (desk, mine):
        assert "Approve a plan" in page
        assert reverse("order", args=[walk.order.uid]) + "#plan" in page
    assert [(each["kind"], each["order_number"]) for each in answer] == [("plan_approval", walk.order.number)]
    at = walk.later()
    with moved_to(at):
        actions.approve_plan(actor=company.supervisor, at=at, order_uid=walk.order.uid, note="同意")
    duty.refresh_from_db()
    assert (duty.closed_at, duty.outcome, duty.closed_by_id) == (at, PlanState.APPROVED, company.supervisor.person_id)
    assert duty.closing_event.kind == "orders.plan_approved"


@pytest.mark.requirement("ORD-06", "SLA-04")
def test_who_is_on_duty_decides_before_others_and_only_within_their_authority(company):
    other = acting("supervisor", company.region)
    span = {"from_at": MONDAY - timedelta(hours=1), "until_at": MONDAY + timedelta(days=1)}
    with moved_to(MONDAY - timedelta(hours=2)):
        new = NewDuty(person_id=other.person_id, post="supervisor", region_id=company.region.pk, rank=1, **span)
        set_duty(actor=SYSTEM, at=now(), new=new)
    walk = at_the_site(company)
    assert duty_of(planned(walk)).owner_id == other.person_id
    far = at_the_site(company, MONDAY + timedelta(hours=8))
    assert duty_of(planned(far, 60000)).owner_id == company.management.person_id


@pytest.mark.requirement("ORD-06")
def test_the_to_do_ends_with_whatever_makes_the_decision_needless(company):
    walk = at_the_site(company)
    first = planned(walk)
    at = walk.later()
    with moved_to(at):
        actions.reject_plan(actor=company.management, at=at, order_uid=walk.order.uid, reason="先修主板")
    assert duty_of(first).outcome == PlanState.REJECTED
    second = planned(walk)
    assert duty_of(second).is_open
    at = walk.later()
    with moved_to(at):
        actions.cancel(actor=company.dispatcher, at=at, order_uid=walk.order.uid, reason="solved_remotely")
    assert not duty_of(second).is_open


@pytest.mark.requirement("ORD-06", "SLA-02")
def test_the_to_do_is_due_when_its_clock_is(company):
    walk = at_the_site(company)
    plan = planned(walk)
    before = duty_of(plan).due_at
    at = walk.later()
    with moved_to(at):
        actions.change_severity(
            actor=company.supervisor, at=at, order_uid=walk.order.uid, severity=Severity.MINOR, reason="可以等"
        )
    clock = Clock.objects.get(subject_id=walk.order.pk, kind="approval")
    assert duty_of(plan).due_at == clock.due_at != before


@pytest.mark.requirement("KPI-01")
def test_approvals_count_among_the_deadlines_kept(company):
    walk = at_the_site(company)
    planned(walk)
    at = walk.later()
    with moved_to(at):
        actions.approve_plan(actor=company.supervisor, at=at, order_uid=walk.order.uid)
        react_all()
    rebuild("kpi.facts")
    case = CaseFact.objects.get(order=walk.order.pk, value_key="sla.approval")
    assert (case.verdict, case.person_id) == ("kept", walk.order.owner_id)
    cells = DayCell.objects.filter(region=company.region.pk, family=-1, severity="")
    assert sum(each.clock_approval for each in cells) == 1
    page = browser(company.management).get(reverse("dashboard"), {"from": "2026-05-04", "until": "2026-05-17"})
    assert page.status_code == 200


# ---- corrected records -----------------------------------------------------------------------------------------------
@pytest.mark.requirement("ORD-11", "STD-04")
def test_a_corrected_order_waits_under_to_be_signed(company):
    start = now() - timedelta(hours=6)
    walk = Walk(company, opened(company, start), start)
    walk.to("signed")
    from tests.orders.test_signed_again import corrected

    client = browser(company.agent)
    assert walk.order.number not in client.get("/orders/?tab=signing").content.decode()
    corrected(walk)
    page = client.get("/orders/?tab=signing").content.decode()
    assert walk.order.number in page
    assert walk.order.number in client.get("/orders/?tab=closing").content.decode()
    assert [
        t["count"] for t in client.get("/orders/").context["listing"].tabs if str(t["label"]) == "To be signed"
    ] == [1]
    walk.signed()
    assert walk.order.number not in client.get("/orders/?tab=signing").content.decode()


@pytest.mark.requirement("SLA-06")
def test_the_report_and_the_page_say_gross_and_net(company):
    start = now() - timedelta(hours=30)
    walk = Walk(company, opened(company, start), start)
    walk.to("assessed")
    at = walk.later()
    with moved_to(at):
        actions.suspend(
            actor=company.hands, at=at, order_uid=walk.order.uid, reason="parts_on_order",
            until=at + timedelta(hours=4),
        )  # fmt: skip
    at = walk.later(120)
    with moved_to(at):
        actions.resume(actor=company.hands, at=at, order_uid=walk.order.uid)
    walk.worked().completed()
    walk.order.refresh_from_db()
    from anxiu.orders.actions.moves import subject_of

    [clock] = [each for each in clocks_of(subject_of(walk.order)) if each.kind == "resolution"]
    lasted = took(clock)
    assert lasted.gross - lasted.net == timedelta(hours=2)
    report = filling.report(walk.order, "en", now())
    [moment] = [each for each in report.moments if each.step == "repair"]
    assert (moment.took, moment.net) == (lasted.gross, lasted.net)
    page = browser(company.agent).get(reverse("order", args=[walk.order.uid])).content.decode()
    assert "gross 2 h" in page


# ---- ticks -----------------------------------------------------------------------------------------------------------
@pytest.mark.requirement("ORD-08", "ORD-21")
def test_a_wrong_tick_is_taken_back_with_a_reason_and_stays_on_record(company):
    worker = work(company)
    worker.to("accept_visit")
    item = items_at(worker.order, State.PREPARING)[0]
    worker.do("check_items", company.hands, checked=(item.code,))
    for actor in (company.supervisor, company.dispatcher):
        with pytest.raises(NotAllowed):
            worker.do("uncheck_item", actor, item=item.code, reason="x")
    with pytest.raises(Invalid):
        worker.do("uncheck_item", company.hands, item=item.code, reason=" ")
    with moved_to(worker.at):
        assert "uncheck_item" in verbs(worker.order, company.hands)
        client = browser(company.hands)
        done = do(client, worker.order, "uncheck_item", item=item.code, reason="拿错了清单")
        assert done.status_code == 204
        page = client.get(reverse("order", args=[worker.order.uid])).content.decode()
        again = Caller(company.hands).post(
            f"/orders/{worker.order.uid}/actions/uncheck_item", {"item": item.code, "reason": "x"}
        )
    assert f"Tick taken back: {item.words.en}. 拿错了清单" in page
    assert again.status_code == 422
    tick = Entry.objects.get(order=worker.order, kind=EntryKind.CHECK, code=item.code)
    assert (tick.corrections.get().text, item.code in ticked([worker.order]).get(worker.order.pk, {})) == (
        "拿错了清单",
        False,
    )
    said = [each.sentence for each in history(worker.order, Audience.STAFF, "en")]
    assert f"Tick taken back: {item.words.en}" in said
    with pytest.raises(GateShut):
        worker.do("prepare", company.hands, checked=())
    worker.to("prepare")  # ticked anew


# ---- the pad on the counter ------------------------------------------------------------------------------------------
@pytest.mark.requirement("ORD-11")
def test_the_owner_takes_the_signature_where_the_regulation_makes_it_their_step(company):
    worker = work(company)
    worker.to("complete_repair")
    assert "sign_off" not in verbs(worker.order, company.agent)
    with pytest.raises(NotAllowed):
        worker.do("sign_off", company.agent, **worker.signature())
    worker.to("archive")
    ruled(lambda all_: step(all_, "repair", "sign_off").update(owner="owner"))
    company = a_company()
    other = work(company)
    other.to("complete_repair")
    assert "sign_off" in verbs(other.order, company.agent)
    other.do("sign_off", company.agent, **other.signature())
    assert other.order.sign_off.witnessed_by_id == company.agent.person_id


@pytest.mark.requirement("ORD-11")
def test_remote_support_is_signed_at_the_owners_desk(company):
    worker = work(company, OrderType.REMOTE)
    worker.to("complete_repair")
    assert Person.objects.filter(pk=worker.order.owner_id).exists()
    worker.do("sign_off", company.agent, **worker.signature())
    assert worker.order.sign_off is not None
