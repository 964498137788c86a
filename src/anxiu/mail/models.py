"""Mailboxes, the mails that came by them, and our answers."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from anxiu.kernel.fields import choices
from anxiu.kernel.ids import uuid7
from anxiu.mail.choices import Fault, MailState, Reason, Security, Strangers
from anxiu.regulation.choices import OrderType


class Mailbox(models.Model):
    """Where mail comes in, and what becomes of it. The password is sealed with the installation's own secret.

    `uid_validity` and `last_uid` say how far it was read (RFC 3501); mail that was there before it was named is not.
    """

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    address = models.EmailField(unique=True)
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField()
    security = models.CharField(max_length=8, choices=choices(Security))
    login = models.CharField(max_length=254)
    password = models.TextField()
    folder = models.CharField(max_length=120, default="INBOX")
    region = models.ForeignKey("accounts.Region", on_delete=models.PROTECT, related_name="+")
    order_type = models.CharField(max_length=16, choices=choices(OrderType))
    strangers = models.CharField(max_length=8, choices=choices(Strangers))
    most_an_hour = models.PositiveSmallIntegerField()
    plus_tags = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    off_at = models.DateTimeField(null=True)

    uid_validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    next_poll_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # that it fails; empty again once it was read
    fault = models.CharField(max_length=16, choices=choices(Fault), blank=True, default="")
    error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        verbose_name_plural = "mailboxes"
        indexes: ClassVar = [models.Index(fields=["next_poll_at"], name="mailbox_due", condition=Q(off_at=None))]

    def __str__(self) -> str:
        return self.address

    @property
    def is_on(self) -> bool:
        """Whether it is read."""
        return self.off_at is None


class Mail(models.Model):
    """One mail that came in. `key` is made of its Message-ID, sender, date and subject: it is taken in once.

    `text` is what is new in it, `quoted` the history and signature behind that. Once its text has gone, by erasure or
    with time, the row remains, so that the mail is not taken in again.
    """

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    key = models.CharField(max_length=64, unique=True)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="mails")
    uid_validity = models.BigIntegerField()
    imap_uid = models.BigIntegerField()
    message_id = models.CharField(max_length=250, blank=True, default="")
    sender = models.CharField(max_length=254, blank=True, default="")
    sender_name = models.CharField(max_length=80, blank=True, default="")
    subject = models.CharField(max_length=250, blank=True, default="")
    text = models.TextField(blank=True, default="")
    quoted = models.TextField(blank=True, default="")
    size = models.BigIntegerField()
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=choices(MailState))
    reason = models.CharField(max_length=16, choices=choices(Reason), blank=True, default="")
    detail = models.CharField(max_length=64, blank=True, default="")
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, null=True, related_name="mails")
    contact = models.ForeignKey("customers.Contact", on_delete=models.PROTECT, null=True, related_name="+")
    is_known = models.BooleanField(default=False)
    files = ArrayField(models.UUIDField(), default=list)
    left_out = models.JSONField(default=list)
    decided_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "-id"], name="mail_state"),
            models.Index(fields=["order", "id"], name="mail_order", condition=Q(order__isnull=False)),
            models.Index(fields=["sender", "received_at"], name="mail_sender"),
            models.Index(fields=["received_at"], name="mail_age", condition=Q(forgotten_at=None)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mailbox", "uid_validity", "imap_uid"], name="mail_once_a_uid"),
            models.CheckConstraint(
                condition=~Q(state__in=[MailState.OPENED, MailState.JOINED]) | Q(order__isnull=False),
                name="mail_taken_has_order",
            ),
        ]


class Raw(models.Model):
    """A mail that lies aside, byte for byte, until somebody decides or its time is over."""

    mail = models.OneToOneField(Mail, on_delete=models.CASCADE, related_name="raw")
    content = models.BinaryField()


class Reply(models.Model):
    """What somebody of ours wrote back, in the thread of a mail or to whoever reported."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="mail_replies")
    mail = models.ForeignKey(Mail, on_delete=models.PROTECT, null=True, related_name="replies")
    contact = models.ForeignKey("customers.Contact", on_delete=models.PROTECT, null=True, related_name="+")
    address = models.CharField(max_length=254, blank=True, default="")
    subject = models.CharField(max_length=250)
    text = models.TextField()
    written_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "replies"
        indexes: ClassVar = [models.Index(fields=["order", "id"], name="mail_reply_order")]
