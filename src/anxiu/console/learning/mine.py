"""One's own reading of the regulation: what changed, the quiz, the acknowledgement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anxiu.console.pages import DONE, REFUSED, Verb, VerbForm, dialog, leave, page, show
from anxiu.console.versions.compare import Row, rows_of
from anxiu.console.versions.words import both, language, name_of, scope_of
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, NotFound, Refusal
from anxiu.kernel.given import is_text, number
from anxiu.kernel.idempotency import Answer, once
from anxiu.kernel.messages import explain
from anxiu.kernel.time import now
from anxiu.regulation.models import Clause, Question, Version
from anxiu.regulation.queries import sheets, situation_of, speaker, versions
from anxiu.regulation.rules.compare import Status, compare
from anxiu.regulation.rules.quiz import shuffled
from anxiu.uptake import actions
from anxiu.uptake.models import Attempt, Reading
from anxiu.uptake.queries import Sitting, base_of, mine, my_reading, sitting
from anxiu.uptake.queries.reading import attempts

OWN = "uptake.acknowledge_version"


@dataclass(frozen=True, slots=True)
class Card:
    """A version in the list of one's own."""

    reading: Reading
    name: str
    scope: str
    tone: str
    active: bool


def _card(row: Reading, chosen: Reading | None, at: datetime) -> Card:
    tone = "green" if not row.is_open else "red" if row.due_at <= at else "amber"
    return Card(row, name_of(row.version), scope_of(row.version), tone, row == chosen)


@page(OWN)
def learn(request: HttpRequest, actor: Actor, uid: UUID | None = None) -> HttpResponse:
    """The version that is to be acknowledged next, or the one of the address: changes, quiz, acknowledgement."""
    at, rows = now(), list(mine(actor)[:50])
    chosen = my_reading(actor, uid) if uid else (rows[0] if rows else None)
    context: dict[str, Any] = {
        "title": _("My reading"), "cards": [_card(each, chosen, at) for each in rows], "own": None,
        "may_view_readings": actor.may("uptake.view_readings"),
    }  # fmt: skip
    if chosen:
        context |= _about(actor, chosen, at)
    return show(request, "console/learning/learn.html", context)


def _about(actor: Actor, row: Reading, at: datetime) -> dict[str, Any]:
    """Everything about one version somebody has to know."""
    base = base_of(row)
    known = base is not None and versions(actor).filter(pk=base.pk).exists()
    changed = _changes(actor, base, row.version) if base and known else None
    next_one = sitting(row) if row.is_open and row.passed_at is None else None
    return {
        "own": row, "card": _card(row, row, at), "base": base if known else None, "changes": changed,
        "next_one": next_one, "attempts": attempts(row), "late": row.is_open and row.due_at <= at,
        "quiz_done": row.passed_at is not None or bool(next_one and not next_one.drawn),
        "steps": _steps(row, next_one), "version": row.version,
    }  # fmt: skip


def _steps(row: Reading, next_one: Sitting | None) -> list[dict[str, Any]]:
    passed = row.passed_at is not None or not row.is_open
    states = ("done", "done" if passed else "current", "done" if not row.is_open else "current" if passed else "next")
    if next_one is not None and not next_one.drawn:
        states = ("done", "done", "current")
    elif next_one is not None and next_one.number == 1:
        states = ("current", "next", "next")
    labels = (_("Read"), _("Situations"), _("Acknowledge"))
    moments = (row.opened_at, row.passed_at, row.acknowledged_at)
    return [
        {"label": label, "state": state, "at": at if state == "done" else None}
        for label, state, at in zip(labels, states, moments, strict=True)
    ]


def _changes(actor: Actor, base: Version, version: Version) -> list[tuple[str, list[Row]]]:
    """Clause by clause, what differs from the version somebody acknowledged before."""
    words = language()
    before, after = (sheets(actor, each.pk, words, quiz=False) for each in (base, version))
    return rows_of([each for each in compare(before, after) if each.status is not Status.SAME])


# ---- the quiz --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is shown: its choices by place, what was chosen, and what is wrong with the answer."""

    code: str
    number: str
    words: str
    choices: tuple[tuple[int, str, bool], ...]
    several: bool
    wrong: str = ""


@page("uptake.take_quiz")
def take_quiz(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Answer the questions drawn for the next sitting."""
    row = my_reading(actor, uid)
    back = reverse("learn_version", args=[uid])
    if request.method == "GET" and (not row.is_open or row.passed_at):
        return leave(request, back)
    given = {name[2:]: request.POST.getlist(name) for name in request.POST if name.startswith("q.")}
    wrong: dict[str, str] = {}
    if request.method == "POST":
        try:
            return leave(request, _sent(request, actor, row, given))
        except Refusal as refusal:
            if isinstance(refusal, NotFound):
                raise
            field = refusal.field if isinstance(refusal, Invalid) else ""
            wrong[field or ""] = explain(refusal)
    asked = sitting(row)
    context = {
        "title": _("Situations"), "context_line": row.version.code, "own": row, "back": back,
        "asked": _shown(asked, given, wrong), "sitting": asked, "wrong": wrong.get("", ""), "key": uuid4().hex,
    }  # fmt: skip
    answer = show(request, "console/learning/quiz.html", context)
    answer.status_code = REFUSED if wrong else 200
    return answer


def _sent(request: HttpRequest, actor: Actor, row: Reading, given: Mapping[str, list[str]]) -> str:
    """Hand the answers in, once however often they are sent; the address of what came of it."""
    answers = {code: [each for each in map(number, chosen) if each is not None] for code, chosen in given.items()}

    def perform() -> Answer:
        made = actions.take_quiz(actor=actor, at=now(), reading_uid=row.uid, answers=answers)
        return Answer(DONE, reverse("attempt", args=[row.uid, made.number]))

    key = request.POST.get("key", "")[:64]
    key = key if key and is_text(key) else uuid4().hex
    return once(principal=actor.key, key=key, request=f"{request.path}{answers}".encode(), perform=perform).body


def _shown(asked: Sitting, given: Mapping[str, list[str]], wrong: Mapping[str, str]) -> list[Asked]:
    say = asked.speaker.in_language(language())
    shown = []
    for each in asked.drawn:
        order, chosen = shuffled(each, asked.seed), given.get(each.code, ())
        choices = tuple(
            (place, say(both(each.choices[at].words)), str(place) in chosen) for place, at in enumerate(order)
        )
        shown.append(
            Asked(each.code, each.number, say(both(each.situation)), choices, each.several, wrong.get(each.code, ""))
        )
    return shown


@dataclass(frozen=True, slots=True)
class Explained:
    """An answered question with what is right and why; its clause with the title."""

    right: bool
    words: str
    choices: tuple[tuple[str, bool, bool], ...]
    why: str
    number: str
    clause: str


@page("uptake.take_quiz")
def attempt(request: HttpRequest, actor: Actor, uid: UUID, number: int) -> HttpResponse:
    """What came of a sitting: each question with what is right, and why."""
    row = my_reading(actor, uid)
    found = next((each for each in attempts(row) if each.number == number), None)
    if found is None:
        raise NotFound("kernel.not_found")
    context = {
        "title": _("Situations"), "context_line": row.version.code, "own": row, "attempt": found,
        "explained": _explained(row, found), "back": reverse("learn_version", args=[uid]),
    }  # fmt: skip
    return show(request, "console/learning/attempt.html", context)


def _explained(row: Reading, found: Attempt) -> list[Explained]:
    say, words = speaker(row.version_id).in_language(language()), language()
    stored = {each.code: situation_of(each) for each in Question.objects.filter(version=row.version_id)}
    titles = {each.number: each for each in Clause.objects.filter(version=row.version_id)}
    shown = []
    for each in found.answers:
        asked = stored[each["code"]]
        choices = tuple(
            (say(both(one.words)), one.right, place in each["chosen"]) for place, one in enumerate(asked.choices)
        )
        clause = titles[asked.number]
        title = clause.title_zh if words.startswith("zh") else clause.title_en
        said, why = say(both(asked.situation)), say(both(asked.why))
        shown.append(Explained(each["right"], said, choices, why, asked.number, title))
    return sorted(shown, key=lambda each: each.right)


# ---- acknowledging ---------------------------------------------------------------------------------------------------
@page(OWN)
def acknowledge_version(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Acknowledge a version by name."""
    row = my_reading(actor, uid)
    said = _("I, {person}, have read version {code} of “{name}” and work by it.")
    verb = Verb(
        _("Acknowledge"), _("Acknowledge"),
        lambda given: actions.acknowledge_version(actor=actor, at=now(), reading_uid=uid),
        document=said.format(person=row.person.name, code=row.version.code, name=name_of(row.version)),
        lead=_("Your name, the time and the version are written into the chain of evidence."),
        done=_("You have acknowledged it."), go=lambda _row: reverse("learn_version", args=[uid]),
    )  # fmt: skip
    return dialog(request, actor, VerbForm(request.POST or None), verb)
