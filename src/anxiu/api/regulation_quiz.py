"""The questions of a version over the API: as they are written; in a draft added, written, ordered, removed."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import BaseModel, Field

from anxiu.api.asking import PAGE, Code, Cursor, Key, Limit, Words, page_of
from anxiu.api.auth import actor_of
from anxiu.api.doing import REFUSED, act
from anxiu.api.regulation import version_of
from anxiu.kernel import values
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.regulation import actions
from anxiu.regulation.choices import Origin
from anxiu.regulation.models import Question
from anxiu.regulation.queries import VIEW_DRAFTS, questions

router = Router(tags=["regulation"])
ONE = "/regulation/versions/{uuid:uid}"


class ChoiceIO(Schema):
    """A choice in both languages, and whether it is right."""

    zh: Words
    en: Words
    right: bool = False


class QuestionIn(Schema):
    """A question as it is written: figures by placeholders; no posts means that all are asked."""

    code: Code
    number: Code
    situation_zh: Words
    situation_en: Words
    choices: Annotated[list[ChoiceIO], Field(max_length=20)]
    why_zh: Words
    why_en: Words
    posts: Annotated[list[Code], Field(max_length=50)] = []
    why: Words

    def situation(self) -> actions.Situation:
        """As the verbs take it."""
        return actions.Situation(
            self.code, self.number, values.Words(self.situation_zh, self.situation_en),
            tuple(actions.Choice(values.Words(each.zh, each.en), each.right) for each in self.choices),
            values.Words(self.why_zh, self.why_en), tuple(self.posts),
        )  # fmt: skip


class CodeIn(Schema):
    """Which question, and why."""

    code: Code
    why: Words


class QuestionPlaceIn(CodeIn):
    """Where it stands among the others, counted from 1."""

    place: Annotated[int, Field(ge=1, le=10_000)]


class WrittenQuestionOut(BaseModel):
    """A question as it is written."""

    code: str
    position: int
    number: str
    situation_zh: str
    situation_en: str
    choices: list[ChoiceIO]
    why_zh: str
    why_en: str
    posts: list[str]
    origin: Origin

    @staticmethod
    def of(row: Question) -> "WrittenQuestionOut":
        """From a row."""
        return WrittenQuestionOut(
            code=row.code, position=row.position, number=row.number, situation_zh=row.situation_zh,
            situation_en=row.situation_en, choices=[ChoiceIO(**each) for each in row.options], why_zh=row.why_zh,
            why_en=row.why_en, posts=list(row.posts), origin=Origin(row.origin),
        )  # fmt: skip


class WrittenQuestionsOut(BaseModel):
    """A page of questions."""

    items: list[WrittenQuestionOut]
    next: str


@router.get(f"{ONE}/questions", response={200: WrittenQuestionsOut, **REFUSED}, summary="List questions as written")
def list_questions(request: HttpRequest, uid: UUID, after: Cursor = "", limit: Limit = PAGE) -> WrittenQuestionsOut:
    """A version's questions with the right answers, for who may see drafts."""
    actor = actor_of(request)
    actor.require(VIEW_DRAFTS)
    found, following = page_of(questions(actor, version_of(actor, uid).pk), after, limit)
    return WrittenQuestionsOut(items=[WrittenQuestionOut.of(each) for each in found], next=following)


@router.post(f"{ONE}/actions/add_question", response={200: WrittenQuestionOut, **REFUSED}, summary="Add a question")
def add_question(request: HttpRequest, uid: UUID, body: QuestionIn, key: Key) -> HttpResponse:
    """Add a question to a draft, behind the others."""

    def work(actor: Actor) -> WrittenQuestionOut:
        version = version_of(actor, uid).pk
        made = actions.add_question(
            actor=actor, at=now(), version_id=version, situation=body.situation(), why=body.why
        )
        return WrittenQuestionOut.of(made)

    return act(request, key, "regulation.add_question", work)


@router.post(f"{ONE}/actions/write_question", response={200: WrittenQuestionOut, **REFUSED}, summary="Write a question")
def write_question(request: HttpRequest, uid: UUID, body: QuestionIn, key: Key) -> HttpResponse:
    """Word a question of a draft anew."""

    def work(actor: Actor) -> WrittenQuestionOut:
        version = version_of(actor, uid).pk
        made = actions.write_question(
            actor=actor, at=now(), version_id=version, situation=body.situation(), why=body.why
        )
        return WrittenQuestionOut.of(made)

    return act(request, key, "regulation.write_question", work)


@router.post(f"{ONE}/actions/remove_question", response={200: WrittenQuestionsOut, **REFUSED}, summary="Remove one")
def remove_question(request: HttpRequest, uid: UUID, body: CodeIn, key: Key) -> HttpResponse:
    """Take a question out of a draft; what is left of them."""

    def work(actor: Actor) -> WrittenQuestionsOut:
        version = version_of(actor, uid).pk
        actions.remove_question(actor=actor, at=now(), version_id=version, code=body.code, why=body.why)
        found, following = page_of(questions(actor, version), "", PAGE)
        return WrittenQuestionsOut(items=[WrittenQuestionOut.of(each) for each in found], next=following)

    return act(request, key, "regulation.remove_question", work)


@router.post(f"{ONE}/actions/move_question", response={200: WrittenQuestionOut, **REFUSED}, summary="Move a question")
def move_question(request: HttpRequest, uid: UUID, body: QuestionPlaceIn, key: Key) -> HttpResponse:
    """Put a question of a draft at another place."""

    def work(actor: Actor) -> WrittenQuestionOut:
        version = version_of(actor, uid).pk
        made = actions.move_question(
            actor=actor, at=now(), version_id=version, code=body.code, place=body.place, why=body.why
        )
        return WrittenQuestionOut.of(made)

    return act(request, key, "regulation.move_question", work)
