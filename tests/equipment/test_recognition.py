import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anxiu.equipment.models import PastOrder
from anxiu.equipment.queries import Recognition, recognise
from anxiu.kernel.actor import SYSTEM
from tests.given.assets import AT, a_base, a_contact, a_customer, a_machine, a_region, a_site, acting

pytestmark = pytest.mark.django_db


def asked(text: str) -> Recognition:
    with CaptureQueriesContext(connection, ) as queries:
        found = recognise(SYSTEM, text)
        for each in found.machines:
            _ = (each.model.family.name_zh, each.site.name, each.customer.name)
        for who in found.contacts:
            _ = (who.customer.tier, who.customer.own_agent, who.site and who.site.name)
    assert len(queries) <= 5
    return found


@pytest.mark.requirement("INT-02")
@pytest.mark.parametrize("text", ["13812345678", "+86 138 1234 5678", "5678", "王小明", "wxm", "wang@example.com"])
def test_a_caller_is_recognised_with_customer_and_machines(text: str) -> None:
    base = a_base()
    other = a_customer(base.region, "无关公司")
    a_contact(other, "李雷", "13900001111")
    a_machine(a_site(other))
    base.contact.email = "wang@example.com"
    base.contact.save(update_fields=["email"])
    found = asked(text)
    assert (found.contact, found.customer, found.machines) == (base.contact, base.customer, (base.machine,))


@pytest.mark.requirement("INT-02")
@pytest.mark.parametrize("text", ["AT-2025-0031", "0031", "at2025", "label", "P-77"])
def test_a_serial_a_label_and_an_old_order_number_lead_to_machine_and_customer(text: str) -> None:
    base = a_base()
    PastOrder.objects.create(machine=base.machine, date=AT.date(), source="old", source_id="P-77")
    found = asked(base.machine.label_code if text == "label" else text)
    assert (found.customer, found.machines) == (base.customer, (base.machine,))


@pytest.mark.requirement("INT-02")
@pytest.mark.parametrize("text", ["华东机电", "hdjd", "huadongjidian"])
def test_a_customer_is_recognised_by_name_with_all_machines(text: str) -> None:
    base = a_base()
    second = a_machine(a_site(base.customer, "二号厂房"))
    found = asked(text)
    assert (found.customer, set(found.machines)) == (base.customer, {base.machine, second})


def test_a_shared_number_is_left_to_the_agent() -> None:
    base = a_base()
    a_contact(a_customer(base.region, "另一家"), phone="13812345678")
    found = asked("13812345678")
    assert (found.contact, found.customer, len(found.contacts)) == (None, None, 2)


def test_nothing_is_made_of_nothing_nor_of_other_regions() -> None:
    base = a_base()
    for text in ("", " ", "1", "%", "没有这家", "19999999999"):
        assert asked(text).is_empty, text
    assert recognise(acting("agent", a_region()), base.contact.phone).is_empty
