"""The list of pilots, and one pilot with what came of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxiu.accounts.queries import regions
from anxiu.console.dashboard.asking import local_name
from anxiu.console.on_trial import shown
from anxiu.console.pages import page, show
from anxiu.console.pilots.said import Reader, judged
from anxiu.console.pilots.verbs import one
from anxiu.console.versions.pages import shown as shown_version
from anxiu.console.versions.words import figure_lines, language
from anxiu.feedback.values import SCALE
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.kernel.values import reading
from anxiu.kpi.messages import MEANINGS
from anxiu.kpi.queries import VIEW_PILOTS, compared
from anxiu.regulation.choices import VersionState
from anxiu.regulation.models import Pilot
from anxiu.regulation.queries import VIEW, differences, in_force, pilots, since_then, under_way

PAST = 50  # decided pilots that the list shows


@page(VIEW)
def pilots_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is on trial, what could be, and what was decided of earlier pilots."""
    at = now()
    found = [shown(each, at) for each in pilots(actor)[:PAST]]
    approved = under_way(actor).filter(state=VersionState.APPROVED) if actor.may("regulation.start_pilot") else []
    context = {
        "title": _("Pilots"), "running": [each for each in found if not each.pilot.outcome],
        "decided": [each for each in found if each.pilot.outcome],
        "approved": [shown_version(each, at) for each in approved], "may_start": actor.may("regulation.start_pilot"),
    }  # fmt: skip
    return show(request, "console/pilots/list.html", context)


@page(VIEW)
def pilot_page(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """One pilot: where it runs, what it changes, how it compares, and what was decided."""
    at, pilot = now(), one(actor, uid)
    card = shown(pilot, at)
    context: dict[str, Any] = {
        "title": card.name, "context_line": card.where, "pilot": pilot, "shown": card,
        "verbs": _verbs(actor, pilot), "changes": _changes(pilot), "since_then": list(since_then(pilot, at)),
        "compare_url": f"{reverse('compare_versions')}?left={pilot.base.code}&right={pilot.version.code}",
        "indicators": [MEANINGS[code].name for code in pilot.indicators if code in MEANINGS],
        "comparison": None,
    }  # fmt: skip
    if actor.may(VIEW_PILOTS):
        context |= _compared(actor, pilot, at)
    return show(request, "console/pilots/pilot.html", context)


def _compared(actor: Actor, pilot: Pilot, at: datetime) -> dict[str, Any]:
    """Every indicator compared, and how it was done."""
    comparison = compared(actor, pilot, at)
    seen = list(regions(actor))
    scale = reading(in_force(None, "", at).pk)(SCALE)
    reader = Reader(
        comparison, scale, {each.pk: local_name(each) for each in seen}, {each.pk: each.code for each in seen}
    )
    return {"comparison": comparison, "found": [judged(reader, each) for each in comparison.found]}


# Verb, its words, its icon, whether it is the one to do next.
OFFERED = (
    ("roll_out_pilot", _("Roll out"), "scale", True),
    ("withdraw_pilot", pgettext_lazy("pilot", "Withdraw"), "arrow-back-up", False),
)


def _verbs(actor: Actor, pilot: Pilot) -> list[dict[str, Any]]:
    if pilot.outcome:
        return []
    return [
        {"url": reverse(name, args=[pilot.uid]), "label": label, "icon": icon, "primary": primary}
        for name, label, icon, primary in OFFERED
        if actor.may(f"regulation.{name}")
    ]


@dataclass(frozen=True, slots=True)
class Changed:
    """What the version on trial says otherwise: a figure by line, or a clause in other words."""

    number: str
    title: str
    key: str
    lines: tuple[tuple[str, str], ...]


def _changes(pilot: Pilot) -> list[Changed]:
    return [
        Changed(
            each.number, each.title.in_language(language()), each.key,
            figure_lines(each.key, each.old, each.new) if each.key else (),
        )
        for each in differences(pilot.version_id, pilot.base_id)
    ]  # fmt: skip
