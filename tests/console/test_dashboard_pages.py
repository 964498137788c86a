"""The dashboard: figures with their counts, targets and tables, and the orders behind each."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from anxiu.accounts.models import Person
from anxiu.feedback.actions import rate
from anxiu.kernel.time import moved_to, now
from anxiu.kpi.models import OrderFact, VisitFact
from anxiu.kpi.queries import rules_of
from anxiu.regulation.models import Version
from tests.given.assets import a_region, acting
from tests.given.browsing import browser
from tests.given.orders import MONDAY, Company, Walk, a_company, opened
from tests.given.regulated import regulated
from tests.kpi.test_facts import measured
from tests.kpi.test_indicators import lived

pytestmark = pytest.mark.requirement("KPI-05")
MAY = {"period": "custom", "since": "2026-05-01", "until": "2026-05-31"}


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


def test_the_dashboard_shows_figures_with_their_counts_and_a_table_under_every_chart(company):
    lived(company)
    page = browser(company.supervisor).get(reverse("dashboard"), MAY).content.decode()
    assert len(re.findall('data-chart="', page)) == 3
    assert page.count("x-as-table") == 4  # one of all indicators as well
    assert "4</b>" in page  # requests
    assert "No data" in page  # nobody was rated
    assert "too few cases to judge" in page


def test_a_figure_leads_to_its_orders_and_a_week_to_fewer(company):
    lived(company)
    client = browser(company.supervisor)
    link = reverse("indicator_orders", args=["completion"]) + "?period=custom&since=2026-05-01&until=2026-05-31"
    page = client.get(link).content.decode()
    assert page.count('<tr class="is-terse"') == 3
    assert "2 ÷ 3" in page
    assert client.get(link + "&result=0").content.decode().count('<tr class="is-terse"') == 1
    assert client.get(link + "&week=2026-05-18").content.decode().count('<tr class="is-terse"') == 1
    requests = reverse("indicator_orders", args=["requests"]) + "?period=custom&since=2026-05-01&until=2026-05-31"
    assert client.get(requests + "&weekday=1&hour=9").content.decode().count('<tr class="is-terse"') >= 1
    assert client.get(requests + "&fault=-").status_code == 200


def test_every_indicator_says_what_it_counts(company):
    client = browser(company.supervisor)
    page = client.get(reverse("indicator", args=["first_fix"]), MAY).content.decode()
    assert "What exactly is counted" in page
    assert "within the repeat window" in page
    assert client.get(reverse("indicator", args=["never"])).status_code == 404


def test_people_are_ranked_only_from_the_minimum_up(company):
    lived(company)
    client = browser(company.supervisor)
    name = Person.objects.get(pk=company.hands.id).name
    page = client.get(reverse("indicator_people", args=["wait"]), MAY).content.decode()
    assert page.index("Too few cases to rank") < page.index(name)
    regulated(now(), kpi__minimum_cases=1)
    page = client.get(reverse("indicator_people", args=["wait"]), MAY).content.decode()
    assert "Too few cases to rank" not in page
    assert name in page
    assert browser(company.dispatcher).get(reverse("indicator_people", args=["wait"])).status_code == 403


def test_an_engineer_finds_only_their_own(company):
    lived(company)
    client = browser(company.hands)
    page = client.get(reverse("dashboard"), MAY).content.decode()
    assert "My figures" in page
    assert "Regions compared" not in page
    assert client.get(reverse("indicator_people", args=["wait"])).status_code == 403
    assert browser(company.agent).get(reverse("dashboard")).status_code == 403


def test_another_region_finds_nothing(company):
    lived(company)
    page = browser(acting("supervisor", a_region())).get(reverse("dashboard"), MAY).content.decode()
    assert company.region.name_en not in page
    assert "No requests in this time" in page


def test_a_garbled_address_is_the_usual_one(company):
    client = browser(company.supervisor)
    for query in ("period=x", "period=custom&since=9&until=zz", "region=zz&person=1&family=-&severity=?", "show=zz"):
        assert client.get(reverse("dashboard") + "?" + query).status_code == 200
    for query in ("week=x", "hour=99", "weekday=²", "after=zz", "result=7"):
        assert client.get(reverse("indicator_orders", args=["requests"]) + "?" + query).status_code == 200


def test_the_dashboard_costs_few_statements(company, django_assert_max_num_queries):
    lived(company)
    client = browser(company.supervisor)
    client.get(reverse("dashboard"), MAY)
    with django_assert_max_num_queries(14):
        client.get(reverse("dashboard"), MAY)
    with django_assert_max_num_queries(10):
        client.get(reverse("indicator_orders", args=["wait"]), MAY)


@pytest.mark.requirement("KPI-01")
def test_targets_are_what_the_regulation_says(company):
    figures = {
        "kpi__time_targets": [{"indicator": "response", "at_most": "2 h"}],
        "kpi__share_targets": [{"indicator": "first_fix", "target": 90}, {"indicator": "clocks", "target": 80}],
        "kpi__minimum_cases": 3,
    }  # fmt: skip
    usual, other = rules_of(Version.objects.get()), rules_of(regulated(MONDAY, **figures))
    assert (usual.targets["response"], usual.targets["first_fix"], usual.minimum) == (3600, 0.85, 10)
    assert (other.targets["response"], other.targets["first_fix"], other.minimum) == (7200, 0.9, 3)
    assert (usual.targets["clock_arrival"], other.targets["clock_arrival"]) == (0.95, 0.8)


@pytest.mark.requirement("KPI-01")
def test_what_counts_as_satisfied_and_as_on_time_is_the_regulations(company):
    """Four of five is satisfied from 80 % on, not from 90; an arrival ten minutes late is on time within 15."""
    for figures, expected in (({}, (1, 1)), ({"kpi__satisfied_from": 90, "kpi__arrival_grace": "5 min"}, (0, 0))):
        at = MONDAY + timedelta(days=40 if figures else 0)
        if figures:
            regulated(at - timedelta(days=1), **figures)
        walk = Walk(company, opened(company, at), at).contacted().booked(hours=1).accepted().prepared().departed()
        walk.later(50)
        walk.arrived().assessed().worked().completed().signed()
        with moved_to(walk.later()):
            rate(actor=company.agent, at=walk.at, order_uid=walk.order.uid, score=4, tags=(), words="")
        measured()
        order, visit = OrderFact.objects.latest("opened_at"), VisitFact.objects.latest("asked_at")
        assert visit.arrived_at > visit.starts_at
        assert (order.satisfied, visit.on_time) == expected
