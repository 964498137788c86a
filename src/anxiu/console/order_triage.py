"""The dialogs of triage: what an order is merged into, how a request is split, what the reporter is asked."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from anxiu.catalogue.models import FaultClass
from anxiu.console.order_forms import Values, Why, area, language, named
from anxiu.console.order_widgets import Pills
from anxiu.console.pages import VerbForm, local
from anxiu.console.templatetags._words import localtime_short
from anxiu.customers.rules import masked_email
from anxiu.equipment.models import Machine
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.kernel.values import reading
from anxiu.orders import actions
from anxiu.orders.actions import Part
from anxiu.orders.choices import ABOUT_FAULTS
from anxiu.orders.messages import SEVERITIES, state_words
from anxiu.orders.models import Order
from anxiu.orders.queries import inquiries_to_show, may_merge_into
from anxiu.orders.values import ASK_BACK_LONGEST, ASK_BACK_PAUSES
from anxiu.regulation.choices import Severity
from anxiu.regulation.rules.words import duration_in_words

OFFERED: Final = 20  # source: own choice; a customer with more open orders names the number
FURTHER: Final = 3  # source: own choice; more further orders than this are split in two goes
A_DAY: Final = timedelta(days=1)  # source: own choice; what is proposed, within what the regulation allows


# ---- merge -----------------------------------------------------------------------------------------------------------
def merging(actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    """Which of the customer's earlier open orders is the same matter, and why."""
    form = Why(post, files)
    rows = may_merge_into(actor, row).select_related("machine__model")[:OFFERED]
    found = [(str(each.uid), _told(each)) for each in rows]
    field = forms.TypedChoiceField(
        label=_("The same matter as"), choices=found, widget=forms.RadioSelect, coerce=UUID,
        help_text="" if found else _("The customer has no earlier open order that this could be the same as."),
    )  # fmt: skip
    form.fields = {"key": form.fields["key"], "into": field, "reason": form.fields["reason"]}
    return form


def _told(row: Order) -> str:
    machine = f"{row.machine.model.name} {row.machine.serial}" if row.machine else _now("machine not identified")
    state, opened = state_words(row.state, row.order_type), localtime_short(row.opened_at, now())
    return f"{row.number} · {opened} · {machine} · {state} · {row.summary[:60]}"


def merge(actor: Actor, row: Order, given: Values) -> object:
    """Merge it."""
    return actions.merge_order(
        actor=actor, at=now(), order_uid=row.uid, into_uid=given["into"], reason=given["reason"]
    )


# ---- split -----------------------------------------------------------------------------------------------------------
def splitting(_actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    """Into how many orders; and of each further one what it is about."""
    form = VerbForm(post, files)
    counts = [(str(number + 1), _now("{n} orders").format(n=number + 1)) for number in range(1, FURTHER + 1)]
    form.fields["count"] = forms.TypedChoiceField(
        label=_("Into how many orders"), choices=counts, initial="2", coerce=int, widget=Pills({})
    )
    machines = Machine.objects.filter(customer=row.customer_id, region=row.region_id, retired_at=None)
    family = row.machine.model.family_id if row.machine else None
    faults = FaultClass.objects.filter(retired_at=None)
    known = (faults.filter(family=family) | faults.filter(family=None)) if family else faults
    for number in range(2, FURTHER + 2):
        _part_fields(form, row, number, machines.select_related("model"), known)
    form.fields["reason"] = forms.CharField(label=_("Why it is split"), max_length=500, widget=area(2))
    return form


def _part_fields(form: forms.Form, row: Order, number: int, machines: Any, faults: Any) -> None:
    shown = {"data-when": f"count={' '.join(str(each) for each in range(number, FURTHER + 2))}"}
    form.fields[f"words_{number}"] = forms.CharField(
        label=_now("Order {n}: what is wrong").format(n=number), max_length=2000, required=False,
        widget=forms.Textarea({"rows": 2, **shown}),
    )  # fmt: skip
    machine = forms.ModelChoiceField(
        label=_now("Order {n}: machine").format(n=number), queryset=machines if row.customer_id else machines.none(),
        required=False, widget=forms.Select(shown), empty_label=_now("Not known yet"),
    )  # fmt: skip
    machine.label_from_instance = lambda each: f"{each.model.name} {each.serial}"  # type: ignore[method-assign,assignment]
    form.fields[f"machine_{number}"] = machine
    if row.order_type in ABOUT_FAULTS:
        fault = forms.ModelChoiceField(
            label=_now("Order {n}: class of fault").format(n=number), queryset=faults, required=False,
            widget=forms.Select(shown), empty_label=_now("Not known yet"),
        )  # fmt: skip
        fault.label_from_instance = named  # type: ignore[method-assign,assignment]
        form.fields[f"fault_{number}"] = fault
    form.fields[f"severity_{number}"] = forms.ChoiceField(
        label=_now("Order {n}: severity").format(n=number), required=False,
        choices=[("", _("As proposed")), *SEVERITIES.items()], widget=forms.Select(shown),
    )  # fmt: skip


def split(actor: Actor, row: Order, given: Values) -> object:
    """Split it."""
    parts = tuple(_part(given, number) for number in range(2, given["count"] + 1))
    return actions.split_order(actor=actor, at=now(), order_uid=row.uid, parts=parts, reason=given["reason"])


def _part(given: Values, number: int) -> Part:
    machine, fault, severity = (given.get(f"{name}_{number}") for name in ("machine", "fault", "severity"))
    return Part(
        given[f"words_{number}"], machine.pk if machine else None, fault.pk if fault else None,
        Severity(severity) if severity else None,
    )  # fmt: skip


# ---- ask back --------------------------------------------------------------------------------------------------------
def asking(_actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    """What has to be known, and until when it is waited for."""
    form = VerbForm(post, files)
    longest = reading(row.version_id)(ASK_BACK_LONGEST)
    form.fields["text"] = forms.CharField(label=_("What we have to know"), max_length=2000, widget=area(4))
    form.fields["until"] = forms.DateTimeField(
        label=_("Waits until"), initial=local(now() + min(A_DAY, longest)),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    return form


def asked_how(row: Order) -> object:
    """By which way the reporter hears of the question, and what the clocks do meanwhile."""
    figures = reading(row.version_id)
    address = (row.contact.email if row.contact else "") or row.request.caller_email
    way = (
        _now("The question is sent to {address} and stands on the tracking page.").format(address=masked_email(address))
        if address
        else _now("No email is known: the question stands on the tracking page only. Call as well.")
    )
    clocks = (
        _now("The clocks stand still until the answer, {longest} at most; the customer sees that.")
        if figures(ASK_BACK_PAUSES)
        else _now("The clocks go on; it is waited for {longest} at most.")
    )
    said = clocks.format(longest=duration_in_words(figures(ASK_BACK_LONGEST), language()))
    return f"{way}\n{said}"


def asked_what(row: Order) -> object:
    """The question that the reporter answers."""
    open_ones = [each.text for each in inquiries_to_show(row) if each.answered_at is None]
    return open_ones[-1] if open_ones else ""
