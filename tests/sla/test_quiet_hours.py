"""Hours in which nobody is called: the deadline passes all the same, the call waits."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxiu.kernel.actor import SYSTEM
from anxiu.regulation.actions import amend_version
from anxiu.regulation.choices import Severity
from anxiu.regulation.queries import in_force
from anxiu.sla.actions import start, tick_all
from anxiu.sla.choices import ClockKind
from anxiu.sla.models import Clock, Escalation
from anxiu.sla.rules import WorkingCalendar, heard_at, hours

from .conftest import MONDAY

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
FIRST = ClockKind.FIRST_RESPONSE


def quiet(text: str, zone: str = "Asia/Shanghai") -> list[WorkingCalendar]:
    return [WorkingCalendar(code="quiet", zone=zone, week=(hours(each),) * 7) for each in text.split()]


@pytest.mark.parametrize(
    ("spans", "called", "heard"),
    [
        ("22:30-06:30", "2026-05-11 22:29", "2026-05-11 22:29"),
        ("22:30-06:30", "2026-05-11 22:30", "2026-05-12 06:30"),
        ("22:30-06:30", "2026-05-12 03:00", "2026-05-12 06:30"),
        ("22:30-06:30", "2026-05-12 06:30", "2026-05-12 06:30"),
        ("12:00-13:00", "2026-10-01 12:10", "2026-10-01 13:00"),  # on a holiday as well
        ("22:00-24:00 00:00-07:00", "2026-05-11 23:00", "2026-05-12 07:00"),  # one after the other
        ("21:00-23:30 22:00-06:00", "2026-05-11 21:30", "2026-05-12 06:00"),  # one within the other
        ("00:00-24:00", "2026-05-11 23:00", "2026-05-11 23:00"),  # never heard: a mistake keeps nobody from it
    ],
)
def test_a_call_waits_until_the_quiet_hours_are_over(at, spans, called, heard):
    assert heard_at(quiet(spans), at(called)) == at(heard)


def test_without_quiet_hours_a_call_comes_at_once(at):
    assert heard_at((), at("2026-05-11 23:00")) == at("2026-05-11 23:00")


@given(
    st.datetimes(timezones=st.just(ZoneInfo("UTC"))).filter(lambda each: 1950 < each.year < 2090),
    st.integers(0, 23), st.integers(1, 22), st.sampled_from(["Asia/Shanghai", "Europe/London", "America/New_York"]),
)  # fmt: skip
def test_nobody_is_called_in_quiet_hours_and_nobody_waits_a_day(moment, begins, length, zone):
    hushed = quiet(f"{begins:02}:00-{(begins + length) % 24:02}:00", zone)
    heard = heard_at(hushed, moment)
    assert moment <= heard < moment + DAY
    assert heard_at(hushed, heard) == heard


def _amend(key: str, raw: object) -> None:
    version = in_force(None, "", MONDAY)
    amend_version(actor=SYSTEM, at=MONDAY, version_id=version.pk, in_force_from=MONDAY, changes={key: raw})


@pytest.mark.django_db
@pytest.mark.requirement("SLA-07")
def test_a_breach_at_night_is_on_record_at_once_and_called_in_the_morning(case, person, told, at):
    supervisor = person("supervisor")
    spans = {"urgent": [], "normal": ["22:00-07:00"], "minor": []}
    _amend("sla.quiet_hours", spans)
    evening = at("2026-05-11 20:30")
    one = case(severity=Severity.NORMAL)
    start(one, [FIRST], at=evening, actor=SYSTEM)
    tick_all(evening + HOUR + 30 * MINUTE)  # the warning, at 70 % of two hours, before the quiet
    tick_all(at("2026-05-11 22:30"))
    clock = Clock.objects.get()
    assert (clock.breached_at, clock.next_at) == (at("2026-05-11 22:30"), at("2026-05-12 07:00"))
    assert tick_all(at("2026-05-12 06:59")) == 0
    tick_all(at("2026-05-12 07:00"))
    calls = list(Escalation.objects.order_by("level").values_list("level", "person_id", "called_at"))
    assert calls[1:] == [(1, supervisor.pk, at("2026-05-12 07:00"))]
    assert [event["due_at"] for event in told(one.subject, "sla.clock_broken")] == ["2026-05-11T14:30:00.000000Z"]


@pytest.mark.django_db
@pytest.mark.requirement("SLA-07")
def test_what_is_urgent_is_called_at_any_hour(case, person, at):
    person("supervisor")
    night = at("2026-05-12 02:00")
    start(case(), [FIRST], at=night, actor=SYSTEM)
    tick_all(night + 30 * MINUTE)
    assert [row.called_at for row in Escalation.objects.filter(level=1)] == [night + 30 * MINUTE]
