"""Triage: solved from afar without a visit, confirmed by the customer, or sent out after all."""

import pytest

from anxiu.accounts.choices import LinkPurpose
from anxiu.accounts.queries import LINK_PERMISSIONS
from anxiu.kernel.actor import Actor, ActorKind, Subject
from anxiu.kernel.errors import GateShut, NotAllowed, WrongState
from anxiu.kernel.models import EventRow
from anxiu.orders.choices import State
from anxiu.orders.models import Visit
from anxiu.orders.queries import verbs
from anxiu.regulation.choices import OrderType
from anxiu.sla.models import Clock
from tests.given.orders import a_company
from tests.orders.test_process import work

pytestmark = pytest.mark.django_db
SOLVED = {"cause": "门机参数错误", "solution": "电话指导恢复参数", "checked": ("identity_confirmed", "safe_to_guide")}


@pytest.fixture
def company():
    return a_company()


def live(order):
    rows = Clock.objects.filter(subject_kind="order", subject_id=order.pk, state__in=["running", "paused"])
    return set(rows.values_list("kind", flat=True))


def customer(order):
    subject = Subject("order", order.pk)
    return Actor(ActorKind.LINK, 1, LINK_PERMISSIONS[LinkPurpose.SIGN], subject=subject)


@pytest.mark.requirement("INT-07", "INT-11")
def test_a_repair_solved_from_afar_is_confirmed_by_the_customer(company):
    worker = work(company)
    assert "solve_remotely" in verbs(worker.order, company.agent)
    worker.do("solve_remotely", company.agent, **SOLVED)
    order = worker.order
    assert (order.order_type, order.state) == (OrderType.REMOTE, State.SIGNING)
    assert live(order) == {"first_response", "sign_off"}
    worker.do("sign_off", customer(order), **worker.signature())
    assert order.state == State.CLOSING
    assert worker.to("archive") == ["archive"]
    assert not Visit.objects.filter(order=order).exists()
    told = EventRow.objects.filter(subject_kind="order", subject_id=order.pk).values_list("kind", flat=True)
    assert {"orders.solved_remotely", "orders.signed_off"} <= set(told)


@pytest.mark.requirement("INT-07", "INT-11")
def test_what_the_customer_does_not_confirm_is_sent_out_as_a_repair(company):
    worker = work(company)
    worker.do("solve_remotely", company.agent, **SOLVED)
    refusal = {"signing": worker.signature()["signing"], "reason": "not_repaired"}
    worker.do("refuse_sign_off", customer(worker.order), **refusal)
    order = worker.order
    assert (order.order_type, order.state, order.resolved) == (OrderType.REPAIR, State.ACCEPTED, None)
    assert live(order) == {"first_response", "hand_over", "arrival"}
    assert worker.to("archive")[0] == "book_visit"
    assert order.sign_off.number == 2


@pytest.mark.requirement("INT-11", "ORD-12")
def test_after_a_refused_solution_from_afar_the_repair_ends_like_any_other(company):
    worker = work(company)
    worker.do("solve_remotely", company.agent, **SOLVED)
    refusal = {"signing": worker.signature()["signing"], "reason": "not_repaired"}
    worker.do("refuse_sign_off", customer(worker.order), **refusal)
    worker.to("assess")
    assert "resolution" in live(worker.order)
    worker.to("sign_off")
    assert worker.order.sign_off.number == 2
    assert worker.order.guarantee.days
    assert {"follow_up", "archive"} <= live(worker.order)
    assert "sign_off" not in live(worker.order)


@pytest.mark.requirement("INT-11")
def test_sent_out_no_clock_counts_as_kept(company):
    worker = work(company, OrderType.REMOTE)
    worker.do("assess", company.agent, finding="需要更换部件")
    worker.do("send_out", company.agent, reason="需要更换部件")
    ended = Clock.objects.filter(subject_kind="order", subject_id=worker.order.pk, kind="resolution")
    assert set(ended.values_list("state", flat=True)) <= {"dropped"}


@pytest.mark.requirement("INT-11")
def test_remote_support_that_does_not_help_is_sent_out(company):
    worker = work(company, OrderType.REMOTE)
    worker.do("assess", company.agent, finding="需要更换部件")
    worker.do("send_out", company.agent, reason="需要更换部件")
    assert (worker.order.order_type, worker.order.state) == (OrderType.REPAIR, State.ACCEPTED)
    assert worker.to("archive")[-1] == "archive"


@pytest.mark.requirement("INT-07")
def test_only_the_owner_and_only_a_repair_before_it_is_booked(company):
    worker = work(company)
    with pytest.raises(GateShut) as shut:
        worker.do("solve_remotely", company.agent, **{**SOLVED, "checked": ()})
    assert {each.code for each in shut.value.missing} == {"orders.item_missing"}
    with pytest.raises(NotAllowed):
        worker.do("solve_remotely", company.hands, **SOLVED)
    with pytest.raises(WrongState):
        worker.do("send_out", company.agent, reason="x")
    other = work(company, OrderType.INSTALLATION)
    with pytest.raises(WrongState):
        other.do("solve_remotely", company.agent, **SOLVED)
    worker.to("book_visit")
    with pytest.raises(WrongState):
        worker.do("solve_remotely", company.agent, **SOLVED)
