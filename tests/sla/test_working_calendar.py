"""Working time on real dates: holidays, make-up workdays, lunch, nights, clock changes and years not published."""

import time as stopwatch
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from anxiu.sla.choices import BadHours
from anxiu.sla.rules import (
    BadCalendar,
    CalendarExhausted,
    Day,
    Reckoned,
    WorkingCalendar,
    add_working,
    before,
    hours,
    is_working,
    next_working,
    subtract_working,
    working_between,
)

H = timedelta(hours=1)


@pytest.mark.parametrize(
    ("start", "worked", "end"),
    [
        ("2026-03-02 10:00", 1 * H, "2026-03-02 11:00"),
        ("2026-03-02 11:30", 1 * H, "2026-03-02 13:30"),  # over lunch
        ("2026-03-02 11:00", 1 * H, "2026-03-02 12:00"),  # the earliest such instant, not 13:00
        ("2026-03-02 12:20", 1 * H, "2026-03-02 14:00"),  # from within lunch
        ("2026-03-02 10:00", 8 * H, "2026-03-03 10:00"),
        ("2026-03-06 17:00", 2 * H, "2026-03-09 10:00"),  # over a weekend
        ("2026-03-07 11:00", 2 * H, "2026-03-09 11:00"),  # from a Saturday
        ("2026-03-02 08:00", 40 * H, "2026-03-06 18:00"),
        ("2025-09-30 17:00", 2 * H, "2025-10-09 10:00"),  # National Day and Mid-autumn 2025, 1 to 8 October
        ("2025-10-10 17:00", 2 * H, "2025-10-11 10:00"),  # Saturday 11 October 2025 is worked
        ("2026-09-30 17:00", 2 * H, "2026-10-08 10:00"),  # National Day 2026, 1 to 7 October
        ("2026-09-19 10:00", 8 * H, "2026-09-20 18:00"),  # Sunday 20 September 2026 is worked
        ("2026-10-09 17:00", 2 * H, "2026-10-10 10:00"),  # so is Saturday 10 October
        ("2026-02-13 17:00", 2 * H, "2026-02-14 10:00"),  # Saturday before Spring Festival 2026
        ("2026-02-14 17:00", 2 * H, "2026-02-24 10:00"),  # Spring Festival 2026, 15 to 23 February
        ("2026-02-27 17:00", 10 * H, "2026-03-02 10:00"),  # Saturday 28 February is worked, Sunday is not
    ],
)
def test_working_hours_are_added(china, at, start, worked, end):
    assert add_working(china, at(start), worked) == Reckoned(at(end), provisional=False)
    assert working_between(china, at(start), at(end)) == worked
    assert working_between(china, at(end), at(start)) == -worked


@pytest.mark.parametrize(
    ("end", "worked", "start"),
    [
        ("2026-03-02 14:00", 2 * H, "2026-03-02 11:00"),
        ("2026-03-02 14:00", 1 * H, "2026-03-02 13:00"),  # the latest such instant, not 12:00
        ("2026-10-08 10:00", 2 * H, "2026-09-30 17:00"),
        ("2026-02-24 10:00", 10 * H, "2026-02-13 17:00"),
    ],
)
def test_working_hours_are_subtracted(china, at, end, worked, start):
    assert subtract_working(china, at(end), worked) == Reckoned(at(start), provisional=False)


def test_a_deadline_before_departure_counts_as_its_calendar_does(china, always, at):
    assert before(always, at("2026-03-02 09:00"), 2 * H).at == at("2026-03-02 07:00")
    assert before(china, at("2026-03-02 09:00"), 2 * H).at == at("2026-02-28 16:00")


def test_no_time_leads_nowhere(china, at):
    sunday = at("2026-03-08 10:00")
    assert add_working(china, sunday, timedelta()).at == sunday
    assert subtract_working(china, sunday, timedelta()).at == sunday


def test_round_the_clock_ignores_holidays(always, at):
    holiday = at("2026-10-01 23:00")
    assert add_working(always, holiday, 24 * H) == Reckoned(at("2026-10-02 23:00"), provisional=False)
    assert is_working(always, holiday)
    assert next_working(always, holiday).at == holiday
    assert working_between(always, at("2027-01-01 00:00"), at("2029-01-01 00:00")) == timedelta(days=731)


@pytest.mark.parametrize(
    ("moment", "working", "following"),
    [
        ("2026-03-02 08:59", False, "2026-03-02 09:00"),
        ("2026-03-02 09:00", True, "2026-03-02 09:00"),
        ("2026-03-02 12:00", False, "2026-03-02 13:00"),
        ("2026-03-02 18:00", False, "2026-03-03 09:00"),
        ("2026-02-28 09:30", True, "2026-02-28 09:30"),
        ("2026-10-01 10:00", False, "2026-10-08 09:00"),
    ],
)
def test_hours_are_half_open(china, at, moment, working, following):
    assert is_working(china, at(moment)) is working
    assert next_working(china, at(moment)).at == at(following)


def test_a_year_not_published_is_reckoned_by_weekends_and_flagged(china, at):
    assert add_working(china, at("2026-12-31 17:00"), 1 * H) == Reckoned(at("2026-12-31 18:00"), provisional=False)
    # 1 January 2027 is a Friday and surely a holiday, but nobody has said so yet.
    assert add_working(china, at("2026-12-31 17:00"), 2 * H) == Reckoned(at("2027-01-01 10:00"), provisional=True)
    assert add_working(china, at("2027-02-05 17:00"), 2 * H) == Reckoned(at("2027-02-08 10:00"), provisional=True)
    assert subtract_working(china, at("2027-01-01 10:00"), 2 * H) == Reckoned(at("2026-12-31 17:00"), provisional=True)
    assert next_working(china, at("2027-01-02 10:00")) == Reckoned(at("2027-01-04 09:00"), provisional=True)


def test_a_day_entered_by_hand_is_as_sure_as_it_says(china, at):
    new_year = date(2027, 1, 1)
    start = at("2027-01-01 08:00")
    sure = replace(china, days={**china.days, new_year: Day(is_work=True, name="stocktaking")})
    assert add_working(sure, start, 1 * H) == Reckoned(at("2027-01-01 10:00"), provisional=False)
    unsure = replace(china, days={**china.days, new_year: Day(is_work=False, name="New Year", provisional=True)})
    assert add_working(unsure, start, 1 * H) == Reckoned(at("2027-01-04 10:00"), provisional=True)
    early = replace(china, days={**china.days, date(2026, 6, 1): Day(is_work=True, name="", provisional=True)})
    assert add_working(early, at("2026-06-01 09:00"), 1 * H).provisional


def test_a_make_up_day_works_its_own_hours_if_its_weekday_has_any(china, at):
    half_saturday = replace(china, week=(*china.week[:5], hours("09:00-12:00"), ()))
    saturday = at("2026-02-28 00:00")
    assert working_between(china, saturday, saturday + 24 * H) == 8 * H
    assert working_between(half_saturday, saturday, saturday + 24 * H) == 3 * H
    no_monday = replace(china, week=((), hours("10:00-16:00"), *china.week[2:]))
    assert working_between(no_monday, saturday, saturday + 24 * H) == 6 * H


def test_hours_may_end_at_midnight_and_pass_it(at):
    night = hours("20:00-24:00")
    late = WorkingCalendar("late", "Asia/Shanghai", week=(night,) * 7, published_through=date.max)
    assert add_working(late, at("2026-03-02 23:00"), 2 * H).at == at("2026-03-03 21:00")
    shift = WorkingCalendar(
        "shift",
        "Asia/Shanghai",
        week=(hours("22:00-06:00"),) * 5 + ((), ()),
        days={date(2026, 3, 4): Day(is_work=False, name="closed")},
        published_through=date(2026, 3, 6),
    )
    assert add_working(shift, at("2026-03-02 23:00"), 8 * H).at == at("2026-03-03 23:00")
    # The shift of Tuesday ends on the free Wednesday; Wednesday has none, so Thursday morning is free.
    assert is_working(shift, at("2026-03-04 05:00"))
    assert not is_working(shift, at("2026-03-05 05:00"))
    # Saturday morning belongs to Friday.
    assert is_working(shift, at("2026-03-07 05:59"))
    assert next_working(shift, at("2026-03-07 06:00")).at == at("2026-03-09 22:00")
    friday = Day(is_work=True, name="", provisional=True)
    unsure = replace(shift, days={date(2026, 3, 6): friday}, published_through=date.max)
    assert add_working(unsure, at("2026-03-07 03:00"), 1 * H) == Reckoned(at("2026-03-07 04:00"), provisional=True)
    whole = WorkingCalendar("whole", "Asia/Shanghai", week=(hours("00:00-24:00"),) * 7, published_through=date.max)
    assert add_working(whole, at("2026-03-02 23:00"), 100 * H).at == at("2026-03-02 23:00") + 100 * H


def test_a_night_with_a_clock_change_is_as_long_as_it_is():
    """Berlin 2026: 29 March has no hour from 02:00, 25 October has it twice."""
    berlin = WorkingCalendar("night", "Europe/Berlin", week=(hours("22:00-06:00"),) * 7, published_through=date.max)
    zone = ZoneInfo("Europe/Berlin")

    def evening(month: int, day: int) -> datetime:
        return datetime(2026, month, day, 20, tzinfo=zone)

    assert working_between(berlin, evening(3, 28), evening(3, 29)) == 7 * H
    assert working_between(berlin, evening(3, 29), evening(3, 30)) == 8 * H
    assert working_between(berlin, evening(10, 24), evening(10, 25)) == 9 * H
    assert add_working(berlin, evening(3, 28), 7 * H).at == datetime(2026, 3, 29, 4, tzinfo=UTC)


def test_hours_that_a_clock_change_skips_are_not_worked():
    week = (hours("01:00-02:15 02:15-02:45 02:45-04:00"),) * 7
    berlin = WorkingCalendar("gap", "Europe/Berlin", week=week, published_through=date.max)
    zone = ZoneInfo("Europe/Berlin")
    change = datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert working_between(berlin, datetime(2026, 3, 29, tzinfo=zone), datetime(2026, 3, 29, 12, tzinfo=zone)) == 2 * H
    assert is_working(berlin, change)
    assert add_working(berlin, change - 1 * H, 1 * H).at == change


def test_hours_that_are_skipped_as_a_whole_are_no_working_time():
    zone = ZoneInfo("Europe/Berlin")
    gap = WorkingCalendar("gap", "Europe/Berlin", week=(hours("02:15-02:45"),) * 7, published_through=date.max)
    eve = datetime(2026, 3, 28, 12, tzinfo=zone)
    assert next_working(gap, eve).at == datetime(2026, 3, 30, 2, 15, tzinfo=zone)
    assert add_working(gap, eve, H / 4).at == datetime(2026, 3, 30, 2, 30, tzinfo=zone)


def test_a_clock_set_back_over_midnight_opens_a_date_once():
    """St. John's 2008: at 00:01 on 2 November the clock went back to 23:01 on the first."""
    johns = WorkingCalendar("johns", "America/St_Johns", week=(hours("00:00-01:00"),) * 7, published_through=date.max)
    second_time = datetime(2008, 11, 2, 2, 45, tzinfo=UTC)
    assert second_time.astimezone(johns.zone_info).isoformat() == "2008-11-01T23:15:00-03:30"
    end = datetime(2008, 11, 3, 4, 15, tzinfo=UTC)
    assert add_working(johns, second_time, 2.5 * H).at == end
    assert working_between(johns, second_time, end) == 2.5 * H
    assert subtract_working(johns, end, 2.5 * H).at == second_time


def test_hours_that_a_clock_change_repeats_count_once_each_as_they_pass():
    zone = ZoneInfo("Europe/Berlin")
    day, after = datetime(2026, 10, 25, tzinfo=zone), datetime(2026, 10, 26, tzinfo=zone)
    split = WorkingCalendar("split", "Europe/Berlin", week=(hours("01:00-02:30 02:30-04:00"),) * 7)
    whole = WorkingCalendar("whole", "Europe/Berlin", week=(hours("01:00-04:00"),) * 7)
    assert working_between(split, day, after) == working_between(whole, day, after) == 4 * H


def test_a_date_that_a_zone_skipped_has_no_hours():
    """Samoa went from 29 to 31 December 2011."""
    apia = WorkingCalendar("apia", "Pacific/Apia", week=(hours("09:00-17:00"),) * 7, published_through=date.max)
    start = datetime(2011, 12, 29, 8, tzinfo=ZoneInfo("Pacific/Apia"))
    assert add_working(apia, start, 9 * H).at == datetime(2011, 12, 31, 10, tzinfo=ZoneInfo("Pacific/Apia"))


def test_a_search_ends_after_five_years(china, always, at):
    closed = replace(
        china, days={date.fromordinal(date(2026, 1, 1).toordinal() + n): Day(False, "") for n in range(3000)}
    )
    start = at("2026-03-02 09:00")
    for search in (lambda: add_working(closed, start, 1 * H), lambda: next_working(closed, start)):
        with pytest.raises(CalendarExhausted):
            search()
    with pytest.raises(CalendarExhausted):
        subtract_working(closed, at("2034-01-01 09:00"), 1 * H)
    with pytest.raises(CalendarExhausted):
        add_working(always, start, timedelta(days=2000))
    with pytest.raises(CalendarExhausted):
        add_working(china, start, timedelta(hours=8 * 366 * 5))
    assert working_between(china, at("2015-01-01 00:00"), at("2026-01-01 00:00")) > 20000 * H


@pytest.mark.parametrize(
    ("week", "code"),
    [
        ((hours("09:00-17:00"),) * 6, BadHours.NOT_A_WEEK),
        (((),) * 7, BadHours.NO_HOURS),
        ((hours("09:00-12:00 11:00-17:00"),) * 7, BadHours.OVERLAP),
        ((hours("13:00-17:00 09:00-12:00"),) * 7, BadHours.OVERLAP),
        ((hours("22:00-06:00 23:00-23:30"),) * 7, BadHours.OVERLAP),
        ((hours("22:00-06:00"), *(hours("05:00-09:00"),) * 6), BadHours.NIGHT_OVERLAP),
    ],
)
def test_hours_that_would_count_twice_are_refused(week, code):
    with pytest.raises(BadCalendar) as refusal:
        WorkingCalendar("bad", "Asia/Shanghai", week=week)
    assert refusal.value.code == code


@pytest.mark.parametrize("text", ["09:00", "nine-ten", "09:00-25:00", "09:00-12:00-13:00"])
def test_unreadable_hours_are_refused(text):
    with pytest.raises(BadCalendar) as refusal:
        hours(text)
    assert refusal.value.code == BadHours.UNREADABLE


@pytest.mark.parametrize("zone", ["Asia/Nowhere", "", "../etc/passwd"])
def test_an_unknown_zone_is_refused(zone):
    with pytest.raises(BadCalendar) as refusal:
        WorkingCalendar("bad", zone, round_the_clock=True)
    assert refusal.value.code == BadHours.UNKNOWN_ZONE


def test_naive_times_and_negative_durations_are_refused(china, at):
    with pytest.raises(ValueError, match="naive"):
        add_working(china, datetime(2026, 3, 2, 9), 1 * H)  # noqa: DTZ001  the point of the test
    with pytest.raises(ValueError, match="negative"):
        add_working(china, at("2026-03-02 09:00"), -1 * H)
    with pytest.raises(ValueError, match="negative"):
        subtract_working(china, at("2026-03-02 09:00"), -1 * H)


def test_a_working_year_is_reckoned_fast(china, at):
    """Generous against a busy machine; measured 0.4 ms on two shared cores."""
    start = at("2025-03-03 09:30")
    year = 250 * 8 * H
    end = add_working(china, start, year).at
    best = []
    for reckon in (lambda: add_working(china, start, year), lambda: working_between(china, start, end)):
        runs = []
        for _ in range(5):
            began = stopwatch.perf_counter()
            reckon()
            runs.append(stopwatch.perf_counter() - began)
        best.append(min(runs))
    assert max(best) < 0.01
