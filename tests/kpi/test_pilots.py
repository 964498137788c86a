"""Pilots compared on facts: a planted effect is found, none is not, and every figure is the sum of its orders."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Count, Sum
from django.test.utils import CaptureQueriesContext

from anxiu.accounts.models import Region
from anxiu.kernel.errors import NotAllowed
from anxiu.kernel.time import moved_to
from anxiu.kpi.choices import Finding
from anxiu.kpi.queries import Span, Wanted, behind, compared, days_of, slices
from anxiu.kpi.rules.comparing import Part, compare
from anxiu.kpi.rules.indicators import INDICATORS
from anxiu.kpi.rules.piloting import COMPARED, Cell, found, weeks
from anxiu.orders.models import Order
from anxiu.regulation.models import Pilot
from tests.given.assets import a_region, acting
from tests.given.facts import Told, many
from tests.given.orders import Company, Walk, a_company, opened
from tests.given.piloted import approved, started
from tests.given.regulated import regulated
from tests.kpi.test_facts import measured

pytestmark = pytest.mark.requirement("REG-03")
LOCAL = ZoneInfo(settings.TIME_ZONE)
BEGIN = datetime(2026, 7, 6, tzinfo=LOCAL)  # a Monday, at midnight
WEEKS = 8


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


@pytest.fixture
def pattern(company: Company) -> Order:
    order = Walk(company, opened(company)).to("completed")
    measured()
    return order


def told(regions: list[Region], effect: Callable[[Region, str, bool], float], *, types: tuple[str, ...] = ("repair",),
         random: Random | None = None, each_week: int = 3) -> list[Told]:  # fmt: skip
    """Orders of all weeks: a region has a level and a shock of its own, an order some noise."""
    dice, rows = random or Random(5), []
    for region in regions:
        level, shock = 60 + dice.gauss(0, 8), 0.0
        for week in range(-WEEKS, WEEKS):
            shock += dice.gauss(0, 1)
            for kind in types:
                for number in range(each_week):
                    minutes = level + shock + dice.gauss(0, 3) + effect(region, kind, week >= 0)
                    at = BEGIN + timedelta(weeks=week, days=number, hours=9)
                    rows.append(Told(region, at, max(minutes, 1), dice.random() < 0.8, kind))
    return rows


def ten() -> list[Region]:
    return [a_region(f"p{number}") for number in range(10)]


# ---- the rule ---------------------------------------------------------------------------------------------------------
def test_weeks_are_whole_and_as_many_before_as_since_at_least_some():
    span = weeks(date(2026, 7, 6), date(2026, 8, 9), 2)
    assert (span.before, span.after, span.since, span.until) == (4, 4, date(2026, 6, 8), date(2026, 8, 3))
    assert weeks(date(2026, 7, 6), date(2026, 7, 12), 3).days == [date(2026, 6, 15), date(2026, 6, 22), date(2026, 6, 29)]
    assert weeks(date(2026, 7, 6), date(2026, 7, 1), 3).after == 0


def test_a_part_below_the_minimum_does_not_count_and_is_still_shown():
    span = weeks(date(2026, 7, 6), date(2026, 7, 20), 2)
    cells = [Cell(region, region < 3, week, 60 * number, number) for region in range(1, 9) for week in range(4)
             for number in [1 if region == 1 else 5]]  # fmt: skip
    one = found(INDICATORS["response"], cells, span, 5, 1, paired=False)
    assert [each.region for each in one.parts if not each.counts] == [1]
    assert (one.compared.tried, one.compared.rest) == (1, 6)
    assert one.tried.before == (60 * 10, 10)
    assert (one.left_out(tried=True), one.left_out(tried=False)) == ((1,), ())
    nobody = found(INDICATORS["response"], cells, span, 99, 1, paired=False)
    assert (nobody.tried.before, nobody.left_out(tried=True)) == ((60 * 12, 12), ())


def test_kinds_of_service_are_compared_within_their_region():
    """Shocks of whole regions move both sides and cancel out; chosen freely they would hide the effect."""
    random, parts = Random(3), []
    for number in range(8):
        shock = random.gauss(0, 50)
        for tried in (True, False):
            after = shock + random.gauss(0, 0.5) + (5 if tried else 0)
            parts.append(Part(f"{number} {tried}", tried, (0.0,), (after,), str(number)))
    paired = compare(parts, seed=1)
    assert (paired.finding, paired.tried, paired.rest) == (Finding.CHANGED, 8, 8)
    assert paired.low is not None
    assert 4 < paired.low < 5.5
    free = compare([Part(each.code, each.tried, each.before, each.after) for each in parts], seed=1)
    assert free.finding is Finding.NOT_DISTINGUISHABLE
    few = compare(parts[:8], seed=1)
    assert (few.finding, few.low) == (Finding.TOO_FEW, None)


@pytest.mark.parametrize("drift", [0.0, 3.0])
def test_in_pairs_too_what_does_nothing_is_found_in_one_of_twenty_at_most(drift: float):
    random, alarms = Random(9), 0
    for _ in range(200):
        parts = []
        for number in range(8):
            shock = random.gauss(0, drift)
            for tried in (True, False):
                after = tuple(shock + random.gauss(0, 2) for _week in range(4))
                parts.append(Part(f"{number} {tried}", tried, (0.0,), after, str(number)))
        alarms += compare(parts, seed=1).finding is Finding.CHANGED
    assert alarms <= 17  # 5 % of 200 are 10; up to 17 happen by luck in 98 of 100 such simulations (binomial)


# ---- on facts ---------------------------------------------------------------------------------------------------------
def test_a_planted_effect_is_found_in_regions_and_where_nothing_changed_none(company, pattern):
    regions = ten()
    tried = regions[:4]
    many(pattern, told(regions, lambda region, kind, since: -15.0 if since and region in tried else 0.0))
    pilot = started(BEGIN, company.supervisor.person_id, regions=tuple(each.pk for each in tried))
    with moved_to(BEGIN + timedelta(weeks=WEEKS, hours=8)):
        result = compared(company.management, pilot, BEGIN + timedelta(weeks=WEEKS, hours=8))
    assert (result.weeks.before, result.weeks.after, result.paired) == (WEEKS, WEEKS, False)
    fixed, response = (each.compared for each in result.found)
    assert (response.finding, response.tried, response.rest) == (Finding.CHANGED, 4, 6)
    assert response.effect == pytest.approx(-15 * 60, abs=5 * 60)
    assert response.low is not None
    assert response.high is not None
    assert response.low <= -15 * 60 <= response.high
    assert fixed.finding is Finding.NOT_DISTINGUISHABLE
    _adds_up(company, pilot, result)


def test_a_pilot_of_a_kind_of_service_is_compared_with_the_other_kinds(company, pattern):
    regions = ten()[:7]
    rows = told(regions, lambda region, kind, since: -15.0 if since and kind == "repair" else 0.0,
                types=("repair", "inspection"))  # fmt: skip
    many(pattern, rows)
    pilot = started(BEGIN, company.supervisor.person_id, order_types=("repair",), indicators=("response",))
    result = compared(company.management, pilot, BEGIN + timedelta(weeks=WEEKS, hours=8))
    assert result.paired
    [one] = result.found
    assert (one.compared.finding, one.compared.tried, one.compared.rest) == (Finding.CHANGED, 7, 7)
    assert one.compared.effect == pytest.approx(-15 * 60, abs=5 * 60)
    _adds_up(company, pilot, result)


def test_a_pilot_of_a_kind_of_service_in_some_regions_is_compared_with_such_orders_elsewhere(company, pattern):
    regions = ten()
    tried = regions[:4]
    many(pattern, told(regions, lambda region, kind, since: -15.0 if since and region in tried and kind == "repair" else 0.0,
                       types=("repair", "inspection")))  # fmt: skip
    pilot = started(
        BEGIN, company.supervisor.person_id, regions=tuple(each.pk for each in tried), order_types=("repair",),
        indicators=("response", "clocks", "accepted"),
    )  # fmt: skip
    result = compared(company.management, pilot, BEGIN + timedelta(weeks=WEEKS, hours=8))
    assert not result.paired
    response, clocks, accepted = result.found
    assert (response.compared.finding, response.compared.tried, response.compared.rest) == (Finding.CHANGED, 4, 6)
    assert response.tried.after[1] == 4 * WEEKS * 3
    assert (clocks.compared.finding, accepted.compared.finding) == (Finding.NO_DATA, Finding.NO_DATA)
    _adds_up(company, pilot, result)


def _adds_up(company: Company, pilot: Pilot, result) -> None:
    """The orders behind each side are as many as it says, and their column adds up to it."""
    for one in result.found:
        for tried, side, whole in zip((True, False), (one.tried, one.rest), slices(pilot), strict=True):
            part = replace(whole, without=frozenset(one.left_out(tried=tried)))
            for since, sums in ((False, side.before), (True, side.after)):
                first, last = days_of(result.weeks, since=since)
                wanted = Wanted(Span(first, last + timedelta(days=1)), part=part)
                rows = behind(company.management, wanted, one.indicator).select_related(None)
                if one.indicator.source == "order":
                    total = rows.aggregate(much=Sum(one.indicator.column), many=Count("pk"))
                    assert (total["much"] or 0, total["many"]) == sums
                else:
                    assert rows.count() == sums[1]


def test_two_regions_are_too_few_and_nothing_yet_is_no_data(company, pattern):
    regions = [a_region("one"), a_region("two")]
    many(pattern, told(regions, lambda region, kind, since: 0.0))
    pilot = started(BEGIN, company.supervisor.person_id, regions=(regions[0].pk,), indicators=("response",))
    [one] = compared(company.management, pilot, BEGIN + timedelta(weeks=WEEKS)).found
    assert (one.compared.finding, one.compared.tried, one.compared.rest) == (Finding.TOO_FEW, 1, 1)
    assert (one.compared.low, one.compared.high) == (None, None)
    assert one.compared.effect is not None
    [early] = compared(company.management, pilot, BEGIN + timedelta(days=3)).found
    assert early.compared.finding is Finding.NO_DATA


def test_the_regulation_says_how_many_weeks_before_and_how_many_cases_count(company, pattern):
    regions = ten()
    many(pattern, told(regions, lambda region, kind, since: 0.0))
    pilot = started(BEGIN, company.supervisor.person_id, regions=(regions[0].pk,), indicators=("response",))
    at = BEGIN + timedelta(weeks=3)
    one = compared(company.management, pilot, at)
    assert (one.weeks.before, one.weeks.after, one.minimum) == (8, 3, 10)
    assert not any(each.counts for each in one.found[0].parts)  # nine cases since
    regulated(at, kpi__pilot_weeks_before=4, kpi__minimum_cases=5)
    other = compared(company.management, pilot, at)
    assert (other.weeks.before, other.weeks.after, other.minimum) == (4, 3, 5)
    assert all(each.counts for each in other.found[0].parts)


def test_a_day_that_began_without_the_pilot_belongs_to_neither_side(company):
    pilot = started(BEGIN + timedelta(hours=10), company.supervisor.person_id, regions=(a_region().pk,))
    assert compared(company.management, pilot, BEGIN + timedelta(weeks=3)).weeks.first == date(2026, 7, 7)


def test_comparing_is_two_statements_whatever_the_number_of_indicators(company):
    pilot = started(BEGIN, company.supervisor.person_id, regions=(a_region().pk,), indicators=COMPARED)
    kinds = started(BEGIN, company.supervisor.person_id, approved(BEGIN, company.supervisor.person_id),
                    regions=(a_region().pk,), order_types=("repair",), indicators=COMPARED)  # fmt: skip
    for each in (pilot, kinds):
        pilot = Pilot.objects.select_related("version").prefetch_related("places").get(pk=each.pk)
        compared(company.management, pilot, BEGIN + timedelta(weeks=3))
        with CaptureQueriesContext(connection) as asked:
            compared(company.management, pilot, BEGIN + timedelta(weeks=3))
        assert len(asked) == 2


def test_who_may_see_the_comparison(company):
    pilot = started(BEGIN, company.supervisor.person_id, regions=(a_region().pk,))
    for who in (company.hands, company.agent, acting("dispatcher", company.region)):
        with pytest.raises(NotAllowed):
            compared(who, pilot, BEGIN + timedelta(weeks=3))
    assert compared(acting("hr"), pilot, BEGIN + timedelta(weeks=3)).found
