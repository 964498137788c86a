"""Learning the regulation over the API: one's own reading and quiz, and who has not acknowledged a version."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Query, Router, Schema
from pydantic import BaseModel, Field

from anxiu.api.asking import PAGE, Code, Cursor, Key, Limit
from anxiu.api.auth import actor_of
from anxiu.api.doing import REFUSED, act, paged
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.regulation.rules.quiz import shuffled
from anxiu.uptake import actions
from anxiu.uptake.choices import ReadingState
from anxiu.uptake.models import Attempt, Reading
from anxiu.uptake.queries import mine, my_reading, readings, sitting

router = Router(tags=["learning"])
MINE = "/readings/mine/{uuid:uid}"


class ReadingOut(BaseModel):
    """A version somebody has to know: whose, how it stands, by when it is due."""

    uid: UUID
    version: UUID
    code: str
    person: UUID
    person_name: str
    post: str
    state: ReadingState
    opened_at: datetime
    due_at: datetime
    passed_at: datetime | None
    acknowledged_at: datetime | None

    @staticmethod
    def of(row: Reading) -> "ReadingOut":
        """From a row with its version and person."""
        return ReadingOut(
            uid=row.uid, version=row.version.uid, code=row.version.code, person=row.person.uid,
            person_name=row.person.name, post=row.post, state=ReadingState(row.state), opened_at=row.opened_at,
            due_at=row.due_at, passed_at=row.passed_at, acknowledged_at=row.acknowledged_at,
        )  # fmt: skip


class ReadingsOut(BaseModel):
    """A page of readings."""

    items: list[ReadingOut]
    next: str


class QuizQuestionOut(BaseModel):
    """A situation with its choices in the order they are answered by, counted from 0."""

    code: str
    clause: str
    situation: str
    choices: list[str]
    several: bool


class SittingOut(BaseModel):
    """The questions of the next sitting, and how many right answers pass."""

    number: int
    needed: int
    questions: list[QuizQuestionOut]


class AnswersIn(Schema):
    """By the code of each question, the places of the chosen choices."""

    answers: dict[Code, Annotated[list[Annotated[int, Field(ge=0, le=100)]], Field(max_length=20)]]


class AttemptOut(BaseModel):
    """What came of a sitting; `wrong` are the codes of the questions answered wrongly."""

    number: int
    at: datetime
    right: int
    asked: int
    needed: int
    passed: bool
    wrong: list[str]

    @staticmethod
    def of(row: Attempt) -> "AttemptOut":
        """From a row."""
        return AttemptOut(
            number=row.number, at=row.at, right=row.right, asked=row.asked, needed=row.needed, passed=row.passed,
            wrong=[each["code"] for each in row.answers if not each["right"]],
        )  # fmt: skip


@router.get("/readings", response={200: ReadingsOut, **REFUSED}, summary="Who has to know which version")
def list_readings(
    request: HttpRequest, version: Annotated[UUID | None, Query()] = None,
    state: Annotated[ReadingState | None, Query()] = None, after: Cursor = "", limit: Limit = PAGE,
) -> ReadingsOut:  # fmt: skip
    """Everybody's readings of the regions the caller sees, newest first; of one version, in one state."""
    rows = readings(actor_of(request)).select_related("person")
    rows = rows.filter(version__uid=version) if version else rows
    return ReadingsOut(**paged(rows.filter(state=state) if state else rows, after, limit, ReadingOut.of))


@router.get("/readings/mine", response={200: ReadingsOut, **REFUSED}, summary="What the caller has to know")
def list_my_readings(request: HttpRequest, after: Cursor = "", limit: Limit = PAGE) -> ReadingsOut:
    """The caller's own readings, newest first."""
    rows = mine(actor_of(request)).select_related("person", "version")
    return ReadingsOut(**paged(rows, after, limit, ReadingOut.of))


@router.get(f"{MINE}/sitting", response={200: SittingOut, **REFUSED}, summary="The questions of the next sitting")
def get_sitting(request: HttpRequest, uid: UUID) -> SittingOut:
    """The questions drawn for the caller's next sitting, in the caller's language."""
    asked = sitting(my_reading(actor_of(request), uid))
    language = get_language() or "zh-hans"
    say = asked.speaker.in_language(language)
    questions = [
        QuizQuestionOut(
            code=each.code, clause=each.number, situation=say(each.situation.in_language(language)),
            choices=[say(each.choices[at].words.in_language(language)) for at in shuffled(each, asked.seed)],
            several=each.several,
        )
        for each in asked.drawn
    ]  # fmt: skip
    return SittingOut(number=asked.number, needed=asked.needed, questions=questions)


@router.post(f"{MINE}/actions/take_quiz", response={200: AttemptOut, **REFUSED}, summary="Answer the questions")
def take_quiz(request: HttpRequest, uid: UUID, body: AnswersIn, key: Key) -> HttpResponse:
    """Answer the questions of the next sitting; each by the places of the choices as the sitting lists them."""

    def work(actor: Actor) -> AttemptOut:
        return AttemptOut.of(actions.take_quiz(actor=actor, at=now(), reading_uid=uid, answers=body.answers))

    return act(request, key, "uptake.take_quiz", work)


@router.post(f"{MINE}/actions/acknowledge_version", response={200: ReadingOut, **REFUSED}, summary="Acknowledge it")
def acknowledge_version(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Acknowledge a version by name."""

    def work(actor: Actor) -> ReadingOut:
        return ReadingOut.of(actions.acknowledge_version(actor=actor, at=now(), reading_uid=uid))

    return act(request, key, "uptake.acknowledge_version", work)
