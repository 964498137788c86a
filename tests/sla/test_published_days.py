"""What the packaged notices say, and what happens for a year without one."""

from datetime import date

import chinese_calendar
import pytest

from anxiu.sla.calendars import NotPublished, published_days


def _make_up_days(year: int) -> list[str]:
    days = published_days(year)
    assert not isinstance(days, NotPublished)
    return [day.date.isoformat() for day in days if day.is_work]


def test_make_up_workdays_are_those_of_the_notices():
    assert _make_up_days(2025) == ["2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"]
    assert _make_up_days(2026) == ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]


def test_a_named_day_has_both_languages_and_its_source():
    days = published_days(2026)
    assert not isinstance(days, NotPublished)
    by_date = {day.date: day for day in days}
    assert (by_date[date(2026, 2, 17)].name_zh, by_date[date(2026, 2, 17)].name_en) == ("春节", "Spring Festival")
    assert not by_date[date(2026, 2, 17)].is_work
    assert by_date[date(2026, 2, 28)].is_work
    assert by_date[date(2026, 2, 28)].name_zh == "春节"
    assert by_date[date(2026, 2, 28)].source.startswith("chinesecalendar 1.")
    assert date(2026, 3, 2) not in by_date


@pytest.mark.parametrize("year", [2003, 2100])
def test_a_year_without_notice_is_not_published(year):
    found = published_days(year)
    assert isinstance(found, NotPublished)
    assert found.year == year


def test_a_year_of_which_only_new_year_is_known_is_not_published(monkeypatch):
    """As when the break at the turn of the year is in the notice of the year before."""
    monkeypatch.setitem(chinese_calendar.constants.holidays, date(2100, 1, 1), "New Year's Day")
    assert chinese_calendar.is_holiday(date(2100, 1, 1))
    assert isinstance(published_days(2100), NotPublished)
