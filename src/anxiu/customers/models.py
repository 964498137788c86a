"""Customers, sites and contacts."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Lower

from anxiu.accounts.models import Outlet, Person, Region
from anxiu.customers.choices import ConsentMeans, Language, Tier, Use
from anxiu.customers.rules import masked_email, masked_phone
from anxiu.kernel.fields import choices
from anxiu.kernel.geo import Place
from anxiu.kernel.ids import uuid7


class Customer(models.Model):
    """A company or person we serve. `search_text` and `grams` are how it is found by name, pinyin or code."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    name_key = models.CharField(max_length=120, blank=True, default="")
    search_text = models.TextField(blank=True, default="")
    grams = ArrayField(models.CharField(max_length=3), default=list)
    tier = models.CharField(max_length=16, choices=choices(Tier), default=Tier.STANDARD)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    own_agent = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=8, choices=choices(Language), default=Language.CHINESE)
    source = models.CharField(max_length=32, blank=True, default="")
    source_id = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["name_key", "id"], name="customer_by_name"),
            GinIndex(fields=["grams"], name="customer_grams", fastupdate=False),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~models.Q(source=""), name="customer_imported_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_key(self) -> bool:
        """Whether the customer has a right to an agent of their own."""
        return self.tier == Tier.KEY


class Site(models.Model):
    """A place where a customer is served. Its region decides who serves it."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=240, blank=True, default="")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    accuracy_metres = models.PositiveIntegerField(null=True, blank=True)
    place_source = models.CharField(max_length=16, blank=True, default="")
    source = models.CharField(max_length=32, blank=True, default="")
    source_id = models.CharField(max_length=64, blank=True, default="")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~models.Q(source=""), name="site_imported_once"
            ),
            models.CheckConstraint(
                condition=models.Q(latitude=None, longitude=None)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="site_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> Place | None:
        """Where it is, when known."""
        if self.latitude is None or self.longitude is None:
            return None
        return Place(self.latitude, self.longitude, self.accuracy_metres, self.place_source)


class Contact(models.Model):
    """Somebody we talk to. `phone` is as written; by `phone_digits` and, from the back, `phone_tail` it is found."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contacts")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="contacts")
    name = models.CharField(max_length=80)
    search_text = models.TextField(blank=True, default="")
    grams = ArrayField(models.CharField(max_length=3), default=list)
    phone = models.CharField(max_length=40, blank=True, default="")
    phone_digits = models.CharField(max_length=20, blank=True, default="")
    phone_tail = models.CharField(max_length=20, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    language = models.CharField(max_length=8, choices=choices(Language), default=Language.CHINESE)
    role = models.CharField(max_length=40, blank=True, default="")
    source = models.CharField(max_length=32, blank=True, default="")
    source_id = models.CharField(max_length=64, blank=True, default="")
    erased_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["phone_digits"], opclasses=["varchar_pattern_ops"], name="contact_phone"),
            models.Index(fields=["phone_tail"], opclasses=["varchar_pattern_ops"], name="contact_phone_tail"),
            models.Index(Lower("email"), name="contact_email"),
            GinIndex(fields=["grams"], name="contact_grams", fastupdate=False),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~models.Q(source=""), name="contact_imported_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_phone(self) -> str:
        """What everybody may see of the number."""
        return masked_phone(self.phone)

    @property
    def masked_email(self) -> str:
        """What everybody may see of the address."""
        return masked_email(self.email)


class Consent(models.Model):
    """What somebody said their data may be used for, at a moment, in answer to one version of the wording.

    It is a contact's, or stands on the order of somebody who is no contact yet. Said otherwise is a further row.
    """

    subject_kind = models.CharField(max_length=16)
    subject_id = models.BigIntegerField()
    use = models.CharField(max_length=16, choices=choices(Use))
    given = models.BooleanField()
    at = models.DateTimeField()
    means = models.CharField(max_length=8, choices=choices(ConsentMeans))
    wording = models.PositiveSmallIntegerField()
    noted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject_kind", "subject_id", "use", "-id"], name="consent_subject")]
