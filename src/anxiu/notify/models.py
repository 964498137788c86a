"""Notices as rows: what was written to whom, by which channel, what became of it; and the channels."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from anxiu.accounts.models import Person, Region
from anxiu.customers.models import Contact
from anxiu.kernel.fields import choices
from anxiu.kernel.ids import uuid7
from anxiu.notify.choices import AddressKind, Carries, Kind, Medium, State

DUE_STATES = [State.QUEUED, State.SENDING, State.HELD]


class Notice(models.Model):
    """One message to one person by one channel, as it was rendered. `next_at` is when the sender looks at it again.

    `key` names the reactor, the event and the recipient, so that what runs twice tells once. Until `gathers_until`
    other things of its sort join it; `told` is how many it tells.
    """

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    key = models.CharField(max_length=160, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="notices")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="notices")
    medium = models.CharField(max_length=24)
    kind = models.CharField(max_length=24, choices=choices(Kind))
    language = models.CharField(max_length=8)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=200)
    body = models.TextField()
    address = models.CharField(max_length=254, blank=True, default="")
    position = models.BigIntegerField()
    occurred_at = models.DateTimeField()
    created_at = models.DateTimeField()

    state = models.CharField(max_length=10, choices=choices(State))
    reason = models.CharField(max_length=24, blank=True, default="")
    error = models.TextField(blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    gathers_until = models.DateTimeField(null=True)
    told = models.PositiveIntegerField(default=1)
    # The notice that was written first, where this one took its place by another channel.
    first = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followers")
    falls_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "-id"], name="notice_inbox", condition=Q(medium=Medium.INAPP)),
            models.Index(
                fields=["person"], name="notice_unread", condition=Q(medium=Medium.INAPP, read_at=None)
            ),
            models.Index(fields=["next_at", "id"], name="notice_due", condition=Q(state__in=DUE_STATES)),
            models.Index(fields=["state", "-id"], name="notice_state"),
            models.Index(fields=["subject_kind", "subject_id"], name="notice_subject"),
            models.Index(
                fields=["person", "medium", "gathers_until"], name="notice_gathers",
                condition=Q(gathers_until__isnull=False),
            ),
            models.Index(fields=["contact"], name="notice_contact", condition=Q(contact__isnull=False)),
            models.Index(fields=["falls_at"], name="notice_falls", condition=Q(falls_at__isnull=False)),
            models.Index(fields=["medium", "state", "-id"], name="notice_medium"),
            models.Index(fields=["medium", "tried_at"], name="notice_tried", condition=Q(tried_at__isnull=False)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(medium=Medium.INAPP) | Q(person__isnull=False, state=State.SENT), name="inapp_is_there"
            ),
            models.CheckConstraint(condition=~Q(state=State.SENT) | Q(sent_at__isnull=False), name="sent_has_a_time"),
        ]


class Gathered(models.Model):
    """One of the things that a message tells, as it would have told it alone."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="gathered")
    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=24, choices=choices(Kind))
    title = models.CharField(max_length=200)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    occurred_at = models.DateTimeField()


class Setup(models.Model):
    """A channel as this installation uses it. `secret` is sealed; `place` is where it stands in the order of channels.

    `templates` is, by kind of notice, which of the vendor's templates says it.
    """

    medium = models.CharField(max_length=24, unique=True)
    is_on = models.BooleanField(default=False)
    place = models.PositiveSmallIntegerField()
    use = models.CharField(max_length=12, choices=choices(Carries), default=Carries.EVERYTHING)
    to_customers = models.BooleanField(default=False)
    base_url = models.CharField(max_length=200, blank=True, default="")
    config = models.JSONField(default=dict)
    templates = models.JSONField(default=dict)
    secret = models.TextField(blank=True, default="")
    daily_most = models.PositiveIntegerField(null=True)


class Token(models.Model):
    """What a vendor lets us in with for some hours, sealed; one for all workers."""

    medium = models.CharField(max_length=24, unique=True)
    sealed = models.TextField()
    until = models.DateTimeField()


class Address(models.Model):
    """Where somebody is reached by a channel that their page of data has no field for.

    `verified_at` is when something first arrived there.
    """

    kind = models.CharField(max_length=12, choices=choices(AddressKind))
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, null=True, related_name="+")
    value = models.CharField(max_length=128)
    verified_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "addresses"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "person"], name="one_address_of_a_person"),
            models.UniqueConstraint(fields=["kind", "contact"], name="one_address_of_a_contact"),
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(contact__isnull=True), name="address_is_somebodys"
            ),
        ]


class Preference(models.Model):
    """By which channel somebody wants to be told of something first; empty: on their own page only."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=24, choices=choices(Kind))
    medium = models.CharField(max_length=24, blank=True, default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "kind"], name="one_preference")]
