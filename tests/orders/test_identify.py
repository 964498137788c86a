"""Saying which machine an order is about, when another one was named first."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from anxiu.equipment.models import Machine
from anxiu.kernel.time import moved_to
from anxiu.orders import actions
from anxiu.orders.models import Order
from tests.given.assets import a_customer, a_machine, a_site
from tests.given.orders import Company, Walk, a_company, opened

pytestmark = pytest.mark.requirement("ORD-13")
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


def repaired(company: Company) -> Order:
    """An archived order; the machine is under its guarantee."""
    walk = Walk(company, opened(company))
    walk.to("worked")
    walk.completed().signed().followed_up().archived()
    walk.order.refresh_from_db()
    return walk.order


def identified(company: Company, order: Order, machine: Machine, at: datetime) -> Order:
    with moved_to(at):
        actions.identify_machine(
            actor=company.agent, at=at, order_uid=order.uid, machine_id=machine.pk, contact_id=order.contact_id
        )
    order.refresh_from_db()
    return order


def test_another_machine_takes_nothing_of_the_first_with_it(company):
    at = repaired(company).completed_at + timedelta(days=2)
    order = opened(company, at)
    assert (order.is_free, order.contact) == (True, company.contact)
    theirs = a_machine(a_site(a_customer(company.region, "别家公司")), company.machine.model, serial="OTHER-1")
    identified(company, order, theirs, at + timedelta(minutes=5))
    assert (order.customer, order.contact) == (theirs.customer, None)
    assert (order.is_free, order.free_because, order.under_guarantee, order.repeat_of) == (False, "", None, None)


def test_a_guarantee_counts_on_the_day_of_the_report(company):
    last = repaired(company).guarantee.until_date
    evening = datetime.combine(last, time(23, 50), SHANGHAI).astimezone(UTC)
    order = opened(company, evening, machine_id=None, customer_id=company.customer.pk)
    assert identified(company, order, company.machine, evening + timedelta(hours=12)).is_free


def test_a_guarantee_ends_with_the_day_of_the_region(company):
    last = repaired(company).guarantee.until_date
    night = datetime.combine(last + timedelta(days=1), time(0, 10), SHANGHAI).astimezone(UTC)
    assert not opened(company, night).is_free
