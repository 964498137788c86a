"""Ratings."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from anxiu.feedback.choices import Via
from anxiu.kernel.fields import choices
from anxiu.kernel.ids import uuid7
from anxiu.orders.models import Order


class Rating(models.Model):
    """What the customer thought of one order, in the scale of the day; one an order, never changed."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="rating")
    score = models.PositiveSmallIntegerField()
    scale = models.PositiveSmallIntegerField()
    is_bad = models.BooleanField()
    tags = ArrayField(models.CharField(max_length=32), default=list)
    words = models.TextField(blank=True, default="")
    nps = models.PositiveSmallIntegerField(null=True)
    via = models.CharField(max_length=8, choices=choices(Via))
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at"], name="rating_at")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=F("scale")), name="score_on_its_scale"),
            models.CheckConstraint(condition=Q(nps=None) | Q(nps__range=(0, 10)), name="nps_on_its_scale"),
        ]
