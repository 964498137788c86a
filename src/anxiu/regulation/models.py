"""Versions of the regulation: clauses people read, and beside them the figures the system enforces.

Triggers (migrations 0002, 0004 and 0006) keep a version as it is from its review on: only an addendum may join it, and
only its state moves on. Who wrote, reviewed, settled and tried what stays with the version.
"""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from anxiu.accounts.models import Region
from anxiu.kernel.fields import choices
from anxiu.kernel.ids import uuid7
from anxiu.regulation.choices import BEGUN, Control, GroupRole, Origin, PilotOutcome, VersionState


class Version(models.Model):
    """One regulation: to whom it applies (region, order type; neither means all) and from when.

    The first version of an installation has no `in_force_from`: nothing was regulated otherwise before it.
    """

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    preset = models.SlugField(max_length=32)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    purpose_zh = models.TextField()
    purpose_en = models.TextField()
    scope_zh = models.TextField()
    scope_en = models.TextField()
    principles_zh = models.TextField()
    principles_en = models.TextField()
    state = models.CharField(max_length=12, choices=choices(VersionState), default=VersionState.DRAFT)
    in_force_from = models.DateTimeField(null=True, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    order_type = models.SlugField(max_length=32, blank=True, default="")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["region", "order_type", "in_force_from"],
                condition=Q(state=VersionState.IN_FORCE),
                nulls_distinct=False,
                name="one_version_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.WITHDRAWN, withdrawn_at__isnull=False)
                | (~Q(state=VersionState.WITHDRAWN) & Q(withdrawn_at=None)),
                name="withdrawn_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(in_force_from=None) | Q(state__in=sorted(BEGUN)), name="only_what_holds_has_a_beginning"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Clause(models.Model):
    """An article; `position` is its place in the chapter, `origin` whether a publication says it or we do.

    `enforced_by` names the verbs, gates and database guards that hold a clause whose control is a gate; `indicators`
    what measures one whose control is an indicator.

    Placeholders such as `{sla.first_response}` in its text stand for the figure, in words.
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="clauses")
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=12)
    chapter_number = models.PositiveSmallIntegerField()
    chapter_title_zh = models.CharField(max_length=80)
    chapter_title_en = models.CharField(max_length=80)
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    text_zh = models.TextField()
    text_en = models.TextField()
    value_keys = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    control = models.CharField(max_length=12, choices=choices(Control))
    enforced_by = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    indicators = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    manual_control_zh = models.TextField(blank=True, default="")
    manual_control_en = models.TextField(blank=True, default="")
    origin = models.CharField(max_length=12, choices=choices(Origin), default=Origin.OURS)
    addendum_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["version", "chapter_number", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "number"], name="one_clause_a_number")]

    def __str__(self) -> str:
        return self.number


class Question(models.Model):
    """A situation to be judged, about a clause: `options` are rows of words and whether each is right.

    `posts` are those it is asked of, none means all. Its texts say figures by placeholders, as clauses do.
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="questions")
    code = models.SlugField(max_length=32)
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=12)
    situation_zh = models.TextField()
    situation_en = models.TextField()
    options = models.JSONField()
    why_zh = models.TextField()
    why_en = models.TextField()
    posts = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    origin = models.CharField(max_length=12, choices=choices(Origin), default=Origin.OURS)
    addendum_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["version", "position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "code"], name="one_question_a_code")]

    def __str__(self) -> str:
        return self.code


class Figure(models.Model):
    """What a version says for one typed key, as it was written; the key's kind reads it."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="figures")
    key = models.CharField(max_length=64)
    raw = models.JSONField()
    origin = models.CharField(max_length=12, choices=choices(Origin))
    addendum_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "key"], name="one_figure_a_key")]

    def __str__(self) -> str:
        return self.key


class Member(models.Model):
    """Somebody of the working group that reviews a version; the comments and decisions of its people stay with it."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=choices(GroupRole), default=GroupRole.MEMBER)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "person"], name="member_once_a_version")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.person_id}"


class Comment(models.Model):
    """What a member says of a clause, or of the whole when `number` is empty; settled by taking it up or not."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="comments")
    number = models.CharField(max_length=12, blank=True, default="")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_up = models.BooleanField(null=True, blank=True)
    answer = models.TextField(blank=True, default="")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(settled_at=None, taken_up=None) | Q(settled_at__isnull=False, taken_up__isnull=False),
                name="settled_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.number}"


class Pilot(models.Model):
    """A version on trial: it takes the place of the version of its own scope in some places, from a moment on.

    `base` is the version it took the place of. It holds until `holds_until`, which the decision sets; `until_date` is
    the last day that was planned. `indicators` are what it is compared by.
    """

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="pilot")
    base = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    leader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    purpose = models.TextField()
    indicators = ArrayField(models.CharField(max_length=64))
    starts_at = models.DateTimeField()
    until_date = models.DateField()
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    holds_until = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=choices(PilotOutcome), blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome="", holds_until=None, decided_at=None)
                | (~Q(outcome="") & Q(holds_until__isnull=False, decided_at__isnull=False)),
                name="decided_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}"

    @property
    def regions(self) -> tuple[int, ...]:
        """The regions it was put on trial in; none when in all."""
        return tuple(dict.fromkeys(each.region_id for each in self.places.all() if each.region_id is not None))

    @property
    def order_types(self) -> tuple[str, ...]:
        """The kinds of service it was put on trial for; none when for all."""
        return tuple(dict.fromkeys(each.order_type for each in self.places.all() if each.order_type))


class Place(models.Model):
    """Where a pilot holds: a region, a kind of service, or one in the other."""

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="places")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    order_type = models.SlugField(max_length=32, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["pilot", "region", "order_type"], nulls_distinct=False, name="place_once_a_pilot"
            ),
            models.CheckConstraint(
                condition=Q(region__isnull=False) | ~Q(order_type=""), name="a_pilot_is_not_everywhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.order_type}"
