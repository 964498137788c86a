"""Why a deadline is what it is: which figure, which version won, what the tier does, what stood still, in plain words."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from anxiu.accounts.actions import issue_token
from anxiu.accounts.models import Person
from anxiu.customers.models import Customer
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.time import moved_to
from anxiu.orders.queries import deadlines
from anxiu.regulation.actions import adopt_preset
from anxiu.regulation.choices import OrderType, Severity
from anxiu.sla.rules.promise import Decides
from tests.given.orders import MONDAY, Walk, a_company, opened
from tests.orders.test_triage import do

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("SLA-01", "SLA-03")]
EARLIER = MONDAY - timedelta(days=1)


@pytest.fixture
def company():
    return a_company()


@pytest.fixture(autouse=True)
def spoken():
    """A page in another language leaves none behind."""
    with translation.override("zh-hans"):
        yield


def told(order, language="en"):
    order.refresh_from_db()
    with translation.override(language):
        return {str(each.clock.kind): each for each in deadlines(order, language)}


def texts(found):
    return {each.about: each.text for each in found.said}


def in_force(company, **more):
    with moved_to(EARLIER):
        adopt_preset(actor=SYSTEM, at=EARLIER, preset_code="default", in_force_from=EARLIER, **more)


def test_a_deadline_is_told_from_its_figure_its_tier_its_calendar_and_its_pauses(company):
    Customer.objects.filter(pk=company.customer.pk).update(tier="key")
    order = opened(company)
    do("suspend", company.agent, order, MONDAY + timedelta(hours=1), reason="customer_postponed", until=MONDAY + timedelta(hours=5))
    do("resume", company.agent, order, MONDAY + timedelta(hours=3))
    arrival = told(order)["arrival"]
    said = texts(arrival)
    assert said["Limit"] == "24 hours at severity “normal”"
    assert said["Customer's tier"].startswith("key customers: 70 % of it, that is ")
    assert said["Time counts"] == "round the clock"
    assert said["Began"] == "2026-05-11 09:00"
    assert said["Stood still"] == "2026-05-11 10:00 to 2026-05-11 12:00: The customer asked for a later time"
    due = MONDAY + timedelta(hours=24 * 0.7 + 2)
    assert arrival.clock.due_at == due
    assert said["Due"] == "2026-05-12 03:48"
    assert arrival.explanation.decided == (Decides.VERSION, Decides.SEVERITY, Decides.TIER)
    assert [each.clause.split()[0] for each in arrival.said if each.clause] == ["3.3", "3.7", "3.6"]


def test_working_time_says_so_and_a_new_severity_keeps_the_start(company):
    order = opened(company)
    do("change_severity", company.agent, order, MONDAY + timedelta(hours=1), severity=Severity.MINOR, reason="可以等")
    said = texts(told(order)["first_response"])
    assert said["Limit"] == "8 working hours at severity “minor”"
    assert said["Time counts"].startswith("in working hours: ")
    assert said["Began"] == "2026-05-11 09:00"


def test_the_most_specific_version_wins_and_the_others_are_named(company):
    in_force(company, changes={"sla.arrival": {"urgent": "4 h", "normal": "20 h", "minor": "72 h"}})
    in_force(company, region_id=company.region.pk, changes={"sla.arrival": {"urgent": "4 h", "normal": "10 h", "minor": "72 h"}})
    in_force(
        company, region_id=company.region.pk, order_type=OrderType.REPAIR,
        changes={"sla.arrival": {"urgent": "4 h", "normal": "6 h", "minor": "72 h"}},
    )  # fmt: skip
    arrival = told(opened(company))["arrival"]
    version = arrival.said[0]
    assert texts(arrival)["Limit"].startswith("6 hours ")
    assert "Repair" in version.text or "repair" in version.text
    assert [each.split(" · ")[1] for each in version.lost] == [
        f"for {company.region.name_en}", "for all regions and kinds of service", "for all regions and kinds of service",
    ]  # fmt: skip


def test_preparation_hangs_on_the_visit(company):
    walk = Walk(company, opened(company)).contacted().booked().accepted()
    said = texts(told(walk.order)["prepare"])
    assert said["Limit"].startswith("2 hours before 2026-05-11 ")
    assert "Customer's tier" not in said


def test_who_is_identified_later_is_served_by_their_tier_from_the_same_start(company):
    Customer.objects.filter(pk=company.customer.pk).update(tier="key")
    order = opened(company, machine_id=None, contact_id=None, fault_class_id=None, region_id=company.region.pk)
    assert "customer not identified" in texts(told(order)["arrival"])["Customer's tier"]
    do("identify_machine", company.agent, order, MONDAY + timedelta(hours=1), machine_id=company.machine.pk)
    arrival = told(order)["arrival"]
    assert (arrival.clock.started_at, arrival.clock.due_at) == (MONDAY, MONDAY + timedelta(hours=24 * 0.7))
    assert order.next_due_at == MONDAY + timedelta(hours=2 * 0.7)


def test_the_explanation_is_a_dialog_by_the_clock_and_an_answer_of_the_api(company):
    order = opened(company)
    client = Client()
    client.force_login(Person.objects.get(pk=company.agent.person_id))
    arrival = told(order)["arrival"].clock
    page = client.get(reverse("order", args=[order.uid]), headers={"accept-language": "zh-hans"}).content.decode()
    address = reverse("order_clock", args=[order.uid, arrival.pk])
    assert f'data-dialog="{address}"' in page
    shown = client.get(address, headers={"accept-language": "zh-hans"}).content.decode()
    assert "级别“一般”：24 小时" in shown
    assert "3.3" in shown
    other = opened(a_company())
    assert client.get(reverse("order_clock", args=[order.uid, told(other)["arrival"].clock.pk])).status_code == 404
    secret = issue_token(actor=SYSTEM, at=MONDAY, person_id=company.agent.person_id, label="x")[1]
    answer = Client(headers={"authorization": f"Bearer {secret}", "accept-language": "en"}).get(f"/api/v1/orders/{order.uid}/deadlines")
    found = {each["kind"]: each for each in answer.json()}["arrival"]
    assert (found["limit_seconds"], found["share"], found["decided"]) == (86400, 100, ["version", "severity", "tier"])


@pytest.mark.requirement("SLA-07")
def test_what_came_in_out_of_hours_is_marked_and_can_be_listed(company):
    from anxiu.kpi.models import OrderFact
    from tests.kpi.test_facts import measured

    inside, outside = opened(company), opened(company, MONDAY + timedelta(hours=14))
    assert (inside.out_of_hours, outside.out_of_hours) == (False, True)
    client = Client()
    client.force_login(Person.objects.get(pk=company.agent.person_id))
    listed = client.get(reverse("orders") + "?hours=out", headers={"accept-language": "en"}).content.decode()
    assert outside.number in listed
    assert inside.number not in listed
    assert "received out of hours" in listed
    assert "Out of hours" in client.get(reverse("order", args=[outside.uid]), headers={"accept-language": "en"}).content.decode()
    measured()
    assert set(OrderFact.objects.filter(out_of_hours=True).values_list("pk", flat=True)) == {outside.pk}
