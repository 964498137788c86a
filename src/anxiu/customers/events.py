"""What happens to customers, their sites and contacts. Names, addresses and numbers are sealed."""

from dataclasses import dataclass

from anxiu.kernel.events import Event, Sealed, event


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


@event("customers.contact_erased")
@dataclass(frozen=True)
class ContactErased(Event):
    """A contact's personal data was erased; whoever keeps a copy erases it too."""

    texts: int
