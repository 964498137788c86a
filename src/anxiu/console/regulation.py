"""The regulation as a document to read: the version that holds for the reader, or any other they may see."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.models import Person
from anxiu.console.pages import page, show
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.time import now
from anxiu.regulation.choices import Control, OrderType, Origin, VersionState
from anxiu.regulation.models import Version
from anxiu.regulation.queries import VIEW, document, in_force, order_type_in_words, versions

CONTROLS: dict[str, tuple[Promise, str]] = {
    Control.VALUE: (_("Enforced by its figures"), "gauge"),
    Control.GATE: (_("Enforced by the system"), "shield-check"),
    Control.INDICATOR: (_("Measured by an indicator"), "chart-line"),
    Control.MANUAL: (_("Checked by people"), "user-check"),
}
ORIGINS: dict[str, tuple[Promise, str]] = {
    Origin.PUBLISHED: (_("From a published regulation"), "green"),
    Origin.OURS: (_("Default of this software"), "grey"),
    Origin.COMPANY: (_("Set by the company"), "blue"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A version in the list of versions: what it is called, to whom it applies, and where it stands.

    Of the versions for one scope that have begun, the latest holds and the others are superseded.
    """

    version: Version
    name: str
    scope: str
    holds: bool
    upcoming: bool
    superseded: bool


@page(VIEW)
def read(request: HttpRequest, actor: Actor, uid: UUID | None = None) -> HttpResponse:
    """One version with its figures in the sentences; with `q`, the clauses that hold these words."""
    at, language = now(), get_language() or "zh-hans"
    known = list(versions(actor))
    chosen = _chosen(known, cast("Person", request.user), uid, at)
    search = request.GET.get("q", "").strip()
    entries = _entries(known, language, at)
    context = {
        "title": _("Regulation"), "version": chosen, "entry": next(each for each in entries if each.version == chosen),
        "entries": entries,
        "about": _about(chosen, language), "document": document(actor, chosen.pk, language, search), "q": search,
        "controls": CONTROLS, "origins": ORIGINS,
    }  # fmt: skip
    return show(request, "console/regulation/read.html", context, fragment="console/regulation/text.html")


def _chosen(known: list[Version], person: Person, uid: UUID | None, at: datetime) -> Version:
    """The version of the address, else the one that holds for the person."""
    wanted = uid or in_force(person.region_id, "", at).uid
    for each in known:
        if each.uid == wanted:
            return each
    raise NotFound("kernel.not_found")


def _is_chinese(language: str) -> bool:
    return language.startswith("zh")


def _entries(known: list[Version], language: str, at: datetime) -> list[Entry]:
    """The versions, newest first, as they come."""
    held: set[tuple[int | None, str]] = set()
    entries = []
    for version in known:
        scope = (version.region_id, version.order_type)
        stands = version.state == VersionState.IN_FORCE
        began = stands and (version.in_force_from is None or version.in_force_from <= at)
        entries.append(
            Entry(
                version=version,
                name=version.name_zh if _is_chinese(language) else version.name_en,
                scope=_scope(version, language),
                holds=began and scope not in held,
                upcoming=stands and not began,
                superseded=began and scope in held,
            )
        )
        if began:
            held.add(scope)
    return entries


def _scope(version: Version, language: str) -> str:
    """To whom it applies, in a few words; nothing when to everybody."""
    parts = []
    if version.region:
        parts.append(version.region.name_zh if _is_chinese(language) else version.region.name_en)
    if version.order_type:
        parts.append(order_type_in_words(OrderType(version.order_type), language))
    return " · ".join(parts)


def _about(version: Version, language: str) -> tuple[tuple[Promise, str], ...]:
    zh = _is_chinese(language)
    return (
        (_("Purpose"), version.purpose_zh if zh else version.purpose_en),
        (_("Scope"), version.scope_zh if zh else version.scope_en),
        (_("Principles"), version.principles_zh if zh else version.principles_en),
    )


urlpatterns = [
    path("regulation/", read, name="regulation"),
    path("regulation/<uuid:uid>/", read, name="regulation_version"),
]
