"""What the API says and takes about orders. Things are named by `uid`, closed lists by their codes."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, Field

from anxiu.accounts.choices import LinkPurpose
from anxiu.api.asking import Code, Line, Words
from anxiu.files.models import Attachment
from anxiu.kernel.geo import Place
from anxiu.orders.choices import (
    STEP_OF,
    Channel,
    ContactResult,
    DocumentKind,
    EntryKind,
    SignOffOutcome,
    State,
    Step,
    VisitState,
)  # fmt: skip
from anxiu.orders.models import Document, Entry, Order, Question, SignOff, Visit
from anxiu.regulation.choices import Severity
from anxiu.sla.choices import ClockKind


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a moment needs its offset from UTC")
    if not 2000 <= at.year <= 2100:
        raise ValueError("a moment between the years 2000 and 2100")
    return at


Moment = Annotated[datetime, AfterValidator(_aware)]


class PlaceIn(Schema):
    """A fix in WGS-84."""

    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    accuracy_metres: Annotated[int, Field(ge=0, le=100_000)] | None = None

    def place(self) -> Place:
        """The fix as the product keeps it."""
        return Place(self.latitude, self.longitude, self.accuracy_metres, "gps")


class AtIn(Schema):
    """When it happened, if not now."""

    at: Moment | None = None


class ReportIn(Schema):
    """A fault to report. With `machine` or `customer` nothing else need be said of who and where."""

    words: Words
    channel: Literal[Channel.API, Channel.PHONE] = Channel.API
    machine: UUID | None = None
    serial: Code = ""
    customer: UUID | None = None
    contact: UUID | None = None
    region: Code = ""
    fault_class: Code = ""
    severity: Severity | None = None
    severity_reason: Line = ""
    caller_name: Annotated[Line, Field(max_length=80)] = ""
    caller_phone: Annotated[Line, Field(max_length=32)] = ""
    caller_email: Annotated[Line, Field(max_length=200)] = ""
    place: Line = ""
    product: Annotated[Line, Field(max_length=120)] = ""
    language: Literal["zh-hans", "en"] = "zh-hans"


class OrderOut(Schema):
    """An order as it stands."""

    uid: UUID
    number: str
    order_type: str
    state: State
    step: Step
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
            step=STEP_OF[State(order.state)], severity=Severity(order.severity), summary=order.summary,
            region=order.region.code, customer=order.customer.uid if order.customer else None,
            machine=machine.uid if machine else None, serial=machine.serial if machine else "",
            fault_class=order.fault_class.code if order.fault_class else "", owner=order.owner.uid,
            engineer=order.engineer.uid if order.engineer else None, is_free=order.is_free,
            repeat_of=order.repeat_of.uid if order.repeat_of else None, opened_at=order.opened_at,
            responded_at=order.responded_at, suspended_until=order.suspended_until, completed_at=order.completed_at,
            ended_at=order.ended_at, next_due_at=order.next_due_at,
            next_clock=ClockKind(order.next_clock) if order.next_clock else None, breached=order.breached,
        )  # fmt: skip


class OpenedOut(Schema):
    """The receipt: the order, its deadline, and the customer's link. The link is given out once."""

    order: OrderOut
    tracking_url: str


class OrdersOut(Schema):
    """A page of orders, newest first; `next` is the cursor of the next page, empty at the end."""

    items: list[OrderOut]
    next: str


class ContactIn(AtIn):
    """Whether the customer was reached."""

    result: ContactResult
    note: Words = ""


class HandOverIn(AtIn):
    """To whom the order is to go."""

    to: UUID
    reason: Line = ""


class SeverityIn(AtIn):
    """The right severity and why."""

    severity: Severity
    reason: Line


class IdentifyIn(AtIn):
    """Which machine and class of fault it is about."""

    machine: UUID
    fault_class: Code = ""


class ReasonIn(AtIn):
    """Why, in words."""

    reason: Line


class BookIn(AtIn):
    """Who comes, and when."""

    engineer: UUID
    starts_at: Moment
    ends_at: Moment


class RescheduleIn(AtIn):
    """The new time, the engineer when it is another one, and a listed reason."""

    starts_at: Moment
    ends_at: Moment
    reason: Code
    engineer: UUID | None = None
    note: Words = ""


class ListedIn(AtIn):
    """A reason the regulation lists."""

    reason: Code
    note: Words = ""


class PrepareIn(AtIn):
    """The codes of the checklist that were checked."""

    checked: Annotated[list[Code], Field(max_length=100)]


class ArriveIn(AtIn):
    """What proves the arrival."""

    place: PlaceIn | None = None
    label_code: Code = ""


class AssessIn(AtIn):
    """What was found."""

    finding: Words
    fault_class: Code = ""


class EntryIn(AtIn):
    """A line of the work record; photos go to `add_photo`."""

    kind: Literal[EntryKind.NOTE, EntryKind.READING, EntryKind.LABOUR, EntryKind.PART, EntryKind.CHECK]
    text: Words = ""
    code: Code = ""
    value: Annotated[Decimal, Field(max_digits=12, decimal_places=4, allow_inf_nan=False)] | None = None
    unit: Annotated[Line, Field(max_length=16)] = ""
    minutes: Annotated[int, Field(ge=1, le=6000)] | None = None
    part: Code = ""
    place: PlaceIn | None = None
    corrects: UUID | None = None


class CompleteIn(AtIn):
    """What was wrong and what was done."""

    resolved: bool
    cause: Words
    solution: Words


class SuspendIn(AtIn):
    """Why and until when work is interrupted."""

    reason: Code
    until: Moment
    note: Words = ""


class ResultIn(AtIn):
    """A listed result."""

    result: Code
    note: Words = ""


class RefuseSignIn(AtIn):
    """The customer does not sign: the digest of what was shown, and a listed reason."""

    document_digest: Code
    reason: Code
    remarks: Words = ""


class TextIn(AtIn):
    """A question or an answer."""

    text: Words


class IssueIn(AtIn):
    """Which document in which language."""

    kind: DocumentKind
    language: Literal["zh-hans", "en"]


class LinkIn(AtIn):
    """What the link is for."""

    purpose: Literal[LinkPurpose.TRACK, LinkPurpose.SIGN]


class LinkOut(Schema):
    """A link for the customer; the ones before it are closed."""

    url: str


class VisitOut(Schema):
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


class EntryOut(Schema):
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

    @staticmethod
    def of(entry: Entry) -> "EntryOut":
        """From a row with its author and part."""
        return EntryOut(
            uid=entry.uid, kind=EntryKind(entry.kind), code=entry.code, text=entry.text, value=entry.value,
            unit=entry.unit, minutes=entry.minutes, part=entry.part.number if entry.part else "",
            file=entry.attachment_uid,
            author=entry.author.name if entry.author else "", at=entry.at,
        )  # fmt: skip


class QuestionOut(Schema):
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


class SignOffOut(Schema):
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


class FileOut(Schema):
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


class DocumentOut(Schema):
    """An issued document; `position` and `head` tie it to the chain of events."""

    kind: DocumentKind
    language: str
    file: UUID
    digest: str
    issued_at: datetime
    position: int
    head: str

    @staticmethod
    def of(row: Document) -> "DocumentOut":
        """From a row."""
        names = ("language", "digest", "issued_at", "position", "head")
        given: dict[str, Any] = {each: getattr(row, each) for each in names}
        return DocumentOut(kind=DocumentKind(row.kind), file=row.attachment_uid, **given)


class NeededOut(Schema):
    """What the order needs next."""

    verb: str
    words: str
    missing: list[str]


class OrderDetailOut(OrderOut):
    """An order with everything that belongs to it."""

    words: str
    needed: NeededOut | None
    verbs: list[str]
    visits: list[VisitOut]
    entries: list[EntryOut]
    questions: list[QuestionOut]
    sign_off: SignOffOut | None
    guarantee_until: str
    documents: list[DocumentOut]
    files: list[FileOut]


class LineOut(Schema):
    """One event of the history, as a sentence."""

    kind: str
    at: datetime
    who: str
    sentence: str
    words: list[str]


class CandidateOut(Schema):
    """An engineer, and why not where they may not be sent."""

    engineer: UUID
    name: str
    grade: str
    may: bool
    because: list[str]
    booked_minutes: int


class ToSignOut(Schema):
    """The very document the customer signs, and its SHA-256."""

    document: str
    digest: str


class RateIn(AtIn):
    """A customer's rating on the regulation's scale, with listed tags."""

    score: Annotated[int, Field(ge=1, le=100)]
    tags: Annotated[list[Code], Field(max_length=20)] = []
    words: Words = ""
    nps: Annotated[int, Field(ge=0, le=10)] | None = None


class RatingOut(Schema):
    """The rating as kept."""

    score: int
    tags: list[str]
    words: str
    nps: int | None
