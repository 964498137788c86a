"""Booking an engineer: the time, who may come then, and why not the others. Another time asks again."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anxiu.console.order_widgets import Card, Cards, cards_context
from anxiu.console.pages import VerbForm, local, page
from anxiu.kernel import given
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.time import now
from anxiu.kernel.values import reading
from anxiu.orders import values
from anxiu.orders.choices import LIVE_VISITS
from anxiu.orders.models import Order, Visit
from anxiu.orders.queries import VIEW, need_of, order
from anxiu.regulation.choices import Severity
from anxiu.workforce.queries import candidates, figures, grades
from anxiu.workforce.rules import Slot

QUARTER: Final = 15
AHEAD: Final = timedelta(hours=1)  # source: own choice; what is proposed first and may be changed
LONGEST: Final = timedelta(days=31)  # source: own choice; a longer visit is a slip in the date, and days are walked
LIST: Final = "#engineers"


def _visit(row: Order) -> Visit | None:
    return row.visits.filter(state__in=LIVE_VISITS).order_by("-number").first()


def _moment(text: str | None) -> datetime | None:
    """A `datetime-local` value in the company's time zone."""
    found = given.datetime_in(text or "")
    return timezone.make_aware(found) if found and timezone.is_naive(found) else found


def _slot(row: Order, visit: Visit | None, typed: Any) -> Slot:
    """The time that was typed; else the visit's own, else the next quarter of an hour from now on."""
    starts_at, ends_at = _moment(typed.get("starts_at")), _moment(typed.get("ends_at"))
    if starts_at and ends_at and starts_at < ends_at <= starts_at + LONGEST:
        return Slot(starts_at, ends_at)
    length = reading(row.version_id)(values.VISIT_LENGTH)[Severity(row.severity)]
    if visit and visit.starts_at > now():
        return Slot(visit.starts_at, visit.ends_at)
    start = now() + AHEAD
    start -= timedelta(minutes=start.minute % QUARTER, seconds=start.second, microseconds=start.microsecond)
    return Slot(start, start + length)


def cards(actor: Actor, row: Order, slot: Slot, visit: Visit | None) -> list[Card]:
    """The engineers of the region for this time; the visit that is moved does not stand in its own way."""
    at = now()
    need = need_of(row, slot, ignoring=Subject("visit", visit.pk) if visit else None)
    language = get_language() or "zh-hans"
    names = {each.code: each.name.in_language(language) for each in grades(row.region_id, at)}
    return [Card.of(each, names) for each in candidates(actor, need, at, figures(row.region_id, at))]


def booking(actor: Actor, row: Order, post: Any, files: Any, *, moved: bool = False) -> forms.Form:
    """The dialog's form; a moved visit also needs a reason."""
    visit = _visit(row) if moved else None
    slot = _slot(row, visit, post or {})
    found = cards(actor, row, slot, visit)
    form = VerbForm(post, files)
    asks = {
        "type": "datetime-local", "step": 300, "hx-target": LIST,
        "hx-get": reverse("order_engineers", args=[row.uid]) + ("?moved=1" if moved else ""),
        "hx-swap": "outerMorph", "hx-trigger": "change delay:150ms", "hx-sync": "this:replace",
        "hx-include": "[name=starts_at], [name=ends_at], [name=engineer]",
    }  # fmt: skip
    for name, label, at in (("starts_at", _("From"), slot.starts_at), ("ends_at", _("To"), slot.ends_at)):
        follows = {"data-follows": "starts_at"} if name == "ends_at" else {}
        form.fields[name] = forms.DateTimeField(
            label=label, initial=local(at),
            widget=forms.DateTimeInput(attrs={**asks, **follows}, format="%Y-%m-%dT%H:%M"),
        )  # fmt: skip
    if moved:
        language = get_language() or "zh-hans"
        listed = reading(row.version_id)(values.RESCHEDULE_REASONS)
        form.fields["reason"] = forms.ChoiceField(
            label=_("Reason"), choices=[(each.code, each.words.in_language(language)) for each in listed],
            widget=forms.RadioSelect,
        )  # fmt: skip
    form.fields["engineer"] = forms.TypedChoiceField(
        label=_("Engineer"), coerce=int, widget=Cards(found), initial=visit.engineer_id if visit else None,
        choices=[(card.candidate.engineer.pk, card.candidate.engineer.person.name) for card in found],
        error_messages={"required": _("Choose who comes.")},
    )  # fmt: skip
    return form


@page(VIEW)
def engineers_then(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """The cards for another time, for an open dialog."""
    moved = bool(request.GET.get("moved"))
    actor.require("orders.reschedule" if moved else "orders.book_visit")
    row = order(actor, uid)
    visit = _visit(row) if moved else None
    found = cards(actor, row, _slot(row, visit, request.GET), visit)
    return render(
        request, "console/orders/candidates.html", {"widget": cards_context(found, request.GET.get("engineer", ""))}
    )
