"""Engineers, what they hold, when they work, and what takes their time."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Func, Q
from django.db.models.lookups import Exact

from anxiu.accounts.models import Outlet, Region
from anxiu.kernel.fields import choices
from anxiu.kernel.ids import uuid7
from anxiu.workforce.choices import BarReason, LeaveKind, OccupancyKind, QualificationKind, ShiftKind
from anxiu.workforce.rules.slots import SECONDS_BITS

NO_DOUBLE_BOOKING = "no_double_booking"


class Skill(models.Model):
    """A skill the company tells apart; `family` is the code of the product family it belongs to, if to one."""

    code = models.SlugField(max_length=32, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    family = models.SlugField(max_length=32, blank=True, default="")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["family", "code"]

    def __str__(self) -> str:
        return self.name_zh


class Engineer(models.Model):
    """Somebody who goes on visits. Name, phone and photo are the person's; here is what the work needs to know."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="engineer")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="engineers")
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, null=True, blank=True, related_name="engineers")
    number = models.CharField(max_length=24, unique=True)
    grade = models.CharField(max_length=32)
    started_date = models.DateField()
    base_latitude = models.FloatField(null=True, blank=True)
    base_longitude = models.FloatField(null=True, blank=True)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=32, blank=True, default="")
    source_id = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["region"], condition=Q(retired_at=None), name="engineer_by_region")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~Q(source=""), name="engineer_imported_once"
            ),
            models.CheckConstraint(
                condition=Q(base_latitude=None, base_longitude=None)
                | Q(base_latitude__range=(-90, 90), base_longitude__range=(-180, 180)),
                name="engineer_base_on_earth",
            )
        ]

    def __str__(self) -> str:
        return self.number


class Qualification(models.Model):
    """A skill with its level, a certificate or the induction, with evidence. `valid_to` is the last day it counts.

    A certificate carries a `code` where the regulation knows its kind, a `name` of its own otherwise.
    """

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    engineer = models.ForeignKey(Engineer, on_delete=models.PROTECT, related_name="qualifications")
    kind = models.CharField(max_length=16, choices=choices(QualificationKind))
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, null=True, blank=True, related_name="qualifications")
    code = models.SlugField(max_length=32, blank=True, default="")
    name = models.CharField(max_length=120, blank=True, default="")
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    issuer = models.CharField(max_length=120, blank=True, default="")
    number = models.CharField(max_length=64, blank=True, default="")
    evidence_digest = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    reminded_days = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=32, blank=True, default="")
    source_id = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["engineer", "kind"], condition=Q(revoked_at=None), name="qualification_held"),
            models.Index(fields=["valid_to"], condition=Q(revoked_at=None), name="qualification_expiry"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~Q(source=""), name="qualification_imported_once"
            ),
            models.CheckConstraint(
                condition=Q(kind=QualificationKind.SKILL, skill__isnull=False, level__range=(1, 3))
                | (~Q(kind=QualificationKind.SKILL) & Q(skill=None, level=None)),
                name="qualification_is_one_kind",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="qualification_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code or self.name}"


class Standing(models.Model):
    """A time in which an engineer may not be sent, and why. Lifting it early writes `ended_at`."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    engineer = models.ForeignKey(Engineer, on_delete=models.PROTECT, related_name="standings")
    barred_from = models.DateTimeField()
    barred_until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=16, choices=choices(BarReason))
    note = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["engineer", "barred_until"], name="standing_by_engineer")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(barred_until=None) | Q(barred_until__gt=F("barred_from")), name="standing_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.reason


class ShiftPattern(models.Model):
    """Weekly hours on one day, local time; shifts are reckoned from it. `valid_to` is the last day one starts."""

    engineer = models.ForeignKey(Engineer, on_delete=models.PROTECT, related_name="patterns")
    weekday = models.PositiveSmallIntegerField()
    start = models.TimeField()
    end = models.TimeField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["engineer", "valid_to"], name="pattern_by_engineer")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(weekday__range=(1, 7)), name="pattern_day_of_week"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="pattern_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.start}–{self.end}"


class Shift(models.Model):
    """A single shift beside the weekly hours: extra work, or being on call."""

    engineer = models.ForeignKey(Engineer, on_delete=models.PROTECT, related_name="shifts")
    kind = models.CharField(max_length=8, choices=choices(ShiftKind), default=ShiftKind.WORK)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["engineer", "ends_at"], condition=Q(cancelled_at=None), name="shift_by_engineer")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_at}"


class Leave(models.Model):
    """A leave that was granted; its time is held in Occupancy."""

    engineer = models.ForeignKey(Engineer, on_delete=models.PROTECT, related_name="leaves")
    kind = models.CharField(max_length=16, choices=choices(LeaveKind))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["engineer", "ends_at"], name="leave_by_engineer")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="leave_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_at}"


def _edge(function: str) -> Func:
    """An edge of the slot as an instant: its low bits are seconds since 1970 (see `rules.slots`)."""
    return Func(
        F("slot"),
        template=f"to_timestamp((({function}(%(expressions)s)) & {(1 << SECONDS_BITS) - 1})::double precision)",
        output_field=models.DateTimeField(),
    )


class Occupancy(models.Model):
    """What takes an engineer's time: the plan, not what then happened. Two live ones never overlap, says the database.

    The slot is a range of engineer × 2^33 + seconds, so that one range type keeps engineers and times apart without
    an extension; the instants are read back from it by the database.
    """

    engineer = models.ForeignKey(Engineer, on_delete=models.PROTECT, related_name="occupancies")
    slot = BigIntegerRangeField()
    starts_at = models.GeneratedField(expression=_edge("lower"), output_field=models.DateTimeField(), db_persist=True)
    ends_at = models.GeneratedField(expression=_edge("upper"), output_field=models.DateTimeField(), db_persist=True)
    kind = models.CharField(max_length=16, choices=choices(OccupancyKind))
    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    live = models.BooleanField(default=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["engineer", "ends_at"], condition=Q(live=True), name="occupancy_by_engineer"),
            models.Index(fields=["subject_kind", "subject_id"], condition=Q(live=True), name="occupancy_by_subject"),
        ]
        constraints: ClassVar = [
            ExclusionConstraint(
                name=NO_DOUBLE_BOOKING,
                expressions=[("slot", RangeOperators.OVERLAPS)],
                index_type="gist",
                condition=Q(live=True),
                # Checked at the end of each statement; a plan that swaps visits may ask for the end of its transaction.
                deferrable=Deferrable.IMMEDIATE,
            ),
            models.CheckConstraint(
                condition=Exact(
                    Func(
                        F("slot"),
                        template=f"(lower(%(expressions)s) >> {SECONDS_BITS})",
                        output_field=models.BigIntegerField(),
                    ),
                    F("engineer_id"),
                ),
                name="slot_is_the_engineers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_kind} {self.subject_id}"
