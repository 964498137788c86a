"""Targets, and what was delivered to them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from anxiu.hooks.choices import Off, Reason, State
from anxiu.kernel.fields import choices
from anxiu.kernel.ids import uuid7

WAITING = [State.QUEUED, State.SENDING]


class Target(models.Model):
    """A program outside that is told of events: which kinds, of which regions (none: all, and what belongs to none).

    Secrets are sealed with the installation's own. `failing_since` is the first failure after the last success.
    """

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    url = models.CharField(max_length=500)
    purpose = models.CharField(max_length=120)
    kinds = ArrayField(models.CharField(max_length=64))
    region_ids = ArrayField(models.BigIntegerField(), default=list)
    secret = models.TextField()
    old_secret = models.TextField(blank=True, default="")
    old_secret_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True)
    off_at = models.DateTimeField(null=True)
    off_why = models.CharField(max_length=8, choices=choices(Off), blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["id"], name="hook_live", condition=Q(off_at=None))]

    @property
    def is_on(self) -> bool:
        """Whether events are sent to it."""
        return self.off_at is None


class Delivery(models.Model):
    """One event on its way to one target. `key` names both, so that what runs twice sends once.

    `event_id` is what the receiver knows it by, the same in every repetition. Of a test there is no event.
    """

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    key = models.CharField(max_length=80, unique=True)
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="deliveries")
    event_id = models.UUIDField()
    kind = models.CharField(max_length=64)
    body = models.TextField()
    occurred_at = models.DateTimeField()
    created_at = models.DateTimeField()

    state = models.CharField(max_length=10, choices=choices(State))
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=16, choices=choices(Reason), blank=True, default="")
    error = models.CharField(max_length=200, blank=True, default="")
    status = models.PositiveSmallIntegerField(null=True)
    took_ms = models.PositiveIntegerField(null=True)
    answer = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        verbose_name_plural = "deliveries"
        indexes: ClassVar = [
            models.Index(fields=["target", "-id"], name="hook_delivery_target"),
            models.Index(fields=["state", "-id"], name="hook_delivery_state"),
            models.Index(fields=["kind", "-id"], name="hook_delivery_kind"),
            models.Index(fields=["next_at", "id"], name="hook_delivery_due", condition=Q(state__in=WAITING)),
            models.Index(fields=["created_at"], name="hook_delivery_age"),
        ]
