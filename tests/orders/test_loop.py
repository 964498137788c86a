"""The loop by its verbs: from a reported fault to a locked file."""

import pytest

from anxiu.kernel.errors import GateShut, NotFound, WrongState
from anxiu.kernel.time import moved_to
from anxiu.orders import actions
from anxiu.orders.choices import State
from tests.given.assets import a_region, acting
from tests.given.orders import MONDAY, Walk, a_company, opened


@pytest.fixture
def company(db):
    return a_company()


def test_open_order_states_the_deadline_and_has_an_owner(company):
    order = opened(company)
    assert order.owner_id == company.agent.id
    assert order.state == State.ACCEPTED
    assert order.severity == "normal"
    assert order.next_clock == "first_response"
    assert order.next_due_at > MONDAY


def test_open_order_costs_few_statements(company, django_assert_max_num_queries):
    opened(company)  # figures and calendars are read once a process
    with django_assert_max_num_queries(20):
        opened(company)


def test_an_order_goes_through_all_steps(company):
    order = Walk(company, opened(company)).to("archived")
    assert order.state == State.ARCHIVED
    assert order.ended_at
    assert order.guarantee.days == 30
    assert {each.kind for each in order.documents.all()} == {"report", "guarantee"}


def test_an_archived_order_knows_no_verb(company):
    order = Walk(company, opened(company)).to("archived")
    with pytest.raises(WrongState) as refused, moved_to(MONDAY.replace(day=20)):
        actions.contact_customer(actor=company.agent, at=MONDAY.replace(day=20), order_uid=order.uid, result="reached")
    assert refused.value.code == "orders.archived"


def test_completing_without_evidence_names_what_is_missing(company):
    walk = Walk(company, opened(company))
    walk.to("assessed")
    with pytest.raises(GateShut) as refused:
        walk.completed()
    assert [each.code for each in refused.value.missing] == ["orders.photos_missing", "orders.labour_missing"]


def test_somebody_of_another_region_finds_nothing(company):
    order = opened(company)
    stranger = acting("agent", a_region())
    with pytest.raises(NotFound), moved_to(MONDAY):
        actions.contact_customer(actor=stranger, at=MONDAY, order_uid=order.uid, result="reached")
