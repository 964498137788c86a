"""Pure decisions about accounts: what a set of holdings allows."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from anxiu.accounts.choices import Bundle, Reach

# The apps whose permissions a bundle holds, to see and to do. What opens doors to others (accounts, keys, posts,
# webhooks, mailboxes) is in none of them: only a key that may do everything may do that.
APPS: Final[Mapping[Bundle, frozenset[str]]] = {
    Bundle.ORDERS: frozenset({"orders", "sla", "duties", "feedback"}),
    Bundle.RECORDS: frozenset({"customers", "equipment", "catalogue", "files"}),
    Bundle.WORKFORCE: frozenset({"workforce"}),
    Bundle.REGULATION: frozenset({"regulation", "uptake", "kpi"}),
}
INTAKE: Final = frozenset(
    {
        "orders.view", "orders.open_order", "orders.ask_question", "orders.note_reply", "orders.add_customer_media",
        "customers.view", "equipment.view", "catalogue.view", "feedback.rate",
    }
)


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


def narrowed(
    permissions: frozenset[str], bundles: Collection[Bundle], views: Collection[str]
) -> frozenset[str]:
    """What a key may do: of its owner's permissions those that its bundles hold. `views` are those to see only."""
    if Bundle.EVERYTHING in bundles:
        return permissions
    apps = frozenset[str]().union(*(APPS.get(each, frozenset()) for each in bundles))
    held = {each for each in permissions if each.partition(".")[0] in apps}
    if Bundle.READ in bundles:
        held |= permissions & frozenset(views)
    if Bundle.INTAKE in bundles:
        held |= permissions & INTAKE
    return frozenset(held)
