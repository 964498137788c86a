"""A plan beyond the limits of grade, cost or risk waits for somebody with the authority."""

from datetime import timedelta
from decimal import Decimal

import pytest

from anxiu.kernel.errors import Invalid, NotAllowed, WrongState
from anxiu.kernel.time import moved_to
from anxiu.orders import actions
from anxiu.orders.actions import NewPlan
from anxiu.orders.choices import PlanState, State
from anxiu.orders.models import Order, Plan
from anxiu.orders.queries import approvers, needed
from anxiu.sla.models import Clock
from tests.given.assets import acting
from tests.given.orders import MONDAY, Walk, a_company, an_engineer, opened
from tests.given.regulated import regulated

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk():
    company = a_company()
    walk = Walk(company, opened(company))
    walk.to("arrived")
    return walk


def assess(walk, plan=None):
    at = walk.later()
    with moved_to(at):
        return actions.assess(actor=walk.company.hands, at=at, order_uid=walk.order.uid, finding="主板烧毁", plan=plan)


def decide(walk, verb, actor, **more):
    at = walk.later()
    with moved_to(at):
        return getattr(actions, verb)(actor=actor, at=at, order_uid=walk.order.uid, **more)


@pytest.mark.requirement("ORD-06")
def test_a_plan_within_the_limits_lets_the_work_begin(walk):
    assert assess(walk, NewPlan("更换皮带", Decimal(10000))).state == State.REPAIRING
    plan = Plan.objects.get(order=walk.order)
    assert (plan.state, plan.because, plan.cost.amount) == (PlanState.WITHIN_LIMITS, [], Decimal(10000))


@pytest.mark.requirement("ORD-06")
@pytest.mark.parametrize(
    ("plan", "because"),
    [
        (NewPlan("更换曳引机", Decimal("10000.01")), ["cost"]),
        (NewPlan("带电测量", Decimal(0), ("live_work",)), ["risk"]),
        (NewPlan("更换钢丝绳", Decimal(30000), ("height",)), ["risk", "cost"]),
    ],
)
def test_beyond_a_limit_work_waits_for_approval(walk, plan, because):
    order = assess(walk, plan)
    assert order.state == State.APPROVING
    assert Plan.objects.get(order=order).because == because
    clock = Clock.objects.get(subject_kind="order", subject_id=order.pk, kind="approval")
    assert clock.due_at - clock.started_at == timedelta(hours=1)
    with pytest.raises(WrongState):
        Walk(walk.company, order, walk.at).completed()
    with moved_to(walk.at):
        assert needed(order, walk.company.supervisor, walk.at).verb == "approve_plan"
    assert decide(walk, "approve_plan", walk.company.supervisor, note="同意").state == State.REPAIRING
    plan = Plan.objects.get(order=order)
    assert (plan.state, plan.decided_by_id) == (PlanState.APPROVED, walk.company.supervisor.person_id)
    clock.refresh_from_db()
    assert clock.outcome == "kept"
    walk.worked().completed()


@pytest.mark.requirement("ORD-06")
def test_a_plan_sent_back_is_made_anew(walk):
    assess(walk, NewPlan("更换整机", Decimal(20000)))
    with pytest.raises(Invalid):
        decide(walk, "reject_plan", walk.company.supervisor, reason=" ")
    assert decide(walk, "reject_plan", walk.company.supervisor, reason="先修主板").state == State.ON_SITE
    assert assess(walk, NewPlan("维修主板", Decimal(900))).state == State.REPAIRING


@pytest.mark.requirement("ORD-06", "ORD-16")
def test_who_approves_has_the_authority_and_is_somebody_else(walk):
    assess(walk, NewPlan("更换曳引机", Decimal(50001)))
    company = walk.company
    for actor, code in (
        (company.supervisor, "orders.beyond_authority"), (company.hands, "kernel.not_allowed"),
        (company.agent, "kernel.not_allowed"), (company.dispatcher, "kernel.not_allowed"),
    ):  # fmt: skip
        with pytest.raises(NotAllowed) as refused:
            decide(walk, "approve_plan", actor)
        assert refused.value.code == code
    assert decide(walk, "approve_plan", company.management).state == State.REPAIRING


@pytest.mark.requirement("ORD-06")
def test_nobody_approves_their_own_plan():
    from anxiu.accounts.actions import change_person
    from anxiu.accounts.models import Person
    from anxiu.accounts.queries import actor_of
    from anxiu.kernel.actor import SYSTEM

    company = a_company()
    person = company.engineer.person
    change_person(actor=SYSTEM, at=MONDAY, person_id=person.pk, changes={}, posts=(("engineer", None), ("supervisor", None)))
    walk = Walk(company, opened(company))
    walk.to("arrived")
    assess(walk, NewPlan("更换曳引机", Decimal(20000)))
    both = actor_of(Person.objects.get(pk=person.pk))
    for verb, more in (("approve_plan", {}), ("reject_plan", {"reason": "x"})):
        with pytest.raises(NotAllowed) as refused:
            decide(walk, verb, both, **more)
        assert refused.value.code == "orders.own_plan"


@pytest.mark.requirement("ORD-06")
def test_the_limit_is_that_of_the_grade():
    company = a_company()
    junior = an_engineer(company.region, grade="junior")
    walk = Walk(company, opened(company))
    walk.contacted()
    at = walk.later()
    with moved_to(at):
        actions.book_visit(
            actor=company.dispatcher, at=at, order_uid=walk.order.uid, engineer_id=junior.pk,
            starts_at=at + timedelta(hours=3), ends_at=at + timedelta(hours=5),
        )  # fmt: skip
    from anxiu.accounts.queries import actor_of

    object.__setattr__(company, "hands", actor_of(junior.person))
    walk.accepted().prepared().departed().arrived()
    assert assess(walk, NewPlan("更换继电器", Decimal(501))).state == State.APPROVING


def test_what_cannot_be_judged_is_refused(walk):
    for plan in (NewPlan("x", Decimal(-1)), NewPlan("x", Decimal(1), ("nonsense",)), NewPlan(" ", Decimal(900))):
        with pytest.raises(Invalid):
            assess(walk, plan)


@pytest.mark.requirement("ORD-06", "REG-01")
def test_risks_authority_and_time_are_the_regulations():
    regulated(
        MONDAY - timedelta(hours=1),
        orders__high_risk_work=[{"code": "roof", "words": {"zh": "屋面作业", "en": "Work on a roof"}}],
        orders__approval_limits=[{"post": "dispatcher", "limit": 100, "unlimited": False},
                                 {"post": "supervisor", "limit": 99, "unlimited": False}],
        sla__approval={"urgent": "5 min", "normal": "5 min", "minor": "5 min"},
    )  # fmt: skip
    company = a_company()
    walk = Walk(company, opened(company))
    walk.to("arrived")
    with pytest.raises(Invalid):
        assess(walk, NewPlan("x", Decimal(1), ("live_work",)))
    assert assess(walk, NewPlan("更换屋面机组", Decimal(100), ("roof",))).state == State.APPROVING
    clock = Clock.objects.get(subject_kind="order", subject_id=walk.order.pk, kind="approval")
    assert clock.due_at - clock.started_at == timedelta(minutes=5)
    with pytest.raises(NotAllowed) as refused:
        decide(walk, "approve_plan", company.supervisor)
    assert (refused.value.code, refused.value.params["limit"]) == ("orders.beyond_authority", Decimal(99))


@pytest.mark.requirement("ORD-06")
def test_a_plan_sent_back_is_not_gone_round_by_assessing_without_one(walk):
    assess(walk, NewPlan("更换整机", Decimal(20000)))
    decide(walk, "reject_plan", walk.company.supervisor, reason="先修主板")
    with pytest.raises(Invalid) as refused:
        assess(walk)
    assert (refused.value.code, refused.value.field) == ("orders.plan_missing", "plan")
    assert assess(walk, NewPlan("维修主板", Decimal(900))).state == State.REPAIRING


def suspended(walk):
    assess(walk, NewPlan("更换整机", Decimal(20000)))
    until = walk.at + timedelta(days=1)
    decide(walk, "suspend", walk.company.dispatcher, reason="parts_on_order", until=until, note="")


@pytest.mark.requirement("ORD-06")
def test_another_visit_closes_the_plan_that_waits(walk):
    suspended(walk)
    start = walk.at + timedelta(hours=5)
    decide(
        walk, "book_visit", walk.company.dispatcher, engineer_id=walk.company.engineer.pk, starts_at=start,
        ends_at=start + timedelta(hours=2),
    )  # fmt: skip
    plan = Plan.objects.get(order=walk.order)
    assert (plan.state, plan.decided_by_id, plan.decided_at) == (PlanState.REJECTED, None, walk.at)
    walk.accepted().prepared().departed().arrived()
    with pytest.raises(Invalid):
        assess(walk)
    assert assess(walk, NewPlan("维修主板", Decimal(900))).state == State.REPAIRING


@pytest.mark.requirement("ORD-06")
def test_a_cancelled_order_has_no_plan_that_waits(walk):
    assess(walk, NewPlan("更换整机", Decimal(20000)))
    decide(walk, "cancel", walk.company.agent, reason="customer_withdrew", note="")
    assert not Plan.objects.filter(state=PlanState.WAITING).exists()


@pytest.mark.requirement("ORD-06", "INT-06")
def test_who_is_asked_to_approve_is_not_who_planned_and_costs_no_statement_a_person(walk, django_assert_num_queries):
    order = assess(walk, NewPlan("更换整机", Decimal(20000)))
    cost, one = order.plan.cost, acting("supervisor", walk.company.region)
    order = Order.objects.select_related("plan", "engineer").get(pk=order.pk)
    asked = {each.pk for each in approvers(order, cost)}
    assert {one.person_id, walk.company.supervisor.person_id} <= asked
    with django_assert_num_queries(2):
        approvers(order, cost)
    for _ in range(3):
        acting("supervisor", walk.company.region)
    with django_assert_num_queries(2):
        approvers(order, cost)
    order.plan.planned_by_id = one.person_id
    assert one.person_id not in {each.pk for each in approvers(order, cost)}
