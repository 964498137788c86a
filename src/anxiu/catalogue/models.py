"""Families, models, fault classes and parts."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from anxiu.kernel.fields import choices
from anxiu.kernel.ids import uuid7
from anxiu.kernel.money import Money
from anxiu.regulation.choices import Severity
from anxiu.workforce.choices import Difficulty


class Family(models.Model):
    """Products that are serviced alike: one warranty, one set of skills and certificates."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    code = models.CharField(max_length=32, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    warranty_months = models.PositiveSmallIntegerField()
    statutory_guarantee_days = models.PositiveSmallIntegerField(default=0)
    skills = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    certificates = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    source = models.CharField(max_length=32, blank=True, default="")
    source_id = models.CharField(max_length=64, blank=True, default="")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~models.Q(source=""), name="family_imported_once"
            )
        ]

    def __str__(self) -> str:
        return self.name_zh


class Model(models.Model):
    """One product of a maker. The maker is fixed: serial numbers are unique for it."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="models")
    maker = models.CharField(max_length=80)
    code = models.CharField(max_length=48)
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=32, blank=True, default="")
    source_id = models.CharField(max_length=64, blank=True, default="")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["maker", "code"], name="one_model_a_maker"),
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~models.Q(source=""), name="model_imported_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FaultClass(models.Model):
    """A kind of fault, of one family or of all; its keywords are the words people use for it."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, null=True, blank=True, related_name="fault_classes")
    code = models.CharField(max_length=32, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    difficulty = models.CharField(max_length=16, choices=choices(Difficulty))
    keywords_zh = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    keywords_en = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    severity_hint = models.CharField(max_length=8, choices=choices(Severity), blank=True, default="")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name_zh


class Part(models.Model):
    """A part that can be used up in a repair. One without families or models fits everything."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    number = models.CharField(max_length=48, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    unit = models.CharField(max_length=16)
    price_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="CNY")
    fits_families = models.ManyToManyField(Family, related_name="parts", blank=True)
    fits_models = models.ManyToManyField(Model, related_name="parts", blank=True)
    search_text = models.TextField(blank=True, default="")
    grams = ArrayField(models.CharField(max_length=3), default=list)
    source = models.CharField(max_length=32, blank=True, default="")
    source_id = models.CharField(max_length=64, blank=True, default="")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["number"]
        indexes: ClassVar = [GinIndex(fields=["grams"], name="part_grams", fastupdate=False)]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~models.Q(source=""), name="part_imported_once"
            )
        ]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def price(self) -> Money:
        """What it costs by the list."""
        return Money(self.price_minor, self.currency)
