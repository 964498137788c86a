"""Pure decisions about channels: in which order they are asked, what a template says, how long a text may be."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from anxiu.customers.rules import masked_email, masked_phone
from anxiu.kernel.errors import Invalid
from anxiu.notify.choices import AddressKind, Carries

FACTS: Final = ("title", "number", "company", "kind")
_NAMED: Final = re.compile(r"^(?:(?P<name>[A-Za-z][A-Za-z0-9_]*)=)?(?P<fact>[a-z]+)$")
_CHINESE: Final = re.compile(r"^1[3-9]\d{9}$")  # source: numbering plan of China: mobile numbers have 11 digits


@dataclass(frozen=True, slots=True)
class Way:
    """A channel that is on, in its place: what it carries to people of ours, and whether customers are told by it."""

    medium: str
    use: str
    to_customers: bool


def route(
    ways: Sequence[Way], reachable: Collection[str], *, to_customer: bool, urgent: bool, chosen: str | None = None
) -> tuple[str, ...]:
    """The channels to ask, the first first. What somebody chose comes first; what is urgent keeps the rest behind it.

    An empty choice is one's own page only, which nobody can choose for what is urgent.
    """
    carrying = [each.medium for each in ways if each.medium in reachable and _carries(each, to_customer, urgent)]
    if chosen == "" and not urgent:
        return ()
    if chosen and chosen in reachable and any(each.medium == chosen for each in ways):
        return (chosen, *(each for each in carrying if each != chosen))
    return tuple(carrying)


def _carries(way: Way, to_customer: bool, urgent: bool) -> bool:  # noqa: FBT001 - private
    if to_customer:
        return way.to_customers
    return way.use == Carries.EVERYTHING or (urgent and way.use == Carries.URGENT)


@dataclass(frozen=True, slots=True)
class Template:
    """A vendor's template and what fills it: each a name of the template (or none, where order counts) and a fact."""

    code: str
    facts: tuple[tuple[str, str], ...]

    def filled(self, facts: Mapping[str, str]) -> list[tuple[str, str]]:
        """The names with what stands for them."""
        return [(name, facts[fact]) for name, fact in self.facts]


def template_of(line: str) -> Template:
    """Read `SMS_1234 title number` or `TM0042 thing1=title character_string2=number`; refuse what is neither."""
    code, *rest = line.split()
    pairs: list[tuple[str, str]] = []
    for each in rest or ("title", "number"):
        found = _NAMED.match(each)
        if not found or found["fact"] not in FACTS:
            raise Invalid("notify.bad_template", field="templates", part=each, known=", ".join(FACTS))
        pairs.append((found["name"] or found["fact"], found["fact"]))
    return Template(code, tuple(pairs))


def international(phone: str) -> str:
    """A number as both vendors take it, `+8613…`; empty where it is none that gets text messages."""
    digits = "".join(each for each in phone if each.isdigit() or each == "+")
    if digits.startswith("00"):
        digits = f"+{digits.removeprefix('00')}"
    if _CHINESE.match(digits):
        return f"+86{digits}"
    if digits.startswith("+86"):
        return digits if _CHINESE.match(digits.removeprefix("+86")) else ""
    return digits if digits.startswith("+") and digits.count("+") == 1 else ""


def clipped(text: str, most: int) -> str:
    """A text of at most this many bytes in UTF-8, cut between characters, with a mark where it was cut."""
    raw = text.encode()
    if len(raw) <= most:
        return text
    return raw[: most - len("…".encode())].decode(errors="ignore") + "…"


def masked_address(kind: str, value: str) -> str:
    """What everybody may see of an address."""
    match kind:
        case AddressKind.EMAIL:
            return masked_email(value)
        case AddressKind.PHONE:
            return masked_phone(value)
    return value and f"{value[:1]}…{value[-1:]}"
