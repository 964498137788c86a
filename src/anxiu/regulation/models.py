"""Versions of the regulation: clauses people read, and beside them the figures the system enforces.

Triggers (migration 0002) keep a version in force as it is; only an addendum may join it, and it may be withdrawn.
"""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from anxiu.accounts.models import Region
from anxiu.kernel.fields import choices
from anxiu.kernel.ids import uuid7
from anxiu.regulation.choices import Control, Origin, VersionState


class Version(models.Model):
    """One regulation: to whom it applies (region, order type; neither means all) and from when.

    The first version of an installation has no `in_force_from`: nothing was regulated otherwise before it.
    """

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    preset = models.SlugField(max_length=32)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    purpose_zh = models.TextField()
    purpose_en = models.TextField()
    scope_zh = models.TextField()
    scope_en = models.TextField()
    principles_zh = models.TextField()
    principles_en = models.TextField()
    state = models.CharField(max_length=12, choices=choices(VersionState), default=VersionState.DRAFT)
    in_force_from = models.DateTimeField(null=True, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    order_type = models.SlugField(max_length=32, blank=True, default="")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["region", "order_type", "in_force_from"],
                condition=Q(state=VersionState.IN_FORCE),
                nulls_distinct=False,
                name="one_version_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.WITHDRAWN, withdrawn_at__isnull=False)
                | (~Q(state=VersionState.WITHDRAWN) & Q(withdrawn_at=None)),
                name="withdrawn_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Clause(models.Model):
    """An article; `position` is its place in the chapter, `origin` whether a publication says it or we do.

    Placeholders such as `{sla.first_response}` in its text stand for the figure, in words.
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="clauses")
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=12)
    chapter_number = models.PositiveSmallIntegerField()
    chapter_title_zh = models.CharField(max_length=80)
    chapter_title_en = models.CharField(max_length=80)
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    text_zh = models.TextField()
    text_en = models.TextField()
    value_keys = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    control = models.CharField(max_length=12, choices=choices(Control))
    manual_control_zh = models.TextField(blank=True, default="")
    manual_control_en = models.TextField(blank=True, default="")
    origin = models.CharField(max_length=12, choices=choices(Origin), default=Origin.OURS)
    addendum_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["version", "chapter_number", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "number"], name="one_clause_a_number")]

    def __str__(self) -> str:
        return self.number


class Figure(models.Model):
    """What a version says for one typed key, as it was written; the key's kind reads it."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="figures")
    key = models.CharField(max_length=64)
    raw = models.JSONField()
    origin = models.CharField(max_length=12, choices=choices(Origin))
    addendum_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "key"], name="one_figure_a_key")]

    def __str__(self) -> str:
        return self.key
