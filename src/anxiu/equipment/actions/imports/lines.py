"""Lines of an import, read but not yet taken in: typed, in the words of the file, with the line they stand on."""

from collections.abc import Iterator
from dataclasses import Field, dataclass, fields
from datetime import date
from typing import Any, ClassVar, Final, Protocol

from django.utils.crypto import salted_hmac

from anxiu.kernel.errors import Refusal
from anxiu.kernel.geo import Place
from anxiu.kernel.money import Money
from anxiu.workforce.choices import QualificationKind


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that is refused, and why."""

    line: int
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """A customer and, when named, one site and one contact; several lines may speak of one customer."""

    line: int
    key: str
    name: str
    region: str
    tier: str = ""
    language: str = ""
    site: str = ""
    address: str = ""
    place: Place | None = None
    contact: str = ""
    phone: str = ""
    email: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class MachineLine:
    """A machine. Customer by code, site by name, model by code, what it is part of by key or serial."""

    line: int
    key: str
    model: str
    customer: str
    site: str
    maker: str = ""
    serial: str = ""
    name: str = ""
    position: str = ""
    installed_on: date | None = None
    sold_on: date | None = None
    warranty_until: date | None = None
    parent: str = ""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order from before. The machine by key or serial; without a number it is told apart by what it says.

    `nth` counts the lines without a number that say the same: the second is another order.
    """

    line: int
    machine: str
    date: date
    key: str = ""
    text: str = ""
    kind: str = ""
    cost: Money | None = None
    nth: int = 0


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A model of a maker, and its family: one that is known by its code, or a new one with its name and warranty."""

    line: int
    model: str
    maker: str
    name: str
    family: str
    family_name: str = ""
    family_name_en: str = ""
    warranty_months: int | None = None


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part with its price, and the families it fits; without any it fits everything."""

    line: int
    key: str
    name: str
    name_en: str = ""
    unit: str = ""
    price: Money | None = None
    families: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody with an account and, where a grade is given, with work as an engineer.

    `key` is the number the other system knows them by; an engineer has it here too. Posts, region, outlet and grade are
    by code or name.
    """

    line: int
    name: str
    email: str
    posts: tuple[str, ...]
    key: str = ""
    name_en: str = ""
    phone: str = ""
    region: str = ""
    outlet: str = ""
    language: str = ""
    grade: str = ""
    started_on: date | None = None
    base: Place | None = None


@dataclass(frozen=True, slots=True)
class QualificationLine:
    """What an engineer, by number or address, holds: a skill with its level, a certificate, or the induction."""

    line: int
    engineer: str
    kind: QualificationKind
    valid_from: date
    name: str = ""
    level: int | None = None
    issuer: str = ""
    number: str = ""
    valid_to: date | None = None


class Line(Protocol):
    """A line of any kind: a frozen dataclass, also of a higher app, that knows where it stands."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def line(self) -> int: ...


class Lines(Protocol):
    """A file's lines, which can be read again: a transaction that lost a deadlock starts over."""

    def __iter__(self) -> Iterator[Line | Problem]: ...


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is kept of a file itself."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Placement:
    """Where machines are put that orders speak of and nobody knows: model, customer and site as in a machine's line."""

    model: str
    customer: str
    site: str
    maker: str = ""


def digest_of(*parts: object) -> str:
    """A digest of what a line says, keyed with the installation's secret so that nobody can guess the line from it."""
    text = "\x1f".join("" if each is None else str(each) for each in parts)
    return salted_hmac("anxiu.equipment.import", text, algorithm="sha256").hexdigest()


UNSAID: Final = frozenset({"line", "nth"})


def digest_of_line(line: Line) -> str:
    """The digest of all a line says, but for where it stands and how often."""
    return digest_of(*(getattr(line, each.name) for each in fields(line) if each.name not in UNSAID))


def said_by(line: Line) -> dict[str, str]:
    """What a line says, field by field, as it will be kept; empty fields are left out."""
    found: dict[str, str] = {}
    for each in fields(line):
        value = getattr(line, each.name)
        if each.name in UNSAID or value in (None, "", ()):
            continue
        if isinstance(value, Place):
            found |= {"latitude": str(value.latitude), "longitude": str(value.longitude)}
        else:
            found[each.name] = _shown(value)
    return found


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return f"{value.amount} {value.currency}" if isinstance(value, Money) else str(value)
