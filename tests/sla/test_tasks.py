"""The jobs of the clocks are there, run as jobs do, and the tick of one worker never waits for another's."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django import app

from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.time import moved_to
from anxiu.sla.actions import start
from anxiu.sla.choices import ClockKind
from anxiu.sla.models import CalendarDay, Clock, PublishedYear

from .conftest import MONDAY

pytestmark = pytest.mark.django_db


def test_the_tick_runs_every_two_seconds_without_a_lock():
    tick = app.tasks["sla.tick"]
    assert (tick.queueing_lock, tick.lock, tick.queue) == ("sla.tick", None, "tick")
    crons = {each.task.name: each.cron for each in app.periodic_registry.periodic_tasks.values()}
    assert crons["sla.tick"] == "* * * * * */2"
    assert "sla.seed_calendar" in crons


def test_the_tick_breaks_what_is_due(case):
    one = case()
    start(one, [ClockKind.FIRST_RESPONSE], at=MONDAY, actor=SYSTEM)
    with moved_to(MONDAY + timedelta(hours=1)):
        assert app.tasks["sla.tick"].func.__wrapped__(0) >= 1
    assert Clock.objects.get().is_breached


def test_the_daily_job_takes_over_a_new_year(db):
    PublishedYear.objects.filter(year=2026).delete()
    CalendarDay.objects.filter(date__year=2026).delete()
    assert app.tasks["sla.seed_calendar"].func.__wrapped__(0) == [2026]
    assert app.tasks["sla.reckon_again"].func.__wrapped__() == 0
