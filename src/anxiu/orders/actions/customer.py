"""What the customer does on the tracking page: ask, and add pictures."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from anxiu.files.actions import NewAttachment, attach
from anxiu.files.choices import Family, Purpose
from anxiu.files.intake import Prepared as PreparedFile
from anxiu.files.models import Attachment
from anxiu.files.rules import family_of
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, NotFound, WrongState
from anxiu.kernel.events import Sealed
from anxiu.orders.actions.moves import finish, locked, require_authority, required, subject_of, tell
from anxiu.orders.events import MediaAdded, QuestionAnswered, QuestionAsked
from anxiu.orders.models import Order, Question
from anxiu.orders.queries import case_of, visible
from anxiu.sla.actions import start, stop
from anxiu.sla.choices import ClockKind

MOST_FILES = 12  # source: own choice; a report with more pictures than this is a report nobody reads


@action(posts={"agent", "supervisor"})
def ask_question(*, actor: Actor, at: datetime, order_uid: UUID, text: str) -> Question:
    """Ask something about the order; its owner answers, and a clock runs.

    Records: QuestionAsked. Refuses: no words.
    """
    order = locked(actor, order_uid, "ask_question", at)
    asked = Question.objects.create(
        order=order, text=required(text, "orders.question_missing", "text"), asked_at=at, owner_id=order.owner_id
    )
    tell(order, QuestionAsked(asked.pk, order.owner_id, Sealed(asked.text)), actor=actor, at=at)
    if Question.objects.filter(order=order, answered_at=None).count() > 1:
        return asked
    start(case_of(order), [ClockKind.ANSWER], at=at, actor=actor)
    finish(order, (), clocks_changed=True)
    return asked


@action(posts={"agent", "dispatcher", "supervisor", "engineer"})
def answer_question(*, actor: Actor, at: datetime, question_uid: UUID, text: str) -> Question:
    """Answer a customer's question; it appears on the tracking page.

    Records: QuestionAnswered. Refuses: no words, a question that was answered.
    """
    found = Question.objects.filter(uid=question_uid, order__in=visible(actor)).select_related("order").first()
    if found is None:
        raise NotFound("kernel.not_found")
    order = locked(actor, found.order.uid, "answer_question", at)
    question = Question.objects.select_for_update().get(pk=found.pk)
    if question.answered_at:
        raise WrongState("orders.already_answered")
    question.answer = required(text, "orders.answer_missing", "text")
    require_authority(actor, order, question.answer)
    question.answered_at, question.answered_by_id = at, actor.person_id
    question.save(update_fields=["answer", "answered_at", "answered_by"])
    tell(order, QuestionAnswered(question.pk, Sealed(question.answer)), actor=actor, at=at)
    if not Question.objects.filter(order=order, answered_at=None).exists():
        stop(subject_of(order), [ClockKind.ANSWER], at=at, actor=actor)
    finish(order, (), clocks_changed=True)
    return question


@action(posts={"agent", "dispatcher", "supervisor", "engineer", "partner"})
def add_customer_media(
    *, actor: Actor, at: datetime, order_uid: UUID, files: Sequence[PreparedFile]
) -> list[Attachment]:
    """Add photos or video of the fault to an order.

    Records: MediaAdded. Refuses: more files than anybody looks at, a file that is not a picture or video.
    """
    order = locked(actor, order_uid, "add_customer_media", at)
    return attach_media(order, actor, at, files)


def attach_media(order: Order, actor: Actor, at: datetime, files: Sequence[PreparedFile]) -> list[Attachment]:
    """Put a customer's files on an order; part of a caller's change."""
    if len(files) > MOST_FILES:
        raise Invalid("orders.media_too_many", field="media", limit=MOST_FILES)
    kept = [
        attach(
            actor=actor, at=at,
            new=NewAttachment(
                content=each, subject=subject_of(order), region_id=order.region_id, purpose=_purpose(each)
            ),
        )
        for each in files
    ]  # fmt: skip
    if kept:
        tell(order, MediaAdded(len(kept), Purpose.INTAKE_PHOTO), actor=actor, at=at)
    return kept


def _purpose(file: PreparedFile) -> Purpose:
    is_video = family_of(file.media_type) is Family.VIDEO
    return Purpose.INTAKE_VIDEO if is_video else Purpose.INTAKE_PHOTO
