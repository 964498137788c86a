"""Promises as rows: clocks, their pauses, who was called, who is on duty, and the days that differ from their weekday.

A promise is an indexed row, not a timer in memory: a worker that stops delays an alarm but never moves a deadline.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from anxiu.accounts.models import Region
from anxiu.kernel.fields import choices
from anxiu.kernel.ids import uuid7
from anxiu.regulation.choices import Severity
from anxiu.regulation.models import Version
from anxiu.sla.choices import LIVE, ClockKind, Outcome, RunState
from anxiu.sla.rules import BOTTOM

LIVE_STATES = sorted(LIVE)
NEXT = Q(next_at__isnull=False, failed_at=None)
ENDED = Q(outcome__in=[Outcome.KEPT, Outcome.BROKEN])


class PublishedYear(models.Model):
    """A year whose holidays are known for certain. Deadlines that reach into any other year are provisional."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    source = models.CharField(max_length=64)
    changed_at = models.DateTimeField()


class CalendarDay(models.Model):
    """A date that differs from its weekday: a holiday, or a make-up workday. Never deleted, so its change is seen."""

    date = models.DateField(primary_key=True)
    is_work = models.BooleanField()
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    source = models.CharField(max_length=64)
    provisional = models.BooleanField(default=False)
    changed_at = models.DateTimeField(db_index=True)


class Clock(models.Model):
    """One promise about one thing. What it is judged by is start, target and pauses; the rest is reckoned from these.

    `next_at` is when the clock next does something by itself (warns, breaks, calls a level, ends a pause).
    """

    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=choices(ClockKind))
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    value_key = models.CharField(max_length=64)
    severity = models.CharField(max_length=8, choices=choices(Severity))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    round_the_clock = models.BooleanField()
    time_zone = models.CharField(max_length=48)
    target = models.DurationField()
    warn_percent = models.PositiveSmallIntegerField()
    before_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)

    state = models.CharField(max_length=8, choices=choices(RunState), default=RunState.RUNNING)
    next_at = models.DateTimeField(null=True)
    level = models.SmallIntegerField(default=BOTTOM)
    called_at = models.DateTimeField(null=True)
    acknowledged = models.BooleanField(default=True)

    stopped_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=choices(Outcome), default=Outcome.RUNNING)
    exempted = models.CharField(max_length=24, blank=True, default="")
    breached_at = models.DateTimeField(null=True)
    breach_withdrawn_at = models.DateTimeField(null=True)

    failed_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["next_at", "id"], name="clock_next", condition=NEXT),
            models.Index(fields=["due_at", "id"], name="clock_due", condition=Q(state__in=LIVE_STATES)),
            models.Index(fields=["subject_kind", "subject_id"], name="clock_subject"),
            models.Index(fields=["stopped_at"], name="clock_ended", condition=ENDED),
            models.Index(fields=["failed_at"], name="clock_failed", condition=Q(failed_at__isnull=False)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "kind"],
                condition=Q(state__in=LIVE_STATES),
                name="one_live_clock_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(state__in=LIVE_STATES, stopped_at=None, outcome=Outcome.RUNNING)
                | (~Q(state__in=LIVE_STATES) & Q(stopped_at__isnull=False, next_at=None) & ~Q(outcome=Outcome.RUNNING)),
                name="clock_ends_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None) | Q(stopped_at__gte=F("started_at")), name="clock_stops_after_its_start"
            ),
        ]

    @property
    def is_live(self) -> bool:
        """Whether the promise is still open."""
        return self.state in LIVE

    @property
    def is_breached(self) -> bool:
        """Whether a breach stands on record."""
        return self.breached_at is not None and self.breach_withdrawn_at is None


class ClockPause(models.Model):
    """Time that does not count. `expected_until` ends it by itself; `until_at` is when it really ended."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="pauses")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    expected_until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=48)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clock"], condition=Q(until_at=None), name="one_open_pause_a_clock"),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gt=F("from_at")), name="pause_ends_after_it_begins"
            ),
        ]


class Escalation(models.Model):
    """One level of one clock's ladder: the named person who was called, and whether they answered."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="escalations")
    level = models.SmallIntegerField()
    post = models.CharField(max_length=32)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="escalations")
    because = models.CharField(max_length=24)
    called_at = models.DateTimeField()
    acknowledge_by = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["clock", "level"], name="each_level_is_called_once")]


class DutyEntry(models.Model):
    """A line of the roster: this person answers for this post, in one region or everywhere. Lower rank goes first."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="duty_entries")
    post = models.CharField(max_length=32)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    rank = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["until_at"], name="duty_until", condition=Q(removed_at=None))]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="duty_ends_after_it_begins")
        ]
