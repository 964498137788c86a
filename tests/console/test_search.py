"""The one box for everything: each kind as far as one sees it, in a constant number of statements."""

import re

import pytest
from django.urls import reverse

from tests.given.assets import AT, a_machine, a_region, a_site, acting
from tests.given.browsing import browser
from tests.given.orders import Company, a_company, opened
from tests.given.regulated import regulated

pytestmark = pytest.mark.django_db
STATEMENTS = 20  # one or two a kind, and who asks


@pytest.fixture
def company() -> Company:
    return a_company()


def found(client, typed: str) -> dict[str, list[str]]:
    """Titles by kind, as the box shows them while one types."""
    page = client.get(reverse("search"), {"q": typed}, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert page.status_code == 200
    shown: dict[str, list[str]] = {}
    for kind, title in re.findall(
        r'x-menu-note">([^<]*)<|<a class="x-hit"[^>]*>.*?x-clip">([^<]*)', page.content.decode()
    ):
        if kind:
            shown[kind.strip()] = []
        else:
            shown[list(shown)[-1]].append(title.strip())
    return shown


@pytest.mark.requirement("PF-07")
def test_every_kind_is_found_by_what_people_type(company):
    order = opened(company)
    client = browser(company.supervisor)
    assert found(client, order.number)["Orders"][0].startswith(order.number)
    assert order.number in found(client, company.machine.serial[-6:].lower())["Orders"][0]
    assert company.machine.serial in found(client, company.machine.serial[-6:].lower())["Machines"][0]
    assert found(client, company.contact.phone[-4:])["Contacts"] == [company.contact.name]
    assert found(client, company.customer.name[:2])["Customers"] == [company.customer.name]
    assert found(client, company.engineer.number)["Engineers"]
    assert found(client, "roster")["Menu"] == ["Duty roster"]
    assert found(client, "3.1")["Regulation"][0].startswith("3.1 ")
    assert found(client, "escalation")["Regulation"]


def test_nothing_of_another_region_and_nothing_one_may_not_read(company):
    order = opened(company)
    stranger = browser(acting("supervisor", a_region()))
    for typed in (order.number, company.machine.serial, company.customer.name, company.engineer.number):
        assert not set(found(stranger, typed)) & {"Orders", "Machines", "Customers", "Contacts", "Engineers"}
    assert set(found(browser(acting("finance")), "roster")) <= {"Nothing found"}


def test_more_than_fits_leads_to_the_list(company):
    for number in range(9):
        a_machine(a_site(company.customer), company.machine.model, serial=f"ZZ-900{number}")
    client = browser(company.supervisor)
    assert len(found(client, "ZZ-900")["Machines"]) == 6
    page = client.get(reverse("search"), {"q": "ZZ-900"}).content.decode()
    assert f"{reverse('machines')}?q=ZZ-900" in page


@pytest.mark.parametrize("typed", ["", " ", "1", "'", "&|!:*", "% _", "\\", "<b>", "门 & 机", "x" * 500])
def test_nothing_that_is_typed_breaks_it(company, typed):
    assert "<b>" not in " ".join(found(browser(company.supervisor), typed))


def test_it_costs_as_many_statements_for_many_rows_as_for_few(company, django_assert_max_num_queries):
    regulated(AT)
    for number in range(12):
        a_machine(a_site(company.customer), company.machine.model, serial=f"ZZ-900{number}")
    opened(company)
    client = browser(company.management)
    client.get(reverse("search"), {"q": "zz"})
    for typed in ("ZZ-900", company.customer.name[:2], "3.", "5678"):
        with django_assert_max_num_queries(STATEMENTS):
            client.get(reverse("search"), {"q": typed})
