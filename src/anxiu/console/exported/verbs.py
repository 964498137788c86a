"""Asking for an evidence package or for a long list, and giving a file up."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from anxiu.console.exports import named
from anxiu.console.pages import Verb, VerbForm, dialog, page
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Refusal
from anxiu.kernel.messages import explain
from anxiu.kernel.time import now
from anxiu.orders.queries import order
from anxiu.trace import actions
from anxiu.trace.actions import EvidenceAsked, ListAsked
from anxiu.trace.choices import Format
from anxiu.trace.queries import IN_FULL, export

LANGUAGES = (("zh-hans", "中文"), ("en", "English"))


class EvidenceForm(VerbForm):
    """In which language, and whether with what may name people."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    in_full = forms.BooleanField(
        label=_("With names, numbers and texts of people"), required=False,
        help_text=_("Without it the package proves the same, but reports and signature are left out."),
    )  # fmt: skip

    def __init__(self, who: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = get_language() or "zh-hans"
        if not who.may(IN_FULL):
            del self.fields["in_full"]


@page("trace.export_evidence")
def export_evidence(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Have the evidence of an order made into one package."""
    row = order(actor, uid)

    def run(given: dict[str, Any]) -> object:
        asked = EvidenceAsked(
            uid, given["language"], timezone.get_current_timezone_name(), in_full=bool(given.get("in_full"))
        )
        return actions.export_evidence(actor=actor, at=now(), asked=asked)

    verb = Verb(
        title=_("Evidence package"), submit=_("Make the package"), run=run, go=lambda _row: reverse("exports"),
        lead=_("{number} with its history, files, deadlines, clauses and proofs, to be checked without this system.")
        .format(number=row.number),
        done=_("The package is being made."),
    )  # fmt: skip
    return dialog(request, actor, EvidenceForm(actor, request.POST or None), verb)


@require_POST
@page("trace.export_lists")
def export_lists(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Have a list that is too long to be sent at once made into a file."""
    path, _mark, query = request.POST.get("of", "").partition("?")
    given = request.POST.get("format", "")
    try:
        name, file = named(path, given)
        asked = ListAsked(
            name, path, query, Format(given), file, get_language() or "zh-hans", timezone.get_current_timezone_name()
        )
        actions.export_lists(actor=actor, at=now(), asked=asked)
        messages.success(request, _("The file is being made."))
    except Refusal as refusal:
        messages.error(request, explain(refusal))
    return redirect("exports")


@page("trace.cancel_export")
def cancel_export(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Give a file up."""
    row = export(actor, uid)
    verb = Verb(
        title=_("Delete the file") if not row.is_running else _("Give the file up"), danger=True,
        submit=_("Delete") if not row.is_running else _("Give up"), done=_("The file is gone."),
        lead=_("It can be asked for again at any time."),
        run=lambda _given: actions.cancel_export(actor=actor, at=now(), export_uid=uid),
    )  # fmt: skip
    return dialog(request, actor, VerbForm(request.POST or None), verb)
