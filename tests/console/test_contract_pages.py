"""Contracts in the console: from adding one to seeing on the machine's page and at intake who pays."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from anxiu.console import exports, pages
from anxiu.console.equipment.import_looks import preview_of
from anxiu.contracts.actions import NewContract, add_contract
from anxiu.contracts.choices import CoverLevel
from anxiu.contracts.models import Contract
from anxiu.customers.models import Customer
from anxiu.equipment.models import ImportFile, Machine
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.money import Money
from anxiu.kernel.time import moved_to, now
from tests.given.assets import AT, a_customer, a_family, a_machine, a_model, a_region, a_site, acting
from tests.given.browsing import browser
from tests.given.orders import Company, a_company, opened

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("AST-02", "FIN-01", "FIN-04", "INT-02")]
TODAY = AT.date()


@pytest.fixture(autouse=True)
def at_the_time():
    with moved_to(AT):
        yield


@pytest.fixture
def company() -> Company:
    return a_company()


@pytest.fixture
def machine() -> Machine:
    customer = a_customer(a_region("east"))
    return a_machine(a_site(customer), a_model(a_family(months=12)), serial="SN-1", installed_on=date(2020, 1, 1))


def agreed(customer: Customer, number: str = "HT-1", **more: object) -> Contract:
    terms = {"level": CoverLevel.FULL, "starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31), **more}
    return add_contract(actor=SYSTEM, at=AT, new=NewContract(number, customer.pk, **terms))


def sent(client: Client, name: str, row: Contract | None = None, **fields: object):
    address = reverse(name, args=[row.uid] if row else [])
    return client.post(address, {"key": uuid4().hex, **fields})


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_contract_is_added_covers_one_machine_and_pays_for_its_repair(machine: Machine) -> None:
    client, customer = browser(acting("supervisor", machine.region)), machine.customer
    assert "no warranty and no contract" in page(client, reverse("machine", args=[machine.uid]))
    answer = sent(
        client, "add_contract", customer_id=customer.pk, number="HT-7", level="limited", parts_limit="300",
        starts_on="2026-01-01", ends_on="2026-12-31", value="12000", visits_per_year="4", order_types=["repair"],
    )  # fmt: skip
    row = Contract.objects.get()
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == reverse("contract", args=[row.uid])
    assert (row.parts_limit, row.value, row.visits_per_year) == (Money(30000), Money(1200000), 4)
    beside = a_machine(machine.site, machine.model, serial="SN-2", installed_on=date(2020, 1, 1))
    sent(client, "set_contract_cover", row, covers_all="named", machine_ids=[machine.pk])
    shown = page(client, reverse("contract", args=[row.uid]))
    assert "SN-1" in shown
    assert "SN-2" not in shown
    assert "contract HT-7 until 2026-12-31" in page(client, reverse("machine", args=[machine.uid]))
    assert "no warranty and no contract" in page(client, reverse("machine", args=[beside.uid]))
    assert "contract HT-7 until 2026-12-31" in page(client, f"{reverse('intake')}?machine={machine.pk}")
    assert "HT-7" in page(client, reverse("customer", args=[customer.uid]))


def test_what_does_not_fit_together_is_said_at_its_field_and_nothing_is_lost(machine: Machine) -> None:
    client = browser(acting("finance"))
    answer = sent(
        client, "add_contract", customer_id=machine.customer_id, number="HT-8", level="limited",
        starts_on="2026-05-01", ends_on="2026-04-01",
    )  # fmt: skip
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "The last day is before the first." in text
    assert "Say up to what price parts are included." in text
    assert 'value="HT-8"' in text
    assert not Contract.objects.exists()


def test_a_contract_is_renewed_and_ended_early(machine: Machine) -> None:
    client, row = browser(acting("administrator")), agreed(machine.customer)
    sent(client, "renew_contract", row, number="HT-2", starts_on="2027-01-01", ends_on="2027-12-31", value="1")
    follower = Contract.objects.get(number="HT-2")
    assert follower.renews == row
    shown = page(client, reverse("contract", args=[row.uid]))
    assert "HT-2" in shown
    assert reverse("renew_contract", args=[row.uid]) not in shown
    assert sent(client, "end_contract", row, ends_on="2026-03-31", reason="price").status_code == 204
    shown = page(client, reverse("contract", args=[row.uid]))
    assert "The price" in shown
    assert "agreed until 2026-12-31" in shown
    assert sent(client, "end_contract", row, ends_on="2026-03-31", reason="price").status_code == 422


def test_the_list_says_how_many_run_and_which_end_soon(machine: Machine) -> None:
    customer = machine.customer
    agreed(customer, "HT-RUNS")
    agreed(customer, "HT-SOON", ends_on=date(2026, 3, 20))
    agreed(customer, "HT-COMES", starts_on=date(2026, 6, 1))
    agreed(customer, "HT-WAS", starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31))
    client, address = browser(acting("management")), reverse("contracts")
    running = page(client, address)
    assert running.index("HT-SOON") < running.index("HT-RUNS")
    assert "18 days left" in running
    assert "HT-COMES" not in running
    assert "HT-COMES" in page(client, f"{address}?tab=coming")
    assert "HT-WAS" in page(client, f"{address}?tab=over")
    soon = page(client, f"{address}?within=30")
    assert "HT-SOON" in soon
    assert "HT-RUNS" not in soon
    assert "HT-SOON" in page(client, f"{address}?q=soon")
    assert "HT-SOON" not in page(client, f"{address}?q=nobody")


def test_who_does_not_see_values_is_not_shown_and_not_asked_for_one(machine: Machine) -> None:
    row = agreed(machine.customer, value=Money(7654300))
    assert "76,543.00" in page(browser(acting("finance")), reverse("contract", args=[row.uid]))
    agent = browser(acting("agent", machine.region))
    for address in (reverse("contract", args=[row.uid]), reverse("contracts")):
        assert "76,543" not in page(agent, address)
    assert agent.get(reverse("change_contract", args=[row.uid])).status_code == 403


def test_a_customer_with_a_running_contract_is_not_closed(machine: Machine) -> None:
    customer = a_customer(machine.region, "没有设备的公司")
    agreed(customer, "HT-9")
    answer = browser(acting("administrator")).post(
        reverse("retire_customer", args=[customer.uid]), {"key": uuid4().hex}
    )
    assert answer.status_code == 422
    assert "HT-9" in answer.content.decode()


def test_a_list_of_contracts_asks_a_constant_number_of_statements(
    machine: Machine, django_assert_max_num_queries
) -> None:
    client = browser(acting("management"))
    page(client, reverse("contracts"))
    for number in range(12):
        row = agreed(machine.customer, f"HT-{number}", machine_ids=(machine.pk,))
        assert not row.covers_all
    with django_assert_max_num_queries(9):
        page(client, reverse("contracts"))


def test_an_order_says_who_pays_as_of_the_day_it_was_reported(company: Company) -> None:
    start = now() - timedelta(days=1)
    order = opened(company, start)
    desk = browser(company.dispatcher)
    url = reverse("order", args=[order.uid])
    Machine.objects.update(installed_on=date(2015, 1, 1))
    assert "no warranty and no contract" in page(desk, url)
    day = timezone.localdate(start)
    agreed(company.customer, "HT-THEN", starts_on=day, ends_on=day, machine_ids=(company.machine.pk,))
    assert f"contract HT-THEN until {day}" in page(desk, url)


def test_the_box_for_everything_finds_a_contract_by_a_part_of_its_number(machine: Machine) -> None:
    row = agreed(machine.customer, "WB-2026-0815")
    there = reverse("contract", args=[row.uid])
    for typed, found in (("0815", True), ("wb-2026", True), ("4711", False)):
        assert (there in page(browser(acting("management")), f"{reverse('search')}?q={typed}")) is found
    elsewhere = acting("agent", a_region("west"))
    assert there not in page(browser(elsewhere), f"{reverse('search')}?q=0815")


def test_the_list_is_a_file_as_well(machine: Machine) -> None:
    agreed(machine.customer, "HT-FILE", value=Money(7654300))
    address = f"{reverse('contracts')}?export=csv"
    seen = b"".join(browser(acting("management")).get(address).streaming_content).decode()
    assert "HT-FILE" in seen
    assert "76" in seen


def test_the_first_rows_of_a_file_are_shown_in_words_not_in_codes() -> None:
    said = {"key": "HT-1", "level": "limited", "order_types": "repair, maintenance"}
    file = ImportFile(kind="contracts", preview=[{"line": 2, "state": "new", "said": said}])
    with translation.override("en"):
        [row] = preview_of(file)["rows"]
        shown = [cell["text"] for cell in row["cells"]]
    assert shown == ["HT-1", "Labour and small parts", "Repair, Maintenance"]


def test_contracts_without_an_end_are_all_reached_page_by_page(machine: Machine, monkeypatch) -> None:
    monkeypatch.setattr(pages, "PAGE", 2)
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    names = {agreed(machine.customer, f"HT-{n}", ends_on=date.max).number for n in range(5)}
    client, address, seen = browser(acting("supervisor", machine.region)), reverse("contracts"), []
    while address:
        listing = client.get(address).context["listing"]
        seen += [row.number for row in listing.rows]
        address = listing.next_url if len(seen) < 10 else ""
    assert sorted(seen) == sorted(names)
    file = client.get(reverse("contracts") + "?export=csv").getvalue().decode()
    assert [file.count(each) for each in sorted(names)] == [1] * 5
    [row] = Contract.objects.filter(number="HT-1")
    kept = {"number": "HT-1", "level": "full", "starts_on": "2026-01-01", "ends_on": "9999-12-31", "value": "100"}
    assert sent(client, "change_contract", row, customer_id=machine.customer.pk, **kept).status_code == 204
    refused = sent(client, "change_contract", row, customer_id=machine.customer.pk, **{**kept, "ends_on": "9998-12-31"})
    assert "between 1900 and 2999" in refused.content.decode()
