"""Files somebody asked for, and the signed roots under which single events can be proven."""

from typing import ClassVar

from django.db import models

from anxiu.kernel.fields import choices
from anxiu.kernel.ids import uuid7
from anxiu.trace.choices import ExportKind, ExportState, Format


class Root(models.Model):
    """The root of a tree over the rows from `first` to `position`, where a signed head stands; signed as the head is.

    With it a few events can be proven without showing those between them.
    """

    position = models.BigIntegerField(primary_key=True)
    first = models.BigIntegerField()
    date = models.DateField()
    hash = models.BinaryField()
    root = models.BinaryField()
    signature = models.BinaryField()


class Export(models.Model):
    """A file that a job makes for one person: what of, in which language, how far it is, how long it stays.

    `asked` is what the job needs to know beside: the list and its filters, or how much an evidence package may show.
    """

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=12, choices=choices(ExportKind))
    format = models.CharField(max_length=4, choices=choices(Format))
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, null=True, related_name="+")
    asked = models.JSONField(default=dict)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=8)
    time_zone = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=choices(ExportState), default=ExportState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    path = models.CharField(max_length=64, blank=True, default="")
    size = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True, default="")
    failure = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "-id"], name="export_person"),
            models.Index(fields=["expires_at"], name="export_due", condition=models.Q(state=ExportState.DONE)),
        ]

    @property
    def is_running(self) -> bool:
        """Whether the file is still to come."""
        return self.state in (ExportState.WAITING, ExportState.MAKING)
