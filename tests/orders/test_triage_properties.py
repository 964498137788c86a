"""Whatever stood still before and whenever it is done: taking a matter apart or together gains and costs no time."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from anxiu.orders.actions import Part
from anxiu.sla.actions.reckoning import read
from anxiu.sla.models import Clock
from anxiu.sla.rules import gross_elapsed, net_elapsed, remaining
from tests.given.orders import MONDAY, a_company, opened
from tests.given.undone import undone
from tests.orders.test_triage import do

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("INT-11", "SLA-07")]


def time_of(order, at):
    """Of every open clock: deadline, net and gross time used, and what is left."""
    live = Clock.objects.filter(subject_kind="order", subject_id=order.pk, state__in=["running", "paused"])
    held = read(list(live.values_list("pk", flat=True)))
    return {
        str(each.clock.kind): (
            each.clock.due_at, net_elapsed(each.calendar, each.state, at), gross_elapsed(each.calendar, each.state, at),
            remaining(each.calendar, each.state, at),
        )
        for each in held
    }  # fmt: skip


def paused_at_random(company, order, dice):
    """Some pauses, long and short, each over before the next; the moment after them."""
    at = MONDAY + timedelta(minutes=dice.randrange(5, 300))
    for _ in range(dice.randrange(3)):
        lasts, until = timedelta(minutes=dice.randrange(1, 2000)), timedelta(days=3)
        do("suspend", company.agent, order, at, reason="customer_postponed", until=at + until)
        at += lasts
        do("resume", company.agent, order, at)
        at += timedelta(minutes=dice.randrange(1, 600))
    return at


@pytest.fixture
def company():
    return a_company()


def tried(check):
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(st.randoms(use_true_random=True))
    def run(dice: Random) -> None:
        with undone():
            check(dice)

    run()


def test_a_part_has_used_exactly_the_time_of_its_request(company):
    def check(dice):
        order = opened(company)
        at = paused_at_random(company, order, dice)
        parts = tuple(Part("另一处停机") for _ in range(dice.randrange(1, 4)))
        before = time_of(order, at)
        made = do("split_order", company.agent, order, at, parts=parts, reason="几件事")
        later = at + timedelta(minutes=dice.randrange(0, 3000))
        assert time_of(order, at) == before
        assert [time_of(each, later) for each in made] == [time_of(order, later)] * len(made)

    tried(check)


def test_merged_and_taken_out_again_nothing_has_changed(company):
    def check(dice):
        first, second = opened(company), opened(company, MONDAY + timedelta(minutes=1))
        at = paused_at_random(company, second, dice)
        kept, later = time_of(first, at), at + timedelta(minutes=dice.randrange(0, 3000))
        before = time_of(second, later)
        do("merge_order", company.agent, second, at, into_uid=first.uid, reason="重复")
        assert time_of(first, at) == kept
        assert time_of(second, at) == {}
        do("separate_order", company.agent, second, later, reason="另一台")
        assert time_of(second, later) == before

    tried(check)
