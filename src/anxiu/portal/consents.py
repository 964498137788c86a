"""What the customer agreed to, on the tracking page: two ticks that are theirs to change."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anxiu.accounts.choices import LinkPurpose
from anxiu.customers.choices import Use
from anxiu.customers.messages import WORDINGS
from anxiu.customers.queries import stated
from anxiu.kernel.errors import Refusal
from anxiu.kernel.time import now
from anxiu.orders.actions import answer_consent
from anxiu.orders.models import Order
from anxiu.orders.queries.people import voices
from anxiu.portal.adding import SentForm, add_once
from anxiu.portal.pages import enter, in_words, page
from anxiu.portal.queries import Door


class ConsentForm(SentForm):
    """A tick is a yes, none is a no; who was never asked finds what is done anyway."""

    progress = forms.BooleanField(label=WORDINGS[Use.PROGRESS].words, required=False)
    survey = forms.BooleanField(label=WORDINGS[Use.SURVEY].words, required=False)

    @classmethod
    def of(cls, order: Order) -> "ConsentForm":
        """As it stands; one statement."""
        form, said = cls(), stated(voices(order))
        for use in (Use.PROGRESS, Use.SURVEY):
            form.initial[use.value] = said[use].given if use in said else True
        return form


@page
@require_POST
def track_consent(request: HttpRequest, secret: str) -> HttpResponse:
    """Keep what the customer ticked, and what not."""
    found = enter(request, secret, LinkPurpose.TRACK)
    form = ConsentForm(request.POST)
    here = f"{reverse('track', args=[secret])}#consent"
    if not form.is_valid():
        messages.error(request, _("This could not be kept. Please try again."))
        return redirect(here)
    said = {use: form.cleaned_data[use.value] for use in (Use.PROGRESS, Use.SURVEY)}
    try:
        add_once(found, form, repr(sorted(said.items())), lambda: _answer(found, said))
    except Refusal as refusal:
        messages.error(request, in_words(refusal))
    else:
        messages.success(request, _("Saved. We keep to it from now on."))
    return redirect(here)


def _answer(found: Door, said: Mapping[Use, bool]) -> Any:
    return answer_consent(actor=found.actor, at=now(), order_uid=found.order.uid, said=said)
