"""The loop by its verbs: from a reported fault to a locked file."""

import pytest

from anxiu.kernel.errors import GateShut, NotFound, WrongState
from anxiu.kernel.time import moved_to
from anxiu.orders import actions
from anxiu.orders.choices import State
from tests.given.assets import a_region, acting
from tests.given.orders import MONDAY, Walk, a_company, opened, react_all


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


@pytest.mark.requirement("SLA-07")
@pytest.mark.parametrize(
    ("hours", "flagged"),
    [(0, False), (4, True), (10, True), (5 * 24, True)],  # 09:00, 13:00 is work, lunch at 12:30, evening, Saturday
)
def test_a_report_out_of_hours_is_flagged(company, hours, flagged):
    from datetime import timedelta

    at = MONDAY + (timedelta(hours=3, minutes=30) if hours == 4 else timedelta(hours=hours))
    assert opened(company, at).out_of_hours is flagged


@pytest.mark.requirement("STD-04")
def test_what_was_signed_cannot_be_changed(company):
    from hashlib import sha256

    from django.db import DatabaseError, transaction

    from anxiu.files.content import open_content
    from anxiu.files.queries import open_attachment

    order = Walk(company, opened(company)).to("signed")
    signed = order.sign_off
    assert sha256(signed.document.encode()).hexdigest() == signed.document_digest
    kept = open_attachment(company.hands, signed.signature_uid)
    assert sha256(open_content(kept.blob).read()).hexdigest() == kept.blob.digest
    for change in ({"document": "x"}, {"signer": "somebody else"}, {"document_digest": "0" * 64}):
        with pytest.raises(DatabaseError), transaction.atomic():
            type(signed).objects.filter(pk=signed.pk).update(**change)


@pytest.mark.requirement("SLA-03", "ORD-15")
def test_a_suspension_ends_by_itself_on_its_date(company):
    from datetime import timedelta

    from anxiu.sla.actions import tick_all

    walk = Walk(company, opened(company))
    order = walk.to("assessed")
    at, until = walk.later(), walk.at + timedelta(days=2)
    with moved_to(at):
        actions.suspend(actor=company.hands, at=at, order_uid=order.uid, reason="parts_on_order", until=until)
        react_all()
    order.refresh_from_db()
    assert order.is_suspended
    with moved_to(until + timedelta(minutes=1)):
        tick_all(until + timedelta(minutes=1))
        react_all()
        react_all()
    order.refresh_from_db()
    assert not order.is_suspended
