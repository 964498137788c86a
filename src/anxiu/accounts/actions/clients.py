"""Clients of service accounts (RFC 6749, 4.4): an id and a secret, for which a program gets short-lived access."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from anxiu.accounts.actions.keys import SECRET_BYTES
from anxiu.accounts.actions.services import to_serve
from anxiu.accounts.choices import Bundle
from anxiu.accounts.events import ClientAdded, ClientRevoked, ClientSecretAdded, ClientSecretRevoked
from anxiu.accounts.models import ApiToken, Client, ClientSecret
from anxiu.accounts.queries import ACCESS_LASTS, digest, services
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.kernel.events import Event, record

ID_BYTES: Final = 12  # source: own choice; not a secret, only unlike every other
SECRETS: Final = 2  # source: own choice; the old one works until the program has the new one
KEPT_AFTER: Final = timedelta(days=1)  # source: own choice; ended access says nothing that the access log does not


@action(posts={"administrator"})
def add_client(
    *, actor: Actor, at: datetime, service_id: int, label: str, bundles: Collection[Bundle]
) -> tuple[Client, str]:
    """Give a service account a client, for some of what it may do. The secret is answered once, never kept.

    Records: ClientAdded. Refuses: an account that is suspended or ended, an account above one's own, no bundle.
    """
    row = to_serve(actor, service_id)
    chosen = sorted(set(bundles))
    if not chosen:
        raise Invalid("accounts.no_bundle", field="bundles")
    client = Client.objects.create(
        person=row, client_id=f"anxiu-{secrets.token_hex(ID_BYTES)}", label=label, bundles=chosen, created_at=at
    )
    _tell(actor, at, client, ClientAdded(client.client_id, tuple(chosen)))
    return client, _new_secret(client, at)


def _new_secret(client: Client, at: datetime) -> str:
    secret = secrets.token_urlsafe(SECRET_BYTES)
    ClientSecret.objects.create(client=client, digest=digest(secret), created_at=at)
    return secret


def _tell(actor: Actor, at: datetime, client: Client, event: Event) -> None:
    owner = client.person
    record(event, subject=Subject("person", owner.pk), region_id=owner.region_id, actor=actor, at=at)


def _locked(actor: Actor, client_id: str) -> Client:
    client = Client.objects.filter(client_id=client_id, revoked_at=None, person__in=services(actor)).first()
    if client is None:
        raise NotFound("kernel.not_found")
    to_serve(actor, client.person_id, closed=True)
    return Client.objects.select_for_update(of=("self",)).select_related("person").get(pk=client.pk)


@action(posts={"administrator"})
def add_client_secret(*, actor: Actor, at: datetime, client_id: str) -> tuple[Client, str]:
    """Make a client's second secret, to change over to; the first works on until it is revoked.

    Records: ClientSecretAdded. Refuses: a client that was revoked or has two, an account above one's own.
    """
    client = _locked(actor, client_id)
    if client.secrets.filter(revoked_at=None).count() >= SECRETS:
        raise Invalid("accounts.two_secrets")
    _tell(actor, at, client, ClientSecretAdded(client.client_id))
    return client, _new_secret(client, at)


@action(posts={"administrator"})
def revoke_client_secret(*, actor: Actor, at: datetime, client_id: str, secret_id: int) -> Client:
    """Revoke one of a client's two secrets; access it gave ends with its hour.

    Records: ClientSecretRevoked. Refuses: a client that was revoked, its only secret, an account above one's own.
    """
    client = _locked(actor, client_id)
    rows = ClientSecret.objects.filter(client=client, revoked_at=None)
    if not rows.filter(pk=secret_id).exists():
        raise NotFound("kernel.not_found")
    if not rows.exclude(pk=secret_id).exists():
        raise Invalid("accounts.last_secret")
    rows.filter(pk=secret_id).update(revoked_at=at)
    _tell(actor, at, client, ClientSecretRevoked(client.client_id))
    return client


@action(posts={"administrator"})
def revoke_client(*, actor: Actor, at: datetime, client_id: str) -> None:
    """Revoke a client at once, with its secrets and the access it has.

    Records: ClientRevoked. Refuses: a client that was revoked, an account above one's own.
    """
    client = _locked(actor, client_id)
    client.revoked_at = at
    client.save(update_fields=["revoked_at"])
    ClientSecret.objects.filter(client=client, revoked_at=None).update(revoked_at=at)
    ApiToken.objects.filter(client=client, revoked_at=None).update(revoked_at=at)
    _tell(actor, at, client, ClientRevoked(client.client_id))


def grant_access(client: Client, secret: str, bundles: Collection[Bundle], at: datetime) -> None:
    """Keep the access a client was given, by its digest, and drop what ended long ago; nobody's verb."""
    ApiToken.objects.filter(client=client, expires_at__lt=at - KEPT_AFTER).delete()
    ApiToken.objects.create(
        person=client.person, client=client, label=client.label, digest=digest(secret), bundles=sorted(bundles),
        created_at=at, expires_at=at + ACCESS_LASTS,
    )  # fmt: skip


def give_access_back(client: Client, secret: str, at: datetime) -> None:
    """End access that this client was given (RFC 7009); of any other nothing is said and nothing changes."""
    ApiToken.objects.filter(client=client, digest=digest(secret), revoked_at=None).update(revoked_at=at)
