"""What the customer pages keep for themselves: uploads whose report is not sent yet, and how often somebody came."""

from typing import ClassVar

from django.db import models

from anxiu.files.models import Blob
from anxiu.kernel.geo import Place
from anxiu.kernel.ids import uuid7


class PendingFile(models.Model):
    """A file that came with a form which was refused; it waits for the form to come again, for a day.

    `draft` is the digest of the form's key, which only the visitor's browser has.
    """

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    draft = models.CharField(max_length=64)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    received_digest = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    taken_at = models.DateTimeField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    accuracy_metres = models.PositiveIntegerField(null=True)
    place_source = models.CharField(max_length=12, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["draft", "id"], name="pending_draft"),
            models.Index(fields=["created_at"], name="pending_age"),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["draft", "blob"], name="each_file_once_a_draft")]

    @property
    def place(self) -> Place | None:
        """Where it was made, when that is known."""
        if self.latitude is None or self.longitude is None:
            return None
        return Place(self.latitude, self.longitude, self.accuracy_metres, self.place_source)


class Tally(models.Model):
    """How often something happened within a window of time; `key` is a keyed digest, so that no address is kept."""

    key = models.CharField(max_length=64)
    window_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "window_at"], name="one_tally_a_window")]
        indexes: ClassVar = [models.Index(fields=["window_at"], name="tally_age")]
