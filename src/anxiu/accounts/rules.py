"""Pure decisions about accounts: what a set of holdings allows."""

from collections.abc import Iterable
from dataclasses import dataclass

from anxiu.accounts.choices import Reach


@dataclass(frozen=True, slots=True)
class Held:
    """One post as held: its reach, the region it is held in if any, and its permissions."""

    reach: Reach
    region_id: int | None
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Grant:
    """What the holdings add up to. `regions` None means all of them."""

    permissions: frozenset[str]
    regions: frozenset[int] | None


def grant(held: Iterable[Held], home_region_id: int | None) -> Grant:
    """Add up holdings: permissions by union; regions by union, unless one reaches the whole company.

    A region post held without a region reaches the person's home region.
    """
    permissions: set[str] = set()
    regions: set[int] = set()
    everywhere = False
    for each in held:
        permissions |= each.permissions
        if each.reach is Reach.COMPANY:
            everywhere = True
        elif each.reach is Reach.REGION and (region := each.region_id or home_region_id):
            regions.add(region)
    return Grant(frozenset(permissions), None if everywhere else frozenset(regions))
