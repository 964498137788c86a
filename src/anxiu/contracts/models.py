"""Contracts and the sites and machines they name."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from anxiu.accounts.models import Region
from anxiu.contracts.choices import CoverLevel, EndReason
from anxiu.customers.models import Customer, Site
from anxiu.equipment.models import Machine
from anxiu.kernel.fields import choices
from anxiu.kernel.ids import uuid7
from anxiu.kernel.money import Money
from anxiu.regulation.choices import OrderType


class Contract(models.Model):
    """A contract of a customer, with its first and last day; without order types it is for all of them.

    `covers_all` says that every machine and site of the customer is part of it; else its `covers` name them. Of a
    contract that was ended early `ends_on` is the day it ended and `agreed_until` the day it would have.
    """

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    number = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contracts")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=16, choices=choices(CoverLevel))
    parts_limit_minor = models.BigIntegerField(null=True)
    value_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, default="CNY")
    starts_on = models.DateField()
    ends_on = models.DateField()
    agreed_until = models.DateField()
    order_types = ArrayField(models.CharField(max_length=16, choices=choices(OrderType)), default=list, blank=True)
    visits_per_year = models.PositiveSmallIntegerField(default=0)
    covers_all = models.BooleanField(default=True)
    renews = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="renewed_by"
    )
    end_reason = models.CharField(max_length=16, choices=choices(EndReason), blank=True, default="")
    search_text = models.TextField(blank=True, default="")
    grams = ArrayField(models.CharField(max_length=3), default=list)
    source = models.CharField(max_length=32, blank=True, default="")
    source_id = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer", "-ends_on"], name="contract_customer"),
            models.Index(fields=["ends_on", "id"], name="contract_ends"),
            GinIndex(fields=["grams"], name="contract_grams", fastupdate=False),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~Q(source=""), name="contract_imported_once"
            ),
            # A contract that was ended before it began never held: its last day is the one before its first.
            models.CheckConstraint(condition=Q(agreed_until__gte=F("starts_on")), name="contract_has_days"),
            models.CheckConstraint(condition=Q(ends_on__lte=F("agreed_until")), name="contract_ends_as_agreed"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def parts_limit(self) -> Money | None:
        """Up to what price a part is included, when there is such a limit."""
        return None if self.parts_limit_minor is None else Money(self.parts_limit_minor, self.currency)

    @property
    def value(self) -> Money | None:
        """What the customer pays for the whole time, when known."""
        return None if self.value_minor is None else Money(self.value_minor, self.currency)


class ContractCover(models.Model):
    """A site, with all that stands there, or one machine, that a contract names."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="covers")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    machine = models.ForeignKey(Machine, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=32, blank=True, default="")
    source_id = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "site"], condition=Q(machine=None), name="site_covered_once"),
            models.UniqueConstraint(
                fields=["contract", "machine"], condition=Q(site=None), name="machine_covered_once"
            ),
            models.CheckConstraint(
                condition=Q(site__isnull=False, machine=None) | Q(site=None, machine__isnull=False),
                name="cover_names_one_thing",
            ),
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~Q(source=""), name="cover_imported_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.site or self.machine)
