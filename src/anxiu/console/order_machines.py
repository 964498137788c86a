"""Which machine an order is about: those of its customer to choose from, its site's first; or any by serial or name."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anxiu.catalogue.models import FaultClass
from anxiu.console.order_forms import Values, fault_classes
from anxiu.console.pages import Verb, VerbForm, dialog, page
from anxiu.equipment.models import Machine
from anxiu.equipment.queries import machine_match, machines
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid
from anxiu.kernel.given import number
from anxiu.kernel.time import now
from anxiu.orders import actions
from anxiu.orders.models import Order
from anxiu.orders.queries import order

SHOWN: Final = 12  # source: own choice; more are found sooner by a piece of their serial number


def choices(actor: Actor, row: Order, typed: str) -> list[Machine]:
    """The machines to choose from: what was typed; else the order's own, its site's and its customer's."""
    rows = machines(actor).filter(retired_at=None, region=row.region_id).select_related("model", "site", "customer")
    if typed.strip():
        rows = rows.filter(machine_match(typed.strip()))
    elif row.customer_id:
        rows = rows.filter(customer=row.customer_id)
    else:
        return []
    near = Case(
        When(pk=row.machine_id, then=Value(0)), When(site=row.site_id, then=Value(1)),
        When(customer=row.customer_id, then=Value(2)), default=Value(3),
    )  # fmt: skip
    return list(rows.order_by(near, "id")[:SHOWN])


class Machines(forms.Widget):
    """Machines as cards, and a field to find others by."""

    template_name = "console/orders/machines.html"
    wide = True

    def __init__(self, row: Order, found: list[Machine]) -> None:
        super().__init__()
        self.row, self.found = row, found

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"find": reverse("order_machines", args=[self.row.uid])}
        return context | cards(self.row, self.found, str(value or ""))


def cards(row: Order, found: list[Machine], chosen: str) -> dict[str, Any]:
    """What `console/orders/machine_cards.html` shows."""
    return {"found": found, "chosen": row.machine_id if (named := number(chosen)) is None else named, "order": row}


class Identify(VerbForm):
    """Which machine it is, and what is wrong with it."""

    machine = forms.IntegerField(label=_("Machine"), error_messages={"required": _("Choose the machine.")})
    fault_class = forms.ModelChoiceField(label=_("Class of fault"), queryset=FaultClass.objects.none(), required=False)


@page("orders.identify_machine")
def identify(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Say or correct which machine and class of fault an order is about."""
    row = order(actor, uid)
    form = Identify(request.POST or None, initial={"machine": row.machine_id, "fault_class": row.fault_class_id})
    form.fields["machine"].widget = Machines(row, choices(actor, row, request.POST.get("find", "")))
    fault_classes(form, row)

    def run(given: Values) -> object:
        machine = machines(actor).filter(pk=given["machine"], retired_at=None).first()
        if machine is None:
            raise Invalid("orders.unknown_machine", field="machine")
        fault = given["fault_class"]
        return actions.identify_machine(
            actor=actor, at=now(), order_uid=uid, machine_id=machine.pk, contact_id=row.contact_id,
            fault_class_id=fault.pk if fault else None,
        )  # fmt: skip

    return dialog(
        request, actor, form, Verb(title=_("Customer and machine"), submit=_("Save"), run=run, done=_("Saved."))
    )


@page("orders.identify_machine")
def machines_found(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """The machines for what was typed, for an open dialog."""
    row = order(actor, uid)
    found = choices(actor, row, request.GET.get("find", ""))
    return render(request, "console/orders/machine_cards.html", cards(row, found, request.GET.get("machine", "")))
