"""What speaks of a machine: a contract that names it, its site, or all its customer has."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anxiu.contracts.actions import set_contract_cover
from anxiu.contracts.choices import Basis, Because, CoverLevel
from anxiu.contracts.queries import entitlements, from_beside, in_its_time, terms_beside, terms_of
from anxiu.contracts.rules import Entitlement
from anxiu.equipment.actions import move_machine
from anxiu.equipment.models import Machine
from anxiu.equipment.queries import machines
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.money import Money
from anxiu.orders.models import Order
from anxiu.regulation.choices import OrderType
from tests.given.assets import AT, Base, a_base, a_contract, a_customer, a_machine, a_model, a_site
from tests.given.orders import a_company, opened

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("AST-02", "FIN-01", "FIN-04", "INT-02")]
TODAY = date(2026, 3, 2)


@pytest.fixture
def base() -> Base:
    return a_base(installed_on=date(2020, 1, 1))


def entitled(machine: Machine, of: OrderType = OrderType.REPAIR, on: date = TODAY) -> Entitlement:
    return entitlements(list(machines(SYSTEM).filter(pk=machine.pk)), of, on)[machine.pk]


def test_a_machine_is_covered_by_its_own_name_by_its_site_and_by_its_customer(base: Base) -> None:
    beside, elsewhere = a_machine(base.site), a_machine(a_site(base.customer, "二号厂房"))
    a_contract(base.customer, base.machine, number="M", level=CoverLevel.LIMITED)
    found = [entitled(each).terms for each in (base.machine, beside, elsewhere)]
    assert [each and each.number for each in found] == ["M", None, None]
    assert found[0] is not None
    assert found[0].parts_limit == Money(50_000)
    a_contract(base.customer, base.site, number="S")
    found = [entitled(each).terms for each in (base.machine, beside, elsewhere)]
    assert [each and each.number for each in found] == ["S", "S", None]
    a_contract(base.customer, number="C", ends_on=date(2027, 12, 31))
    found = [entitled(each).terms for each in (base.machine, beside, elsewhere)]
    assert [each and each.number for each in found] == ["C", "C", "C"]


def test_the_warranty_of_the_machine_goes_first() -> None:
    base = a_base(installed_on=date(2025, 6, 1))
    row = a_contract(base.customer)
    assert entitled(base.machine) == Entitlement(Basis.WARRANTY, Because.IN_WARRANTY, date(2026, 6, 1))
    after = entitled(base.machine, on=date(2026, 6, 2))
    assert (after.basis, after.until, after.terms and after.terms.contract_id) == (Basis.CONTRACT, row.ends_on, row.pk)


def test_another_customers_contract_says_nothing_of_it(base: Base) -> None:
    a_contract(a_customer(base.region, "他人"))
    assert entitled(base.machine) == Entitlement(Basis.CHARGEABLE, Because.NONE)


def test_a_machine_that_went_to_another_customer_left_its_contracts(base: Base) -> None:
    row = a_contract(base.customer, base.machine)
    other = a_customer(base.region, "接手公司")
    move_machine(actor=SYSTEM, at=AT, machine_id=base.machine.pk, site_id=a_site(other).pk)
    assert entitled(base.machine) == Entitlement(Basis.CHARGEABLE, Because.NONE)
    theirs = a_contract(other)
    found = entitled(base.machine).terms
    assert found is not None
    assert found.contract_id == theirs.pk != row.pk


def test_a_machine_that_went_to_another_site_is_under_that_sites_contract(base: Base) -> None:
    second = a_site(base.customer, "二号厂房")
    a_contract(base.customer, second, number="S2")
    assert entitled(base.machine).because == Because.NONE
    move_machine(actor=SYSTEM, at=AT, machine_id=base.machine.pk, site_id=second.pk)
    assert entitled(base.machine).because == Because.COVERED


def test_what_a_contract_no_longer_names_it_does_not_cover(base: Base) -> None:
    row = a_contract(base.customer)
    beside = a_machine(base.site)
    set_contract_cover(actor=SYSTEM, at=AT, contract_id=row.pk, covers_all=False, machine_ids=(beside.pk,))
    assert (entitled(base.machine).because, entitled(beside).because) == (Because.NONE, Because.COVERED)


@pytest.mark.parametrize("count", [1, 50])
def test_it_costs_the_same_for_any_number_of_machines(
    base: Base, count: int, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    model = a_model()
    named = [a_machine(base.site, model) for _ in range(count)]
    a_contract(base.customer, *named)
    a_contract(base.customer, base.site)
    a_contract(base.customer)
    rows = list(machines(SYSTEM).filter(pk__in=[each.pk for each in named]))
    with django_assert_max_num_queries(2):
        found = entitlements(rows, OrderType.REPAIR, TODAY)
    assert len(found) == count
    assert {len(each) for each in terms_of(rows).values()} == {3}


def test_what_is_read_beside_an_order_is_what_is_read_by_itself() -> None:
    """An order's page reads its contracts in its own statement."""
    company = a_company()
    a_contract(company.customer, company.site, level=CoverLevel.LIMITED, order_types=(OrderType.REPAIR,))
    a_contract(company.customer, company.machine, starts_on=date(2027, 1, 1), ends_on=date.max)
    a_contract(company.customer)
    a_contract(company.customer, a_site(company.customer, "二号厂房"))
    a_contract(a_customer(company.region, "他人"))
    order = opened(company)
    said = Order.objects.filter(pk=order.pk).annotate(agreed=terms_beside()).get()
    found = from_beside(getattr(said, "agreed"))  # noqa: B009 annotated
    alone = terms_of([company.machine])[company.machine.pk]
    assert sorted(found, key=lambda each: each.contract_id) == sorted(alone, key=lambda each: each.contract_id)
    assert len(found) == 3


@pytest.mark.parametrize(("first", "last"), [(date.min, date.max), (date.min, date(2026, 3, 2)), (TODAY, date.max)])
def test_a_contract_that_begins_or_ends_with_time_itself_has_its_orders(base: Base, first: date, last: date) -> None:
    row = a_contract(base.customer, starts_on=first, ends_on=last)
    assert not Order.objects.filter(in_its_time(row)).exists()


def test_a_contract_of_many_machines_is_not_read_whole_for_one(base: Base) -> None:
    """Only what speaks of the machines asked about is fetched."""
    model = a_model()
    named = [a_machine(base.site, model) for _ in range(3)]
    a_contract(base.customer, *named)
    with CaptureQueriesContext(connection) as asked:
        terms_of([named[0]])
    assert any(f"\"machine_id\" IN ({named[0].pk})" in each["sql"] for each in asked.captured_queries[-1:])
