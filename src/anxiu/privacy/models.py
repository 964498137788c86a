"""Files with what is held about a person, and what the daily job let go."""

from typing import ClassVar

from django.db import models

from anxiu.accounts.models import Person
from anxiu.kernel.fields import choices
from anxiu.kernel.ids import uuid7
from anxiu.privacy.choices import Data, Who


class PersonExport(models.Model):
    """One file with all that is held about a person: asked for, made by a job, kept for some days, then dropped."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=16, choices=choices(Who))
    subject_id = models.BigIntegerField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    size = models.PositiveBigIntegerField(default=0)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "subject_id", "-id"], name="person_export"),
            models.Index(fields=["asked_at"], name="person_export_age", condition=models.Q(dropped_at=None)),
        ]

    @property
    def path(self) -> str:
        """Where the file lies in storage."""
        return f"person-exports/{self.uid}.zip"

    @property
    def is_there(self) -> bool:
        """Whether it can be fetched."""
        return self.made_at is not None and self.dropped_at is None


class RetentionRun(models.Model):
    """One look at one class of data: how much was let go, and how much was left alone though its time was over.

    The count grows with each batch, in the batch's own transaction; a run without an end was killed.
    """

    data = models.CharField(max_length=16, choices=choices(Data))
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    count = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["data", "-id"], name="retention_run")]
