"""What the API says and takes about service accounts and their clients."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from anxiu.accounts.choices import Bundle
from anxiu.accounts.models import Client, Person
from anxiu.api.account_schemas import HoldingIn, HoldingOut, LineOfAccountOut, Name
from anxiu.api.doing import Changes, SlugOrNone


class ServiceOut(BaseModel):
    """A program's own account. Suspended it is neither active nor ended."""

    uid: UUID
    name: str
    region: str
    posts: list[HoldingOut]
    is_active: bool
    created_at: datetime
    ended_at: datetime | None

    @staticmethod
    def of(row: Person) -> "ServiceOut":
        """From a row with place and posts."""
        held = [
            HoldingOut(post=each.post.code, region=each.region.code if each.region else "")
            for each in row.holdings.all()
        ]
        return ServiceOut(
            uid=row.uid, name=row.name, region=row.region.code if row.region else "", posts=held,
            is_active=row.is_active, created_at=row.created_at, ended_at=row.retired_at,
        )  # fmt: skip


class ServicesOut(BaseModel):
    """A page of service accounts."""

    items: list[ServiceOut]
    next: str


class SecretOut(BaseModel):
    """A secret of a client that still works. `fingerprint` is the beginning of its SHA-256 and names it."""

    fingerprint: str
    created_at: datetime


class ClientOut(BaseModel):
    """What a service account asks for short-lived access with."""

    client_id: str
    label: str
    scopes: list[Bundle]
    secrets: list[SecretOut]
    created_at: datetime
    revoked_at: datetime | None
    asked_at: datetime | None

    @staticmethod
    def of(row: Client) -> "ClientOut":
        """From a row with its open secrets."""
        return ClientOut(
            client_id=row.client_id, label=row.label, scopes=[Bundle(each) for each in row.bundles],
            secrets=[SecretOut(fingerprint=one.digest[:16], created_at=one.created_at) for one in row.secrets.all()],
            created_at=row.created_at, revoked_at=row.revoked_at, asked_at=getattr(row, "asked_at", None),
        )  # fmt: skip


class ServiceDetailOut(BaseModel):
    """A service account, its clients and the newest of what happened to it."""

    service: ServiceOut
    clients: list[ClientOut]
    history: list[LineOfAccountOut]


class ServiceIn(BaseModel):
    """An account to open for a program."""

    name: Name
    posts: Annotated[list[HoldingIn], Field(min_length=1, max_length=50)]
    region: SlugOrNone = ""


class ServiceChangeIn(Changes):
    """What changes; what is left out stays. `posts` replaces all posts."""

    name: Name = ""
    posts: Annotated[list[HoldingIn], Field(min_length=1, max_length=50)] = []
    region: SlugOrNone = ""


class ClientIn(BaseModel):
    """A client to add: what it is for and the most that it may ask for."""

    label: Name
    scopes: Annotated[list[Bundle], Field(min_length=1, max_length=len(Bundle))]


class ClientMadeOut(BaseModel):
    """A client with a new secret; the secret is answered here only."""

    client: ClientOut
    secret: str
