"""Sessions at which a version was explained: listed with who came, and recorded."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxiu.accounts.queries import people
from anxiu.console.pages import Listing, Verb, VerbForm, address, columns, dialog, keyset, local, page, show
from anxiu.console.versions.verbs import one
from anxiu.console.versions.words import zh
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.regulation.models import Clause, Version
from anxiu.regulation.queries import in_force
from anxiu.uptake import actions
from anxiu.uptake.queries import sessions as held

OFFERED = 400


@page("uptake.acknowledge_version")
def sessions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The sessions of one's regions, and those one came to."""
    rows, next_url = keyset(request, held(actor), ("-held_at", "-id"))
    version = in_force(None, "", now())
    record = {
        "label": _("Record a session"), "icon": "plus", "dialog": reverse("record_session", args=[version.uid]),
        "size": "is-wide", "primary": True,
    }  # fmt: skip
    listing = Listing(
        id="sessions", rows=rows, row_template="console/learning/session_row.html",
        columns=columns(_("Session"), _("Version"), _("Clauses"), _("Who came"), _("When")), next_url=next_url,
        first_url=address(request) if request.GET.get("after") else "",
        actions=[record] if actor.may("uptake.record_session") else [],
        empty={
            "title": _("No session is recorded"), "symbol": "school",
            "text": _("When the regulation is explained to people, the session is recorded with who came."),
        },
    )  # fmt: skip
    context = {"title": _("Sessions on the regulation"), "listing": listing}
    return show(request, "console/notices/list.html", context, fragment="console/parts/listing.html")


class SessionForm(VerbForm):
    """When, where, about what, and who came."""

    held_at = forms.DateTimeField(label=_("When"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    place = forms.CharField(label=pgettext_lazy("session", "Place"), max_length=120)
    words = forms.CharField(
        label=_("Cases, film or material"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was shown, and where it is kept."),
    )  # fmt: skip
    numbers = forms.MultipleChoiceField(label=_("Clauses"), required=False, widget=forms.CheckboxSelectMultiple)
    person_ids = forms.TypedMultipleChoiceField(
        label=_("Who came"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, *, actor: Actor, version: Version) -> None:
        super().__init__(data, initial={"held_at": local(localtime(now()))})
        clauses = Clause.objects.filter(version=version)
        numbers = [(each.number, f"{each.number} {each.title_zh if zh() else each.title_en}") for each in clauses]
        found = people(actor).filter(is_active=True).order_by("name_key", "pk")[:OFFERED]
        cast("forms.MultipleChoiceField", self.fields["numbers"]).choices = numbers
        cast("forms.MultipleChoiceField", self.fields["person_ids"]).choices = [(each.pk, each.name) for each in found]


@page("uptake.record_session")
def record_session(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Record a session on a version."""
    version = one(actor, uid)

    def run(given: dict[str, Any]) -> object:
        new = actions.NewSession(
            given["held_at"], given["place"], given["words"], given["person_ids"], given["numbers"]
        )
        return actions.record_session(actor=actor, at=now(), version_id=version.pk, new=new)

    verb = Verb(
        _("Record a session on {code}").format(code=version.code), _("Record"), run, keep=f"session-{uid}",
        done=_("The session is recorded."),
    )  # fmt: skip
    return dialog(request, actor, SessionForm(request.POST or None, actor=actor, version=version), verb)
