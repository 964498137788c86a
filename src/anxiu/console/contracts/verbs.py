"""The verbs about contracts, as dialogs."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxiu.console.contracts.forms import (
    ContractForm,
    CoverForm,
    EndForm,
    NewContractForm,
    RenewalForm,
    day_of_next_year,
    initial_of,
    values_of,
)
from anxiu.console.pages import Verb, dialog, page
from anxiu.contracts import actions
from anxiu.contracts.actions import NewContract, Renewal
from anxiu.contracts.choices import CoverLevel, EndReason
from anxiu.contracts.queries import VIEW_VALUE, contract, covers_of
from anxiu.contracts.rules import DAY
from anxiu.customers.queries import customers, sites
from anxiu.equipment.queries import machines
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.regulation.choices import OrderType

Values = dict[str, Any]


def _today() -> date:
    return timezone.localtime(now()).date()


@page("contracts.add_contract")
def add_contract(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Put a contract on the books; of the customer of the address, if it names one."""
    rows = customers(actor).filter(retired_at=None).order_by("name_key", "id")
    first: dict[str, Any] = {}
    try:
        rows = rows.filter(uid=UUID(request.GET.get("customer", "")))
        first = {"customer_id": rows.first()}
    except ValueError:
        pass
    first |= {"starts_on": _today(), "ends_on": day_of_next_year(_today())}
    form = NewContractForm(rows, request.POST or None, initial=first, sees_value=actor.may(VIEW_VALUE))

    def run(values: Values) -> object:
        found = values_of(values)
        types = tuple(OrderType(each) for each in found.pop("order_types"))
        new = NewContract(**{**found, "level": CoverLevel(found["level"]), "order_types": types})
        return reverse("contract", args=[actions.add_contract(actor=actor, at=now(), new=new).uid])

    lead = _("It covers all the customer has, until you choose otherwise on its page.")
    done = _("The contract was added.")
    verb = Verb(_("Add contract"), _("Add"), run, lead=lead, done=done, go=str, keep="add_contract")
    return dialog(request, actor, form, verb)


@page("contracts.change_contract")
def change_contract(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Put a contract's terms right."""
    row = contract(actor, uid)
    form = ContractForm(request.POST or None, initial=initial_of(row), sees_value=actor.may(VIEW_VALUE))

    def run(values: Values) -> object:
        return actions.change_contract(actor=actor, at=now(), contract_id=row.pk, changes=values_of(values))

    return dialog(request, actor, form, Verb(_("Change contract"), _("Save"), run, done=_("Saved.")))


@page("contracts.set_contract_cover")
def set_contract_cover(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Say what a contract covers."""
    row = contract(actor, uid)
    places = sites(actor).filter(customer=row.customer_id, retired_at=None).order_by("name", "id")
    things = machines(actor).filter(customer=row.customer_id, retired_at=None).order_by("site__name", "name", "serial")
    held_sites, held_machines = covers_of(row)
    start = {
        "covers_all": "all" if row.covers_all else "named", "site_ids": [each.pk for each in held_sites],
        "machine_ids": [each.pk for each in held_machines],
    }  # fmt: skip
    form = CoverForm(places, things, request.POST or None, initial=start)

    def run(values: Values) -> object:
        return actions.set_contract_cover(
            actor=actor, at=now(), contract_id=row.pk, covers_all=values["covers_all"],
            site_ids=tuple(values.get("site_ids", ())), machine_ids=tuple(values.get("machine_ids", ())),
        )  # fmt: skip

    return dialog(request, actor, form, Verb(_("What it covers"), _("Save"), run, done=_("Saved.")))


@page("contracts.end_contract")
def end_contract(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """End a contract before its time."""
    row = contract(actor, uid)
    form = EndForm(request.POST or None, initial={"ends_on": max(_today(), row.starts_on)})

    def run(values: Values) -> object:
        reason = EndReason(values["reason"])
        return actions.end_contract(
            actor=actor, at=now(), contract_id=row.pk, ends_on=values["ends_on"], reason=reason
        )

    lead = _("Orders after its last day are charged. One entered by mistake ends on the day before its first.")
    verb = Verb(_("End contract early"), _("End contract"), run, lead=lead, danger=True, done=_("The contract ends."))
    return dialog(request, actor, form, verb)


@page("contracts.renew_contract")
def renew_contract(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Let a contract be followed by another."""
    row = contract(actor, uid)
    first = row.ends_on + DAY
    start = {
        "starts_on": first, "ends_on": day_of_next_year(first), "value": row.value.amount if row.value else None,
    }  # fmt: skip
    form = RenewalForm(request.POST or None, initial=start, sees_value=actor.may(VIEW_VALUE))

    def run(values: Values) -> object:
        made = actions.renew_contract(actor=actor, at=now(), contract_id=row.pk, to=Renewal(**values_of(values)))
        return reverse("contract", args=[made.uid])

    lead = _("Level, types of order, planned visits and what it covers are taken over; they can be changed afterwards.")
    submit, done = pgettext_lazy("contract", "Renew"), _("The contract was renewed.")
    verb = Verb(_("Renew contract"), submit, run, lead=lead, done=done, go=str)
    return dialog(request, actor, form, verb)
