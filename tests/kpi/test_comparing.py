"""A planted effect is found, none is rarely found, and too few parts are said to be too few."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anxiu.kpi.choices import Finding
from anxiu.kpi.rules.comparing import Compared, Part, compare

WEEKS = 12


def simulated(random: Random, *, parts: int, tried: int, effect: float, drift: Callable[[Random], float]) -> Compared:
    """Parts with levels of their own, shocks of their own that last (a walk from week to week), and noise each week."""
    chosen = set(random.sample(range(parts), tried))
    found = []
    for number in range(parts):
        level, walk, weeks = 80 + random.gauss(0, 5), 0.0, []
        for week in range(2 * WEEKS):
            walk += drift(random)
            after = week >= WEEKS
            weeks.append(level + walk + random.gauss(0, 2) + (effect if after and number in chosen else 0))
        found.append(Part(str(number), number in chosen, tuple(weeks[:WEEKS]), tuple(weeks[WEEKS:])))
    return compare(found, seed=1)


def quiet(random: Random) -> float:
    return 0.0


def stormy(random: Random) -> float:
    """A shock a part keeps: what makes weeks of a part alike and naive tests raise false alarms."""
    return random.gauss(0, 1.5)


@pytest.mark.requirement("REG-03")
@pytest.mark.parametrize("drift", [quiet, stormy])
def test_a_change_that_does_nothing_is_found_in_one_of_twenty_at_most(drift: Callable[[Random], float]) -> None:
    random, tries = Random(7), 300
    results = [simulated(random, parts=10, tried=4, effect=0, drift=drift) for _ in range(tries)]
    alarms = sum(each.finding is Finding.CHANGED for each in results)
    # 5 % of 300 are 15; up to 23 would happen by luck in 98 of 100 such simulations (binomial)
    assert alarms <= 23
    held = sum(each.low is not None and each.high is not None and each.low <= 0 <= each.high for each in results)
    assert held >= tries - 23


@pytest.mark.requirement("REG-03")
def test_a_planted_effect_is_found_and_lies_within_the_interval() -> None:
    random = Random(11)
    results = [simulated(random, parts=12, tried=5, effect=6, drift=quiet) for _ in range(60)]
    assert all(each.finding is Finding.CHANGED for each in results)
    within = sum(each.low is not None and each.high is not None and each.low <= 6 <= each.high for each in results)
    assert within >= 54
    assert sum(each.effect or 0 for each in results) / len(results) == pytest.approx(6, abs=0.5)


def test_too_few_parts_give_no_interval() -> None:
    four = [Part(str(number), number == 0, (1.0, 2.0), (number + 3.0, number + 4.0)) for number in range(4)]
    found = compare(four, seed=1)
    assert (found.finding, found.tried, found.rest) == (Finding.TOO_FEW, 1, 3)
    assert (found.chance, found.low, found.high) == (None, None, None)
    assert found.effect == pytest.approx(-2)


def test_parts_without_weeks_on_both_sides_do_not_count() -> None:
    parts = [Part("a", True, (1.0,), ()), Part("b", False, (1.0,), (2.0,))]
    assert compare(parts, seed=1) == Compared(Finding.NO_DATA, 0, 1)


def test_many_parts_are_sampled_by_the_seed() -> None:
    random = Random(3)
    parts = [Part(str(n), n < 15, (random.random(),), (random.random(),)) for n in range(40)]
    assert compare(parts, seed=5) == compare(parts, seed=5)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-50, 50), min_size=8, max_size=9), st.floats(-20, 20), st.floats(0.5, 3))
def test_an_effect_added_to_all_who_tried_moves_estimate_and_interval_by_it(
    changes: list[float], more: float, scale: float
) -> None:
    def parts(extra: float) -> list[Part]:
        return [Part(str(n), n < 4, (0.0,), (scale * each + (extra if n < 4 else 0),)) for n, each in enumerate(changes)]

    plain, moved = compare(parts(0), seed=1), compare(parts(more), seed=1)
    assert moved.effect == pytest.approx((plain.effect or 0) + more, abs=1e-6)
    assert moved.low == pytest.approx((plain.low or 0) + more, abs=1e-3)
    assert moved.high == pytest.approx((plain.high or 0) + more, abs=1e-3)
