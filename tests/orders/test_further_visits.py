"""An order that needs more than one visit."""

from datetime import timedelta

import pytest

from anxiu.kernel.actor import Subject
from anxiu.kernel.time import moved_to
from anxiu.orders import actions
from anxiu.orders.choices import State, VisitState
from anxiu.sla.choices import ClockKind
from anxiu.sla.models import Clock
from anxiu.sla.queries import shown_of
from tests.given.orders import Walk, a_company, opened

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("ORD-15", "SLA-03")
@pytest.mark.parametrize("step", ["arrived", "worked"])
def test_a_further_visit_goes_on_with_the_same_promises(step):
    company = a_company()
    walk = Walk(company, opened(company))
    order = walk.to(step)
    at = walk.later()
    with moved_to(at):
        actions.suspend(actor=company.hands, at=at, order_uid=order.uid, reason="parts_on_order", until=at + timedelta(hours=20))
    walk.later(60)
    walk.booked().accepted().prepared().departed().arrived().assessed()
    order.refresh_from_db()
    assert order.state == State.REPAIRING
    assert [each.state for each in order.visits.order_by("number")] == [VisitState.DONE, VisitState.ON_SITE]
    clocks = Clock.objects.filter(subject_kind="order", subject_id=order.pk)
    assert clocks.filter(kind=ClockKind.RESOLUTION).count() == 1  # it began with the first arrival and runs on
    shown = shown_of(Subject("order", order.pk))
    assert (order.next_due_at, order.next_clock) == (shown.next_due_at, shown.next_clock)
    walk.worked().completed().signed().followed_up().archived()
    order.refresh_from_db()
    assert order.state == State.ARCHIVED
    assert not Clock.objects.filter(subject_kind="order", subject_id=order.pk, stopped_at=None).exists()
