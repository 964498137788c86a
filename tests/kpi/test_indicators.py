"""Indicators: hand-reckoned from orders that were played through the real verbs, and the orders behind each of them."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db.models import Count

from anxiu.accounts.queries import actor_of
from anxiu.feedback.actions import rate
from anxiu.kernel.errors import NotAllowed
from anxiu.kernel.subscribers import rebuild
from anxiu.kernel.time import moved_to
from anxiu.kpi.choices import Answer, Better, Rank, Source, Unit, Verdict
from anxiu.kpi.messages import MEANINGS
from anxiu.kpi.models import OrderFact, VisitFact
from anxiu.kpi.queries import Span, Wanted, behind, figures, people, recurring, rules_of, sheet, sums_of
from anxiu.kpi.rules.figures import Aims, every, figure, judged, pair, value_of
from anxiu.kpi.rules.indicators import INDICATORS
from anxiu.kpi.rules.measures import of_order
from anxiu.kpi.values import SHARE_TARGETS, TIME_TARGETS
from anxiu.orders import actions
from anxiu.regulation.models import Version
from anxiu.regulation.queries import presets
from anxiu.sla.actions import tick
from tests.given.assets import a_region, acting
from tests.given.orders import MONDAY, Company, Walk, a_company, an_engineer, opened
from tests.kpi.test_facts import measured

pytestmark = pytest.mark.requirement("KPI-01")
SPAN = Span(date(2026, 5, 1), date(2026, 6, 1))
WANTED = Wanted(SPAN)


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


def found(company: Company, **more: object) -> dict:
    return figures(company.supervisor, Wanted(SPAN, **more), rules_of(Version.objects.get()))


def minutes(value: float | None) -> float | None:
    return None if value is None else value / 60


def suspended(walk: Walk, hours_long: int) -> None:
    at = walk.later()
    with moved_to(at):
        actions.suspend(
            actor=walk.company.hands, at=at, order_uid=walk.order.uid, reason="customer_approval",
            until=at + timedelta(days=2), note="等待客户确认",
        )  # fmt: skip
    at = walk.later(hours_long * 60)
    with moved_to(at):
        actions.resume(actor=walk.company.hands, at=at, order_uid=walk.order.uid)


def test_times_are_what_a_stopwatch_says(company):
    """Contact after 5 minutes, asked at 10, accepted at 15, arrived at 30, completed at 55 minutes."""
    walk = Walk(company, opened(company))
    walk.to("completed")
    measured()
    one = found(company)
    order = OrderFact.objects.get()
    assert minutes(one["response"].value) == 5
    assert minutes(one["acceptance"].value) == 5
    assert one["wait"].value == (order.arrived_at - MONDAY).total_seconds()
    assert one["handling"].value == (order.completed_at - order.arrived_at).total_seconds()
    assert {one[each].count for each in ("response", "acceptance", "wait", "handling")} == {1}


def test_paused_time_is_shown_beside_and_not_counted(company):
    walk = Walk(company, opened(company))
    walk.to("assessed")
    suspended(walk, 20)
    walk.worked().completed()
    measured()
    handling = found(company)["handling"]
    gross = OrderFact.objects.get()
    assert handling.beside == (gross.completed_at - gross.arrived_at).total_seconds()
    assert handling.beside - handling.value == 20 * 3600


def test_a_visit_counts_for_whoever_was_asked(company):
    """One engineer declines, another accepts: half of the visits accepted, each under the right name."""
    second = an_engineer(company.region)
    walk = Walk(company, opened(company)).contacted().booked()
    at = walk.later()
    with moved_to(at):
        actions.decline_visit(actor=company.hands, at=at, order_uid=walk.order.uid, reason="too_far")
    at = walk.later()
    with moved_to(at):
        actions.book_visit(
            actor=company.dispatcher, at=at, order_uid=walk.order.uid, engineer_id=second.pk,
            starts_at=at + timedelta(hours=1), ends_at=at + timedelta(hours=3),
        )  # fmt: skip
    at = walk.later()
    with moved_to(at):
        actions.accept_visit(actor=actor_of(second.person), at=at, order_uid=walk.order.uid)
    measured()
    accepted = found(company)["accepted"]
    assert (accepted.value, accepted.count) == (0.5, 2)
    mine, other = (found(company, person_id=each)["accepted"].value for each in (company.hands.id, second.person_id))
    assert (mine, other) == (0.0, 1.0)
    assert set(VisitFact.objects.values_list("answer", flat=True)) == {Answer.DECLINED, Answer.ACCEPTED}


def test_a_visit_that_nobody_answers_in_time_counts_as_not_accepted(company):
    walk = Walk(company, opened(company)).contacted().booked()
    late = walk.at + timedelta(hours=1)
    with moved_to(late):
        tick(late)
        actions.reschedule(
            actor=company.dispatcher, at=late, order_uid=walk.order.uid, starts_at=late + timedelta(hours=2),
            ends_at=late + timedelta(hours=4), reason="customer_request",
        )  # fmt: skip
    measured()
    assert found(company)["accepted"].value == 0.0


def test_a_repair_that_comes_back_was_no_first_fix(company):
    first = Walk(company, opened(company)).to("archived")
    measured()
    assert (found(company)["first_fix"].value, found(company)["repeat"].value) == (1.0, 0.0)
    first.refresh_from_db()
    again = first.completed_at + timedelta(days=2)
    Walk(company, opened(company, again), again).to("contacted")
    measured()
    after = found(company)
    assert (after["first_fix"].value, after["repeat"].value, after["repeat"].count) == (0.0, 1.0, 1)
    assert after["resolution"].value == 1.0


def test_a_cancelled_order_is_an_end_without_completion(company):
    Walk(company, opened(company)).to("completed")
    walk = Walk(company, opened(company, MONDAY + timedelta(hours=9), words="怎么清洁滤网"), MONDAY + timedelta(hours=9)).contacted()
    at = walk.later()
    with moved_to(at):
        actions.cancel(actor=company.agent, at=at, order_uid=walk.order.uid, reason="solved_itself", note="")
    measured()
    one = found(company)
    assert (one["completion"].value, one["completion"].count, one["requests"].count) == (0.5, 2, 2)


def test_ratings_are_told_on_the_scale_of_the_regulation(company):
    walk = Walk(company, opened(company))
    order = walk.to("archived")
    at = walk.later()
    with moved_to(at):
        rate(actor=company.agent, at=at, order_uid=order.uid, score=4, nps=9, tags=(), words="")
    measured()
    one = found(company)
    assert (one["satisfaction"].value, one["satisfied"].value, one["nps"].value) == (0.8, 1.0, 100.0)


def test_the_clocks_of_an_order_are_counted_by_kind(company):
    Walk(company, opened(company)).to("archived")
    measured()
    one = found(company)
    assert one["clock_first_response"].value == 1.0
    assert one["clocks"].count == sum(each.count for code, each in one.items() if code.startswith("clock_"))


def test_nothing_is_never_zero_and_few_cases_judge_nobody(company):
    measured()
    assert (found(company)["response"].value, found(company)["response"].rank) == (None, Rank.NO_DATA)
    Walk(company, opened(company)).to("contacted")
    measured()
    assert found(company)["response"].rank is Rank.TOO_FEW


def lived(company: Company) -> None:
    """Some orders of every kind: done, repeated, cancelled, under way, declined."""
    first = Walk(company, opened(company)).to("archived")
    first.refresh_from_db()
    again = first.completed_at + timedelta(days=1)
    Walk(company, opened(company, again), again).to("completed")
    later = MONDAY + timedelta(days=8)
    walk = Walk(company, opened(company, later, words="怎么清洁滤网"), later).contacted()
    with moved_to(walk.later()):
        actions.cancel(actor=company.agent, at=walk.at, order_uid=walk.order.uid, reason="solved_itself", note="")
    walk = Walk(company, opened(company, later, words="外壳松动"), later).contacted().booked()
    with moved_to(walk.later()):
        actions.decline_visit(actor=company.hands, at=walk.at, order_uid=walk.order.uid, reason="too_far")
    measured()


def added(indicator, rows) -> tuple[int, int]:
    """What a list of facts adds up to."""
    rows = list(rows)
    if indicator.source is Source.CASE:
        return sum(row.verdict == Verdict.KEPT for row in rows), len(rows)
    if indicator.unit is Unit.COUNT:
        return len(rows), len(rows)
    return sum(getattr(row, indicator.column) for row in rows), len(rows)


@pytest.mark.requirement("KPI-05")
@pytest.mark.parametrize("of", ["everybody", "region", "severity", "family", "hands", "agent"])
def test_every_figure_opens_to_its_orders_and_they_add_up(company, of):
    lived(company)
    more = {
        "everybody": {}, "region": {"region_id": company.region.pk}, "severity": {"severity": "urgent"},
        "family": {"family_id": company.machine.model.family_id}, "hands": {"person_id": company.hands.id},
        "agent": {"person_id": company.agent.id},
    }[of]  # fmt: skip
    wanted = Wanted(SPAN, **more)
    sums = sums_of(company.supervisor, wanted)
    for indicator in INDICATORS.values():
        if indicator.unit is Unit.COUNT and of == "agent":
            continue  # requests count for who repairs
        assert pair(indicator, sums) == added(indicator, behind(company.supervisor, wanted, indicator)), indicator.code


def test_weeks_and_regions_add_up_to_the_whole(company):
    lived(company)
    for more in ({}, {"person_id": company.hands.id}):
        whole = sheet(company.supervisor, Wanted(SPAN, **more))
        for parts in (whole.weeks, whole.regions):
            for indicator in INDICATORS.values():
                pairs = [pair(indicator, sums) for sums in parts.values()]
                assert (sum(much for much, _ in pairs), sum(many for _, many in pairs)) == pair(indicator, whole.total)


def test_what_recurs_and_when_it_comes_add_up_to_the_requests(company):
    lived(company)
    number = found(company)["requests"].count
    told = recurring(company.supervisor, WANTED)
    assert sum(count for _fault, count in told.faults) == number
    assert sum(told.hours.values()) == number
    assert (1, 9) in told.hours  # a Monday, nine o'clock in Shanghai


def test_what_recurs_is_the_same_from_sums_and_from_facts(company):
    lived(company)
    facts = OrderFact.objects.all()
    for severity in ("", *set(facts.values_list("severity", flat=True))):
        wanted = replace(WANTED, severity=severity)
        kept, rows = recurring(company.supervisor, wanted), facts.filter(severity=severity) if severity else facts
        assert sorted(kept.faults) == sorted(
            (fault or 0, number) for fault, number in rows.values_list("fault_class_id").annotate(Count("pk"))
        )
        by_family = Counter[tuple[int, int]]()
        for family in set(rows.exclude(family=None).values_list("family_id", flat=True)):
            by_family.update(recurring(company.supervisor, replace(wanted, family_id=family)).hours)
        without = rows.filter(family=None).values_list("weekday", "hour")
        assert by_family + Counter(without) == Counter(kept.hours)
    elsewhere = replace(company.supervisor, regions=frozenset({company.region.pk + 999}))
    assert recurring(elsewhere, WANTED).faults == []


def test_sums_kept_up_equal_sums_rebuilt(company):
    lived(company)
    before = sums_of(company.supervisor, WANTED)
    rebuild("kpi.facts")
    assert sums_of(company.supervisor, WANTED) == before


def test_people_are_counted_one_by_one(company):
    lived(company)
    aims = rules_of(Version.objects.get())
    by_person = people(company.supervisor, WANTED, INDICATORS["accepted"], aims)
    assert set(by_person) == {company.hands.id}
    assert by_person[company.hands.id].count == found(company)["accepted"].count
    with pytest.raises(NotAllowed):
        people(company.dispatcher, WANTED, INDICATORS["accepted"], aims)


def test_an_engineer_sees_their_own_figures_whatever_they_ask(company):
    lived(company)
    other = an_engineer(company.region)
    asked = Wanted(SPAN, person_id=other.person_id)
    assert sums_of(company.hands, asked)["accepted"] == sums_of(company.supervisor, Wanted(SPAN, person_id=company.hands.id))["accepted"]
    assert {row.engineer_id for row in behind(company.hands, asked, INDICATORS["wait"])} == {company.engineer.pk}


def test_another_region_has_none_of_it(company):
    lived(company)
    other = acting("supervisor", a_region())
    assert pair(INDICATORS["requests"], sums_of(other, WANTED)) == (0, 0)
    assert not behind(other, WANTED, INDICATORS["requests"]).exists()
    assert not behind(other, Wanted(SPAN, person_id=company.hands.id), INDICATORS["wait"]).exists()
    with pytest.raises(NotAllowed):
        sums_of(company.agent, WANTED)


def test_every_indicator_has_its_meaning():
    assert set(MEANINGS) == set(INDICATORS)


class Told:
    """An order as a rule sees it."""

    order_type, merged_at, remote_at, signed_at, archived_at, followed_by = "repair", None, None, None, None, None
    opened_at = MONDAY
    responded_at = None
    arrived_at = MONDAY + timedelta(hours=2)
    completed_at = MONDAY + timedelta(hours=10)
    cancelled_at = None
    pauses = (MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=3), MONDAY + timedelta(hours=9))
    arrivals, resolved, repeats, score, scale, recommends = 1, True, 0, None, None, None


def test_a_pause_is_cut_to_the_span_it_is_taken_from():
    """From 01 to 03 and from 09 on: of 00–02 one hour, of 02–10 two."""
    measures = of_order(Told(), 80)
    assert (measures["wait_seconds"], measures["wait_net_seconds"]) == (2 * 3600, 3600)
    assert (measures["handling_seconds"], measures["handling_net_seconds"]) == (8 * 3600, 6 * 3600)
    assert measures["response_seconds"] is None


def test_less_is_met_from_below_and_more_from_above():
    aims = Aims({"repeat": 0.05, "first_fix": 0.85}, 10)
    repeat, fix = INDICATORS["repeat"], INDICATORS["first_fix"]
    assert repeat.better is Better.LESS
    assert [judged(repeat, much, 100, aims).rank for much in (5, 6)] == [Rank.MET, Rank.MISSED]
    assert [judged(fix, much, 100, aims).rank for much in (85, 84)] == [Rank.MET, Rank.MISSED]
    assert judged(INDICATORS["nps"], 1, 100, aims).rank is Rank.NO_TARGET
    assert value_of(INDICATORS["nps"], -30, 100) == -30.0
    assert figure(fix, {"first_fix": (9, 10)}, aims, {"first_fix": (8, 10)}).is_better is True
    assert every({}, aims)["clocks"].value is None


def test_each_published_regulation_aims_at_what_it_says():
    """The figures that the publications name; the rest of each list is the general regulation's."""
    said = {
        "r1": {"handling": 4, "satisfaction": 90, "repeat": 5}, "r2": {"satisfied": 95},
        "r3": {"response": 2, "first_fix": 85, "satisfaction": 90},
        "r4": {"response": 4, "first_fix": 90, "satisfied": 95},
    }  # fmt: skip
    for code, wanted in said.items():
        figures = presets()[code].figures
        hours = {each.indicator: each.at_most / timedelta(hours=1) for each in TIME_TARGETS.kind.parse(figures[TIME_TARGETS.key])}
        shares = {each.indicator: each.target for each in SHARE_TARGETS.kind.parse(figures[SHARE_TARGETS.key])}
        assert wanted.items() <= {**hours, **shares}.items(), code
