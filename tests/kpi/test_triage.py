"""What triage does to figures: merged is neither kept nor broken, a part is as old as its request, and a closure from afar
counts only when it held."""

from datetime import timedelta

import pytest

from anxiu.kernel.subscribers import rebuild
from anxiu.kernel.time import moved_to
from anxiu.kpi.models import CaseFact, OrderFact, VisitFact
from anxiu.orders import actions
from anxiu.orders.actions import Part
from anxiu.regulation.choices import OrderType
from tests.given.assets import a_machine
from tests.given.orders import MONDAY, Company, Walk, a_company, opened
from tests.kpi.test_facts import everything, measured
from tests.orders.test_process import Worker, work
from tests.orders.test_remote import SOLVED, customer
from tests.orders.test_triage import NOON, do, pair

SOON = timedelta(days=3)


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


def fact(order) -> OrderFact:
    return OrderFact.objects.get(pk=order.pk)


def refolded() -> None:
    """Facts folded again from all events are what was kept up."""
    kept = everything()
    rebuild("kpi.facts")
    assert everything() == kept


@pytest.mark.requirement("INT-11", "KPI-01")
def test_a_merged_order_is_neither_kept_nor_broken_and_adds_nothing(company):
    first, second = pair(company)
    Walk(company, second, MONDAY + timedelta(minutes=20)).contacted().booked()
    do("merge_order", company.agent, second, NOON, into_uid=first.uid, reason="重复")
    measured()
    row = fact(second)
    assert (row.merged_at, row.ended_at, row.response_seconds, row.completion) == (NOON, NOON, None, None)
    cases = CaseFact.objects.filter(order=second, source__startswith="clock:", because="merged")
    assert set(cases.values_list("verdict", flat=True)) == {"exempt"}
    assert VisitFact.objects.get(order=second).answer == "withdrawn"
    refolded()
    do("separate_order", company.agent, second, NOON + timedelta(hours=1), reason="另一台")
    measured()
    row = fact(second)
    assert (row.merged_at, row.ended_at) == (None, None)
    assert row.response_seconds == 300
    refolded()


@pytest.mark.requirement("INT-11", "SLA-07")
def test_a_part_is_measured_from_the_intake_of_its_request_with_its_pauses(company):
    order = opened(company)
    walk = Walk(company, order).contacted()
    do("suspend", company.agent, order, MONDAY + timedelta(hours=1), reason="customer_postponed", until=MONDAY + timedelta(hours=5))
    do("resume", company.agent, order, MONDAY + timedelta(hours=3))
    [made] = do("split_order", company.agent, order, MONDAY + timedelta(hours=4), parts=(Part("另一处停机"),), reason="两件事")
    measured()
    row, request = fact(made), fact(order)
    assert (row.opened_at, row.responded_at, row.pauses) == (MONDAY, walk.at, request.pauses)
    assert row.response_net_seconds == request.response_net_seconds == 300
    refolded()


def solved(company: Company, **more) -> Worker:
    worker = work(company, **more)
    worker.do("solve_remotely", company.agent, **SOLVED)
    return worker


@pytest.mark.requirement("INT-07")
def test_a_closure_from_afar_counts_when_the_customer_confirmed_it(company):
    worker = solved(company)
    measured()
    assert fact(worker.order).remote is None
    worker.do("sign_off", customer(worker.order), **worker.signature())
    measured()
    assert (fact(worker.order).remote, fact(worker.order).order_type) == (1, OrderType.REMOTE)


@pytest.mark.requirement("INT-07")
def test_what_the_customer_does_not_confirm_does_not_count(company):
    worker = solved(company)
    refusal = {"signing": worker.signature()["signing"], "reason": "not_repaired"}
    worker.do("refuse_sign_off", customer(worker.order), **refusal)
    measured()
    assert (fact(worker.order).remote, fact(worker.order).order_type) == (0, OrderType.REPAIR)


@pytest.mark.requirement("INT-07")
@pytest.mark.parametrize(("after", "same", "counts"), [(SOON, True, 0), (SOON, False, 1), (timedelta(days=40), True, 1)])
def test_a_visit_for_it_within_the_repeat_window_turns_it(company, after, same, counts):
    worker = solved(company)
    worker.do("sign_off", customer(worker.order), **worker.signature())
    measured()
    machine = company.machine if same else a_machine(company.site, company.machine.model, serial="OTHER-3")
    at = MONDAY + after
    walk = Walk(company, opened(company, at, machine_id=machine.pk), at)
    for step in ("contacted", "booked", "accepted", "prepared", "departed"):
        getattr(walk, step)()
    measured()
    assert fact(worker.order).remote == 1  # nobody has come yet
    walk.arrived()
    measured()
    assert fact(worker.order).remote == counts
    refolded()


@pytest.mark.requirement("INT-07")
def test_care_is_no_visit_for_a_fault(company):
    worker = solved(company)
    worker.do("sign_off", customer(worker.order), **worker.signature())
    at = MONDAY + SOON
    care = Worker(company, opened(company, at, order_type=OrderType.MAINTENANCE))
    care.at = at
    care.to("arrive")
    measured()
    assert fact(worker.order).remote == 1


@pytest.mark.requirement("INT-07")
def test_known_later_which_machine_it_was_the_visit_counts_for_that_one(company):
    worker = solved(company)
    worker.do("sign_off", customer(worker.order), **worker.signature())
    at = MONDAY + SOON
    order = opened(company, at, machine_id=None, customer_id=company.customer.pk, fault_class_id=None)
    Walk(company, order, at).booked().accepted().prepared().departed().arrived()
    measured()
    assert fact(worker.order).remote == 1
    with moved_to(at + timedelta(hours=5)):
        actions.identify_machine(
            actor=company.agent, at=at + timedelta(hours=5), order_uid=order.uid, machine_id=company.machine.pk
        )
    measured()
    assert (fact(worker.order).remote, fact(worker.order).followed_by) == (0, order.pk)
    refolded()


@pytest.mark.requirement("KPI-01")
def test_only_kinds_of_service_that_mend_a_fault_count_as_fixed(company):
    care = work(company, OrderType.MAINTENANCE)
    care.to("complete_repair")
    measured()
    row = fact(care.order)
    assert (row.order_type, row.completion) == (OrderType.MAINTENANCE, 1)
    assert (row.resolution, row.first_fix, row.repeat) == (None, None, None)
