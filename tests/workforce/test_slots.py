"""Slots as ranges of whole numbers, and shifts reckoned from weekly hours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxiu.kernel.errors import Invalid
from anxiu.workforce.rules import Pattern, Slot, brief, covered, decode, encode, shifts

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 5, 4, tzinfo=SHANGHAI)
engineers = st.integers(1, 2**30 - 1)
LAST = int(datetime(2200, 1, 1, tzinfo=UTC).timestamp())
instants = st.integers(0, LAST).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@st.composite
def slots(draw):
    start = draw(instants)
    return Slot(start, start + timedelta(seconds=draw(st.integers(1, 10**7))))


@given(engineers, slots())
def test_a_slot_comes_back_from_its_range(engineer, slot):
    assert decode(*encode(engineer, slot)) == (engineer, slot)


@given(engineers, slots(), engineers, slots())
def test_ranges_overlap_when_and_only_when_slots_of_one_engineer_do(one, first, other, second):
    (a, b), (c, d) = encode(one, first), encode(other, second)
    assert (a < d and c < b) == (one == other and first.overlaps(second))


def test_an_instant_no_range_can_hold_is_refused():
    with pytest.raises(Invalid):
        encode(1, Slot(datetime(1969, 12, 31, tzinfo=UTC), datetime(1970, 1, 2, tzinfo=UTC)))
    with pytest.raises(Invalid):
        encode(1, Slot(datetime(2242, 1, 1, tzinfo=UTC), datetime(2243, 1, 1, tzinfo=UTC)))


def hours(start, end):
    return Slot(MONDAY + timedelta(hours=start), MONDAY + timedelta(hours=end))


def test_two_shifts_that_meet_cover_a_slot_across_them():
    assert covered(hours(11, 13), [hours(12, 18), hours(8, 12)])
    assert not covered(hours(11, 13), [hours(12.5, 18), hours(8, 12)])
    assert not covered(hours(11, 13), [])


def test_an_overnight_shift_is_found_on_both_days():
    night = Pattern(1, time(22), time(6), date(2026, 1, 1), None)
    assert shifts([night], SHANGHAI, hours(23, 24)) == (hours(22, 30),)
    assert shifts([night], SHANGHAI, hours(29, 31)) == (hours(22, 30),)
    assert shifts([night], SHANGHAI, hours(30, 40)) == ()


def test_weekly_hours_hold_from_their_first_to_their_last_day():
    early = Pattern(1, time(8), time(16), date(2026, 1, 1), date(2026, 5, 4))
    late = Pattern(1, time(12), time(20), date(2026, 5, 5), None)
    weeks = Slot(MONDAY, MONDAY + timedelta(days=14))
    assert shifts([late, early], SHANGHAI, weeks) == (hours(8, 16), hours(7 * 24 + 12, 7 * 24 + 20))


def test_a_slot_in_short_names_the_second_day_only_when_there_is_one():
    assert brief(hours(10, 12), SHANGHAI) == "05-04 10:00–12:00"
    assert brief(hours(22, 30), SHANGHAI) == "05-04 22:00–05-05 06:00"
    assert brief(hours(0, 24), SHANGHAI) == "05-04 00:00–00:00"
