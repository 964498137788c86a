"""Rows like ours: the columns that people fill, without what the product adds for itself."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class Region(models.Model):
    """A region."""

    name = models.CharField(max_length=80)


class Person(models.Model):
    """Somebody who works here."""

    name = models.CharField(max_length=80)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")


class Token(models.Model):
    """An API key."""

    digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")


class Engineer(models.Model):
    """An engineer."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")


class Customer(models.Model):
    """A customer."""

    name = models.CharField(max_length=120)


class Machine(models.Model):
    """A machine."""

    uid = models.UUIDField(unique=True)
    serial = models.CharField(max_length=64)
    model = models.CharField(max_length=120)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")


class Order(models.Model):
    """A service order; `version` guards its changes."""

    uid = models.UUIDField(unique=True)
    number = models.CharField(max_length=16, unique=True)
    state = models.CharField(max_length=16)
    severity = models.CharField(max_length=8)
    summary = models.CharField(max_length=200)
    words = models.TextField()
    channel = models.CharField(max_length=8)
    caller_name = models.CharField(max_length=80, default="")
    caller_phone = models.CharField(max_length=32, default="")
    cause = models.TextField(default="")
    solution = models.TextField(default="")
    opened_at = models.DateTimeField()
    responded_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="+")
    machine = models.ForeignKey(Machine, on_delete=models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    engineer = models.ForeignKey(Engineer, on_delete=models.PROTECT, null=True, related_name="+")
    search = SearchVectorField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["region", "state", "-id"], name="floor_region_state"),
            models.Index(fields=["state", "-id"], name="floor_state"),
            GinIndex(fields=["search"], name="floor_search"),
        ]


class Event(models.Model):
    """One fact about an order."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="events", db_index=False)
    kind = models.CharField(max_length=64)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    body = models.TextField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["order", "id"], name="floor_event_order")]
