"""Facts: what events say of orders and of the clauses in force."""

from datetime import timedelta

import pytest
from django.forms.models import model_to_dict

from anxiu.kernel.subscribers import project, rebuild
from anxiu.kpi.models import CaseFact, DayCase, DayCell, DayFault, DayHours, OrderFact, VisitFact
from tests.given.orders import Company, Walk, a_company, opened, react_all

pytestmark = pytest.mark.requirement("KPI-01", "REG-07")


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


def measured() -> None:
    react_all()
    while project("kpi.facts"):
        pass


def everything() -> tuple[list[dict], ...]:
    orders = [model_to_dict(each) for each in OrderFact.objects.order_by("pk")]
    cases = [model_to_dict(each, exclude=["id"]) for each in CaseFact.objects.order_by("source")]
    visits = [model_to_dict(each) for each in VisitFact.objects.order_by("pk")]
    cells = [model_to_dict(each, exclude=["id"]) for each in DayCell.objects.order_by("day", "region", "family", "severity")]
    hours = [model_to_dict(each, exclude=["id"]) for each in DayHours.objects.order_by("day", "region", "severity")]
    faults = [
        model_to_dict(each, exclude=["id"])
        for each in DayFault.objects.exclude(number=0).order_by("day", "region", "severity", "fault")
    ]
    counted = DayCase.objects.exclude(kept=0, broken=0, exempt=0).order_by("day", "region", "value_key", "version")
    return orders, cases, visits, cells, hours, faults, [model_to_dict(each, exclude=["id"]) for each in counted]


def test_an_order_is_measured_from_its_events(company):
    walk = Walk(company, opened(company))
    order = walk.to("archived")
    measured()
    fact = OrderFact.objects.get()
    order.refresh_from_db()
    assert (fact.order_id, fact.version_id, fact.region_id) == (order.pk, order.version_id, order.region_id)
    assert (fact.opened_at, fact.completed_at) == (order.opened_at, order.completed_at)
    assert (fact.engineer_id, fact.owner_id) == (company.engineer.pk, order.owner_id)
    assert (fact.arrivals, fact.resolved, fact.repeats) == (1, True, 0)
    assert fact.archived_at is not None


def test_every_clock_is_a_case_of_its_clause(company):
    Walk(company, opened(company)).to("archived")
    measured()
    found = set(CaseFact.objects.filter(source__startswith="clock:").values_list("value_key", "verdict"))
    assert ("sla.first_response", "kept") in found
    assert {verdict for _, verdict in found} == {"kept"}
    assert CaseFact.objects.get(value_key="sla.first_response").person_id == company.agent.id
    assert CaseFact.objects.get(value_key="sla.arrival").person_id == company.hands.id


def test_facts_rebuilt_from_all_events_equal_those_kept_up(company):
    first = Walk(company, opened(company)).to("archived")
    measured()
    first.refresh_from_db()
    Walk(company, opened(company, first.completed_at + timedelta(days=2)), first.completed_at + timedelta(days=2)).to("worked")
    measured()
    kept = everything()
    assert OrderFact.objects.get(pk=first.pk).repeats == 1
    rebuild("kpi.facts")
    assert everything() == kept
