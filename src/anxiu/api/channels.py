"""Channels of notices over the API: how they are set up and stand, addresses of people, and one's own choices."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path as InPath
from ninja import Router, Schema
from pydantic import BaseModel, Field, StringConstraints

from anxiu.api.asking import Key
from anxiu.api.auth import actor_of
from anxiu.api.doing import REFUSED, Text, act
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.notify import actions
from anxiu.notify.choices import AddressKind, Carries, Kind
from anxiu.notify.queries import Standing, own_choices, standing, standings

router = Router(tags=["channels"])
Credential = Annotated[Text, StringConstraints(max_length=500)]
Line = Annotated[Text, StringConstraints(max_length=300)]
Name = Annotated[Text, StringConstraints(min_length=1, max_length=24, pattern=r"^[-a-z0-9_*]+$")]
Id = Annotated[Text, StringConstraints(max_length=128)]
Named = Annotated[str, InPath(max_length=24, pattern=r"^[a-z0-9_]+$")]
MaybeMedium = Annotated[Text, StringConstraints(max_length=24, pattern=r"^[a-z0-9_]*$")]


class ChannelOut(BaseModel):
    """A channel and how it stands; its secrets are never answered."""

    medium: str
    is_on: bool
    place: int | None
    use: str
    to_customers: bool
    base_url: str
    config: dict[str, str]
    templates: dict[str, str]
    daily_most: int | None
    last_sent_at: datetime | None
    last_error: str
    waiting: int
    paid_today: int

    @staticmethod
    def of(row: Standing) -> "ChannelOut":
        """From how it stands."""
        setup = row.setup
        return ChannelOut(
            medium=row.offer.medium, is_on=row.is_on, place=setup.place if setup else None,
            use=setup.use if setup else "", to_customers=bool(setup and setup.to_customers),
            base_url=(setup.base_url if setup else "") or row.offer.base_url, config=setup.config if setup else {},
            templates=setup.templates if setup else {}, daily_most=setup.daily_most if setup else None,
            last_sent_at=row.sent_at, last_error=row.failure.reason if row.failure else "", waiting=row.waiting,
            paid_today=row.paid_today,
        )  # fmt: skip


class SetUpIn(Schema):
    """A channel as it is to be used; a secret that is left out stays as it is."""

    is_on: bool
    place: Annotated[int, Field(ge=1, le=99)]
    use: Carries
    to_customers: bool = False
    base_url: Annotated[Text, StringConstraints(max_length=200)] = ""
    config: dict[Name, Credential] = {}
    templates: dict[Name, Line] = {}
    daily_most: Annotated[int, Field(ge=0, le=2_000_000_000)] | None = None


class TestIn(Schema):
    """To whom a test goes."""

    address: Annotated[Text, StringConstraints(min_length=1, max_length=254)]


class SentOut(BaseModel):
    """The notice that was written; what came of it is among the deliveries."""

    notice: UUID


class AddressesIn(Schema):
    """Ids with the vendors; an empty one is taken away, one that is left out stays."""

    wecom: Id | None = None
    dingtalk: Id | None = None
    feishu: Id | None = None


class OpenIdIn(Schema):
    """By which id a contact follows our service account; empty takes it away."""

    open_id: Id


class ToldOut(BaseModel):
    """Whom it was about."""

    uid: UUID


class ChosenIn(Schema):
    """By which channel one wants to be told first, by kind; empty: one's own page only, null: as the company has it."""

    chosen: Annotated[dict[Kind, MaybeMedium | None], Field(max_length=100)]


class ChosenOut(BaseModel):
    """What one chose, as it stands now."""

    chosen: dict[str, str]


@router.get("/channels", response={200: list[ChannelOut], **REFUSED}, summary="List the channels of notices")
def list_channels(request: HttpRequest) -> list[ChannelOut]:
    """Every channel in the company's order; there are a handful."""
    return [ChannelOut.of(each) for each in standings(actor_of(request), now())]


@router.post("/channels/{medium}/actions/set_up_channel", response={200: ChannelOut, **REFUSED}, summary="Set up")
def set_up_channel(request: HttpRequest, medium: Named, body: SetUpIn, key: Key) -> HttpResponse:
    """Set a channel up: credentials, place in the order, what it carries, templates, limits."""

    def work(actor: Actor) -> ChannelOut:
        settings = actions.Settings(**body.model_dump())
        actions.set_up_channel(actor=actor, at=now(), medium=medium, settings=settings)
        return ChannelOut.of(standing(actor, medium, now()))

    return act(request, key, "notify.set_up_channel", work)


@router.post("/channels/{medium}/actions/test_channel", response={200: SentOut, **REFUSED}, summary="Send a test")
def test_channel(request: HttpRequest, medium: Named, body: TestIn, key: Key) -> HttpResponse:
    """Send a test to an address."""

    def work(actor: Actor) -> SentOut:
        return SentOut(notice=actions.test_channel(actor=actor, at=now(), medium=medium, address=body.address).uid)

    return act(request, key, "notify.test_channel", work)


@router.post(
    "/people/{uuid:uid}/actions/set_person_addresses", response={200: ToldOut, **REFUSED}, summary="Set addresses"
)
def set_person_addresses(request: HttpRequest, uid: UUID, body: AddressesIn, key: Key) -> HttpResponse:
    """Say by which ids somebody of ours is reached in WeCom, DingTalk and Feishu."""

    def work(actor: Actor) -> ToldOut:
        given = {AddressKind(kind): value for kind, value in body.model_dump(exclude_none=True).items()}
        row = actions.set_person_addresses(actor=actor, at=now(), person_uid=uid, addresses=given)
        return ToldOut(uid=row.uid)

    return act(request, key, "notify.set_person_addresses", work)


@router.post(
    "/contacts/{uuid:uid}/actions/set_contact_address", response={200: ToldOut, **REFUSED}, summary="Set WeChat address"
)
def set_contact_address(request: HttpRequest, uid: UUID, body: OpenIdIn, key: Key) -> HttpResponse:
    """Say by which open id a contact follows our WeChat service account."""

    def work(actor: Actor) -> ToldOut:
        row = actions.set_contact_address(actor=actor, at=now(), contact_uid=uid, open_id=body.open_id)
        return ToldOut(uid=row.uid)

    return act(request, key, "notify.set_contact_address", work)


@router.post("/notices/actions/choose_channels", response={200: ChosenOut, **REFUSED}, summary="Choose how one is told")
def choose_channels(request: HttpRequest, body: ChosenIn, key: Key) -> HttpResponse:
    """Say by which channel one wants to be told of what first."""

    def work(actor: Actor) -> ChosenOut:
        actions.choose_channels(actor=actor, at=now(), chosen=body.chosen)
        return ChosenOut(chosen=own_choices(actor))

    return act(request, key, "notify.choose_channels", work)
