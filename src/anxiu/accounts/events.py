"""What happens to people, posts and links."""

from dataclasses import dataclass
from typing import Any

from anxiu.accounts.choices import Bundle
from anxiu.kernel.events import Event, Sealed, event, upcast


@event("accounts.person_added")
@dataclass(frozen=True)
class PersonAdded(Event):
    """A person was given an account."""

    name: Sealed
    email: Sealed
    posts: tuple[str, ...]


@event("accounts.person_changed")
@dataclass(frozen=True)
class PersonChanged(Event):
    """Fields of a person were changed."""

    fields: tuple[str, ...]


@event("accounts.person_retired")
@dataclass(frozen=True)
class PersonRetired(Event):
    """A person left; the account no longer opens."""


@event("accounts.person_erased")
@dataclass(frozen=True)
class PersonErased(Event):
    """A person who left was erased; whoever keeps a copy, a picture or a proof erases it too."""

    texts: int


@event("accounts.post_changed")
@dataclass(frozen=True)
class PostChanged(Event):
    """A post's permissions were changed."""

    post: str
    granted: tuple[str, ...]
    withdrawn: tuple[str, ...]


@event("accounts.token_issued", version=2)
@dataclass(frozen=True)
class TokenIssued(Event):
    """A program was given a key, for these parts of what its owner may do."""

    token_id: int
    bundles: tuple[Bundle, ...]


@upcast("accounts.token_issued", 1)
def _issued_whole(body: dict[str, Any]) -> dict[str, Any]:
    """Before keys were narrowed each could do what its owner may."""
    return {**body, "bundles": [Bundle.EVERYTHING.value]}


@event("accounts.token_revoked")
@dataclass(frozen=True)
class TokenRevoked(Event):
    """A program's key was revoked."""

    token_id: int


@event("accounts.password_link_made")
@dataclass(frozen=True)
class PasswordLinkMade(Event):
    """A one-time link to choose a password was made."""


@event("accounts.service_added")
@dataclass(frozen=True)
class ServiceAdded(Event):
    """A program was given an account of its own."""

    name: Sealed
    posts: tuple[str, ...]


@event("accounts.service_changed")
@dataclass(frozen=True)
class ServiceChanged(Event):
    """The name, region or posts of a service account were changed."""

    fields: tuple[str, ...]


@event("accounts.service_suspended")
@dataclass(frozen=True)
class ServiceSuspended(Event):
    """A service account was suspended: none of its keys opens until it is resumed."""


@event("accounts.service_resumed")
@dataclass(frozen=True)
class ServiceResumed(Event):
    """A suspended service account works again."""


@event("accounts.service_retired")
@dataclass(frozen=True)
class ServiceRetired(Event):
    """A service account was ended, with all its keys and clients."""


@event("accounts.client_added")
@dataclass(frozen=True)
class ClientAdded(Event):
    """A service account was given a client for these parts of what it may do."""

    client: str
    bundles: tuple[Bundle, ...]


@event("accounts.client_secret_added")
@dataclass(frozen=True)
class ClientSecretAdded(Event):
    """A client was given a second secret, to change over to."""

    client: str


@event("accounts.client_secret_revoked")
@dataclass(frozen=True)
class ClientSecretRevoked(Event):
    """One secret of a client was revoked."""

    client: str


@event("accounts.client_revoked")
@dataclass(frozen=True)
class ClientRevoked(Event):
    """A client was revoked, with the access it had."""

    client: str


@event("accounts.identity_linked")
@dataclass(frozen=True)
class IdentityLinked(Event):
    """A person came by the company's login service for the first time, known by their confirmed address."""


@event("accounts.region_added")
@dataclass(frozen=True)
class RegionAdded(Event):
    """A region was added."""

    code: str


@event("accounts.region_changed")
@dataclass(frozen=True)
class RegionChanged(Event):
    """A region's names or time zone were changed."""

    fields: tuple[str, ...]


@event("accounts.outlet_added")
@dataclass(frozen=True)
class OutletAdded(Event):
    """An outlet was added."""

    code: str


@event("accounts.outlet_changed")
@dataclass(frozen=True)
class OutletChanged(Event):
    """An outlet's names, region or kind were changed."""

    fields: tuple[str, ...]
