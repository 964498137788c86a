"""Whom one may ask to take an order over."""

import pytest

from anxiu.accounts.actions import NewPerson, add_person
from anxiu.accounts.models import Person
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.errors import Invalid
from anxiu.kernel.time import now
from anxiu.orders import actions
from anxiu.orders.queries import may_take_over
from tests.given.assets import a_person, a_region
from tests.given.orders import Company, a_company, opened

pytestmark = pytest.mark.requirement("INT-05")


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


def works_here_lives_there(company: Company) -> Person:
    new = NewPerson(
        "两地", "both@example.com", (("agent", company.region.pk),), region_id=a_region().pk, password=None
    )
    return add_person(actor=SYSTEM, at=now(), new=new)


def test_who_does_the_work_in_the_region_is_asked_wherever_their_home_is(company):
    order, other = opened(company), works_here_lives_there(company)
    assert other in may_take_over(order)
    actions.propose_hand_over(actor=company.agent, at=now(), order_uid=order.uid, to_person_id=other.pk)


@pytest.mark.parametrize("post", ["engineer", "warehouse", "hr"])
def test_who_may_not_own_orders_is_not_asked(company, post):
    order, other = opened(company), a_person(post, company.region)
    assert other not in may_take_over(order)
    with pytest.raises(Invalid, match="unknown_person"):
        actions.propose_hand_over(actor=company.agent, at=now(), order_uid=order.uid, to_person_id=other.pk)


def test_an_agent_of_another_region_is_not_asked(company):
    order, other = opened(company), a_person("agent", a_region())
    assert other not in may_take_over(order)
    with pytest.raises(Invalid, match="unknown_person"):
        actions.propose_hand_over(actor=company.agent, at=now(), order_uid=order.uid, to_person_id=other.pk)
