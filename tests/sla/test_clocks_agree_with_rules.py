"""Whatever happens to a clock on the database, it agrees with the pure rules that knew nothing of rows."""

from contextlib import suppress
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anxiu.kernel.actor import SYSTEM, Subject
from anxiu.kernel.values import reading
from anxiu.regulation.choices import Severity
from anxiu.sla import actions, rules
from anxiu.sla.choices import ClockKind, Outcome, RunState
from anxiu.sla.models import Clock
from anxiu.sla.rules import ClockRefusal, ClockState
from anxiu.sla.timetables import timetable
from anxiu.sla.values import ARRIVAL, WARNING_SHARE

from .conftest import MONDAY

pytestmark = pytest.mark.django_db
KIND = ClockKind.ARRIVAL
MINUTE = timedelta(minutes=1)
_subjects = count(10_000)

minutes = st.integers(1, 3000)
happening = st.one_of(
    st.tuples(st.just("pause"), minutes, st.one_of(st.none(), minutes)),
    st.tuples(st.just("resume"), minutes, st.none()),
    st.tuples(st.just("retarget"), minutes, st.sampled_from(list(Severity))),
    st.tuples(st.just("tick"), minutes, st.none()),
)
ending = st.tuples(st.sampled_from(["stop", "drop"]), st.integers(-2000, 3000))


class Twin:
    """One clock twice: as a row changed by the actions, and as a state changed by the rules."""

    def __init__(self, case, severity) -> None:
        self.case, self.make = case(severity, subject=Subject("drill", next(_subjects))), case
        self.at = MONDAY
        [clock] = actions.start(self.case, [KIND], at=self.at, actor=SYSTEM)
        self.state = ClockState(self.at, clock.target, clock.warn_percent)

    @property
    def row(self) -> Clock:
        return Clock.objects.get(subject_kind="drill", subject_id=self.case.subject.id)

    @property
    def calendar(self):
        row = self.row
        return timetable(row.version_id, row.time_zone, round_the_clock=row.round_the_clock)

    def happen(self, what, later, more) -> None:
        self.at += later * MINUTE
        subject, given_at = self.case.subject, {"at": self.at, "actor": SYSTEM}
        if what == "pause":
            until = self.at + more * MINUTE if more else None
            actions.pause(subject, reason="parts", until=until, **given_at)
            self.rule(lambda: rules.pause(self.state, self.at, until, "parts"))
        elif what == "resume":
            actions.resume(subject, **given_at)
            self.rule(lambda: rules.resume(self.state, self.at))
        elif what == "retarget":
            self.case = self.make(more, subject=subject)
            actions.retarget(self.case, **given_at)
            figures = reading(self.case.version_id)
            self.rule(lambda: rules.retarget(self.state, figures(ARRIVAL)[more].duration, figures(WARNING_SHARE)))
        else:
            actions.tick_all(self.at)
            self.check()
            due = rules.due_at(self.calendar, self.state)
            assert self.row.is_breached == (due is not None and due.at <= self.at)
        self.check()

    def rule(self, change) -> None:
        with suppress(ClockRefusal):
            self.state = change()

    def check(self) -> None:
        row, calendar = self.row, self.calendar
        due, warn = rules.due_at(calendar, self.state), rules.warn_at(calendar, self.state)
        assert (row.due_at, row.warn_at) == (due and due.at, warn and warn.at)
        assert not row.failed_at

    def end(self, how, later) -> None:
        at = max(self.at + later * MINUTE, MONDAY)
        getattr(actions, how)(self.case.subject, [KIND], at=at, actor=SYSTEM)
        self.state = getattr(rules, how)(self.state, at)
        self.check()
        row = self.row
        judged = rules.outcome(self.calendar, self.state, at)
        assert row.outcome == judged.outcome
        assert row.is_breached == (judged.outcome == Outcome.BROKEN)
        assert (row.next_at, row.state) == (None, RunState.STOPPED if how == "stop" else RunState.DROPPED)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(severity=st.sampled_from(list(Severity)), story=st.lists(happening, max_size=8), last=ending)
def test_any_story_of_a_clock_ends_as_the_rules_say(case, severity, story, last):
    twin = Twin(case, severity)
    for what, later, more in story:
        twin.happen(what, later, more)
    twin.end(*last)
