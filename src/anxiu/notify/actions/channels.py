"""What administrators do with channels, and everybody with the way they are told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils import translation
from django.utils.timezone import get_default_timezone

from anxiu.accounts.models import Person
from anxiu.accounts.queries import person_by_uid
from anxiu.customers.models import Contact
from anxiu.customers.queries import contacts
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.checks import require_fitting
from anxiu.kernel.errors import Invalid, NotAllowed, NotFound, WrongState
from anxiu.kernel.events import record
from anxiu.kernel.ids import uuid7
from anxiu.kernel.jobs import defer_many
from anxiu.notify.actions.accounts import ANY, account, waits_for
from anxiu.notify.actions.routing import LEASE
from anxiu.notify.actions.verbs import EVERYBODY
from anxiu.notify.channels import OFFERS, Offer
from anxiu.notify.channels.asking import place
from anxiu.notify.choices import URGENT, AddressKind, Carries, Kind, Medium, State
from anxiu.notify.events import (
    ChannelsChosen,
    ChannelSetUp,
    ChannelTested,
    ContactAddressSet,
    PersonAddressesSet,
)  # fmt: skip
from anxiu.notify.models import Address, Notice, Preference, Setup, Token
from anxiu.notify.queries import VIEW_CHANNELS
from anxiu.notify.rules import template_of
from anxiu.notify.sealing import opened, sealed
from anxiu.notify.texts import render

OF_PEOPLE: Final = (AddressKind.WECOM, AddressKind.DINGTALK, AddressKind.FEISHU)
LINE: Final = 300  # source: own choice; a template's code and its parts


@dataclass(frozen=True, slots=True)
class Settings:
    """A channel as it is to be used. A secret that is left empty stays as it is."""

    is_on: bool
    place: int
    use: Carries
    to_customers: bool
    base_url: str = ""
    config: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    daily_most: int | None = None


def _offer(actor: Actor, medium: str) -> Offer:
    actor.require(VIEW_CHANNELS)
    if medium not in OFFERS or medium == Medium.INAPP:
        raise NotFound("kernel.not_found")
    if actor.regions is not None:
        raise NotAllowed("notify.company_only")
    return OFFERS[medium]


@action(posts={"administrator"})
def set_up_channel(*, actor: Actor, at: datetime, medium: str, settings: Settings) -> Setup:
    """Set a channel up: credentials, its place in the order, what it carries, templates, limits.

    Records: ChannelSetUp. Refuses: an address that is none, a template that cannot be read, a channel switched on with
    something missing, somebody of some regions only.
    """
    offer = _offer(actor, medium)
    row = Setup.objects.select_for_update().filter(medium=medium).first() or Setup(medium=medium)
    secrets = {each.name for each in offer.fields if each.is_secret}
    held = opened(row.secret, medium)
    given = {each.name: settings.config.get(each.name, "").strip() for each in offer.fields}
    held |= {name: given[name] for name in secrets if given[name]}
    row.config = {name: value for name, value in given.items() if name not in secrets and value}
    row.secret = sealed(held, medium) if held else ""
    row.is_on, row.place, row.use = settings.is_on, settings.place, settings.use
    row.to_customers = settings.to_customers
    row.base_url, row.daily_most = settings.base_url.strip().rstrip("/"), settings.daily_most
    row.templates = {kind: line.strip() for kind, line in settings.templates.items() if line.strip()}
    _check(offer, row, {**row.config, **held})
    row.save()
    Token.objects.filter(medium=medium).delete()  # it was given for the credentials before
    record(ChannelSetUp(medium, row.is_on), subject=Subject("channel", row.pk), region_id=None, actor=actor, at=at)
    return row


def _check(offer: Offer, row: Setup, config: Mapping[str, str]) -> None:
    require_fitting(row)
    if row.base_url:
        place(row.base_url)
    for kind, line in row.templates.items():
        if kind != ANY and kind not in set(Kind):
            raise Invalid("kernel.not_a_choice", field="templates", given=kind)
        if len(line) > LINE:
            raise Invalid("kernel.too_long", field="templates", limit=LINE)
        template_of(line)
    for each in offer.fields:
        if row.is_on and each.is_needed and not config.get(each.name):
            raise Invalid("kernel.required", field=each.name)


@action(posts={"administrator"})
def test_channel(*, actor: Actor, at: datetime, medium: str, address: str) -> Notice:
    """Send a test to an address; what came of it is in the channel's log, in words.

    Records: ChannelTested. Refuses: a channel that is off or not set up, no address, somebody of some regions only.
    """
    offer = _offer(actor, medium)
    row = Setup.objects.filter(medium=medium).first()
    if offer.fields and account(medium) is None:
        raise WrongState("notify.channel_off")
    person = Person.objects.filter(pk=actor.person_id or 0).first()
    if not address.strip():
        raise Invalid("notify.no_address", field="address")
    language = translation.get_language() or "zh-hans"
    text = render(Kind.TEST, language, get_default_timezone(), {"at": at})
    uid, subject, waits = uuid7(), Subject("channel", row.pk if row else 0), waits_for(medium)
    notice = Notice(
        uid=uid, key=f"test:{uid}", person=person, medium=medium, kind=Kind.TEST, language=language,
        subject_kind=subject.kind, subject_id=subject.id, title=text.title, body=text.body, address=address.strip(),
        position=0, occurred_at=at, created_at=at, state=State.HELD if waits else State.QUEUED, reason=waits or "",
        next_at=at + LEASE,
    )  # fmt: skip
    require_fitting(notice)
    notice.save(force_insert=True)
    if not waits:
        defer_many("notify.send", "send", [{"notice_id": notice.pk}])
    record(ChannelTested(medium, notice.pk), subject=subject, region_id=None, actor=actor, at=at)
    return notice


@action(posts={"administrator"})
def set_person_addresses(
    *, actor: Actor, at: datetime, person_uid: UUID, addresses: Mapping[AddressKind, str]
) -> Person:
    """Say by which ids somebody of ours is reached in WeCom, DingTalk and Feishu; empty takes one away.

    Records: PersonAddressesSet. Refuses: kinds of addresses people of ours have not here.
    """
    person = person_by_uid(actor, person_uid)
    if unknown := addresses.keys() - set(OF_PEOPLE):
        raise Invalid("kernel.not_a_choice", field="addresses", given=", ".join(sorted(unknown)))
    changed = tuple(sorted(kind for kind, value in addresses.items() if _keep(kind, value.strip(), person=person)))
    if changed:
        subject = Subject("person", person.pk)
        record(PersonAddressesSet(changed), subject=subject, region_id=person.region_id, actor=actor, at=at)
    return person


@action(posts={"agent", "dispatcher", "supervisor", "administrator"})
def set_contact_address(*, actor: Actor, at: datetime, contact_uid: UUID, open_id: str) -> Contact:
    """Say by which open id a contact follows our WeChat service account; empty takes it away.

    Records: ContactAddressSet.
    """
    contact = contacts(actor).select_related("customer").filter(uid=contact_uid, erased_at=None).first()
    if contact is None:
        raise NotFound("kernel.not_found")
    if _keep(AddressKind.WECHAT, open_id.strip(), contact=contact):
        subject, region = Subject("contact", contact.pk), contact.customer.region_id
        record(ContactAddressSet(AddressKind.WECHAT), subject=subject, region_id=region, actor=actor, at=at)
    return contact


def _keep(kind: AddressKind, value: str, **whose: Any) -> bool:
    """Keep an address; whether it differs from before."""
    before = Address.objects.select_for_update().filter(kind=kind, **whose).first()
    if (before.value if before else "") == value:
        return False
    if before:
        before.delete()
    if value:
        row = Address(kind=kind, value=value, **whose)
        require_fitting(row)
        row.save(force_insert=True)
    return True


@action(posts=EVERYBODY)
def choose_channels(*, actor: Actor, at: datetime, chosen: Mapping[Kind, str | None]) -> int:
    """Say by which channel one wants to be told of what first.

    Empty: on one's own page only; nothing: as the company has it. What breaks a deadline goes on to the next channel
    all the same.

    Records: ChannelsChosen. Refuses: channels there are not; one's own page only for what breaks a deadline.
    """
    if actor.person_id is None:
        raise NotAllowed("notify.own_only")
    changed = 0
    for kind, medium in chosen.items():
        if medium and (medium not in OFFERS or medium == Medium.INAPP):
            raise Invalid("kernel.not_a_choice", field=str(kind), given=medium)
        if medium == "" and kind in URGENT:
            raise Invalid("notify.must_be_told", field=str(kind))
        rows = Preference.objects.filter(person_id=actor.person_id, kind=kind)
        before = rows.values_list("medium", flat=True).first()
        if before == medium:
            continue
        changed += 1
        rows.delete()
        if medium is not None:
            Preference.objects.create(person_id=actor.person_id, kind=kind, medium=medium)
    if changed:
        subject = Subject("person", actor.person_id)
        record(ChannelsChosen(changed), subject=subject, region_id=None, actor=actor, at=at)
    return changed
