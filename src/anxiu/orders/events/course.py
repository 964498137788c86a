"""What happens to an order on its course. Bodies hold ids and codes; words of people are sealed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from anxiu.kernel.events import Audience, Event, Sealed, event, upcast

CUSTOMER = Audience.CUSTOMER


@event("orders.opened", version=2, audience=CUSTOMER)
@dataclass(frozen=True)
class OrderOpened(Event):
    """A fault was reported, or other work asked for, and has an owner and clocks."""

    channel: str
    severity: str
    version_id: int
    owner_id: int
    words: Sealed
    customer_id: int | None = None
    machine_id: int | None = None
    contact_id: int | None = None
    fault_class_id: int | None = None
    out_of_hours: bool = False
    repeat_of: int | None = None
    guarantee_id: int | None = None
    order_type: str = "repair"


@upcast("orders.opened", 1)
def _only_repairs(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "order_type": "repair"}


@event("orders.customer_contacted", version=2, audience=CUSTOMER)
@dataclass(frozen=True)
class CustomerContacted(Event):
    """A person reached the customer, or tried to; and what they agreed on, where they said so."""

    result: str
    note: Sealed
    symptom_confirmed: bool = False
    time_agreed: bool = False


@upcast("orders.customer_contacted", 1)
def _nothing_agreed(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "symptom_confirmed": False, "time_agreed": False}


@event("orders.hand_over_proposed")
@dataclass(frozen=True)
class HandOverProposed(Event):
    """The owner asked somebody else to take the order."""

    to_owner_id: int


@event("orders.handed_over")
@dataclass(frozen=True)
class HandedOver(Event):
    """The order has a new owner, who accepted it."""

    from_owner_id: int
    to_owner_id: int


@event("orders.hand_over_declined")
@dataclass(frozen=True)
class HandOverDeclined(Event):
    """The order stays with its owner; counted as a bounce."""

    to_owner_id: int


@event("orders.severity_changed", audience=CUSTOMER)
@dataclass(frozen=True)
class SeverityChanged(Event):
    """The severity was corrected; the clocks keep their start."""

    before: str
    after: str
    reason: Sealed


@event("orders.version_adopted")
@dataclass(frozen=True)
class VersionAdopted(Event):
    """The order was moved to another version of the regulation; the clocks keep their start."""

    before: str
    after: str
    reason: Sealed


@event("orders.machine_identified", version=2)
@dataclass(frozen=True)
class MachineIdentified(Event):
    """It became known which customer and machine the request is about, and with them what it repeats."""

    customer_id: int | None
    machine_id: int | None
    fault_class_id: int | None
    repeat_of: int | None = None
    guarantee_id: int | None = None


@event("orders.repeat_unlinked", version=2)
@dataclass(frozen=True)
class RepeatUnlinked(Event):
    """The link to the earlier order was undone, with a reason; and its guarantee, if that made this order free."""

    repeat_of: int
    reason: Sealed
    guarantee_id: int | None = None


@event("orders.visit_booked", audience=CUSTOMER)
@dataclass(frozen=True)
class VisitBooked(Event):
    """An engineer was asked to come at a time."""

    visit_id: int
    engineer_id: int
    starts_at: datetime
    ends_at: datetime


@event("orders.visit_rescheduled", audience=CUSTOMER)
@dataclass(frozen=True)
class VisitRescheduled(Event):
    """The time or the engineer of the visit changed."""

    visit_id: int
    engineer_id: int
    starts_at: datetime
    ends_at: datetime
    reason: str
    note: Sealed


@event("orders.visit_accepted", audience=CUSTOMER)
@dataclass(frozen=True)
class VisitAccepted(Event):
    """The engineer took the order."""

    visit_id: int
    engineer_id: int


@event("orders.visit_declined")
@dataclass(frozen=True)
class VisitDeclined(Event):
    """The engineer did not take the order."""

    visit_id: int
    engineer_id: int
    reason: str
    note: Sealed


@event("orders.prepared")
@dataclass(frozen=True)
class Prepared(Event):
    """Tools and parts are ready."""

    visit_id: int
    checked: tuple[str, ...]


@event("orders.departed", audience=CUSTOMER)
@dataclass(frozen=True)
class Departed(Event):
    """The engineer is on the way."""

    visit_id: int


@event("orders.arrived", audience=CUSTOMER)
@dataclass(frozen=True)
class Arrived(Event):
    """The engineer is on site."""

    visit_id: int
    proof: str
    distance_metres: int | None
    flag: str


@event("orders.assessed", audience=CUSTOMER)
@dataclass(frozen=True)
class Assessed(Event):
    """The state of the machine was taken and a plan made."""

    fault_class_id: int | None
    finding: Sealed


@event("orders.entry_added")
@dataclass(frozen=True)
class EntryAdded(Event):
    """A line was added to the work record."""

    entry_id: int
    entry_kind: str
    code: str
    text: Sealed
    minutes: int | None = None
    part_id: int | None = None
    quantity: str = ""


@event("orders.suspended", audience=CUSTOMER)
@dataclass(frozen=True)
class Suspended(Event):
    """Work is interrupted for a listed reason until a date."""

    reason: str
    until: datetime
    pauses_clocks: bool
    note: Sealed


@event("orders.resumed", audience=CUSTOMER)
@dataclass(frozen=True)
class Resumed(Event):
    """Work goes on."""


@event("orders.repair_completed", audience=CUSTOMER)
@dataclass(frozen=True)
class RepairCompleted(Event):
    """The engineer finished the work."""

    resolved: bool
    cause: Sealed
    solution: Sealed


@event("orders.signed_off", version=2, audience=CUSTOMER)
@dataclass(frozen=True)
class SignedOff(Event):
    """The customer signed the document whose digest is kept; `flags` names what a gate of the step still missed."""

    means: str
    document_digest: str
    signer: Sealed
    remarks: Sealed
    flags: tuple[str, ...] = ()


@event("orders.sign_off_refused", version=2, audience=CUSTOMER)
@dataclass(frozen=True)
class SignOffRefused(Event):
    """The customer did not sign; that is an outcome too."""

    means: str
    document_digest: str
    reason: str
    remarks: Sealed
    flags: tuple[str, ...] = ()


@upcast("orders.signed_off", 1)
def _signed_without_flags(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "flags": []}


@upcast("orders.sign_off_refused", 1)
def _refused_without_flags(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "flags": []}


@event("orders.sign_off_superseded", audience=CUSTOMER)
@dataclass(frozen=True)
class SignOffSuperseded(Event):
    """The record was corrected after the customer's word on it: what was signed stays, and is to be signed again."""

    sign_off_id: int
    document_digest: str
    entry_id: int
    reason: Sealed


@event("orders.document_issued", audience=CUSTOMER)
@dataclass(frozen=True)
class DocumentIssued(Event):
    """A report or certificate was made and kept."""

    document_kind: str
    language: str
    digest: str


@event("orders.guarantee_given", audience=CUSTOMER)
@dataclass(frozen=True)
class GuaranteeGiven(Event):
    """The repair carries a guarantee until a date."""

    guarantee_id: int
    until_date: date
    days: int


@event("orders.guarantee_corrected")
@dataclass(frozen=True)
class GuaranteeCorrected(Event):
    """The parts that the guarantee covers were set right with the record; its period stays."""

    guarantee_id: int
    part_ids: tuple[int, ...]


@event("orders.guarantee_claimed", version=2, audience=CUSTOMER)
@dataclass(frozen=True)
class GuaranteeClaimed(Event):
    """A part that an earlier repair put in failed inside that repair's guarantee: this order is free of charge."""

    guarantee_id: int
    guarantee: str
    part_id: int
    part: str
    repeat_of: int



@event("orders.followed_up")
@dataclass(frozen=True)
class FollowedUp(Event):
    """Somebody asked the customer afterwards how it went."""

    result: str
    note: Sealed


@event("orders.continued", audience=CUSTOMER)
@dataclass(frozen=True)
class Continued(Event):
    """The fault was not resolved, and a further order goes on with it."""

    by_order_id: int
    by_number: str


@event("orders.unresolved_accepted")
@dataclass(frozen=True)
class UnresolvedAccepted(Event):
    """The fault was not resolved, and the customer decided that the work does not go on."""

    reason: str
    note: Sealed


@event("orders.archived", audience=CUSTOMER)
@dataclass(frozen=True)
class Archived(Event):
    """The file is complete and locked."""


@event("orders.cancelled", audience=CUSTOMER)
@dataclass(frozen=True)
class Cancelled(Event):
    """The order ended without the work being done."""

    reason: str
    note: Sealed


@event("orders.question_asked", audience=CUSTOMER)
@dataclass(frozen=True)
class QuestionAsked(Event):
    """The customer asked something."""

    question_id: int
    owner_id: int
    text: Sealed


@event("orders.question_answered", audience=CUSTOMER)
@dataclass(frozen=True)
class QuestionAnswered(Event):
    """The customer got an answer."""

    question_id: int
    text: Sealed


@event("orders.media_added", audience=CUSTOMER)
@dataclass(frozen=True)
class MediaAdded(Event):
    """Photos or video joined the order."""

    count: int
    purpose: str
