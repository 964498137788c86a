"""Facts, folded from events and rebuilt from them at will: nothing here is known that no event says.

Foreign keys are not constraints: facts are written in bulk behind the rows they speak of, which are never deleted.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from anxiu.kernel.fields import choices
from anxiu.kpi.choices import Verdict


def _about(to: str, **more: Any) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(to, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", **more)


class OrderFact(models.Model):
    """One order, measured: when each thing happened first, who did it, what came of it."""

    order = models.OneToOneField(
        "orders.Order", on_delete=models.DO_NOTHING, db_constraint=False, primary_key=True, related_name="fact"
    )
    version = _about("regulation.Version")
    region = _about("accounts.Region")
    channel = models.CharField(max_length=16)
    severity = models.CharField(max_length=16)
    out_of_hours = models.BooleanField(default=False)
    customer = _about("customers.Customer", null=True)
    machine = _about("equipment.Machine", null=True)
    fault_class = _about("catalogue.FaultClass", null=True)
    owner = _about("accounts.Person")
    engineer = _about("workforce.Engineer", null=True)
    opened_at = models.DateTimeField()
    responded_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    arrivals = models.PositiveSmallIntegerField(default=0)
    resolved = models.BooleanField(null=True)
    repeat_of = models.BigIntegerField(null=True)
    repeats = models.PositiveSmallIntegerField(default=0)
    score = models.PositiveSmallIntegerField(null=True)
    scale = models.PositiveSmallIntegerField(null=True)
    nps = models.PositiveSmallIntegerField(null=True)
    is_bad = models.BooleanField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["opened_at"], name="fact_opened"),
            models.Index(fields=["region", "opened_at"], name="fact_region_opened"),
            models.Index(fields=["completed_at"], name="fact_completed", condition=Q(completed_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class CaseFact(models.Model):
    """One case under one value of the regulation: kept, broken or exempt, with the event that says so.

    `week` is the Monday of its week in the company's time zone: boards group by it, a million rows at a time.
    """

    source = models.CharField(max_length=80, unique=True)
    order = _about("orders.Order")
    version = _about("regulation.Version")
    region = _about("accounts.Region")
    person = _about("accounts.Person", null=True)
    severity = models.CharField(max_length=16)
    value_key = models.CharField(max_length=64)
    verdict = models.CharField(max_length=8, choices=choices(Verdict))
    because = models.CharField(max_length=48, blank=True, default="")
    at = models.DateTimeField()
    week = models.DateField()
    net = models.DurationField(null=True)
    gross = models.DurationField(null=True)
    position = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["value_key", "at"], name="case_value_at"),
            models.Index(fields=["order"], name="case_order"),
        ]

    def __str__(self) -> str:
        return self.source
