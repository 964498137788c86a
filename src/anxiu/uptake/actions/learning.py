"""Answering the questions on a version, and acknowledging it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from anxiu.accounts.choices import PostCode
from anxiu.duties.actions import close_duty
from anxiu.duties.models import Duty
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import Invalid, NotFound, Stale, WrongState
from anxiu.kernel.events import record
from anxiu.kernel.values import reading as figures_of
from anxiu.regulation.rules.quiz import shuffled
from anxiu.uptake.choices import ReadingState
from anxiu.uptake.events import Acknowledged, QuizTaken
from anxiu.uptake.messages import TO_READ
from anxiu.uptake.models import Attempt, Reading
from anxiu.uptake.queries.reading import Sitting, mine, sitting
from anxiu.uptake.rules.reading import mark
from anxiu.uptake.values import DUE, PASS_MARK

EVERYBODY = {each.value for each in PostCode}


@action(posts=EVERYBODY)
def take_quiz(
    *, actor: Actor, at: datetime, reading_uid: UUID, answers: Mapping[str, Sequence[int]]
) -> Attempt:
    """Answer the questions drawn for one's next sitting: by code the chosen places, counted as they are shown.

    Records: QuizTaken. Refuses: the reading of somebody else, one that is not open, questions that are passed or not
    there, answers to other questions than the present ones, a question without an answer.
    """
    row = _own(actor, reading_uid)
    if row.passed_at is not None:
        raise WrongState("uptake.passed_already")
    asked = sitting(row)
    if not asked.drawn:
        raise WrongState("uptake.no_questions")
    marked = mark(asked.drawn, _answered(asked, answers), figures_of(row.version_id)(PASS_MARK))
    attempt = Attempt.objects.create(
        reading=row, number=asked.number, at=at, answers=[asdict(each) for each in marked.answers],
        right=marked.right, asked=len(asked.drawn), needed=marked.needed, passed=marked.passed,
    )  # fmt: skip
    if marked.passed:
        row.passed_at = at
        row.save(update_fields=["passed_at"])
    fact = QuizTaken(
        row.pk, row.version.code, asked.number, marked.right, len(asked.drawn), marked.passed, PASS_MARK.key
    )
    record(fact, subject=subject(row), region_id=row.person.region_id, actor=actor, at=at)
    return attempt


@action(posts=EVERYBODY)
def acknowledge_version(*, actor: Actor, at: datetime, reading_uid: UUID) -> Reading:
    """Acknowledge a version by name: read, and worked by from now on.

    Records: Acknowledged. Refuses: the reading of somebody else, one that is not open, questions that are not passed.
    """
    row = _own(actor, reading_uid)
    if row.passed_at is None and sitting(row).drawn:
        raise WrongState("uptake.quiz_first")
    row.state, row.acknowledged_at = ReadingState.ACKNOWLEDGED, at
    row.save(update_fields=["state", "acknowledged_at"])
    fact = Acknowledged(row.pk, row.version.code, row.person_id, at <= row.due_at, DUE.key)
    told = record(fact, subject=subject(row), region_id=row.person.region_id, actor=actor, at=at)
    for duty in Duty.objects.select_for_update().filter(
        kind=TO_READ, subject_kind="reading", subject_id=row.pk, closed_at=None
    ):
        close_duty(duty, by=told, outcome=ReadingState.ACKNOWLEDGED, actor=actor, at=at)
    return row


def subject(row: Reading) -> Subject:
    """What facts about a reading are about."""
    return Subject("reading", row.pk)


def _own(actor: Actor, uid: UUID) -> Reading:
    """One's own open reading, locked."""
    rows = mine(actor).select_related("version", "person").select_for_update(of=("self",))
    row = rows.filter(uid=uid).first()
    if row is None:
        raise NotFound("kernel.not_found")
    if not row.is_open:
        raise WrongState("uptake.not_open")
    return row


def _answered(asked: Sitting, answers: Mapping[str, Sequence[int]]) -> dict[str, set[int]]:
    """By question the chosen places as they are written; shown they stand in the order of the sitting."""
    if answers.keys() - {each.code for each in asked.drawn}:
        raise Stale("uptake.other_questions")
    found = {}
    for each in asked.drawn:
        chosen = set(answers.get(each.code, ()))
        if not chosen:
            raise Invalid("uptake.unanswered", field=each.code)
        order = shuffled(each, asked.seed)
        if chosen - set(range(len(order))):
            raise Stale("uptake.other_questions")
        found[each.code] = {order[place] for place in chosen}
    return found
