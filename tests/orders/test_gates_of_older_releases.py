"""Who got ready before checklists were kept may leave; who does so now ticks every item."""

import pytest

from anxiu.kernel.errors import GateShut
from anxiu.kernel.gates import ask
from anxiu.orders.choices import LIVE_VISITS, EntryKind, State
from anxiu.orders.models import Entry, Order, Visit
from anxiu.orders.queries import items_at
from tests.given.orders import Company, Walk, a_company, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return a_company()


def as_the_older_release_prepared(walk: Walk) -> Order:
    """Ready to leave, without a line of a checklist."""
    at = walk.later()
    Visit.objects.filter(order=walk.order, state__in=sorted(LIVE_VISITS)).update(prepared_at=at)
    Order.objects.filter(pk=walk.order.pk).update(state=State.PREPARED)
    walk.order.refresh_from_db()
    return walk.order


def test_who_got_ready_before_checklists_were_kept_leaves(company: Company):
    walk = Walk(company, opened(company))
    walk.to("accepted")
    order = as_the_older_release_prepared(walk)
    assert any(each.mandatory for each in items_at(order, State.PREPARING))
    assert not Entry.objects.filter(order=order, kind=EntryKind.CHECK).exists()
    assert not any(each.missing for each in ask([order], "depart", company.hands, walk.at)[order.pk])
    walk.departed().arrived()
    visit = Visit.objects.get(order=order)
    assert (visit.departed_at is not None, visit.arrival_flag) == (True, "")


def test_a_checklist_that_was_begun_is_kept_to_its_end(company: Company):
    walk = Walk(company, opened(company))
    walk.to("accepted")
    order = as_the_older_release_prepared(walk)
    visit, item = Visit.objects.get(order=order), items_at(order, State.PREPARING)[0]
    Entry.objects.create(
        order=order, visit=visit, kind=EntryKind.CHECK, code=item.code, at=walk.at, recorded_at=walk.at,
        author_id=company.hands.person_id,
    )
    with pytest.raises(GateShut) as refused:
        walk.departed()
    assert {each.code for each in refused.value.missing} == {"orders.item_missing"}


def test_a_further_visit_has_a_checklist_of_its_own(company: Company):
    walk = Walk(company, opened(company))
    walk.to("accepted")
    order = as_the_older_release_prepared(walk)
    Visit.objects.filter(order=order).update(prepared_at=None)
    with pytest.raises(GateShut):
        walk.departed()
