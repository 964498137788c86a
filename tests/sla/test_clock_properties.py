"""What holds for every calendar and every clock, tried on many, and against an oracle that counts minute by minute."""

from bisect import bisect_right
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from anxiu.sla.choices import Outcome
from anxiu.sla.rules import (
    BadCalendar,
    CalendarExhausted,
    ClockRefusal,
    ClockState,
    Day,
    Pause,
    Segment,
    WorkingCalendar,
    add_working,
    due_at,
    gross_elapsed,
    is_provisional_between,
    is_working,
    net_elapsed,
    next_working,
    outcome,
    pause,
    reached_at,
    resume,
    retarget,
    stop,
    subtract_working,
    warn_at,
    working_between,
)

MINUTE = timedelta(minutes=1)
# A zone and a date near which its clocks do something: nothing, an hour, half an hour, a whole date, just past midnight.
PLACES = [
    ("Asia/Shanghai", date(2026, 10, 1)),
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/Havana", date(2026, 3, 8)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("America/St_Johns", date(2008, 11, 2)),
]

# ---- strategies ----------------------------------------------------------------------------------------------------
# Seldom a round hour: the interesting ones are those around a clock change.
minute_of_day = st.one_of(st.integers(0, 1439), st.sampled_from([0, 1, 30, 60, 90, 120, 150, 180, 540, 1080, 1380]))


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


@st.composite
def a_day(draw):
    """None, one or two segments; the last one may pass midnight."""
    count = draw(st.sampled_from([0, 1, 1, 2]))
    marks = sorted(draw(st.lists(minute_of_day, min_size=2 * count, max_size=2 * count, unique=True)))
    segments = [Segment(_time(a), _time(b)) for a, b in zip(marks[::2], marks[1::2], strict=True)]
    if segments and draw(st.integers(0, 3)) == 0:
        segments[-1] = segments[-1]._replace(closes=_time(draw(st.integers(0, marks[0]))))
    return tuple(segments)


@st.composite
def calendars(draw):
    zone, change = draw(st.sampled_from(PLACES))
    if draw(st.integers(0, 9)) == 0:
        return WorkingCalendar("any", zone, round_the_clock=True), change
    kinds = st.sampled_from([draw(a_day()), draw(a_day()), ()])
    week = tuple(draw(st.tuples(*[kinds] * 7)))
    near = st.integers(-5, 5).map(lambda days: change + timedelta(days=days))
    days = draw(st.dictionaries(near, st.builds(Day, st.booleans(), st.just("named"), st.booleans()), max_size=4))
    through = draw(st.sampled_from([date.min, change, date.max]))
    try:
        calendar = WorkingCalendar("any", zone, week=week, days=days, published_through=through)
    except BadCalendar:
        reject()
    # With less, the longest durations below lie beyond the horizon.
    assume(sum(calendar.wall_lengths, timedelta()) >= 60 * MINUTE)
    return calendar, change


def _instants(change: date) -> st.SearchStrategy[datetime]:
    middle = datetime.combine(change, time(), UTC)
    return st.integers(-4 * 1440, 4 * 1440).map(lambda minutes: middle + minutes * MINUTE)


@st.composite
def calendar_and_instants(draw, count):
    calendar, change = draw(calendars())
    return calendar, *sorted(draw(_instants(change)) for _ in range(count))


durations = st.integers(0, 3000).map(lambda minutes: minutes * MINUTE)


@st.composite
def clocks(draw):
    """A calendar, a running clock with any number of finished pauses, and an instant after all of them."""
    calendar, change = draw(calendars())
    marks = sorted({draw(_instants(change)) for _ in range(2 * draw(st.integers(0, 3)) + 2)})
    start, *inner, last = marks if len(marks) > 1 else (*marks, marks[0] + MINUTE)
    state = ClockState(start, draw(durations), draw(st.integers(0, 100)))
    for a, b in zip(inner[::2], inner[1::2], strict=False):
        state = pause(state, a, b, "reason")
    return calendar, state, last


# ---- the oracle ----------------------------------------------------------------------------------------------------
@lru_cache(maxsize=2)
def _wall_minutes(zone: str, first: datetime, count: int) -> list[datetime]:
    """The latest wall time shown so far, minute by minute: a clock set back shows nothing new until it catches up."""
    shown = ((first + n * MINUTE).astimezone(ZoneInfo(zone)).replace(tzinfo=None) for n in range(count))
    return list(accumulate(shown, max))


def _oracle_works(calendar: WorkingCalendar, wall: datetime) -> bool:
    """Whether a wall time is in the hours of its date, or in those that its eve left over."""
    if calendar.round_the_clock:
        return True
    for day in (wall.date(), wall.date() - timedelta(days=1)):
        entry, own = calendar.days.get(day), calendar.week[day.weekday()]
        if entry is not None and not entry.is_work:
            continue
        segments = own or (next(filter(None, calendar.week)) if entry is not None else ())
        for opens, closes in segments:
            begin, end = datetime.combine(day, opens), datetime.combine(day, closes)
            if end <= begin:
                end += timedelta(days=1)
            if begin <= wall < end:
                return True
    return False


def _oracle_minutes(calendar: WorkingCalendar, a: datetime, b: datetime) -> list[bool]:
    """For each minute from `a` to `b`, whether it counts. The walk begins two days early for clocks set back."""
    first = datetime.combine(a.date() - timedelta(days=2), time(), UTC)
    walls = _wall_minutes(calendar.zone, first, (b - first) // MINUTE)
    return [_oracle_works(calendar, wall) for wall in walls[(a - first) // MINUTE :]]


@settings(deadline=None)
@given(calendar_and_instants(2))
def test_working_time_is_what_counting_minutes_gives(drawn):
    calendar, a, b = drawn
    minutes = _oracle_minutes(calendar, a, b)
    assert working_between(calendar, a, b) == sum(minutes) * MINUTE
    if minutes:
        assert is_working(calendar, a) is minutes[0]
    if True in minutes:
        assert next_working(calendar, a).at == a + minutes.index(True) * MINUTE


@settings(deadline=None)
@given(calendar_and_instants(2), st.data())
def test_a_deadline_is_where_counting_minutes_ends(drawn, data):
    calendar, a, b = drawn
    minutes = _oracle_minutes(calendar, a, b)
    total = list(accumulate(minutes, initial=0))
    worked = data.draw(st.integers(0, total[-1]))
    # The earliest minute by which, and the latest from which, so much has been counted.
    assert add_working(calendar, a, worked * MINUTE).at == a + total.index(worked) * MINUTE
    latest = bisect_right(total, total[-1] - worked) - 1
    assert subtract_working(calendar, b, worked * MINUTE).at == a + latest * MINUTE


# ---- calendars -----------------------------------------------------------------------------------------------------
@settings(deadline=None)
@given(calendar_and_instants(1), durations)
def test_adding_and_subtracting_are_inverse(drawn, worked):
    calendar, a = drawn
    end = add_working(calendar, a, worked)
    assert working_between(calendar, a, end.at) == worked
    begin = subtract_working(calendar, a, worked)
    assert working_between(calendar, begin.at, a) == worked
    if is_working(calendar, a):
        assert subtract_working(calendar, end.at, worked).at == a
    assert end.provisional == is_provisional_between(calendar, a, end.at)
    assert begin.provisional == is_provisional_between(calendar, begin.at, a)


@settings(deadline=None)
@given(calendar_and_instants(1), durations, durations)
def test_adding_twice_is_adding_the_sum(drawn, one, two):
    calendar, a = drawn
    assume(two > timedelta())
    assert add_working(calendar, add_working(calendar, a, one).at, two).at == add_working(calendar, a, one + two).at


@settings(deadline=None)
@given(calendar_and_instants(3))
def test_working_time_adds_up_and_never_falls(drawn):
    calendar, a, b, c = drawn
    assert working_between(calendar, a, b) + working_between(calendar, b, c) == working_between(calendar, a, c)
    assert timedelta() <= working_between(calendar, a, b) <= working_between(calendar, a, c) <= c - a
    assert working_between(calendar, c, a) == -working_between(calendar, a, c)


@settings(deadline=None)
@given(calendars(), st.integers(0, 800), st.integers(0, 1439))
def test_long_stretches_that_jump_days_equal_the_sum_of_short_ones(drawn, days, minute):
    calendar, change = drawn
    a = datetime.combine(change - timedelta(days=10), _time(minute), UTC)
    marks = [a + timedelta(days=n) for n in range(0, days + 1, 3)]
    short = [working_between(calendar, one, two) for one, two in pairwise(marks)]
    whole = working_between(calendar, a, marks[-1])
    assert whole == sum(short, timedelta())
    if whole:
        end = add_working(calendar, a, whole).at
        assert end <= marks[-1]
        assert working_between(calendar, a, end) == whole
        begin = subtract_working(calendar, marks[-1], whole).at
        assert begin >= a
        assert working_between(calendar, begin, marks[-1]) == whole


# ---- clocks --------------------------------------------------------------------------------------------------------
@settings(deadline=None)
@given(clocks(), durations)
def test_pausing_never_changes_net_time(drawn, length):
    """Net time stands still in a pause, goes on after it as it would have gone on, and is the target when due."""
    calendar, state, at = drawn
    paused = pause(state, at, None, "reason")
    before = net_elapsed(calendar, state, at)
    assert net_elapsed(calendar, paused, at) == before
    assert net_elapsed(calendar, paused, at + length) == before
    assert gross_elapsed(calendar, paused, at + length) == gross_elapsed(calendar, state, at + length)
    resumed = resume(paused, at + length)
    for later in (at + length, at + length + length):
        assert net_elapsed(calendar, resumed, later) == before + working_between(calendar, at + length, later)
    due = due_at(calendar, resumed)
    assert due is not None
    assert net_elapsed(calendar, resumed, due.at) == state.target


@settings(deadline=None)
@given(clocks())
def test_a_pause_never_makes_a_clock_due_sooner(drawn):
    calendar, state, _ = drawn
    due, plain = due_at(calendar, state), due_at(calendar, replace(state, pauses=()))
    assert due is not None
    assert plain is not None
    assert due.at >= plain.at
    warning = warn_at(calendar, state)
    assert warning is not None
    assert state.started_at <= warning.at <= due.at


@settings(deadline=None)
@given(clocks())
def test_pausing_for_no_time_is_nothing(drawn):
    _, state, at = drawn
    assert resume(pause(state, at, None, "reason"), at) == state
    assert resume(pause(state, at, at + MINUTE, "reason"), at) == state


@settings(deadline=None)
@given(clocks(), durations)
def test_two_pauses_that_touch_are_one(drawn, length):
    calendar, state, at = drawn
    assume(length > MINUTE)
    one = pause(state, at, at + length, "reason")
    two = pause(pause(state, at, at + MINUTE, "reason"), at + MINUTE, at + length, "reason")
    assert due_at(calendar, one) == due_at(calendar, two)
    later = at + length + length
    assert net_elapsed(calendar, one, later) == net_elapsed(calendar, two, later)


@settings(deadline=None)
@given(clocks(), durations)
def test_a_new_target_never_resets_a_clock(drawn, target):
    calendar, state, at = drawn
    changed = retarget(state, target)
    assert (changed.started_at, changed.pauses) == (state.started_at, state.pauses)
    assert net_elapsed(calendar, changed, at) == net_elapsed(calendar, state, at)
    assert due_at(calendar, changed) == reached_at(calendar, state, target)
    assert retarget(changed, state.target) == state


@settings(deadline=None)
@given(clocks(), st.data())
def test_a_stop_is_judged_alike_whenever_it_becomes_known(drawn, data):
    calendar, state, at = drawn
    happened = state.started_at + data.draw(st.integers(0, (at - state.started_at) // MINUTE)) * MINUTE
    due = due_at(calendar, state)
    assert due is not None
    stopped = stop(replace(state, breached_at=due.at), happened)
    judged = outcome(calendar, stopped, max(at, due.at) + MINUTE)
    assert judged.due == due or happened < due.at
    assert judged.outcome == (Outcome.KEPT if happened <= due.at else Outcome.BROKEN)
    assert judged.withdraws_breach is (happened <= due.at)
    assert net_elapsed(calendar, stopped, at + MINUTE) == net_elapsed(calendar, state, happened)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 100), st.one_of(st.none(), st.integers(0, 100))), max_size=5))
def test_pauses_of_a_clock_are_in_order_and_apart_or_refused(pairs):
    start = datetime(2026, 3, 2, tzinfo=UTC)
    try:
        made = tuple(Pause(start + a * MINUTE, None if b is None else start + b * MINUTE, "reason") for a, b in pairs)
        state = ClockState(start, MINUTE, 70, made)
    except ClockRefusal:
        return
    for one, two in pairwise(state.pauses):
        assert one.until_at is not None
        assert one.from_at < one.until_at <= two.from_at


def test_a_calendar_of_holidays_only_is_exhausted_and_not_endless():
    closed = {date(2026, 3, 2) + timedelta(days=n): Day(is_work=False, name="closed") for n in range(2000)}
    calendar = WorkingCalendar("closed", "Asia/Shanghai", week=((Segment(time(9), time(17)),),) * 7, days=closed)
    with pytest.raises(CalendarExhausted):
        due_at(calendar, ClockState(datetime(2026, 3, 2, tzinfo=UTC), MINUTE, 70))
