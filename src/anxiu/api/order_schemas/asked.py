"""What the API takes about orders."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, Field, model_validator

from anxiu.accounts.choices import LinkPurpose
from anxiu.api.asking import Code, Line, Words
from anxiu.kernel.geo import Place
from anxiu.orders.choices import (
    Channel,
    ContactResult,
    DocumentKind,
    EntryKind,
)  # fmt: skip
from anxiu.regulation.choices import OrderType, Severity


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
    """A fault to report. With `machine` or `customer` nothing else need be said of who and where.

    `continues` names an order whose fault was not resolved, when this one goes on with it.
    """

    words: Words
    order_type: OrderType = OrderType.REPAIR
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
    continues: UUID | None = None
    language: Literal["zh-hans", "en"] = "zh-hans"


class ContactIn(AtIn):
    """Whether the customer was reached."""

    result: ContactResult
    note: Words = ""
    symptom_confirmed: bool = False
    time_agreed: bool = False


class HandOverIn(AtIn):
    """To whom the order is to go."""

    to: UUID
    reason: Line = ""


class SeverityIn(AtIn):
    """The right severity and why."""

    severity: Severity
    reason: Line


class VersionIn(AtIn):
    """The version of the regulation to judge by from now on, and why."""

    version: UUID
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


class UncheckIn(AtIn):
    """The code of the item whose tick is taken back, and why."""

    item: Code
    reason: Words


class ArriveIn(AtIn):
    """What proves the arrival."""

    place: PlaceIn | None = None
    label_code: Code = ""


class PlanIn(Schema):
    """What is to be done, its cost in yuan, and the high-risk work in it by the regulation's codes."""

    text: Words
    cost: Annotated[Decimal, Field(ge=0, max_digits=11, decimal_places=2, allow_inf_nan=False)] = Decimal(0)
    risks: Annotated[list[Code], Field(max_length=20)] = []


class AssessIn(AtIn):
    """What was found, and the plan."""

    finding: Words
    fault_class: Code = ""
    plan: PlanIn | None = None


class SolveIn(AtIn):
    """What was wrong, what helped, and the items of the remote checklist."""

    cause: Words
    solution: Words
    checked: Annotated[list[Code], Field(max_length=100)] = []


class NoteIn(AtIn):
    """A note, if there is one."""

    note: Words = ""


class EntryIn(AtIn):
    """A line of the work record; photos go to `add_photo`, videos to `add_video`."""

    kind: Literal[EntryKind.NOTE, EntryKind.READING, EntryKind.LABOUR, EntryKind.PART, EntryKind.CHECK]
    text: Words = ""
    code: Code = ""
    value: Annotated[Decimal, Field(max_digits=12, decimal_places=4, allow_inf_nan=False)] | None = None
    unit: Annotated[Line, Field(max_length=16)] = ""
    minutes: Annotated[int, Field(ge=1, le=6000)] | None = None
    part: Code = ""
    place: PlaceIn | None = None
    corrects: UUID | None = None
    reason: Line = ""


class FileEntryIn(AtIn):
    """What goes with a photo or video of the work, as fields of the form: words, when, where, what it sets right."""

    text: Words = ""
    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    accuracy_metres: Annotated[int, Field(ge=0, le=100_000)] | None = None
    corrects: UUID | None = None
    reason: Line = ""

    @model_validator(mode="after")
    def _whole_place(self) -> "FileEntryIn":
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("a place needs both its latitude and its longitude")
        return self

    def place(self) -> Place | None:
        """Where it was taken, when that was said."""
        if self.latitude is None or self.longitude is None:
            return None
        return Place(self.latitude, self.longitude, self.accuracy_metres, "gps")


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


class MergeIn(AtIn):
    """The earlier order that reports the same matter, and why it is the same."""

    into: UUID
    reason: Words


class SplitPartIn(Schema):
    """What a further order is about."""

    words: Words
    machine: UUID | None = None
    serial: Line = ""
    fault_class: Code = ""
    severity: Severity | None = None


class SplitIn(AtIn):
    """What else a request asks for, each an order of its own; the order itself keeps the first matter."""

    parts: Annotated[list[SplitPartIn], Field(max_length=20)]
    reason: Words


class AskIn(AtIn):
    """What has to be known from the reporter, and until when it is waited for."""

    text: Words
    until: Moment


class ResultIn(AtIn):
    """A listed result."""

    result: Code
    note: Words = ""


class FollowUpIn(ResultIn):
    """A listed result; for a fault that was not resolved, a listed reason why the work does not go on."""

    decision: Code = ""


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


class RateIn(AtIn):
    """A customer's rating on the regulation's scale, with listed tags."""

    score: Annotated[int, Field(ge=1, le=100)]
    tags: Annotated[list[Code], Field(max_length=20)] = []
    words: Words = ""
    nps: Annotated[int, Field(ge=0, le=10)] | None = None
