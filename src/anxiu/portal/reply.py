"""Answering what we asked: the order waits for it, and goes on with the answer."""

from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from anxiu.accounts.choices import LinkPurpose
from anxiu.kernel.errors import Refusal
from anxiu.kernel.idempotency import Answer, once
from anxiu.kernel.time import now
from anxiu.orders.actions import note_reply
from anxiu.portal.actions import take
from anxiu.portal.pages import enter, in_words, page
from anxiu.portal.rules import WORDS_OF_LINK

WORDS_MOST = 2000  # source: own choice; a page of text


class ReplyForm(forms.Form):
    """What the reporter answers."""

    key = forms.CharField(widget=forms.HiddenInput, initial=lambda: uuid4().hex, max_length=64)
    text = forms.CharField(
        label=gettext_lazy("Your answer"), max_length=WORDS_MOST, widget=forms.Textarea(attrs={"rows": 3})
    )


@page
@require_POST
def track_reply(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the answer down; the order's owner is told."""
    found = enter(request, secret, LinkPurpose.TRACK)
    form = ReplyForm(request.POST)
    here = f"{reverse('track', args=[secret])}#reply"
    if not form.is_valid():
        messages.error(request, _("Please write an answer first."))
        return redirect(here)
    key, text = form.cleaned_data["key"], form.cleaned_data["text"]

    def perform() -> Answer:
        take(limit=WORDS_OF_LINK, who=found.actor.key, at=now())
        note_reply(actor=found.actor, at=now(), order_uid=found.order.uid, text=text)
        return Answer(201, "")

    try:
        once(principal=found.actor.key, key=key, request=text.encode(), perform=perform)
    except Refusal as refusal:
        messages.error(request, in_words(refusal))
    else:
        messages.success(request, _("Thank you. We go on with your order."))
    return redirect(here)
