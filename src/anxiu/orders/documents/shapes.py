"""What the documents of an order are made of. Whoever issues one fills these; the templates read nothing else.

Texts are plain, in the document's language where there is a choice. Times are aware instants, shown in the site's time
zone. An empty text or None is shown as a dash; an empty list leaves its section out.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from anxiu.files.documents import Picture
from anxiu.kernel.money import Money


class Outcome(StrEnum):
    """How a promised time came out; a clock that still runs or never ran has none."""

    KEPT = "kept"
    BROKEN = "broken"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Company:
    """Who issues the document."""

    name: str
    phone: str = ""
    address: str = ""
    logo: Picture | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """For whom the work was done, and where."""

    name: str
    site: str = ""
    address: str = ""
    contact: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Machine:
    """What was worked on; `cover` says in words whether warranty or contract pays."""

    name: str
    model: str = ""
    serial: str = ""
    place: str = ""
    cover: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A step of the work: what was promised and what was done; `took` with pauses, `net` without them."""

    step: str
    due_at: datetime | None = None
    at: datetime | None = None
    took: timedelta | None = None
    outcome: Outcome | None = None
    note: str = ""
    net: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the work record."""

    at: datetime
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part that was used; `price` None means that no price is shown."""

    code: str
    name: str
    quantity: str
    serial: str = ""
    price: Money | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Labour:
    """Somebody's time on the work."""

    who: str
    kind: str
    took: timedelta


@dataclass(frozen=True, slots=True)
class Measurement:
    """A measured value; `within` None means that no limits are given."""

    name: str
    value: str
    unit: str = ""
    limits: str = ""
    within: bool | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of the work, small enough to print: `anxiu.files.pictures.printable` makes it so."""

    picture: Picture
    caption: str = ""
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Video:
    """A video of the work: it cannot be printed, so its name and the SHA-256 of its bytes stand for it."""

    at: datetime
    author: str
    name: str
    digest: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Charge:
    """A line of what the work costs."""

    name: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Point:
    """Something the customer still waits for."""

    text: str
    owner: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class SignOff:
    """The customer's word: a signature, or a refusal with its reason. `document_digest` is of what was shown."""

    signer: str
    at: datetime
    signature: Picture | None = None
    means: str = ""
    place: str = ""
    remarks: str = ""
    refused_because: str = ""
    document_digest: str = ""
    witness: str = ""
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where the order's record stands in the chain of events: proof against the issuer himself."""

    position: int
    head: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """The service report."""

    company: Company
    number: str
    order_type: str
    severity: str
    issued_at: datetime
    customer: Customer
    machine: Machine | None
    fault: str
    fault_class: str = ""
    finding: str = ""
    cause: str = ""
    solution: str = ""
    result: str = ""
    engineers: tuple[str, ...] = ()
    moments: tuple[Moment, ...] = ()
    entries: tuple[Entry, ...] = ()
    parts: tuple[Part, ...] = ()
    labour: tuple[Labour, ...] = ()
    labour_total: timedelta | None = None
    measurements: tuple[Measurement, ...] = ()
    photos: tuple[Photo, ...] = ()
    charges: tuple[Charge, ...] = ()
    total: Money | None = None
    free_because: str = ""
    points: tuple[Point, ...] = ()
    sign_off: SignOff | None = None
    guarantee: str = ""
    receipt: Receipt | None = None
    videos: tuple[Video, ...] = ()


@dataclass(frozen=True, slots=True)
class Guarantee:
    """The quality guarantee certificate."""

    company: Company
    number: str
    order_number: str
    customer: Customer
    machine: Machine | None
    repaired: str
    parts: tuple[str, ...]
    from_date: date
    until_date: date
    days: int
    issued_at: datetime
    issued_by: str = ""
    statutory: str = ""
    receipt: Receipt | None = None
