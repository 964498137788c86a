"""Reading the work on versions: what is in hand, one version with its edit controls, readiness, review and log."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anxiu.console.pages import page, show
from anxiu.console.regulation import CONTROLS, ORIGINS
from anxiu.console.remarked import remarked
from anxiu.console.versions.verbs import one
from anxiu.console.versions.words import (
    CONTROL_NAMES,
    LACKS,
    ROLES,
    UNFIT,
    Entry,
    both,
    control_words,
    entry,
    figure_name,
    figure_words,
    language,
    name_of,
    scope_of,
    shown_about,
    state_of,
)
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.regulation.choices import UNDER_WAY, Control, VersionState
from anxiu.regulation.messages import STATES
from anxiu.regulation.models import Comment, Member, Version
from anxiu.regulation.queries import (
    VIEW,
    VIEW_DRAFTS,
    clause_about,
    comments,
    document,
    figures,
    group,
    log,
    moved_on,
    pilots,
    readiness,
    under_way,
    versions,
)  # fmt: skip
from anxiu.regulation.rules.readiness import Line, Readiness

BRIEF = 40
PATH = (VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.APPROVED, VersionState.IN_FORCE)
STEP_NAMES = {
    VersionState.DRAFT: _("Draft"), VersionState.IN_REVIEW: _("Review"), VersionState.APPROVED: _("Approval"),
    VersionState.IN_FORCE: _("In force"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A version as the list of work and the head of its page show it."""

    version: Version
    name: str
    scope: str
    state: str
    tone: str
    people: tuple[Member, ...] = ()
    open_comments: int = 0


def shown(version: Version, at: datetime, people: Iterable[Member] = (), comments: Iterable[Comment] = ()) -> Shown:
    """A version in words."""
    state, tone = state_of(version, at)
    waiting = sum(1 for each in comments if each.settled_at is None)
    return Shown(version, name_of(version), scope_of(version), state, tone, tuple(people), waiting)


@page(VIEW)
def drafts(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Drafts, reviews, what is approved, and what takes effect later."""
    at = now()
    rows = list(under_way(actor).prefetch_related("members__person", "comments"))
    later = list(versions(actor).filter(state=VersionState.IN_FORCE, in_force_from__gt=at))
    given_up = list(versions(actor).filter(state=VersionState.DISCARDED)[:20])
    in_hand = [shown(each, at, each.members.all(), each.comments.all()) for each in rows]
    context = {
        "title": _("Work on the regulation"), "may_start": actor.may("regulation.start_draft"),
        "groups": [
            (STEP_NAMES[state], [each for each in in_hand if each.version.state == state])
            for state in (VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.APPROVED)
        ],
        "later": [shown(each, at) for each in later], "given_up": [shown(each, at) for each in given_up],
        "anything": bool(in_hand or later or given_up),
    }  # fmt: skip
    return show(request, "console/versions/drafts.html", context)


def frame(actor: Actor, version: Version, tab: str) -> dict[str, Any]:
    """What every page about one version has: its head, steps, tabs and what may be done."""
    at = now()
    ready = readiness(version.pk)
    said, people = list(comments(actor, version.pk)), list(group(actor, version.pk))
    waiting = sum(1 for each in said if each.settled_at is None)
    uid = [version.uid]
    tabs = [
        {"label": _("Text"), "url": reverse("version", args=uid), "active": tab == "text"},
        {
            "label": _("Readiness"), "url": reverse("version_readiness", args=uid), "active": tab == "readiness",
            "count": len(ready.lacking) + len(ready.unfit) or None,
        },
        {
            "label": _("Review"), "url": reverse("version_review", args=uid), "active": tab == "review",
            "count": waiting or None,
        },
        *_quiz_tab(actor, version, ready, tab),
        {"label": _("Change log"), "url": reverse("version_log", args=uid), "active": tab == "log"},
    ]  # fmt: skip
    return {
        "title": name_of(version), "context_line": version.code, "version": version,
        "shown": shown(version, at, people, said), "steps": _steps(version), "tabs": tabs,
        "ready": ready, "comments": said, "verbs": _verbs(actor, version), "under_way": version.state in UNDER_WAY,
        "editing": version.state == VersionState.DRAFT and actor.may("regulation.set_figure"),
        "reviewing": version.state == VersionState.IN_REVIEW and actor.person_id in {each.person_id for each in people},
        "controls": CONTROLS, "origins": ORIGINS,
        "pilot": None if version.state in UNDER_WAY else pilots(actor).filter(version=version).first(),
    }  # fmt: skip


def _quiz_tab(actor: Actor, version: Version, ready: Readiness, tab: str) -> list[dict[str, Any]]:
    """The questions, for who may see drafts: who is asked them does not read the answers here."""
    if not actor.may(VIEW_DRAFTS):
        return []
    url = reverse("version_quiz", args=[version.uid])
    return [{"label": _("Quiz"), "url": url, "active": tab == "quiz", "count": len(ready.unfit) or None}]


def _steps(version: Version) -> list[dict[str, Any]]:
    on_trial = version.state == VersionState.ON_TRIAL
    if version.state not in PATH and not on_trial:
        return []
    here = PATH.index(VersionState.IN_FORCE if on_trial else VersionState(version.state))
    done = here if version.state != VersionState.IN_FORCE else len(PATH)
    names = STEP_NAMES | ({VersionState.IN_FORCE: STATES[VersionState.ON_TRIAL]} if on_trial else {})
    return [
        {"label": names[state], "state": "done" if at < done else "current" if at == here else "next"}
        for at, state in enumerate(PATH)
    ]


# By state: verb, its words, its icon, whether it is the one to do next, whether it cannot be undone.
OFFERED: dict[str, tuple[tuple[str, Any, str, bool, bool], ...]] = {
    VersionState.DRAFT: (
        ("submit_for_review", _("Submit for review"), "send", True, False),
        ("name_working_group", _("Working group"), "users-group", False, False),
        ("discard_draft", _("Give up"), "trash", False, True),
    ),
    VersionState.IN_REVIEW: (
        ("approve_version", _("Approve"), "circle-check", True, False),
        ("return_to_draft", _("Return to draft"), "arrow-back-up", False, False),
        ("name_working_group", _("Working group"), "users-group", False, False),
        ("discard_draft", _("Give up"), "trash", False, True),
    ),
    VersionState.APPROVED: (
        ("put_in_force", _("Put in force"), "scale", True, False),
        ("start_pilot", _("Start a pilot"), "test-pipe", False, False),
        ("return_to_draft", _("Return to draft"), "arrow-back-up", False, False),
        ("discard_draft", _("Give up"), "trash", False, True),
    ),
    VersionState.IN_FORCE: (("withdraw_version", _("Withdraw"), "archive", False, True),),
}


def _verbs(actor: Actor, version: Version) -> list[dict[str, Any]]:
    return [
        {
            "name": name, "url": reverse(name, args=[version.uid]), "label": label, "icon": icon, "primary": primary,
            "danger": danger,
        }
        for name, label, icon, primary, danger in OFFERED.get(version.state, ())
        if actor.may(f"regulation.{name}")
    ]  # fmt: skip


@page(VIEW)
def text(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """A version read as the document, with a control at each figure and clause where it may be changed."""
    version = one(actor, uid)
    found = document(actor, version.pk, language())
    of_clause: dict[str, list[Comment]] = {}
    context = frame(actor, version, "text")
    for each in context["comments"]:
        of_clause.setdefault(each.number, []).append(each)
    context |= {
        "document": found, "of_clause": of_clause, "lacking": {each.number for each in context["ready"].lacking},
        "about": shown_about(version), **remarked(actor, version),
    }  # fmt: skip
    return show(request, "console/versions/text.html", context)


@dataclass(frozen=True, slots=True)
class ReadyLine:
    """A clause of the readiness list in words."""

    line: Line
    title: str
    control: str
    icon: str
    holds: tuple[str, ...]
    lack: str
    names: str


def _ready_line(line: Line, held: Mapping[str, object]) -> ReadyLine:
    match line.control:
        case Control.MANUAL:
            holds: tuple[str, ...] = (both(line.manual),)
        case Control.VALUE:
            holds = tuple(_figure(key, held.get(key)) for key in line.holds)
        case _:
            holds = tuple(control_words(each) for each in line.holds)
    return ReadyLine(
        line, both(line.title), str(CONTROL_NAMES[line.control]), CONTROLS[line.control][1],
        tuple(each for each in holds if each), str(LACKS[line.lack]) if line.lack else "", ", ".join(line.names),
    )  # fmt: skip


def _figure(key: str, raw: object) -> str:
    """A figure by its name, and in words where they are few."""
    words, name = figure_words(key, raw), figure_name(key)
    return f"{name} {words[0]}" if len(words) == 1 and len(words[0]) < BRIEF else name


@page(VIEW)
def ready(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """What holds each clause, and what keeps the version from taking effect."""
    version = one(actor, uid)
    context = frame(actor, version, "readiness")
    held = figures(version.pk)
    lines = [_ready_line(each, held) for each in context["ready"].lines]
    context |= {
        "lines": lines, "moved": _moved(actor, version),
        "unfit": [(each, UNFIT[each.unfit]) for each in context["ready"].unfit],
    }  # fmt: skip
    return show(request, "console/versions/readiness.html", context)


def _moved(actor: Actor, version: Version) -> dict[str, Any] | None:
    """What changed since in the version this one began from, clause by clause; None when nothing did."""
    found = moved_on(actor, version)
    if found is None or version.based_on is None:
        return None
    titles = {key: clause_about(found.latest.pk, key, language()) or key for key in found.figures}
    compared = urlencode({"left": version.based_on.code, "right": found.latest.code})
    return {
        "latest": found.latest, "figures": titles, "clauses": found.clauses,
        "compare": f"{reverse('compare_versions')}?{compared}",
    }  # fmt: skip


@page(VIEW)
def review(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """The working group, what it said, and what became of it."""
    version = one(actor, uid)
    context = frame(actor, version, "review")
    may = actor.may("regulation.settle_comment") and version.state in (VersionState.DRAFT, VersionState.IN_REVIEW)
    return show(request, "console/versions/review.html", {**context, "roles": ROLES, "may_settle": may})


def entries(actor: Actor, version: Version, *, may_undo: bool) -> list[Entry]:
    """The change log in words."""
    return [entry(each, may_undo=may_undo) for each in log(actor, version.pk)]


@page(VIEW)
def changes(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Who changed what, when and why."""
    version = one(actor, uid)
    context = frame(actor, version, "log")
    found = entries(actor, version, may_undo=context["editing"])
    return show(request, "console/versions/log.html", {**context, "entries": found})
