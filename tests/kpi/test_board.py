"""The compliance board: cases beside clauses, and what nothing counts."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from anxiu.accounts.models import Person
from anxiu.kernel.errors import NotAllowed
from anxiu.kernel.time import moved_to, now
from anxiu.kpi.choices import Standing
from anxiu.kpi.models import CaseFact
from anxiu.kpi.queries import Asked, Span, Wanted, compliance, evidence, goals, tallies
from anxiu.kpi.rules.figures import Aims
from anxiu.regulation.models import Version
from tests.given.assets import a_region, acting
from tests.given.orders import Company, Walk, a_company, opened
from tests.kpi.test_facts import measured

pytestmark = pytest.mark.requirement("REG-07")


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


def lived(company: Company, days: int = 5) -> None:
    """One order done in time, one whose first response came too late."""
    at = now() - timedelta(days=days)
    Walk(company, opened(company, at), at).to("archived")
    late = at + timedelta(days=1)
    walk = Walk(company, opened(company, late, words="怎么清洁过滤网"), late)
    walk.later(60 * 24 * 3)
    with moved_to(walk.at):
        walk.contacted()
    measured()


def asked() -> Asked:
    return Asked(now() - timedelta(days=30), now() + timedelta(minutes=1))


def line_of(company: Company, number: str):
    board = compliance(company.supervisor, Version.objects.get(), asked(), "zh-hans")
    return next(each for each in board.lines if each.clause.number == number)


def test_a_clause_shows_its_cases_kept_and_broken(company):
    lived(company)
    response = line_of(company, "3.1")
    assert (response.tally.kept, response.tally.broken) == (1, 1)
    assert response.tally.share == 0.5
    assert response.standing is Standing.BROKEN


def test_what_nothing_counts_is_named(company):
    lived(company)
    assert line_of(company, "1.4").standing is Standing.BY_PEOPLE
    assert line_of(company, "10.1").standing is Standing.BY_SYSTEM
    assert line_of(company, "8.4").standing is Standing.NO_CASES


def test_every_figure_opens_to_its_orders_and_they_add_up(company):
    lived(company)
    board = compliance(company.supervisor, Version.objects.get(), asked(), "zh-hans")
    for line in board.lines:
        if line.tally.cases:
            assert evidence(company.supervisor, asked(), line.clause.keys).count() == line.tally.cases


def test_another_region_has_none_of_it(company):
    lived(company)
    other = acting("supervisor", a_region())
    board = compliance(other, Version.objects.get(), asked(), "zh-hans")
    assert board.total.cases == 0
    with pytest.raises(NotAllowed):
        compliance(company.hands, Version.objects.get(), asked(), "zh-hans")


def test_the_board_leads_to_the_cases_and_they_to_the_order(company):
    lived(company)
    client = Client()
    client.force_login(Person.objects.get(pk=company.supervisor.id), "anxiu.accounts.backend.Backend")
    board = client.get(reverse("compliance"), {"period": "30"}).content.decode()
    link = reverse("compliance_cases", args=["3.1"]) + "?period=30"
    assert link in board
    cases = client.get(link + "&verdict=broken").content.decode()
    assert cases.count("data-href=") == 1
    assert client.get(reverse("compliance_cases", args=["99.9"])).status_code == 404


def test_the_board_is_narrowed_to_a_person_and_a_version(company):
    lived(company)
    client = Client()
    client.force_login(Person.objects.get(pk=company.supervisor.id), "anxiu.accounts.backend.Backend")
    link, agent = reverse("compliance_cases", args=["3.1"]), Person.objects.get(pk=company.agent.id)
    shown = [
        client.get(link, {"person": str(uid), "version": str(Version.objects.get().uid)}).content.decode().count("data-href")
        for uid in (agent.uid, Person.objects.get(pk=company.hands.id).uid)
    ]
    assert shown == [2, 0]
    assert str(agent.uid) in client.get(reverse("compliance"), {"person": str(agent.uid)}).content.decode()


@pytest.mark.requirement("KPI-01")
def test_clauses_of_targets_are_measured_by_figures(company):
    lived(company)
    assert line_of(company, "12.1").standing is Standing.BY_FIGURES
    goal = goals(company.supervisor, Wanted(Span(date(2000, 1, 1), date(2100, 1, 1))), Aims({"completion": 0.9}, 1))
    assert goal == {"kpi.time_targets": (0, 0), "kpi.share_targets": (1, 1)}


def test_the_board_costs_few_statements(company, django_assert_max_num_queries):
    lived(company)
    client = Client()
    client.force_login(Person.objects.get(pk=company.supervisor.id), "anxiu.accounts.backend.Backend")
    client.get(reverse("compliance"))
    with django_assert_max_num_queries(11):  # the choices of region, person and version among them
        client.get(reverse("compliance"))


def test_sums_by_day_and_cases_agree_for_any_hours(company):
    lived(company)
    end = now()
    cases = list(CaseFact.objects.values_list("at", "value_key", "week", "verdict"))
    for hours in (1, 7, 25, 60, 24 * 5 + 1, 24 * 5 + 11, 24 * 40):
        for back in (0, 5, 24 * 3 + 2):
            until = end - timedelta(hours=back)
            since = until - timedelta(hours=hours)
            inside = Counter((key, week, verdict) for at, key, week, verdict in cases if since <= at < until)
            found = tallies(company.supervisor, Asked(since, until))
            kept = {(key, week, "kept"): number for key, tally in found.items() for week, number, _ in tally.weeks if number}
            assert kept == {key: number for key, number in inside.items() if key[2] == "kept"}
            assert sum(each.cases for each in found.values()) == sum(inside.values())
