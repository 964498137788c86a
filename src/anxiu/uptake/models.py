"""Who has to read which version and how they stand; what is said of clauses; reviews and sessions."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from anxiu.accounts.models import Person, Region
from anxiu.kernel.fields import choices
from anxiu.kernel.ids import uuid7
from anxiu.regulation.models import Version
from anxiu.uptake.choices import Decision, ReadingState, RemarkKind, RemarkState


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


class Remark(models.Model):
    """What somebody says of a clause; settled by an answer, or by taking it up into a draft."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="remarks")
    number = models.CharField(max_length=12)
    kind = models.CharField(max_length=12, choices=choices(RemarkKind))
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    state = models.CharField(max_length=12, choices=choices(RemarkState), default=RemarkState.OPEN)
    draft = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="taken_up")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "-id"], name="remark_by_state")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=RemarkState.OPEN, settled_at=None)
                | (~Q(state=RemarkState.OPEN) & Q(settled_at__isnull=False)),
                name="settled_remark_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state=RemarkState.TAKEN_UP, draft__isnull=False)
                | (~Q(state=RemarkState.TAKEN_UP) & Q(draft=None)),
                name="taken_up_into_a_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.number}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state == RemarkState.OPEN


class Reply(models.Model):
    """What was said to a remark, in order; never changed."""

    remark = models.ForeignKey(Remark, on_delete=models.PROTECT, related_name="replies")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.remark_id}"


class Review(models.Model):
    """A regular review of the regulation: what happened since the last one, decided clause by clause, then closed."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    since = models.DateTimeField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    words = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(models.Value(1), condition=Q(closed_at=None), name="one_open_review")
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it is still under way."""
        return self.closed_at is None


class Decided(models.Model):
    """What a review decided about a clause, and why; a later decision on the clause takes its place."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="decisions")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=12)
    decision = models.CharField(max_length=8, choices=choices(Decision))
    words = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.review_id} {self.number}"


class Session(models.Model):
    """A session at which a version was explained: when, where, which clauses, with what material, who came."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="sessions")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    held_at = models.DateTimeField()
    place = models.CharField(max_length=120)
    numbers = ArrayField(models.CharField(max_length=12), default=list)
    words = models.TextField()
    attendees = models.ManyToManyField(Person, related_name="+")
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["version", "-held_at"], name="session_of_version")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.held_at:%Y-%m-%d}"
