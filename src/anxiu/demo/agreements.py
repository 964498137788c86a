"""The demo company's service contracts: one for each key and contract customer, of every level, some near their end."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from random import Random
from typing import Final

from anxiu.contracts.choices import CoverLevel
from anxiu.contracts.importing import ContractLine
from anxiu.customers.choices import Tier
from anxiu.demo.hours import DAY
from anxiu.equipment.actions import CustomerLine, MachineLine
from anxiu.kernel.money import Money
from anxiu.regulation.choices import OrderType

SEED: Final = 20260301  # dice of their own: everything else is played as it was without contracts
LEVELS: Final = (CoverLevel.LABOUR, CoverLevel.LIMITED, CoverLevel.FULL)
A_MACHINE: Final = {CoverLevel.LABOUR: 2400, CoverLevel.LIMITED: 4800, CoverLevel.FULL: 10800}  # yuan a year
LIMIT: Final = Decimal(500)
VISITS: Final = {CoverLevel.LABOUR: 2, CoverLevel.LIMITED: 4, CoverLevel.FULL: 12}
PLANNED: Final = (OrderType.REPAIR, OrderType.MAINTENANCE, OrderType.INSPECTION)
LATEST: Final = 270  # days since the youngest and oldest contract of those that run began


def agreed(
    customers: Sequence[CustomerLine], machines: Sequence[MachineLine], at: datetime
) -> list[ContractLine]:
    """A contract a customer of the better tiers, some for one of two sites, some for two of four machines."""
    dice = Random(SEED)
    lines: list[ContractLine] = []
    for _, group in groupby(customers, key=lambda each: each.key):
        sites = list(group)
        if sites[0].tier in (Tier.KEY, Tier.CONTRACT):
            theirs = [each for each in machines if each.customer == sites[0].key]
            lines.append(_contract(dice, sites, theirs, len(lines), at))
    return lines


def _contract(
    dice: Random, sites: Sequence[CustomerLine], theirs: Sequence[MachineLine], number: int, at: datetime
) -> ContractLine:
    customer, level = sites[0], LEVELS[number % len(LEVELS)]
    if customer.tier == Tier.KEY:
        level = CoverLevel.FULL
    starts_on = (at - dice.randrange(LATEST) * DAY).date()
    site = sites[0].site if len(sites) > 1 and number % 2 else ""
    some = tuple(each.key for each in theirs[:2]) if not site and number % 7 == 3 else ()
    covered = len(some) or len([each for each in theirs if each.site == site] if site else theirs)
    return ContractLine(
        line=number + 2, key=f"WB-{starts_on:%Y}-{number + 1:04}", customer=customer.key, level=level,
        starts_on=starts_on, ends_on=_a_year_on(starts_on),
        parts_limit=Money.of(LIMIT) if level == CoverLevel.LIMITED else None,
        value=Money.of(Decimal(A_MACHINE[level] * covered)), visits_per_year=VISITS[level],
        order_types=PLANNED if number % 3 == 1 else (), site=site, machines=some,
    )  # fmt: skip


def _a_year_on(first: date) -> date:
    """The last day of a year; of one that begins on 29 February the year has a day more."""
    again = first.replace(year=first.year + 1, month=3, day=1) if (first.month, first.day) == (2, 29) else None
    return (again or first.replace(year=first.year + 1)) - DAY
