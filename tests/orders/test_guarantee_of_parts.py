"""A part that fails inside the guarantee of the repair that put it in."""

from datetime import datetime, timedelta

import pytest

from anxiu.catalogue.actions import NewPart, add_part
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.money import Money
from anxiu.orders.models import Order
from tests.given.assets import AT
from tests.given.orders import Company, Walk, a_company, opened

pytestmark = pytest.mark.requirement("ORD-13")


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


def a_part(number: str = "P-1") -> int:
    new = NewPart(number, "皮带", "Belt", "件", Money(18000, "CNY"))
    return add_part(actor=SYSTEM, at=AT, new=new).pk


def repaired(company: Company, part: int) -> Order:
    """An archived order whose repair put the part in."""
    walk = Walk(company, opened(company))
    walk.to("worked")
    walk.replaced(part).completed().signed().followed_up().archived()
    order = walk.order
    order.refresh_from_db()
    return order


def later(company: Company, at: datetime, part: int) -> Order:
    """Another fault of the same machine, whose repair takes a part."""
    walk = Walk(company, opened(company, at, fault_class_id=None), at)
    walk.to("worked")
    walk.replaced(part)
    walk.order.refresh_from_db()
    return walk.order


def test_inside_the_guarantee_the_order_becomes_a_free_repeat(company):
    part = a_part()
    first = repaired(company, part)
    again = later(company, first.completed_at + timedelta(days=5), part)
    assert (again.is_free, again.repeat_of_id, again.under_guarantee_id) == (True, first.pk, first.guarantee.pk)


def test_after_it_or_for_another_part_it_does_not(company):
    part, other = a_part(), a_part("P-2")
    first = repaired(company, part)
    assert not later(company, first.completed_at + timedelta(days=5), other).is_free
    assert not later(company, first.completed_at + timedelta(days=60), part).is_free
