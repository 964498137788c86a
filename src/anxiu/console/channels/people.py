"""Where people and contacts are reached, and by which channel one wants to be told."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.queries import person_by_uid
from anxiu.console.channels.forms import AddressesForm, ChoicesForm
from anxiu.console.pages import Verb, dialog, page
from anxiu.customers.queries import contact
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.notify import actions
from anxiu.notify.actions.channels import OF_PEOPLE
from anxiu.notify.choices import AddressKind
from anxiu.notify.queries import addresses_of, media_on, own_choices


@page("notify.set_person_addresses")
def set_person_addresses(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Ids of somebody of ours with WeCom, DingTalk and Feishu."""
    row = person_by_uid(actor, uid)
    held = {each.kind: each for each in addresses_of(person=row)}

    def run(given: dict[str, Any]) -> object:
        wanted = {AddressKind(kind): value for kind, value in given.items()}
        return actions.set_person_addresses(actor=actor, at=now(), person_uid=uid, addresses=wanted)

    unproven = [each.value for each in held.values() if each.verified_at is None]
    verb = Verb(
        title=_("Addresses of channels"), submit=_("Save"), done=_("Saved."), run=run,
        lead=_("The ids the company's administrator of each platform sees. Text messages go to the phone number."),
        notes=[_("Nothing has arrived there yet: {ids}").format(ids=", ".join(unproven))] if unproven else (),
    )  # fmt: skip
    values = {kind: each.value for kind, each in held.items()}
    return dialog(request, actor, AddressesForm(OF_PEOPLE, values, request.POST or None), verb)


@page("notify.set_contact_address")
def set_contact_address(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """The open id by which a contact follows our service account."""
    row = contact(actor, uid)
    held = {each.kind: each.value for each in addresses_of(contact=row)}
    kind = AddressKind.WECHAT

    def run(given: dict[str, Any]) -> object:
        return actions.set_contact_address(actor=actor, at=now(), contact_uid=uid, open_id=given[kind])

    verb = Verb(
        title=_("WeChat address"), submit=_("Save"), done=_("Saved."), run=run,
        lead=_("Given when the contact follows our service account. Empty takes it away."),
    )  # fmt: skip
    return dialog(request, actor, AddressesForm([kind], held, request.POST or None), verb)


@page("notify.choose_channels")
def choose_channels(request: HttpRequest, actor: Actor) -> HttpResponse:
    """By which channel one wants to be told of what first."""
    verb = Verb(
        title=_("How you are told"), submit=_("Save"), done=_("Saved."),
        lead=_("Everything lies on your own page as well. What breaks a deadline goes on to the next channel if yours "
               "cannot send it."),
        run=lambda given: actions.choose_channels(actor=actor, at=now(), **given),
    )  # fmt: skip
    return dialog(request, actor, ChoicesForm(media_on(), own_choices(actor), request.POST or None), verb)
