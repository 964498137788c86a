"""What an address gives is read, or is nothing."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given as drawn
from hypothesis import strategies

from anxiu.kernel.given import DIGITS, date_of, datetime_in, day, is_text, moment, number


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.0", "1e3", "١٢", "½", " 1", "9" * (DIGITS + 1), "9" * 5000])
def test_what_is_no_whole_number_is_nothing(text):
    assert number(text) is None


@drawn(strategies.text())
def test_any_text_is_read_or_is_nothing(text):
    assert (number(text) is None) or number(text) == int(text)
    assert day(text) is None or day(text).isoformat()
    assert moment(text) is None or moment(text).tzinfo


def test_days_and_moments_leave_room_around_them():
    assert number("007") == 7
    assert day("2026-11-23") == date(2026, 11, 23)
    assert [day(text) for text in ("2026-13-40", "0001-01-01", "9999-12-31", "x", "1899-12-31")] == [None] * 5
    assert moment("2026-11-23T08:00:00+08:00") == datetime(2026, 11, 23, tzinfo=UTC)
    assert [moment(text) for text in ("2026-11-23T08:00:00", "0001-01-01T00:00:00+14:00", "2026-13-40T00:00Z")] == [None] * 3
    assert [date_of(text) for text in ("9999-12-31", "2026-13-40")] == [date(9999, 12, 31), None]
    assert datetime_in("2026-11-23T08:00") == datetime(2026, 11, 23, 8)  # noqa: DTZ001 -- as a field for a local time says it
    assert [is_text(text) for text in ("安修", "a\0", "\ud800")] == [True, False, False]
