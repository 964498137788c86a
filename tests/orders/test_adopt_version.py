"""An order moves to another version of the regulation by a recorded decision; the time that passed still counts."""

from datetime import timedelta

import pytest

from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.errors import Invalid, NotAllowed, NotFound, WrongState
from anxiu.kernel.models import EventRow
from anxiu.kernel.time import moved_to
from anxiu.orders import actions
from anxiu.regulation.actions import adopt_preset
from anxiu.regulation.queries import in_force, preset
from anxiu.sla.choices import ClockKind
from anxiu.sla.models import Clock
from tests.given.orders import MONDAY, Company, Walk, a_company, opened
from tests.given.regulated import regulated

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(minutes=10)


@pytest.fixture
def company() -> Company:
    return a_company()


def first_response(order) -> Clock:
    return Clock.objects.get(subject_kind="order", subject_id=order.pk, kind=ClockKind.FIRST_RESPONSE)


def adopt(company: Company, order, version, **more):
    with moved_to(LATER):
        given = {"actor": company.supervisor, "at": LATER, "order_uid": order.uid, "reason": "the customer asked"}
        return actions.adopt_version(**{**given, "version_id": version.pk, **more})


@pytest.mark.requirement("REG-01")
def test_the_clocks_take_the_new_targets_and_keep_their_start(company: Company):
    order = opened(company, MONDAY, words="有人被困")
    before = first_response(order)
    version = regulated(LATER, sla__first_response={"urgent": "20 min", "normal": "2 h", "minor": "8 working h"})
    adopt(company, order, version)
    after = first_response(order)
    assert (after.version, after.started_at, after.due_at) == (version, before.started_at, MONDAY + timedelta(minutes=20))
    order.refresh_from_db()
    assert (order.version, order.next_due_at) == (version, MONDAY + timedelta(minutes=20))
    fact = EventRow.objects.get(kind="orders.version_adopted", subject_id=order.pk)
    assert '"before":"default-1"' in fact.body
    assert EventRow.objects.get(kind="sla.clocks_retargeted", subject_id=order.pk).body.count('"version"') == 1
    adopt(company, order, version)
    assert EventRow.objects.filter(kind="orders.version_adopted").count() == 1


@pytest.mark.requirement("REG-01", "ORD-02")
def test_a_version_whose_process_has_no_place_for_the_order_is_refused(company: Company):
    order = Walk(company, opened(company, MONDAY)).to("booked")
    processes = dict(preset("default").figures["orders.processes"])
    version = regulated(LATER, orders__processes={**processes, "repair": processes["remote"]})  # nobody goes
    with pytest.raises(Invalid) as refused, moved_to(LATER + timedelta(minutes=5)):
        adopt(company, order, version)
    assert refused.value.code == "orders.version_without_state"
    order.refresh_from_db()
    assert order.version != version


def test_what_cannot_be_adopted_is_refused(company: Company):
    order = opened(company, MONDAY)
    first = in_force(None, "", MONDAY)
    later = adopt_preset(actor=SYSTEM, at=MONDAY, preset_code="default", in_force_from=LATER + timedelta(days=1))
    elsewhere = adopt_preset(
        actor=SYSTEM, at=MONDAY, preset_code="default", in_force_from=MONDAY, order_type="training"
    )
    for version in (later, elsewhere):
        with pytest.raises(Invalid) as refused:
            adopt(company, order, version)
        assert refused.value.code == "orders.version_elsewhere"
    with pytest.raises(Invalid) as refused:
        adopt(company, order, later, reason=" ")
    assert refused.value.code == "orders.reason_missing"
    with pytest.raises(NotFound):
        adopt(company, order, first, version_id=0)
    with pytest.raises(NotAllowed):
        adopt(company, order, first, actor=company.agent)
    done = Walk(company, opened(company, MONDAY)).to("archived")
    with pytest.raises(WrongState), moved_to(MONDAY + timedelta(days=30)):
        adopt(company, done, first, at=MONDAY + timedelta(days=30))
