"""The visit protocol on the tracking page: what the customer was to see and get, and can tick as done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anxiu.accounts.choices import LinkPurpose
from anxiu.kernel.errors import Refusal
from anxiu.kernel.time import now
from anxiu.orders.actions import check_items
from anxiu.orders.choices import AFTER_THE_WORK, ON_THE_JOB, State
from anxiu.orders.models import Entry, Order
from anxiu.orders.queries import checklists
from anxiu.portal.adding import SentForm, add_once
from anxiu.portal.pages import enter, in_words, language, page
from anxiu.portal.queries import Door


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to confirm, and when the customer did."""

    code: str
    words: str
    at: datetime | None


class CheckForm(SentForm):
    """What the customer ticks; which items there are, the action knows."""

    checked = forms.MultipleChoiceField(required=False)

    def __init__(self, points: list[Point], data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["checked"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(each.code, each.words) for each in points]


def points(order: Order) -> list[Point]:
    """What the customer is asked to confirm; nothing before anybody came. One statement."""
    if State(order.state) not in ON_THE_JOB | AFTER_THE_WORK:
        return []
    lists = checklists(order, Entry.objects.filter(order=order, corrections=None).order_by("id"), None)
    return [
        Point(line.item.code, line.item.words.in_language(language()), line.customer_at)
        for step in lists
        for line in step.lines
        if line.item.customer
    ]


@page
@require_POST
def track_check(request: HttpRequest, secret: str) -> HttpResponse:
    """Tick what was done; what is ticked stays ticked."""
    found = enter(request, secret, LinkPurpose.TRACK)
    form = CheckForm(points(found.order), request.POST)
    here = f"{reverse('track', args=[secret])}#protocol"
    if not form.is_valid() or not form.cleaned_data["checked"]:
        messages.error(request, _("Tick what was done first."))
        return redirect(here)
    checked = tuple(form.cleaned_data["checked"])
    try:
        add_once(found, form, " ".join(checked), lambda: _check(found, checked))
    except Refusal as refusal:
        messages.error(request, in_words(refusal))
    else:
        messages.success(request, _("Thank you for confirming."))
    return redirect(here)


def _check(found: Door, checked: tuple[str, ...]) -> None:
    check_items(actor=found.actor, at=now(), order_uid=found.order.uid, checked=checked)
