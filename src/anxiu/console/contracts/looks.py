"""What pages show of contracts: their state, how long they still run, what they cover; and who pays for a service."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anxiu.contracts.choices import Basis, ContractState, CoverLevel
from anxiu.contracts.messages import BASES, LEVELS, REASONS, STATES
from anxiu.contracts.models import Contract
from anxiu.contracts.queries import entitlements, named_counts, state_of
from anxiu.contracts.rules import Entitlement
from anxiu.equipment.models import Machine
from anxiu.orders.messages import TYPES
from anxiu.regulation.choices import OrderType

SOON_DAYS: Final = 60  # source: own choice; long enough to agree on the next contract
LEVEL_TONES: Final = {CoverLevel.LABOUR: "grey", CoverLevel.LIMITED: "blue", CoverLevel.FULL: "teal"}
BASIS_TONES: Final = {Basis.WARRANTY: "green", Basis.CONTRACT: "teal", Basis.CHARGEABLE: "amber"}
WHOLE: Final = 100  # source: per cent


def dress(rows: Iterable[Contract], on: date) -> list[Contract]:
    """Contracts with their words and tones on a day; one statement for what they name."""
    found = list(rows)
    named = named_counts([row.pk for row in found if not row.covers_all])
    for row in found:
        state = state_of(row, on)
        row.state_words, row.state_tone = STATES[state], _tone(row, state, on)  # type: ignore[attr-defined]
        row.level_words = LEVELS[CoverLevel(row.level)]  # type: ignore[attr-defined]
        row.level_tone = LEVEL_TONES[CoverLevel(row.level)]  # type: ignore[attr-defined]
        row.left_words = _left(row, state, on)  # type: ignore[attr-defined]
        row.elapsed = _elapsed(row, on)  # type: ignore[attr-defined]
        row.cover_words = _covered(row, *named.get(row.pk, (0, 0)))  # type: ignore[attr-defined]
        row.types_words = [TYPES[OrderType(each)] for each in row.order_types]  # type: ignore[attr-defined]
    return found


def _tone(row: Contract, state: ContractState, on: date) -> str:
    if state == ContractState.RUNNING:
        return "amber" if (row.ends_on - on).days <= SOON_DAYS else "green"
    return "blue" if state == ContractState.COMING else "grey"


def _left(row: Contract, state: ContractState, on: date) -> str:
    """How long until the next thing happens to a contract, in words."""
    if state == ContractState.COMING:
        days = (row.starts_on - on).days
        return ngettext("begins tomorrow", "begins in {days} days", days).format(days=days)
    if state == ContractState.OVER:
        return ""
    days = (row.ends_on - on).days
    if days == 0:
        return _("last day today")
    return ngettext("ends tomorrow", "{days} days left", days).format(days=days)


def _elapsed(row: Contract, on: date) -> int:
    """How much of its time is over, in per cent."""
    whole, gone = (row.ends_on - row.starts_on).days + 1, (on - row.starts_on).days
    return max(0, min(WHOLE, WHOLE * gone // whole)) if whole > 0 else WHOLE


def _covered(row: Contract, sites: int, machines: int) -> str:
    if row.covers_all:
        return _("all the customer has")
    found = []
    if sites:
        found.append(ngettext("{count} site", "{count} sites", sites).format(count=sites))
    if machines:
        found.append(ngettext("{count} machine", "{count} machines", machines).format(count=machines))
    return _(", ").join(found) or _("nothing")


def reason(found: Entitlement) -> str:
    """What an entitlement follows from, in words."""
    number = found.terms.number if found.terms else ""
    until = found.until.isoformat() if found.until else "–"
    return str(REASONS[found.because]).format(number=number, until=until)


@dataclass(frozen=True, slots=True)
class Entitled:
    """Who pays, in words, with the tone that goes with it and the reason."""

    words: object
    tone: str
    reason: str
    level: object


def words_of(found: Entitlement | None) -> Entitled | None:
    """An entitlement as pages show it."""
    if found is None:
        return None
    pays = found.terms.level if found.basis == Basis.CONTRACT and found.terms else None
    return Entitled(BASES[found.basis], BASIS_TONES[found.basis], reason(found), LEVELS[pays] if pays else "")


def entitled(machine: Machine, on: date, order_type: OrderType = OrderType.REPAIR) -> Entitled | None:
    """Who would pay for a service to a machine on a day."""
    return words_of(entitlements([machine], order_type, on)[machine.pk])
