"""What the API says about orders.

Plain pydantic models: what fills them is our own, so nothing has to be searched for in rows or templates, as ninja's
`Schema` would do for every field.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from pydantic import BaseModel

from anxiu.files.models import Attachment
from anxiu.orders.choices import (
    DocumentKind,
    EntryKind,
    PlanState,
    SignOffOutcome,
    State,
    VisitState,
)  # fmt: skip
from anxiu.orders.models import Document, Entry, Inquiry, Order, Plan, Question, SignOff, Visit
from anxiu.orders.processes import ProcessStep
from anxiu.orders.queries import StepLines, process_of
from anxiu.regulation.choices import Severity
from anxiu.sla.choices import ClockKind


class StepOut(BaseModel):
    """A step of the order's process, as its regulation calls it."""

    code: str
    words: str

    @staticmethod
    def of(step: ProcessStep) -> "StepOut":
        """In the reader's language."""
        return StepOut(code=step.code, words=step.words.in_language(get_language() or "zh-hans"))


class OrderOut(BaseModel):
    """An order as it stands."""

    uid: UUID
    number: str
    order_type: str
    state: State
    step: StepOut
    severity: Severity
    summary: str
    region: str
    customer: UUID | None
    machine: UUID | None
    serial: str
    fault_class: str
    owner: UUID
    engineer: UUID | None
    is_free: bool
    out_of_hours: bool
    repeat_of: UUID | None
    opened_at: datetime
    responded_at: datetime | None
    suspended_until: datetime | None
    completed_at: datetime | None
    ended_at: datetime | None
    next_due_at: datetime | None
    next_clock: ClockKind | None
    breached: bool

    @staticmethod
    def of(order: Order) -> "OrderOut":
        """From a row with what stands around it."""
        machine = order.machine
        return OrderOut(
            uid=order.uid, number=order.number, order_type=order.order_type, state=State(order.state),
            step=StepOut.of(process_of(order).step_of(State(order.state))), severity=Severity(order.severity),
            summary=order.summary, region=order.region.code, customer=order.customer.uid if order.customer else None,
            machine=machine.uid if machine else None, serial=machine.serial if machine else "",
            fault_class=order.fault_class.code if order.fault_class else "", owner=order.owner.uid,
            engineer=order.engineer.uid if order.engineer else None, is_free=order.is_free,
            out_of_hours=order.out_of_hours,
            repeat_of=order.repeat_of.uid if order.repeat_of else None, opened_at=order.opened_at,
            responded_at=order.responded_at, suspended_until=order.suspended_until, completed_at=order.completed_at,
            ended_at=order.ended_at, next_due_at=order.next_due_at,
            next_clock=ClockKind(order.next_clock) if order.next_clock else None, breached=order.breached,
        )  # fmt: skip


class OpenedOut(BaseModel):
    """The receipt: the order, its deadline, and the customer's link. The link is given out once."""

    order: OrderOut
    tracking_url: str


class OrdersOut(BaseModel):
    """A page of orders, newest first; `next` is the cursor of the next page, empty at the end."""

    items: list[OrderOut]
    next: str


class SplitOut(BaseModel):
    """The orders that a request was split into, beside the one that remains."""

    items: list[OrderOut]


class LinkOut(BaseModel):
    """A link for the customer; the ones before it are closed."""

    url: str


class VisitOut(BaseModel):
    """A visit."""

    uid: UUID
    engineer: UUID
    state: VisitState
    starts_at: datetime
    ends_at: datetime
    departed_at: datetime | None
    arrived_at: datetime | None
    arrival_proof: str
    arrival_flag: str
    arrival_distance_metres: int | None

    @staticmethod
    def of(visit: Visit) -> "VisitOut":
        """From a row with its engineer."""
        names = (
            "uid", "starts_at", "ends_at", "departed_at", "arrived_at", "arrival_proof", "arrival_flag",
            "arrival_distance_metres",
        )  # fmt: skip
        return VisitOut(
            engineer=visit.engineer.uid, state=VisitState(visit.state), **{each: getattr(visit, each) for each in names}
        )


class EntryOut(BaseModel):
    """A line of the work record."""

    uid: UUID
    kind: EntryKind
    code: str
    text: str
    value: Decimal | None
    unit: str
    minutes: int | None
    part: str
    file: UUID | None
    author: str
    at: datetime
    latitude: float | None
    longitude: float | None
    accuracy_metres: int | None
    corrects: UUID | None

    @staticmethod
    def of(entry: Entry) -> "EntryOut":
        """From a row with its author, its part and the line it sets right."""
        return EntryOut(
            uid=entry.uid, kind=EntryKind(entry.kind), code=entry.code, text=entry.text, value=entry.value,
            unit=entry.unit, minutes=entry.minutes, part=entry.part.number if entry.part else "",
            file=entry.attachment_uid,
            author=entry.author.name if entry.author else "", at=entry.at, latitude=entry.latitude,
            longitude=entry.longitude, accuracy_metres=entry.accuracy_metres,
            corrects=entry.corrects.uid if entry.corrects else None,
        )  # fmt: skip


class QuestionOut(BaseModel):
    """A customer's question."""

    uid: UUID
    text: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None

    @staticmethod
    def of(question: Question) -> "QuestionOut":
        """From a row."""
        names = ("uid", "text", "asked_at", "answer", "answered_at")
        return QuestionOut(**{each: getattr(question, each) for each in names})


class InquiryOut(BaseModel):
    """What the reporter was asked; `missed_at`: when nobody waited for the answer any more."""

    uid: UUID
    text: str
    asked_at: datetime
    until: datetime
    answer: str
    answered_at: datetime | None
    missed_at: datetime | None

    @staticmethod
    def of(inquiry: Inquiry) -> "InquiryOut":
        """From a row."""
        return InquiryOut(**{each: getattr(inquiry, each) for each in InquiryOut.model_fields})


class SignOffOut(BaseModel):
    """The customer's sign-off."""

    outcome: SignOffOutcome
    signer: str
    document_digest: str
    at: datetime

    @staticmethod
    def of(row: SignOff) -> "SignOffOut":
        """From a row."""
        return SignOffOut(
            outcome=SignOffOutcome(row.outcome), signer=row.signer, document_digest=row.document_digest, at=row.at
        )


class FormerSignOffOut(SignOffOut):
    """A sign-off that stands no more: the record was corrected after it. Its bytes and signature are kept."""

    corrected_at: datetime
    reason: str

    @staticmethod
    def of(row: SignOff) -> "FormerSignOffOut":
        """From a row with what superseded it."""
        told = SignOffOut.of(row).model_dump()
        return FormerSignOffOut(**told, corrected_at=row.superseded.at, reason=row.superseded.reason)


class FileOut(BaseModel):
    """A file on an order; its bytes are at `/api/v1/files/{uid}`."""

    uid: UUID
    purpose: str
    media_type: str
    size: int
    name: str

    @staticmethod
    def of(row: Attachment) -> "FileOut":
        """From a row with its blob."""
        return FileOut(
            uid=row.uid, purpose=row.purpose, media_type=row.blob.media_type, size=row.blob.size, name=row.name
        )


class DocumentOut(BaseModel):
    """An issued document; `position` and `head` tie it to the chain of events."""

    kind: DocumentKind
    language: str
    edition: int
    file: UUID
    digest: str
    issued_at: datetime
    position: int
    head: str

    @staticmethod
    def of(row: Document) -> "DocumentOut":
        """From a row."""
        names = ("language", "edition", "digest", "issued_at", "position", "head")
        given: dict[str, Any] = {each: getattr(row, each) for each in names}
        return DocumentOut(kind=DocumentKind(row.kind), file=row.attachment_uid, **given)


class NeededOut(BaseModel):
    """What the order needs next."""

    verb: str
    words: str
    missing: list[str]


class ItemOut(BaseModel):
    """An item of a checklist; `ticked_at` and `customer_at` are when we and the customer ticked it."""

    step: str
    code: str
    words: str
    mandatory: bool
    customer: bool
    ticked_at: datetime | None
    customer_at: datetime | None

    @staticmethod
    def of(step: StepLines) -> "list[ItemOut]":
        """The items of one step in the reader's language."""
        return [
            ItemOut(
                step=step.step.code, code=line.item.code,
                words=line.item.words.in_language(get_language() or "zh-hans"), mandatory=line.item.mandatory,
                customer=line.item.customer, ticked_at=line.entry.at if line.entry else None,
                customer_at=line.customer_at,
            )
            for line in step.lines
        ]  # fmt: skip


class PlanOut(BaseModel):
    """The latest plan; `because` says why it needs approval, if it does."""

    text: str
    cost: Decimal
    currency: str
    risks: list[str]
    because: list[str]
    state: PlanState
    planned_at: datetime
    decided_at: datetime | None
    decision: str

    @staticmethod
    def of(plan: Plan) -> "PlanOut":
        """From a row."""
        names = ("text", "currency", "risks", "because", "planned_at", "decided_at", "decision")
        given: dict[str, Any] = {each: getattr(plan, each) for each in names}
        return PlanOut(cost=plan.cost.amount, state=PlanState(plan.state), **given)


class OrderDetailOut(OrderOut):
    """An order with everything that belongs to it."""

    words: str
    needed: NeededOut | None
    verbs: list[str]
    visits: list[VisitOut]
    entries: list[EntryOut]
    checklists: list[ItemOut]
    plan: PlanOut | None
    questions: list[QuestionOut]
    sign_off: SignOffOut | None
    former_sign_offs: list[FormerSignOffOut]
    unresolved_reason: str
    continues: UUID | None
    continued_by: list[UUID]
    merged_into: UUID | None
    merged: list[UUID]
    split_from: UUID | None
    parts: list[UUID]
    inquiries: list[InquiryOut]
    guarantee_until: str
    documents: list[DocumentOut]
    files: list[FileOut]


class LineOut(BaseModel):
    """One event of the history, as a sentence."""

    kind: str
    at: datetime
    who: str
    sentence: str
    words: list[str]


class CandidateOut(BaseModel):
    """An engineer, and why not where they may not be sent."""

    engineer: UUID
    name: str
    grade: str
    may: bool
    because: list[str]
    booked_minutes: int


class ToSignOut(BaseModel):
    """The very document the customer signs, and its SHA-256."""

    document: str
    digest: str


class RatingOut(BaseModel):
    """The rating as kept."""

    score: int
    tags: list[str]
    words: str
    nps: int | None
