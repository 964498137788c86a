"""Small things of the loop's pages: which machine it is, the region that is asked for, today's work as one set."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from anxiu.kernel.time import now
from anxiu.orders.models import Order
from anxiu.orders.queries import completed_on, visible
from tests.given.assets import a_machine, a_model, a_region, a_site
from tests.given.browsing import browser
from tests.given.orders import Company, Walk, a_company, opened


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


@pytest.mark.requirement("INT-02")
def test_the_machine_is_chosen_from_those_of_the_customer_the_sites_first(company):
    other = a_machine(a_site(company.customer), a_model(company.machine.model.family), serial="ZQ-7781-X")
    order, agent = opened(company, now() - timedelta(hours=1)), browser(company.agent)
    shown = agent.get(reverse("order_identify", args=[order.uid])).content.decode()
    assert shown.index(company.machine.serial) < shown.index(other.serial)
    found = agent.get(reverse("order_machines", args=[order.uid]), {"find": "7781"}).content.decode()
    assert (other.serial in found, company.machine.serial in found) == (True, False)
    sent = {"key": uuid4().hex, "machine": other.pk, "fault_class": company.fault.pk, "find": ""}
    assert agent.post(reverse("order_identify", args=[order.uid]), sent).status_code == 204
    order.refresh_from_db()
    assert (order.machine_id, order.site_id) == (other.pk, other.site_id)


@pytest.mark.requirement("INT-02")
def test_nothing_of_another_region_is_offered_or_taken(company):
    elsewhere = a_company()
    order, agent = opened(company, now() - timedelta(hours=1)), browser(company.agent)
    found = agent.get(reverse("order_machines", args=[order.uid]), {"find": elsewhere.machine.serial}).content.decode()
    assert elsewhere.machine.serial not in found
    sent = {"key": uuid4().hex, "machine": elsewhere.machine.pk}
    assert agent.post(reverse("order_identify", args=[order.uid]), sent).status_code == 422
    assert agent.post(reverse("order_identify", args=[order.uid]), {"key": uuid4().hex}).status_code == 422
    assert browser(company.hands).get(reverse("order_machines", args=[order.uid])).status_code == 403


def test_an_order_without_a_machine_is_found_one_by_a_piece_of_its_serial(company):
    order = opened(company, now() - timedelta(hours=1), machine_id=None, contact_id=None, region_id=company.region.pk)
    agent = browser(company.agent)
    url = reverse("order_machines", args=[order.uid])
    assert "No machine found" in agent.get(url).content.decode()
    assert company.machine.serial in agent.get(url, {"find": company.machine.serial[-6:]}).content.decode()


@pytest.mark.requirement("INT-02")
def test_the_region_is_marked_where_it_must_be_said(company):
    supervisor = browser(company.management)
    a_region()
    agent = browser(company.agent)
    form = agent.get(reverse("intake")).content.decode()
    label = form[form.index('for="id_region"') :][:200]
    assert "x-required" in label
    refused = agent.post(reverse("intake"), {"key": uuid4().hex, "words": "坏了", "region": ""})
    assert (refused.status_code, "where the machine stands" in refused.content.decode()) == (422, True)
    assert not Order.objects.exists()
    assert supervisor.get(reverse("intake")).status_code == 403


def test_completed_today_counts_the_very_orders_it_leads_to(company):
    late = now() - timedelta(days=2)
    Walk(company, opened(company, late), late).to("completed")
    start = now() - timedelta(minutes=70)
    today = [Walk(company, opened(company, start), start).to("signed") for _ in range(2)]
    opened(company, start)
    agent = browser(company.agent)
    wanted = [each for each in today if timezone.localdate(each.completed_at) == timezone.localdate()]
    page = agent.get(reverse("desk"))
    tile = next(each for each in page.context["tiles"] if "completed_today" in each["url"])
    listed = agent.get(tile["url"])
    rows = list(listed.context["listing"].rows)
    assert {each.number for each in rows} == {each.number for each in wanted}
    assert tile["value"] == len(rows)
    tab = next(each for each in listed.context["listing"].tabs if each["active"])
    assert tab["count"] == len(rows)
    assert completed_on(visible(company.agent), timezone.localdate()).count() == len(rows)
