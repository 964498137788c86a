"""Identifiers, money, places, the clock and gates."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from anxiu.kernel import gates
from anxiu.kernel.actor import SYSTEM, Actor, ActorKind
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.kernel.gates import Verdict, ask, gate
from anxiu.kernel.geo import Place, distance_metres, flat_metres, to_gcj02
from anxiu.kernel.ids import check_digit, is_number, number, uuid7
from anxiu.kernel.money import MINOR_UNITS, Money
from anxiu.kernel.time import moved_to, now

# ---- numbers people read out -----------------------------------------------------------------------------------------
numbers = st.integers(1, 10**9).map(lambda sequence: number("WX", sequence, 7))


def test_a_number_is_prefix_sequence_and_check_digit():
    assert number("WX", 421, 7) == f"WX0000421{check_digit('0000421')}"
    assert check_digit("572") == "4"  # source: the example of Damm's thesis


@given(numbers)
def test_a_number_without_error_is_one(text):
    assert is_number(text, "WX")
    assert not is_number(text, "QG")


@given(numbers, st.data())
def test_every_single_wrong_digit_is_found(text, data):
    place = data.draw(st.integers(2, len(text) - 1))
    wrong = data.draw(st.sampled_from(sorted(set("0123456789") - {text[place]})))
    assert not is_number(text[:place] + wrong + text[place + 1 :], "WX")


@given(numbers, st.data())
def test_every_swap_of_neighbours_is_found(text, data):
    place = data.draw(st.integers(2, len(text) - 2))
    assume(text[place] != text[place + 1])
    assert not is_number(text[:place] + text[place + 1] + text[place] + text[place + 2 :], "WX")


@pytest.mark.parametrize("text", ["", "WX", "WX12a4", "WX１２３４", "WX-1", "wx00004213"])
def test_what_is_no_number_is_none(text):
    assert not is_number(text, "WX") or text == "WX"


def test_identifiers_are_of_version_seven_and_follow_time():
    first = uuid7()
    time.sleep(0.002)
    second = uuid7()
    assert (first.version, first.variant) == (7, "specified in RFC 4122")
    assert first < second
    assert abs((first.int >> 80) - time.time() * 1000) < 5000
    with moved_to(datetime(2020, 1, 1, tzinfo=UTC)):
        assert uuid7() > first  # moved clocks do not move identifiers


# ---- money -----------------------------------------------------------------------------------------------------------
amounts = st.integers(-(10**12), 10**12)


@given(amounts, amounts)
def test_adding_and_taking_away_is_exact(one, other):
    assert Money(one) + Money(other) - Money(other) == Money(one)


@given(amounts, st.sampled_from(sorted(MINOR_UNITS)))
def test_an_amount_survives_writing_and_reading(minor, currency):
    assert Money.of(Money(minor, currency).amount, currency) == Money(minor, currency)


@pytest.mark.parametrize(("text", "minor"), [("0.005", 1), ("0.004", 0), ("-0.005", -1), ("12.345", 1235), ("1e3", 100000)])
def test_half_a_fen_rounds_away_from_zero(text, minor):
    assert Money.of(text) == Money(minor)


def test_currencies_do_not_mix():
    with pytest.raises(ValueError, match="do not add up"):
        Money(1, "CNY") + Money(1, "USD")
    with pytest.raises(ValueError, match="unknown currency"):
        Money(1, "XXX")
    assert Money.of("100", "JPY") == Money(100, "JPY")


def test_a_multiple_is_rounded_once():
    assert Money(333).times(Decimal("0.5")) == Money(167)
    assert Money(100).times(3) == Money(300)


# ---- places ----------------------------------------------------------------------------------------------------------
places = st.builds(Place, st.floats(-85, 85), st.floats(-180, 180))


def test_a_place_in_beijing_is_drawn_where_chinese_maps_have_it():
    """39.915, 116.404 is drawn at about 39.91640, 116.41024 (published with the community formula)."""
    latitude, longitude = to_gcj02(Place(39.915, 116.404))
    assert latitude == pytest.approx(39.91640428, abs=1e-6)
    assert longitude == pytest.approx(116.41024449, abs=1e-6)


def test_the_distance_between_beijing_and_shanghai():
    assert distance_metres(Place(39.9042, 116.4074), Place(31.2304, 121.4737)) == pytest.approx(1_067_000, rel=0.002)


@given(places, places)
def test_a_distance_is_the_same_both_ways_and_at_most_half_round_the_earth(one, other):
    there, back = distance_metres(one, other), distance_metres(other, one)
    assert there == back
    assert 0 <= there <= 20_015_200
    assert distance_metres(one, one) == 0


@given(st.floats(-60, 60), st.floats(-179, 179), st.floats(-0.05, 0.05), st.floats(-0.05, 0.05))
def test_within_a_city_the_cheap_distance_is_good_enough(latitude, longitude, north, east):
    one, other = Place(latitude, longitude), Place(latitude + north, longitude + east)
    assert flat_metres(one, other) == pytest.approx(distance_metres(one, other), abs=5)


@pytest.mark.parametrize(("latitude", "longitude"), [(90.1, 0), (-91, 0), (0, 181), (0, -180.5), (float("nan"), 0)])
def test_a_place_that_is_not_on_earth_is_refused(latitude, longitude):
    with pytest.raises(ValueError, match="latitude"):
        Place(latitude, longitude)


# ---- the clock -------------------------------------------------------------------------------------------------------
def test_the_clock_moves_and_comes_back():
    at = datetime(2026, 5, 11, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    with moved_to(at):
        assert now() == at
        assert now().tzinfo == UTC
        with moved_to(at + timedelta(days=1)):
            assert now() == at + timedelta(days=1)
        assert now() == at
    assert abs(now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_clock_comes_back_after_a_failure():
    with pytest.raises(RuntimeError), moved_to(datetime(2020, 1, 1, tzinfo=UTC)):
        raise RuntimeError
    assert now().year > 2020


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="aware"), moved_to(datetime(2026, 5, 11)):  # noqa: DTZ001
        pass


# ---- gates -----------------------------------------------------------------------------------------------------------
@dataclass
class Thing:
    id: int


@pytest.fixture
def declared():
    before = dict(gates._GATES)
    gates._GATES.clear()
    yield
    gates._GATES.clear()
    gates._GATES.update(before)


def test_every_gate_is_asked_about_every_thing_at_once(declared):
    asked: list[tuple[list[int], str]] = []

    @gate("first")
    def first(things, step, actor, at):
        asked.append(([each.id for each in things], step))
        return {1: Verdict((Invalid("a"),), "key.a"), 2: Verdict()}

    @gate("second")
    def second(things, step, actor, at):
        return {1: Verdict((Invalid("b"), Invalid("c")))}

    shut = ask([Thing(1), Thing(2), Thing(3)], "depart", SYSTEM, now())
    assert asked == [([1, 2, 3], "depart")]
    assert {key: [each.code for verdict in verdicts for each in verdict.missing] for key, verdicts in shut.items()} == {
        1: ["a", "b", "c"], 2: [], 3: [],
    }  # fmt: skip


def test_a_gate_is_declared_once(declared):
    gate("one")(lambda things, step, actor, at: {})
    with pytest.raises(ValueError, match="twice"):
        gate("one")(lambda things, step, actor, at: {})


# ---- actors ----------------------------------------------------------------------------------------------------------
def test_an_actor_sees_its_regions_and_no_other():
    actor = Actor(ActorKind.PERSON, 5, regions=frozenset({1}))
    assert (actor.sees_region(1), actor.sees_region(2), SYSTEM.sees_region(2)) == (True, False, True)
    with pytest.raises(NotFound):
        actor.require_region(2)
    assert (actor.person_id, Actor(ActorKind.LINK, 5).person_id, SYSTEM.person_id) == (5, None, None)
    assert (actor.key, SYSTEM.key) == ("person:5", "system:0")
