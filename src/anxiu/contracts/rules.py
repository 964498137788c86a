"""Pure decisions about contracts: whether one runs on a day, and what an order is entitled to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from anxiu.contracts.choices import Basis, Because, ContractState, CoverLevel
from anxiu.equipment.rules import Cover
from anxiu.kernel.money import Money
from anxiu.regulation.choices import OrderType

LEVELS: Final = tuple(CoverLevel)
# A warranty answers for faults; what is done on a plan is agreed in a contract or paid.
FAULTS: Final = frozenset({OrderType.REPAIR, OrderType.REMOTE})
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """What of a contract decides an entitlement; its last day belongs to it, no order types means all of them."""

    contract_id: int
    number: str
    level: CoverLevel
    starts_on: date
    ends_on: date
    order_types: frozenset[OrderType] = frozenset()
    parts_limit: Money | None = None

    def covers(self, order_type: OrderType) -> bool:
        """Whether orders of this type are part of it."""
        return not self.order_types or order_type in self.order_types

    @property
    def worth(self) -> tuple[int, int]:
        """How much it pays for; limits are compared by amount, as a company has one currency for such things."""
        return LEVELS.index(self.level), self.parts_limit.minor if self.parts_limit else 0


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Who pays for a service, the last day that holds, what it follows from, and the contract it was judged by."""

    basis: Basis
    because: Because
    until: date | None = None
    terms: Terms | None = None


def state(starts_on: date, ends_on: date, on: date) -> ContractState:
    """Where a contract is on a day; one that was ended before it began never was, and is over at any time."""
    if ends_on < starts_on:
        return ContractState.OVER
    if on < starts_on:
        return ContractState.COMING
    return ContractState.RUNNING if on <= ends_on else ContractState.OVER


def entitlement(
    *, order_type: OrderType, on: date, warranty: Cover | None, terms: Sequence[Terms]
) -> Entitlement:
    """Warranty first, for faults; then the contract that pays for most; else it is charged, with what comes nearest.

    `terms` are the contracts that speak of the machine or site, whatever their time and types.
    """
    if warranty is not None and warranty.in_warranty and order_type in FAULTS:
        return Entitlement(Basis.WARRANTY, Because.IN_WARRANTY, warranty.until)
    running = [each for each in terms if state(each.starts_on, each.ends_on, on) == ContractState.RUNNING]
    if fitting := [each for each in running if each.covers(order_type)]:
        best = max(fitting, key=lambda each: (each.worth, each.ends_on, each.contract_id))
        return Entitlement(Basis.CONTRACT, Because.COVERED, best.ends_on, best)
    return _charged([each for each in terms if each.starts_on <= each.ends_on], running, on)


def _charged(terms: Sequence[Terms], running: Sequence[Terms], on: date) -> Entitlement:
    """Why nothing pays, by the contract that comes nearest; of those that never were nothing is said."""
    if running:
        last = max(running, key=lambda each: (each.ends_on, each.contract_id))
        return Entitlement(Basis.CHARGEABLE, Because.OTHER_TYPES, last.ends_on, last)
    if past := [each for each in terms if each.ends_on < on]:
        last = max(past, key=lambda each: (each.ends_on, each.contract_id))
        return Entitlement(Basis.CHARGEABLE, Because.OVER, last.ends_on, last)
    if terms:
        first = min(terms, key=lambda each: (each.starts_on, each.contract_id))
        return Entitlement(Basis.CHARGEABLE, Because.COMING, first.starts_on - DAY, first)
    return Entitlement(Basis.CHARGEABLE, Because.NONE)
