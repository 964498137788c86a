"""Who has to read which version and how they stand; every sitting of the quiz."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from anxiu.accounts.models import Person
from anxiu.kernel.fields import choices
from anxiu.kernel.ids import uuid7
from anxiu.regulation.models import Version
from anxiu.uptake.choices import ReadingState


class Reading(models.Model):
    """A version that somebody has to read, answer questions on and acknowledge by a moment.

    A trigger keeps an acknowledgement as it is: by whom, when, of which version.
    """

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="readings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="readings")
    post = models.CharField(max_length=32)
    state = models.CharField(max_length=12, choices=choices(ReadingState), default=ReadingState.OPEN)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    reminded_days = models.PositiveSmallIntegerField(null=True)
    overdue_at = models.DateTimeField(null=True)
    passed_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["version", "state", "due_at", "id"], name="reading_by_due"),
            models.Index(fields=["person", "due_at"], name="reading_open", condition=Q(state=ReadingState.OPEN)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "person"], condition=~Q(state=ReadingState.LIFTED), name="reading_once"
            ),
            models.CheckConstraint(
                condition=Q(state=ReadingState.ACKNOWLEDGED, acknowledged_at__isnull=False)
                | (~Q(state=ReadingState.ACKNOWLEDGED) & Q(acknowledged_at=None)),
                name="acknowledged_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.person_id}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be acknowledged."""
        return self.state == ReadingState.OPEN


class Attempt(models.Model):
    """One sitting of the quiz, append-only: for each question what was chosen and whether it was right."""

    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    answers = models.JSONField()
    right = models.PositiveSmallIntegerField()
    asked = models.PositiveSmallIntegerField()
    needed = models.PositiveSmallIntegerField()
    passed = models.BooleanField()

    class Meta:
        ordering: ClassVar = ["reading", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["reading", "number"], name="attempt_in_turn")]

    def __str__(self) -> str:
        return f"{self.reading_id} {self.number}"
