from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxiu.equipment.choices import CoverBasis
from anxiu.equipment.rules import Cover, months_later, warranty

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
MONTHS = st.integers(0, 600)


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        (date(2025, 3, 1), 12, date(2026, 3, 1)), (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)), (date(2025, 12, 15), 1, date(2026, 1, 15)),
        (date(2025, 5, 5), 0, date(2025, 5, 5)), (date(9999, 12, 1), 1, date.max),
    ],
)  # fmt: skip
def test_a_period_of_months_ends_on_the_corresponding_day(start: date, months: int, last: date) -> None:
    assert months_later(start, months) == last


@given(DAYS, MONTHS, MONTHS)
def test_more_months_never_end_earlier(start: date, months: int, more: int) -> None:
    assert start <= months_later(start, months) <= months_later(start, months + more)


@given(DAYS, MONTHS)
def test_the_end_lies_in_the_month_counted(start: date, months: int) -> None:
    end = months_later(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == start.day or (end + timedelta(1)).day == 1


@given(st.integers(0, 240), st.none() | DAYS, st.none() | DAYS, st.none() | DAYS, DAYS)
def test_the_warranty_holds_up_to_its_last_day_and_says_why(
    months: int, installed: date | None, sold: date | None, agreed: date | None, on: date
) -> None:
    cover = warranty(months=months, installed_on=installed, sold_on=sold, override=agreed, on=on)
    if agreed:
        assert (cover.until, cover.because) == (agreed, CoverBasis.AGREED)
    elif installed:
        assert (cover.until, cover.because) == (months_later(installed, months), CoverBasis.INSTALLATION)
    elif sold:
        assert (cover.until, cover.because) == (months_later(sold, months), CoverBasis.SALE)
    else:
        assert cover == Cover(False, None, CoverBasis.UNKNOWN)
    if cover.until:
        assert cover.in_warranty == (on <= cover.until)
