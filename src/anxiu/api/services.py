"""Service accounts and their clients: one operation a verb, and what their pages show."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router
from pydantic import StringConstraints

from anxiu.accounts import actions
from anxiu.accounts.models import ClientSecret, Person
from anxiu.accounts.queries import VIEW_POSTS, clients, history, service_by_uid, services, with_posts
from anxiu.api import service_schemas as s
from anxiu.api.account_schemas import HoldingIn, LineOfAccountOut
from anxiu.api.asking import PAGE, Cursor, Key, Limit
from anxiu.api.auth import actor_of
from anxiu.api.doing import IN_USE, REFUSED, UNREAD, Closed, act, paged
from anxiu.api.finding import one, region_key
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now

router = Router(tags=["organisation"])
ClientId = Annotated[str, StringConstraints(pattern=r"^anxiu-[0-9a-f]{24}$")]
Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]


@router.get("/services", response={200: s.ServicesOut, **UNREAD}, summary="List service accounts")
def list_services(
    request: HttpRequest, closed: Closed = IN_USE, after: Cursor = "", limit: Limit = PAGE
) -> s.ServicesOut:
    """Accounts of programs, newest first."""
    actor = actor_of(request)
    actor.require(VIEW_POSTS)
    rows = services(actor).filter(retired_at__isnull=not closed)
    return s.ServicesOut(**paged(with_posts(rows), after, limit, s.ServiceOut.of))


@router.get("/services/{uuid:uid}", response={200: s.ServiceDetailOut, **UNREAD}, summary="One service account")
def get_service(request: HttpRequest, uid: UUID) -> s.ServiceDetailOut:
    """A service account with its clients and the newest of what happened to it. Leaves an access row."""
    actor = actor_of(request)
    actor.require(VIEW_POSTS)
    row = service_by_uid(actor, uid)
    note_access(actor, AccessKind.DETAIL, "person", [row.pk], now())
    return s.ServiceDetailOut(
        service=s.ServiceOut.of(row), clients=[s.ClientOut.of(each) for each in clients(row)],
        history=[LineOfAccountOut.of(each) for each in history(row)],
    )  # fmt: skip


def _held(actor: Actor, given: list[HoldingIn]) -> tuple[tuple[str, int | None], ...]:
    return tuple((each.post, region_key(actor, each.region)) for each in given)


def _again(actor: Actor, row: Person) -> s.ServiceOut:
    return s.ServiceOut.of(service_by_uid(actor, row.uid))


@router.post("/services", response={201: s.ServiceOut, **REFUSED}, summary="Open a service account: add_service")
def add_service(request: HttpRequest, body: s.ServiceIn, key: Key) -> HttpResponse:
    """Open an account for a program; keys and clients are given to it afterwards."""

    def work(actor: Actor) -> s.ServiceOut:
        region, held = region_key(actor, body.region), _held(actor, body.posts)
        return _again(
            actor, actions.add_service(actor=actor, at=now(), name=body.name, posts=held, region_id=region)
        )

    return act(request, key, "accounts.add_service", work, status=201)


@router.post(
    "/services/{uuid:uid}/actions/change_service", response={200: s.ServiceOut, **REFUSED},
    summary="Change a service account",
)  # fmt: skip
def change_service(request: HttpRequest, uid: UUID, body: s.ServiceChangeIn, key: Key) -> HttpResponse:
    """Change the name, region or posts of a service account."""

    def work(actor: Actor) -> s.ServiceOut:
        row, said = service_by_uid(actor, uid), body.model_fields_set
        actions.change_service(
            actor=actor, at=now(), service_id=row.pk, name=body.name if "name" in said else None,
            posts=_held(actor, body.posts) if "posts" in said else None,
            place=(region_key(actor, body.region),) if "region" in said else None,
        )  # fmt: skip
        return _again(actor, row)

    return act(request, key, "accounts.change_service", work)


@router.post(
    "/services/{uuid:uid}/actions/suspend_service", response={200: s.ServiceOut, **REFUSED},
    summary="Suspend a service account",
)  # fmt: skip
def suspend_service(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Stop all keys and clients of a service account until it is resumed."""

    def work(actor: Actor) -> s.ServiceOut:
        row = service_by_uid(actor, uid)
        actions.suspend_service(actor=actor, at=now(), service_id=row.pk)
        return _again(actor, row)

    return act(request, key, "accounts.suspend_service", work)


@router.post(
    "/services/{uuid:uid}/actions/resume_service", response={200: s.ServiceOut, **REFUSED},
    summary="Resume a service account",
)  # fmt: skip
def resume_service(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Let a suspended service account work again."""

    def work(actor: Actor) -> s.ServiceOut:
        row = service_by_uid(actor, uid)
        actions.resume_service(actor=actor, at=now(), service_id=row.pk)
        return _again(actor, row)

    return act(request, key, "accounts.resume_service", work)


@router.post(
    "/services/{uuid:uid}/actions/retire_service", response={200: s.ServiceOut, **REFUSED},
    summary="End a service account",
)  # fmt: skip
def retire_service(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """End a service account for good; nothing it did is touched."""

    def work(actor: Actor) -> s.ServiceOut:
        row = service_by_uid(actor, uid)
        actions.retire_service(actor=actor, at=now(), service_id=row.pk)
        return _again(actor, row)

    return act(request, key, "accounts.retire_service", work)


# ---- clients ---------------------------------------------------------------------------------------------------------
def _client(actor: Actor, uid: UUID, client_id: str) -> s.ClientOut:
    return s.ClientOut.of(one(clients(service_by_uid(actor, uid)), client_id=client_id))


@router.post(
    "/services/{uuid:uid}/actions/add_client", response={201: s.ClientMadeOut, **REFUSED}, summary="Add a client"
)
def add_client(request: HttpRequest, uid: UUID, body: s.ClientIn, key: Key) -> HttpResponse:
    """Give a service account a client for OAuth 2 client credentials. The secret is answered once."""

    def work(actor: Actor) -> s.ClientMadeOut:
        row = service_by_uid(actor, uid)
        made, secret = actions.add_client(
            actor=actor, at=now(), service_id=row.pk, label=body.label, bundles=body.scopes
        )
        return s.ClientMadeOut(client=_client(actor, uid, made.client_id), secret=secret)

    return act(request, key, "accounts.add_client", work, status=201)


@router.post(
    "/services/{uuid:uid}/clients/{client_id}/actions/add_client_secret", response={201: s.ClientMadeOut, **REFUSED},
    summary="Make a client's second secret",
)  # fmt: skip
def add_client_secret(request: HttpRequest, uid: UUID, client_id: Path[ClientId], key: Key) -> HttpResponse:
    """Make a second secret to change over to. It is answered once; the first works on until it is revoked."""

    def work(actor: Actor) -> s.ClientMadeOut:
        _client(actor, uid, client_id)
        _, secret = actions.add_client_secret(actor=actor, at=now(), client_id=client_id)
        return s.ClientMadeOut(client=_client(actor, uid, client_id), secret=secret)

    return act(request, key, "accounts.add_client_secret", work, status=201)


@router.post(
    "/services/{uuid:uid}/clients/{client_id}/secrets/{fingerprint}/actions/revoke_client_secret",
    response={200: s.ClientOut, **REFUSED}, summary="Revoke one of a client's two secrets",
)  # fmt: skip
def revoke_client_secret(
    request: HttpRequest, uid: UUID, client_id: Path[ClientId], fingerprint: Path[Fingerprint], key: Key
) -> HttpResponse:
    """Revoke a secret. Access it gave ends with its hour."""

    def work(actor: Actor) -> s.ClientOut:
        client = one(clients(service_by_uid(actor, uid)), client_id=client_id)
        row = one(ClientSecret.objects.filter(client=client), digest__startswith=fingerprint)
        actions.revoke_client_secret(actor=actor, at=now(), client_id=client_id, secret_id=row.pk)
        return _client(actor, uid, client_id)

    return act(request, key, "accounts.revoke_client_secret", work)


@router.post(
    "/services/{uuid:uid}/clients/{client_id}/actions/revoke_client", response={200: s.ClientOut, **REFUSED},
    summary="Revoke a client",
)  # fmt: skip
def revoke_client(request: HttpRequest, uid: UUID, client_id: Path[ClientId], key: Key) -> HttpResponse:
    """Revoke a client at once, with its secrets and the access it has."""

    def work(actor: Actor) -> s.ClientOut:
        _client(actor, uid, client_id)
        actions.revoke_client(actor=actor, at=now(), client_id=client_id)
        return _client(actor, uid, client_id)

    return act(request, key, "accounts.revoke_client", work)
