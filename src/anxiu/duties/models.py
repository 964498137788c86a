"""To-dos as rows."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from anxiu.accounts.models import Person, Region
from anxiu.kernel.ids import uuid7
from anxiu.kernel.models import EventRow


class Duty(models.Model):
    """One thing that one person has to do about one subject; `closing_event` is the fact that ended it.

    One without a region is for its owner, and for who sees the whole company.
    """

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=32)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="duties")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    closing_event = models.ForeignKey(EventRow, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], name="duty_open_due", condition=Q(closed_at=None)),
            models.Index(fields=["owner", "due_at"], name="duty_owner_open", condition=Q(closed_at=None)),
            models.Index(fields=["subject_kind", "subject_id"], name="duty_subject"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "subject_kind", "subject_id"], name="one_duty_a_kind_and_subject"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closing_event=None)
                | Q(closed_at__isnull=False, closing_event__isnull=False),
                name="duty_closes_with_a_fact",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.closed_at is None
