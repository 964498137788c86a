"""Orders and everything that belongs to one: the request, visits, work record, sign-off, documents, questions."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from anxiu.kernel.fields import choices
from anxiu.kernel.ids import uuid7
from anxiu.kernel.money import Money
from anxiu.orders.choices import (
    LIVE_VISITS,
    ArrivalProof,
    Channel,
    DocumentKind,
    EntryKind,
    HandOverState,
    PlanState,
    SignOffMeans,
    SignOffOutcome,
    State,
    VisitState,
)  # fmt: skip
from anxiu.regulation.choices import OrderType, Severity
from anxiu.sla.choices import ClockKind


class Order(models.Model):
    """One piece of work for one customer, owned by a person from its first second."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    number = models.CharField(max_length=16, unique=True)
    order_type = models.CharField(max_length=16, choices=choices(OrderType), default=OrderType.REPAIR)
    state = models.CharField(max_length=16, choices=choices(State))
    severity = models.CharField(max_length=8, choices=choices(Severity))
    summary = models.CharField(max_length=200)

    region = models.ForeignKey("accounts.Region", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("regulation.Version", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, null=True, related_name="orders")
    site = models.ForeignKey("customers.Site", on_delete=models.PROTECT, null=True, related_name="orders")
    contact = models.ForeignKey("customers.Contact", on_delete=models.PROTECT, null=True, related_name="orders")
    machine = models.ForeignKey("equipment.Machine", on_delete=models.PROTECT, null=True, related_name="orders")
    fault_class = models.ForeignKey("catalogue.FaultClass", on_delete=models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    engineer = models.ForeignKey("workforce.Engineer", on_delete=models.PROTECT, null=True, related_name="orders")

    repeat_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="repeats")
    continues = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="continued_by")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    split_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    under_guarantee = models.ForeignKey("orders.Guarantee", on_delete=models.PROTECT, null=True, related_name="claims")
    plan = models.ForeignKey("orders.Plan", on_delete=models.PROTECT, null=True, related_name="+")
    is_free = models.BooleanField(default=False)
    free_because = models.CharField(max_length=32, blank=True, default="")

    opened_at = models.DateTimeField()
    out_of_hours = models.BooleanField(default=False)
    responded_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)
    suspend_reason = models.CharField(max_length=32, blank=True, default="")
    suspended_until = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=32, blank=True, default="")

    cause = models.TextField(blank=True, default="")
    solution = models.TextField(blank=True, default="")
    resolved = models.BooleanField(null=True)
    unresolved_reason = models.CharField(max_length=32, blank=True, default="")

    sign_off = models.OneToOneField("orders.SignOff", on_delete=models.PROTECT, null=True, related_name="+")

    next_due_at = models.DateTimeField(null=True)
    next_clock = models.CharField(max_length=16, choices=choices(ClockKind), blank=True, default="")
    breached = models.BooleanField(default=False)
    search = SearchVectorField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["region", "state", "-id"], name="order_region_state"),
            models.Index(fields=["state", "-id"], name="order_state"),
            models.Index(fields=["next_due_at", "id"], name="order_next_due", condition=Q(next_due_at__isnull=False)),
            models.Index(fields=["engineer", "-id"], name="order_engineer"),
            models.Index(fields=["owner", "state"], name="order_owner_open", condition=Q(ended_at=None)),
            models.Index(fields=["machine", "-opened_at"], name="order_machine"),
            models.Index(fields=["customer", "-id"], name="order_customer"),
            models.Index(fields=["ended_at"], name="order_ended", condition=Q(ended_at__isnull=False)),
            models.Index(fields=["completed_at"], name="order_completed", condition=Q(completed_at__isnull=False)),
            # Rows lie as they were opened, so a few hundred kilobytes tell where a day is.
            BrinIndex(fields=["opened_at"], name="order_opened", pages_per_range=32, autosummarize=True),
            GinIndex(fields=["search"], name="order_search", fastupdate=False),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=list(State)), name="order_state_known"),
            models.CheckConstraint(
                condition=Q(ended_at=None) ^ Q(state__in=[State.ARCHIVED, State.CANCELLED, State.MERGED]),
                name="order_ended_with_state",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) ^ Q(state=State.MERGED), name="order_merged_into_another"
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("pk")), name="order_not_merged_into_itself"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_suspended(self) -> bool:
        """Whether work is interrupted for a reason."""
        return self.suspended_at is not None


class Request(models.Model):
    """What was said when the fault was reported, word for word, whatever the order becomes."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="request")
    channel = models.CharField(max_length=8, choices=choices(Channel))
    words = models.TextField()
    caller_name = models.CharField(max_length=80, blank=True, default="")
    caller_phone = models.CharField(max_length=32, blank=True, default="")
    caller_email = models.EmailField(blank=True, default="")
    place = models.CharField(max_length=200, blank=True, default="")
    product = models.CharField(max_length=120, blank=True, default="")
    language = models.CharField(max_length=8, default="zh-hans")
    severity_proposed = models.CharField(max_length=8, choices=choices(Severity))
    severity_reason = models.CharField(max_length=200, blank=True, default="")


class Visit(models.Model):
    """One booked presence of one engineer; `slot` is kept free of others by the workforce's occupancy."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="visits")
    engineer = models.ForeignKey("workforce.Engineer", on_delete=models.PROTECT, related_name="visits")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=choices(VisitState))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    booked_at = models.DateTimeField()
    booked_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    decline_reason = models.CharField(max_length=32, blank=True, default="")
    prepared_at = models.DateTimeField(null=True)
    departed_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    arrival_proof = models.CharField(max_length=16, choices=choices(ArrivalProof), blank=True, default="")
    arrival_latitude = models.FloatField(null=True)
    arrival_longitude = models.FloatField(null=True)
    arrival_accuracy_metres = models.IntegerField(null=True)
    arrival_distance_metres = models.IntegerField(null=True)
    arrival_flag = models.CharField(max_length=32, blank=True, default="")
    left_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["engineer", "starts_at"], name="visit_engineer_day"),
            models.Index(fields=["arrived_at"], name="visit_placed", condition=Q(arrival_latitude__isnull=False)),
            models.Index(fields=["ends_at"], name="visit_ends"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "number"], name="visit_numbers"),
            models.UniqueConstraint(
                fields=["order"], condition=Q(state__in=sorted(LIVE_VISITS)), name="one_live_visit_an_order"
            ),
        ]


class Entry(models.Model):
    """A line of the work record: author, time, place; never changed, corrected by a further line."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="entries")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, related_name="entries")
    kind = models.CharField(max_length=8, choices=choices(EntryKind))
    code = models.CharField(max_length=48, blank=True, default="")
    text = models.TextField(blank=True, default="")
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    unit = models.CharField(max_length=16, blank=True, default="")
    minutes = models.PositiveIntegerField(null=True)
    part = models.ForeignKey("catalogue.Part", on_delete=models.PROTECT, null=True, related_name="+")
    attachment_uid = models.UUIDField(null=True)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    author = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")
    by_customer = models.BooleanField(default=False)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    accuracy_metres = models.IntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["order", "id"], name="entry_order"),
            models.Index(fields=["at"], name="entry_placed", condition=Q(latitude__isnull=False)),
        ]


class Plan(models.Model):
    """What is to be done and what it may cost; beyond the limits it waits for somebody with the authority."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="plans")
    text = models.TextField()
    cost_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    risks = models.JSONField(default=list)
    because = models.JSONField(default=list)
    state = models.CharField(max_length=16, choices=choices(PlanState))
    planned_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")
    planned_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["order", "-id"], name="plan_order")]

    @property
    def cost(self) -> Money:
        """What it is expected to cost."""
        return Money(self.cost_minor, self.currency)


class SignOff(models.Model):
    """The customer's word on the finished work: the digest of the very document that was shown, and the signature.

    `Order.sign_off` is the one that stands; one whose document was corrected afterwards stays, `superseded`.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="sign_offs")
    number = models.PositiveSmallIntegerField(default=1)
    outcome = models.CharField(max_length=8, choices=choices(SignOffOutcome))
    means = models.CharField(max_length=8, choices=choices(SignOffMeans))
    signer = models.CharField(max_length=80, blank=True, default="")
    remarks = models.TextField(blank=True, default="")
    refusal_reason = models.CharField(max_length=32, blank=True, default="")
    document = models.TextField()
    document_digest = models.CharField(max_length=64)
    signature_uid = models.UUIDField(null=True)
    at = models.DateTimeField()
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    accuracy_metres = models.IntegerField(null=True)
    witnessed_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["at"], name="sign_off_placed", condition=Q(latitude__isnull=False)),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["order", "number"], name="sign_off_numbers")]


class Superseded(models.Model):
    """Why a sign-off stands no more: the line of the record that was set right after it, by whom, when and why."""

    sign_off = models.OneToOneField(SignOff, on_delete=models.PROTECT, related_name="superseded")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")


class Guarantee(models.Model):
    """The promise that the repaired fault does not come back within a period; a claim on it is a free repeat order."""

    number = models.CharField(max_length=20, unique=True)
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="guarantee")
    machine = models.ForeignKey("equipment.Machine", on_delete=models.PROTECT, null=True, related_name="guarantees")
    fault_class = models.ForeignKey("catalogue.FaultClass", on_delete=models.PROTECT, null=True, related_name="+")
    part_ids = models.JSONField(default=list)
    from_date = models.DateField()
    until_date = models.DateField()
    days = models.PositiveSmallIntegerField()
    because = models.CharField(max_length=32)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["machine", "until_date"], name="guarantee_machine")]


class Document(models.Model):
    """A PDF as it was issued; the file is kept, never made again. Its edition is the number of the sign-off shown."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=12, choices=choices(DocumentKind))
    language = models.CharField(max_length=8)
    edition = models.PositiveSmallIntegerField(default=1)
    attachment_uid = models.UUIDField()
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    position = models.BigIntegerField()
    head = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "kind", "language", "edition"], name="one_document_a_kind_language_and_edition"
            )
        ]


class Question(models.Model):
    """Something the customer wants to know; it has an owner and a clock."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="questions")
    text = models.TextField()
    asked_at = models.DateTimeField()
    owner = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")


class Inquiry(models.Model):
    """Something we have to know from the reporter first; the order waits for it until `until`."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="inquiries")
    text = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")
    until = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["until"], name="inquiry_open", condition=Q(answered_at=None, missed_at=None)),
            models.Index(fields=["order", "id"], name="inquiry_order"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(answered_at=None, missed_at=None), name="one_open_inquiry"
            )
        ]

    @property
    def is_open(self) -> bool:
        """Whether the order still waits for the answer."""
        return self.answered_at is None and self.missed_at is None


class HandOver(models.Model):
    """A proposed change of owner. It counts only when accepted; a declined one is a bounce."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="hand_overs")
    from_owner = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    to_owner = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=choices(HandOverState))
    reason = models.CharField(max_length=200, blank=True, default="")
    proposed_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(state=HandOverState.PROPOSED), name="one_open_hand_over"
            )
        ]
