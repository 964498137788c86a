"""The verbs about machines, as dialogs."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anxiu.console.customers.forms import plain
from anxiu.console.equipment.forms import MachineForm, MoveForm, NewMachineForm
from anxiu.console.pages import Verb, VerbForm, dialog, page
from anxiu.customers.queries import sites
from anxiu.equipment import actions
from anxiu.equipment.actions import NewMachine
from anxiu.equipment.queries import machine, machines
from anxiu.files.intake import prepare
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now

Values = dict[str, Any]


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@page("equipment.add_machine")
def add_machine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Add a machine; at a customer or site of the address, if it names one."""
    places = sites(actor).filter(retired_at=None).order_by("customer__name_key", "name", "id")
    beside = machines(actor).filter(retired_at=None).order_by("name", "serial", "id")
    if customer := _uid(request.GET.get("customer", "")):
        places, beside = places.filter(customer__uid=customer), beside.filter(customer__uid=customer)
    else:
        beside = beside.none()
    form = NewMachineForm(actor, places, beside, request.POST or None)

    def run(values: Values) -> object:
        row = actions.add_machine(actor=actor, at=now(), new=NewMachine(**plain(values)))
        return reverse("machine", args=[row.uid])

    verb = Verb(_("Add machine"), _("Add"), run, done=_("The machine was added."), go=str, keep="add_machine")
    return dialog(request, actor, form, verb)


@page("equipment.change_machine")
def change_machine(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Change a machine's details."""
    row = machine(actor, uid)
    beside = machines(actor).filter(site=row.site_id, retired_at=None).exclude(pk=row.pk).order_by("name", "serial")
    names = [name for name in MachineForm.base_fields if name != "key"]
    form = MachineForm(actor, beside, request.POST or None, initial={name: getattr(row, name) for name in names})

    def run(values: Values) -> object:
        return actions.change_machine(actor=actor, at=now(), machine_id=row.pk, changes=plain(values))

    return dialog(request, actor, form, Verb(_("Change machine"), _("Save"), run, done=_("Saved.")))


@page("equipment.move_machine")
def move_machine(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Note that a machine stands elsewhere now."""
    row = machine(actor, uid)

    def run(values: Values) -> object:
        return actions.move_machine(actor=actor, at=now(), machine_id=row.pk, **plain(values))

    lead = _("Its parts move with it. Orders and history stay with the machine.")
    verb = Verb(_("Move machine"), _("Move"), run, lead=lead, done=_("The machine was moved."))
    return dialog(request, actor, MoveForm(actor, row, request.POST or None), verb)


@page("equipment.retire_machine")
def retire_machine(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Close a machine."""
    row = machine(actor, uid)

    def run(values: Values) -> object:
        return actions.retire_machine(actor=actor, at=now(), machine_id=row.pk)

    lead = _("Its label opens nothing any more. The history stays.")
    verb = Verb(_("Close machine"), _("Close machine"), run, lead=lead, danger=True, done=_("The machine was closed."))
    return dialog(request, actor, VerbForm(request.POST or None), verb)


@page("equipment.renew_label")
def renew_label(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Give a machine's label a new code."""
    row = machine(actor, uid)

    def run(values: Values) -> object:
        return actions.renew_label(actor=actor, at=now(), machine_id=row.pk)

    lead = _("The label on the machine stops working at once; print and stick on the new one.")
    verb = Verb(_("Renew label"), _("Renew"), run, lead=lead, danger=True, done=_("The label has a new code."))
    return dialog(request, actor, VerbForm(request.POST or None), verb)


class DocumentForm(VerbForm):
    """A document of a machine."""

    file = forms.FileField(label=_("Document"), max_length=160)


@page("equipment.add_document")
def add_document(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Put a document on a machine: manual, drawing, acceptance record."""
    row = machine(actor, uid)

    def run(values: Values) -> object:
        return actions.add_document(actor=actor, at=now(), machine_id=row.pk, content=prepare(values["file"]))

    verb = Verb(_("Add document"), _("Add"), run, done=_("The document was added."))
    return dialog(request, actor, DocumentForm(request.POST or None, request.FILES or None), verb)
