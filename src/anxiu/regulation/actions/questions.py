"""Writing, adding, removing and ordering the questions of a draft; each change with its reason."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db.models import Max

from anxiu.accounts.models import Post
from anxiu.kernel import values
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.kernel.events import Sealed, canonical
from anxiu.regulation.actions.moves import locked, put_question, require_said, tell
from anxiu.regulation.choices import Origin, VersionState
from anxiu.regulation.events import QuestionAdded, QuestionMoved, QuestionRemoved, QuestionWritten
from anxiu.regulation.models import Clause, Question, Version
from anxiu.regulation.queries import figures, known_of, situation_of
from anxiu.regulation.rules.drafting import Around
from anxiu.regulation.rules.questioning import require_situation
from anxiu.regulation.rules.quiz import Situation


@action(posts={"administrator", "management", "supervisor"})
def add_question(*, actor: Actor, at: datetime, version_id: int, situation: Situation, why: str) -> Question:
    """Add a question about a situation to a draft, behind the others.

    Records: QuestionAdded. Refuses: no reason, a code that is none or taken, a clause that is not there, an empty part,
    languages that say different figures, figures nobody knows, no right or no wrong choice, a version that is no draft.
    """
    version = locked(actor, version_id, VersionState.DRAFT)
    why = require_said(why, "why")
    _require(version, situation)
    if Question.objects.filter(version=version, code=situation.code).exists():
        raise Invalid("regulation.question_code_taken", field="code", given=situation.code)
    last = Question.objects.filter(version=version).aggregate(last=Max("position"))["last"] or 0
    row = put_question(
        Question(version=version, code=situation.code, position=last + 1, origin=Origin.COMPANY), situation
    )
    row.save(force_insert=True)
    fact = QuestionAdded(version.code, row.code, row.number, Sealed(canonical(said(situation))), Sealed(why))
    tell(version, fact, actor=actor, at=at)
    return row


@action(posts={"administrator", "management", "supervisor"})
def write_question(*, actor: Actor, at: datetime, version_id: int, situation: Situation, why: str) -> Question:
    """Word a question of a draft anew; its code names it.

    Records: QuestionWritten. Refuses: a question that is not there, nothing changed, what `add_question` refuses of a
    question.
    """
    version = locked(actor, version_id, VersionState.DRAFT)
    why = require_said(why, "why")
    row = _question(version, situation.code)
    _require(version, situation)
    old, new = said(situation_of(row)), said(situation)
    if old == new:
        raise Invalid("regulation.nothing_changed")
    put_question(row, situation).origin = Origin.COMPANY
    row.save()
    fact = QuestionWritten(
        version.code, row.code, row.number, Sealed(canonical(old)), Sealed(canonical(new)), Sealed(why)
    )
    tell(version, fact, actor=actor, at=at)
    return row


@action(posts={"administrator", "management", "supervisor"})
def remove_question(*, actor: Actor, at: datetime, version_id: int, code: str, why: str) -> None:
    """Take a question out of a draft.

    Records: QuestionRemoved. Refuses: no reason, a question that is not there, a version that is no draft.
    """
    version = locked(actor, version_id, VersionState.DRAFT)
    why = require_said(why, "why")
    row = _question(version, code)
    old = said(situation_of(row))
    row.delete()
    fact = QuestionRemoved(version.code, code, row.number, Sealed(canonical(old)), Sealed(why))
    tell(version, fact, actor=actor, at=at)


@action(posts={"administrator", "management", "supervisor"})
def move_question(*, actor: Actor, at: datetime, version_id: int, code: str, place: int, why: str) -> Question:
    """Put a question of a draft at another place among the others, counted from 1.

    Records: QuestionMoved. Refuses: no reason, a question or a place that is not there, the place it has, a version
    that is no draft.
    """
    version = locked(actor, version_id, VersionState.DRAFT)
    why = require_said(why, "why")
    moved = _question(version, code)
    rows = list(Question.objects.filter(version=version).order_by("position", "id"))
    if not 0 < place <= len(rows):
        raise Invalid("regulation.no_such_place", field="place", count=len(rows), place=place)
    if rows[place - 1] == moved:
        raise Invalid("regulation.nothing_changed")
    rows.remove(moved)
    rows.insert(place - 1, moved)
    for position, each in enumerate(rows, 1):
        each.position = position
    Question.objects.bulk_update(rows, ["position"])
    tell(version, QuestionMoved(version.code, code, moved.number, place, Sealed(why)), actor=actor, at=at)
    return moved


def said(situation: Situation) -> Mapping[str, Any]:
    """A question as it is kept with the event."""
    return asdict(situation)


def _question(version: Version, code: str) -> Question:
    row = Question.objects.filter(version=version, code=code).first()
    if row is None:
        raise NotFound("kernel.not_found")
    return row


def _require(version: Version, situation: Situation) -> None:
    around = Around(known_of(version.pk), values.REGISTRY, figures(version.pk), {})
    numbers = set(Clause.objects.filter(version=version).values_list("number", flat=True))
    require_situation(situation, around, numbers, set(Post.objects.values_list("code", flat=True)))
