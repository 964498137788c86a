"""What happens to customers, their sites and contacts. Names, addresses and numbers are sealed."""

from dataclasses import dataclass
from typing import Any

from anxiu.customers.choices import ConsentMeans, EraseReason, Use
from anxiu.kernel.events import Event, Sealed, event, upcast


@event("customers.customer_added")
@dataclass(frozen=True)
class CustomerAdded(Event):
    """A customer was taken on."""

    code: str
    tier: str
    name: Sealed


@event("customers.customer_changed")
@dataclass(frozen=True)
class CustomerChanged(Event):
    """Details of a customer were changed; `to` holds the new ones."""

    fields: tuple[str, ...]
    to: Sealed


@event("customers.agent_assigned")
@dataclass(frozen=True)
class AgentAssigned(Event):
    """A key customer was given an agent of their own, or none."""

    person_id: int | None


@event("customers.customer_retired")
@dataclass(frozen=True)
class CustomerRetired(Event):
    """A customer is served no longer."""


@event("customers.site_added")
@dataclass(frozen=True)
class SiteAdded(Event):
    """A customer has a site."""

    customer_id: int
    name: Sealed
    address: Sealed


@event("customers.site_changed")
@dataclass(frozen=True)
class SiteChanged(Event):
    """Details of a site were changed; `to` holds the new ones."""

    fields: tuple[str, ...]
    to: Sealed


@event("customers.site_retired")
@dataclass(frozen=True)
class SiteRetired(Event):
    """A site is no longer served."""


@event("customers.contact_added")
@dataclass(frozen=True)
class ContactAdded(Event):
    """Somebody at a customer became known to us."""

    customer_id: int
    site_id: int | None
    name: Sealed
    phone: Sealed
    email: Sealed


@event("customers.contact_changed")
@dataclass(frozen=True)
class ContactChanged(Event):
    """Details of a contact were changed; `to` holds the new ones."""

    fields: tuple[str, ...]
    to: Sealed


@event("customers.contact_retired")
@dataclass(frozen=True)
class ContactRetired(Event):
    """A contact is no longer there."""


@event("customers.contact_erased", version=2)
@dataclass(frozen=True)
class ContactErased(Event):
    """A contact's personal data was erased; whoever keeps a copy erases it too, and with `photos` what they sent."""

    texts: int
    why: EraseReason
    photos: bool


@upcast("customers.contact_erased", 1)
def _asked(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "why": EraseReason.ASKED.value, "photos": False}


@event("customers.customer_erased")
@dataclass(frozen=True)
class CustomerErased(Event):
    """The personal data of a private customer was erased: name, sites and whoever spoke for them."""

    texts: int
    contacts: int
    why: EraseReason
    photos: bool


@event("customers.consent_given")
@dataclass(frozen=True)
class ConsentGiven(Event):
    """Somebody agreed to a use of their data, in answer to a version of the wording."""

    use: Use
    means: ConsentMeans
    wording: int


@event("customers.consent_declined")
@dataclass(frozen=True)
class ConsentDeclined(Event):
    """Somebody did not agree to a use of their data, or no longer."""

    use: Use
    means: ConsentMeans
    wording: int
