"""Pilots on the screen: the list, what came of one with every figure opening to its orders, and the dialogs."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from anxiu.accounts.models import Person
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import moved_to
from anxiu.kpi.rules.piloting import COMPARED
from anxiu.orders.models import Order
from anxiu.regulation.actions import amend_version, withdraw_pilot
from anxiu.regulation.models import Pilot, Version
from tests.given.assets import a_region, acting
from tests.given.facts import many
from tests.given.orders import Company, Walk, a_company, opened
from tests.given.piloted import approved, started
from tests.kpi.test_facts import measured
from tests.kpi.test_pilots import BEGIN, WEEKS, ten, told

pytestmark = pytest.mark.requirement("REG-03")
AFTER = BEGIN + timedelta(weeks=WEEKS, hours=9)


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


@pytest.fixture
def browsing() -> Callable[..., Client]:
    def of(actor: Actor, language: str = "en") -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(Person.objects.get(pk=actor.id), "anxiu.accounts.backend.Backend")
        return client

    return of


@pytest.fixture
def pilot(company: Company) -> Pilot:
    """Four of ten regions answer a quarter of an hour sooner since it began."""
    regions = ten()
    order = Walk(company, opened(company)).to("completed")
    measured()
    many(order, told(regions, lambda region, kind, since: -15.0 if since and region in regions[:4] else 0.0))
    return started(BEGIN, company.supervisor.person_id, regions=tuple(each.pk for each in regions[:4]))


def page_of(client: Client, pilot: Pilot) -> str:
    with moved_to(AFTER):
        return client.get(reverse("pilot", args=[pilot.uid])).content.decode()


def test_a_pilot_says_what_came_of_it_in_a_plain_sentence_in_both_languages(company, browsing, pilot):
    page = page_of(browsing(company.management), pilot)
    assert len(re.findall(r"Where it was tried, it came out 1\d min lower than the rest would lead one to expect", page)) == 1
    assert "Not distinguishable: " in page
    assert page.count('data-chart="trial"') == 2
    assert page.count("As a table") == 2
    assert "8 whole weeks" in page
    assert "3.1" in page
    chinese = page_of(browsing(company.management, "zh-hans"), pilot)
    assert "与其余部分的走势相比，试点部分低了" in chinese
    assert "无法区分：" in chinese


def test_every_figure_opens_to_as_many_orders(company, browsing, pilot):
    client = browsing(company.management)
    page = page_of(client, pilot)
    cells = re.findall(r'<a class="x-pilot-cell" href="([^"]+)">[^<]*<small>(\d+) cases?</small>', page)
    assert len(cells) > 50
    for url, count in {*cells[:4], *cells[-3:], cells[len(cells) // 2]}:
        listed = client.get(url.replace("&amp;", "&")).content.decode()
        assert re.search(rf">{count} cases?<", listed), (url, count)
    sides = [url for url, _ in cells[:4]]
    assert [("side=tried" in url, "side=rest" in url) for url in sides] == [(True, False)] * 2 + [(False, True)] * 2


def test_a_region_with_too_few_cases_is_in_no_side_and_not_among_its_orders(company, browsing, pilot):
    few = a_region("few")
    many(Order.objects.order_by("pk").first(), told([few], lambda region, kind, since: 0.0, each_week=1)[:9])
    client = browsing(company.management)
    page = page_of(client, pilot)
    assert re.search("without=[^&\"]*few", page)
    assert "too few cases to count" in page
    url, count = re.findall(r'<a class="x-pilot-cell" href="([^"]+)">[^<]*<small>(\d+) cases?</small>', page)[2]
    listed = client.get(url.replace("&amp;", "&")).content.decode()
    assert re.search(rf">{count} cases?<", listed)
    assert few.name_en not in re.sub(r"<option.*?</option>", "", listed)


def test_a_pilot_of_a_kind_of_service_says_that_it_compares_kinds(company, browsing):
    regions = ten()[:6]
    order = Walk(company, opened(company)).to("completed")
    measured()
    rows = told(regions, lambda region, kind, since: -15.0 if since and kind == "repair" else 0.0,
                types=("repair", "inspection"))  # fmt: skip
    many(order, rows)
    pilot = started(BEGIN, company.supervisor.person_id, order_types=("repair",))
    page = page_of(browsing(company.management), pilot)
    assert "In every region, the kinds of service on trial with the other kinds." in page
    assert "such as a season" in page
    assert "lower than the rest would lead one to expect" in page


def test_a_supervisor_of_a_region_sees_the_sums_of_all_and_the_parts_of_their_own(company, browsing, pilot):
    tried = Pilot.objects.get(pk=pilot.pk).places.first().region
    page = page_of(browsing(acting("supervisor", tried)), pilot)
    assert "lower than the rest" in page
    parts = re.findall(r'<i class="x-pilot-dot[^>]*></i>([^<]+?)(?:\s*<small>[^<]*</small>)?</th>', page)
    assert set(parts) - {"Where it is tried", "Elsewhere"} == {tried.name_en}
    elsewhere = browsing(acting("supervisor", a_region("far")))
    assert elsewhere.get(reverse("pilot", args=[pilot.uid])).status_code == 404


def test_who_does_not_answer_for_figures_reads_what_runs_and_no_comparison(company, browsing, pilot):
    tried = Pilot.objects.get(pk=pilot.pk).places.first().region
    client = browsing(acting("engineer", tried))
    page = page_of(client, pilot)
    assert "The comparison is for those who answer for the figures" in page
    assert "data-chart" not in page
    assert "roll_out_pilot" not in page
    assert pilot.purpose in page
    assert client.get(reverse("roll_out_pilot", args=[pilot.uid])).status_code == 403
    with moved_to(AFTER):
        document = client.get(reverse("regulation")).content.decode()
    assert "This version is on trial in" in document


@pytest.mark.parametrize("indicators", [("response",), COMPARED])
def test_the_page_costs_few_statements_whatever_the_number_of_indicators(
    company, browsing, indicators, django_assert_max_num_queries
):
    regions = ten()
    pilot = started(BEGIN, company.supervisor.person_id, regions=(regions[0].pk,), indicators=indicators)
    client = browsing(company.management)
    page_of(client, pilot)
    with django_assert_max_num_queries(12):
        page_of(client, pilot)


def test_the_list_tells_what_runs_what_is_ready_and_what_was_decided(company, browsing):
    client, address = browsing(company.management), reverse("pilots")
    assert "No pilot yet" in client.get(address).content.decode()
    version = approved(BEGIN, company.supervisor.person_id)
    page = client.get(address).content.decode()
    assert "Approved: may be tried first" in page
    assert reverse("start_pilot", args=[version.uid]) in page
    a_region("one")
    pilot = started(BEGIN, company.supervisor.person_id, version, regions=(company.region.pk,))
    with moved_to(BEGIN + timedelta(days=10)):
        page = client.get(address).content.decode()
    assert company.region.name_en in page
    assert "81 days left" in page
    with moved_to(BEGIN + timedelta(days=95)):
        assert "5 days over the plan" in client.get(address).content.decode()
    withdraw_pilot(actor=company.management, at=AFTER, pilot_uid=pilot.uid, why="客户更不满意")
    page = client.get(address).content.decode()
    assert "客户更不满意" in page
    assert "Withdrawn after the pilot" in page
    assert "客户更不满意" in client.get(reverse("pilot", args=[pilot.uid])).content.decode()
    log = client.get(reverse("version_log", args=[version.uid])).content.decode()
    assert "看首次响应能否更快" in log
    assert "withdrawn after its pilot" in log


def test_the_dialog_starts_a_pilot_and_says_what_is_wrong(company, browsing):
    a_region("one")
    version = approved(BEGIN, company.supervisor.person_id)
    client, address = browsing(company.management), reverse("start_pilot", args=[version.uid])
    leader = company.supervisor.person_id
    given = {"key": "k1", "until_date": "2026-10-01", "leader_id": leader, "indicators": ["first_fix"], "purpose": "试一试"}
    with moved_to(BEGIN):
        assert "Requests" not in client.get(address).content.decode()
        wrong = client.post(address, given)
        assert wrong.status_code == 422
        assert "in which it does not run" in wrong.content.decode()
        done = client.post(address, {**given, "key": "k2", "regions": [company.region.pk], "starts": "2026-07-10"})
    assert done.status_code == 204, done.content
    pilot = Pilot.objects.get()
    assert done["HX-Redirect"] == reverse("pilot", args=[pilot.uid])
    assert pilot.starts_at.isoformat() == "2026-07-09T16:00:00+00:00"
    with moved_to(BEGIN):
        assert "starts in 4 days" in client.get(done["HX-Redirect"]).content.decode()


def test_what_a_gate_has_against_a_pilot_can_be_overridden(company, browsing):
    a_region("one")
    version = approved(BEGIN, company.supervisor.person_id, feedback__bad_rating=5)
    client, address = browsing(company.management), reverse("start_pilot", args=[version.uid])
    given = {
        "until_date": "2026-10-01", "leader_id": company.supervisor.person_id, "indicators": ["first_fix"], "purpose": "x",
        "regions": [company.region.pk],
    }  # fmt: skip
    with moved_to(BEGIN):
        wrong = client.post(address, {**given, "key": "k1"})
        assert wrong.status_code == 422
        assert 'name="despite"' in wrong.content.decode()
        assert client.post(address, {**given, "key": "k2", "despite": "on"}).status_code == 204
    assert Pilot.objects.exists()


def test_what_took_effect_meanwhile_is_said_before_rolling_out(company, browsing):
    a_region("one")
    pilot = started(BEGIN, company.supervisor.person_id, regions=(company.region.pk,))
    at = BEGIN + timedelta(days=5)
    amended = amend_version(
        actor=company.management, at=at, version_id=pilot.base_id, in_force_from=at, changes={"notify.too_old": "12 h"}
    )
    client = browsing(company.management)
    with moved_to(AFTER):
        page = client.get(reverse("roll_out_pilot", args=[pilot.uid])).content.decode()
        assert f"{amended.code} took effect" in page
        assert "notify.too_old" in page
        assert f"version {amended.code} took effect for the rest" in client.get(reverse("pilot", args=[pilot.uid])).content.decode()


def test_an_order_opened_under_a_pilot_says_so(company, browsing):
    a_region("one")
    before = opened(company, BEGIN - timedelta(hours=1))
    pilot = started(BEGIN, company.supervisor.person_id, regions=(company.region.pk,))
    during = opened(company, BEGIN + timedelta(hours=1))
    assert during.version == pilot.version
    client = browsing(company.supervisor)

    def says(order: Order) -> bool:
        return "on trial: pilot" in client.get(reverse("order", args=[order.uid])).content.decode()

    assert (says(before), says(during)) == (False, True)
    withdraw_pilot(actor=company.management, at=AFTER, pilot_uid=pilot.uid, why="x")
    assert says(during)
    with moved_to(AFTER):
        document = client.get(reverse("regulation_version", args=[Version.objects.get(pk=pilot.version_id).uid]))
    assert "tried in" in document.content.decode()
