"""Indicators over HTTP."""

from uuid import uuid4

import pytest

from anxiu.accounts.models import Person
from tests.given.asking import refused
from tests.given.assets import a_region, acting
from tests.kpi.test_indicators import lived

pytestmark = pytest.mark.requirement("KPI-01", "PF-02")
MAY = {"since": "2026-05-01", "until": "2026-05-31"}


def test_every_indicator_with_its_meaning_and_count(company, calling):
    lived(company)
    answer = calling(company.supervisor).get("/indicators", language="en", **MAY).json()
    found = {each["code"]: each for each in answer["items"]}
    assert (found["requests"]["value"], found["requests"]["count"], answer["own"]) == (4, 4, False)
    assert found["completion"]["value"] == pytest.approx(2 / 3)
    assert (found["nps"]["value"], found["nps"]["rank"]) == (None, "no_data")
    assert found["wait"]["name"] == "Wait for the engineer"
    assert (found["response"]["target"], found["response"]["rank"]) == (3600, "too_few")


@pytest.mark.requirement("KPI-05")
def test_an_indicator_has_weeks_regions_and_the_orders_behind_it(company, calling):
    lived(company)
    supervisor = calling(company.supervisor)
    wait = supervisor.get("/indicators/wait", **MAY).json()
    assert sum(each["count"] for each in wait["weeks"]) == wait["count"] == 2
    assert [each["region"] for each in wait["regions"]] == [company.region.code]
    first = supervisor.get("/indicators/wait/orders", limit=1, **MAY).json()
    rest = supervisor.get("/indicators/wait/orders", limit=1, after=first["next"], **MAY).json()
    both = [*first["items"], *rest["items"]]
    assert sum(each["adds"] for each in both) == wait["total"]
    assert all(each["order"] for each in both)
    assert rest["next"] == ""
    assert refused(supervisor.get("/indicators/never"), 404)
    assert refused(supervisor.get("/indicators", since="2026-05-02", until="2026-05-01"), 422) == "api.bad_span"
    assert refused(supervisor.get("/indicators", family="never"), 422) == "api.unknown_code"


def test_an_engineer_gets_their_own_figures(company, calling):
    lived(company)
    hands = calling(company.hands)
    mine = hands.get("/indicators", **MAY).json()
    assert mine["own"] is True
    assert {each["code"]: each["count"] for each in mine["items"]}["wait"] == 2
    someone = Person.objects.get(pk=company.hands.id).uid
    assert refused(hands.get("/indicators", person=str(someone)), 403) == "kernel.not_allowed"


def test_who_may_not_see_figures_is_refused(company, calling):
    agent = calling(company.agent)
    for path in ("/indicators", "/indicators/wait", "/indicators/wait/orders"):
        assert refused(agent.get(path), 403) == "kernel.not_allowed"


@pytest.mark.requirement("PF-04")
def test_another_region_counts_nothing_here(company, calling):
    lived(company)
    stranger = calling(acting("supervisor", a_region()))
    assert {each["count"] for each in stranger.get("/indicators", **MAY).json()["items"]} == {0}
    assert stranger.get("/indicators/requests/orders", **MAY).json()["items"] == []
    assert refused(stranger.get("/indicators", region=company.region.code), 422) == "api.unknown_code"
    hands = str(Person.objects.get(pk=company.hands.id).uid)
    hidden, never = (refused(stranger.get("/indicators", person=each), 422) for each in (hands, str(uuid4())))
    assert hidden == never == "api.unknown_code"
