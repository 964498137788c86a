"""Erasing a contact or a private customer: a dialog that says what will be lost, and that it cannot be undone."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from anxiu.console.pages import Verb, VerbForm, dialog, page
from anxiu.customers import actions
from anxiu.customers.choices import EraseReason
from anxiu.customers.messages import ERASE_REASONS
from anxiu.customers.queries import contact, customer
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now


class Tick(forms.CheckboxInput):
    """A tick on a line of its own."""

    wide = True


class EraseForm(VerbForm):
    """Why, and whether the photos go as well."""

    why = forms.ChoiceField(label=_("Reason"), choices=list(ERASE_REASONS.items()), initial=EraseReason.ASKED)
    photos = forms.BooleanField(label=_("Erase the photos and videos they sent as well"), required=False, widget=Tick)
    sure = forms.BooleanField(label=_("I know that this cannot be undone"), widget=Tick)


DONE = _("The personal data was erased. Copies in notices, papers and searches follow within a minute.")


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {"why": EraseReason(values["why"]), "photos": values["photos"]}


@page("customers.erase_contact")
def erase_contact(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Erase somebody's personal data."""
    row = contact(actor, uid)

    def run(values: dict[str, Any]) -> object:
        return actions.erase_contact(actor=actor, at=now(), contact_id=row.pk, **_given(values))

    lead = _(
        "Name, number and address, what they said and wrote, their signature and the papers that name them are erased"
        " everywhere and for good. What was found and done on the machine, times and ratings stay."
    )
    verb = Verb(_("Erase personal data"), _("Erase"), run, lead=lead, danger=True, done=DONE)
    return dialog(request, actor, EraseForm(request.POST or None), verb)


@page("customers.erase_customer")
def erase_customer(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Erase a private customer's personal data."""
    row = customer(actor, uid)

    def run(values: dict[str, Any]) -> object:
        return actions.erase_customer(actor=actor, at=now(), customer_id=row.pk, **_given(values))

    lead = _(
        "For private persons only: a company's name is no personal data. Name, sites, everybody who spoke for them,"
        " what they said and signed are erased everywhere and for good, and the customer is closed. The code and what"
        " was done on the machines stay."
    )
    verb = Verb(_("Erase private customer"), _("Erase"), run, lead=lead, danger=True, done=DONE)
    return dialog(request, actor, EraseForm(request.POST or None), verb)
