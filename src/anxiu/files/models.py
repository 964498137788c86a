"""Bytes kept once, and what they are attached to."""

from typing import ClassVar

from django.db import models

from anxiu.files.choices import Purpose
from anxiu.kernel.fields import choices
from anxiu.kernel.geo import Place
from anxiu.kernel.ids import uuid7


class Blob(models.Model):
    """Bytes in storage, known by their SHA-256; the same bytes are kept once, whoever sends them.

    `received_digest` is of the bytes as they came, before a photo's hidden data was taken out. `erased_at` says that
    the bytes are gone and only the digest is left.
    """

    digest = models.CharField(max_length=64, unique=True)
    received_digest = models.CharField(max_length=64)
    media_type = models.CharField(max_length=64)
    size = models.BigIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    thumbnail_size = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["received_digest"], name="blob_received")]

    @property
    def path(self) -> str:
        """Where the bytes lie in storage."""
        return f"{self.digest[:2]}/{self.digest[2:4]}/{self.digest}"

    @property
    def thumbnail_path(self) -> str:
        """Where the small form of a picture lies."""
        return f"thumbnails/{self.digest[:2]}/{self.digest[2:4]}/{self.digest}.webp"


class Attachment(models.Model):
    """A file on a thing: who put it there, what for, and when and where it was made."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="attachments")
    received_digest = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    region_id = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=24, choices=choices(Purpose))
    name = models.CharField(max_length=120)
    taken_at = models.DateTimeField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    accuracy_metres = models.PositiveIntegerField(null=True)
    place_source = models.CharField(max_length=12, blank=True, default="")
    actor_kind = models.CharField(max_length=16)
    actor_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    legal_hold = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id", "purpose"], name="attachment_subject"),
            models.Index(
                fields=["created_at"], name="attachment_placed", condition=models.Q(latitude__isnull=False)
            ),
        ]

    @property
    def place(self) -> Place | None:
        """Where it was made, when that is known."""
        if self.latitude is None or self.longitude is None:
            return None
        return Place(self.latitude, self.longitude, self.accuracy_metres, self.place_source)
