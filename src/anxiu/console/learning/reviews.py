"""The regular review: how each clause was lived, what was said, what was changed and what it did; the decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anxiu.console.learning.remarks import dressed
from anxiu.console.pages import Verb, VerbForm, dialog, page, show
from anxiu.console.versions.words import figure_lines, language
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.time import now
from anxiu.kpi.choices import Standing
from anxiu.kpi.queries import VIEW as VIEW_COMPLIANCE
from anxiu.kpi.queries import Asked, compliance
from anxiu.kpi.queries.board import tallies
from anxiu.kpi.rules.board import Line, Tally
from anxiu.regulation.models import Clause, Version
from anxiu.regulation.queries import in_force
from anxiu.uptake import actions
from anxiu.uptake.choices import Decision, RemarkState
from anxiu.uptake.messages import DECISIONS
from anxiu.uptake.models import Decided, Review
from anxiu.uptake.queries import VIEW_REVIEWS, FigureChange, decisions, figures_changed, remarks
from anxiu.uptake.queries import reviews as everyone

WORST, LISTED = 8, 50
AROUND = timedelta(days=30)  # before and after a change
HUNDRED = 100
TONES = {Decision.KEEP: "green", Decision.AMEND: "amber", Decision.DROP: "red"}
NEVER = (Standing.NO_CASES, Standing.BY_PEOPLE, Standing.BY_SYSTEM)


@page(VIEW_REVIEWS)
def reviews(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every review: the open one first."""
    rows = list(everyone(actor)[:LISTED])
    return show(request, "console/learning/reviews.html", {"title": _("Reviews of the regulation"), "reviews": rows})


@dataclass(frozen=True, slots=True)
class Judged:
    """A clause on the page: how it stood, in percent, and what was decided."""

    number: str
    title: str
    cases: int
    broken: int
    percent: int | None
    decided: Decided | None


@dataclass(frozen=True, slots=True)
class Effect:
    """A figure that was changed, in words, and how its clause was kept before and after."""

    change: FigureChange
    number: str
    lines: Sequence[tuple[str, str]]
    before: int | None
    after: int | None


def _one(actor: Actor, uid: UUID) -> Review:
    row = everyone(actor).filter(uid=uid).first()
    if row is None:
        raise NotFound("kernel.not_found")
    return row


@page(VIEW_REVIEWS)
def review(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Everything a review looks at, and what it decides."""
    row = _one(actor, uid)
    until = row.closed_at or now()
    version = in_force(None, "", until)
    made = decisions(row)
    held = {each.number: each for each in made}
    context: dict[str, Any] = {
        "title": _("Review of the regulation"), "review": row, "version": version, "decisions": made,
        "decision_words": DECISIONS, "tones": TONES, "until": until,
        "may_decide": row.is_open and actor.may("uptake.decide_on_clause"),
        "may_close": row.is_open and actor.may("uptake.close_review"),
        "remarks": [dressed(actor, each) for each in remarks(actor).filter(state=RemarkState.OPEN)[:LISTED]],
    }  # fmt: skip
    if actor.may(VIEW_COMPLIANCE):
        context |= _lived(actor, version, Asked(row.since, until), held)
        context["effects"] = _effects(actor, row.since, until)
    return show(request, "console/learning/review.html", context)


def _lived(actor: Actor, version: Version, asked: Asked, held: Mapping[str, Decided]) -> dict[str, Any]:
    """The clauses broken most, and those never kept or measured, from the compliance board."""
    lines = compliance(actor, version, asked, language()).lines
    broken = sorted((each for each in lines if each.tally.broken), key=lambda each: -each.tally.broken)
    return {
        "worst": [_judged(each, held) for each in broken[:WORST]],
        "never": [_judged(each, held) for each in lines if _never(each)],
    }


def _never(line: Line) -> bool:
    """Whether a clause was never kept, or nothing measures it."""
    return line.standing in NEVER or (line.tally.share is not None and not line.tally.kept)


def _judged(line: Line, held: Mapping[str, Decided]) -> Judged:
    share = line.tally.share
    return Judged(
        line.clause.number, line.clause.title, line.tally.cases, line.tally.broken,
        None if share is None else round(share * HUNDRED), held.get(line.clause.number),
    )  # fmt: skip


def _effects(actor: Actor, since: datetime, until: datetime) -> list[Effect]:
    """The figures changed since, with how their clauses were kept in the month before and after."""
    found = []
    spans: dict[datetime, tuple[Mapping[str, Tally], Mapping[str, Tally]]] = {}
    for change in figures_changed(actor, since, until)[:LISTED]:
        if change.at not in spans:
            ends = ((change.at - AROUND, change.at), (change.at, min(change.at + AROUND, until)))
            spans[change.at] = (tallies(actor, Asked(*ends[0])), tallies(actor, Asked(*ends[1])))
        before, after = spans[change.at]
        clause = Clause.objects.filter(version=change.version, value_keys__contains=[change.key]).first()
        lines = figure_lines(change.key, change.old, change.new)
        found.append(
            Effect(change, clause.number if clause else "", lines, _kept(before, change.key), _kept(after, change.key))
        )
    return found


def _kept(found: Mapping[str, Tally], key: str) -> int | None:
    """The share kept in percent; none where there was no case."""
    share = found[key].share if key in found else None
    return None if share is None else round(share * HUNDRED)


# ---- verbs -----------------------------------------------------------------------------------------------------------
class DecideForm(VerbForm):
    """What is decided about a clause, and why."""

    decision = forms.ChoiceField(label=_("Decision"), choices=list(DECISIONS.items()), widget=forms.RadioSelect)
    why = forms.CharField(label=_("Reason"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


@page("uptake.decide_on_clause")
def decide_on_clause(request: HttpRequest, actor: Actor, uid: UUID, number: str) -> HttpResponse:
    """Decide about a clause of the version in force."""
    row = _one(actor, uid)
    version = in_force(None, "", row.closed_at or now())

    def run(given: dict[str, Any]) -> object:
        return actions.decide_on_clause(
            actor=actor, at=now(), review_uid=uid, version_id=version.pk, number=number,
            decision=Decision(given["decision"]), why=given["why"],
        )  # fmt: skip

    title = _("Decide about clause {number}").format(number=number)
    return dialog(request, actor, DecideForm(request.POST or None), Verb(title, _("Decide"), run, done=_("Decided.")))


class CloseForm(VerbForm):
    """What came of a review."""

    why = forms.CharField(label=_("Conclusion"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


@page("uptake.close_review")
def close_review(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Close a review with its conclusion."""
    _one(actor, uid)
    verb = Verb(
        _("Close the review"), _("Close"),
        lambda given: actions.close_review(actor=actor, at=now(), review_uid=uid, why=given["why"]),
        lead=_("The next one is counted from today."), done=_("The review is closed."),
        go=lambda _row: reverse("review", args=[uid]),
    )  # fmt: skip
    return dialog(request, actor, CloseForm(request.POST or None), verb)
