"""Remarks on clauses, reviews and sessions over the API."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import AwareDatetime, BaseModel, Field

from anxiu.api.asking import PAGE, Code, Cursor, Key, Limit, Line, Words
from anxiu.api.auth import actor_of
from anxiu.api.doing import REFUSED, act, paged
from anxiu.api.finding import known_person_key
from anxiu.api.regulation import version_of
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.uptake import actions
from anxiu.uptake.choices import Decision, RemarkKind, RemarkState
from anxiu.uptake.models import Decided, Remark, Reply, Review, Session
from anxiu.uptake.queries import author_of, decisions, remarks, reviews, sessions

router = Router(tags=["regulation"])
REMARK, REVIEW = "/remarks/{uuid:uid}", "/reviews/{uuid:uid}"


class RemarkIn(Schema):
    """What somebody says of a clause."""

    number: Code
    kind: RemarkKind
    text: Words


class ReplyIn(Schema):
    """Words."""

    text: Words


class SettledIn(ReplyIn):
    """What became of a remark: an answer, or the draft that takes it up."""

    draft: UUID | None = None


class ReplyOut(BaseModel):
    """What was said to a remark."""

    author_name: str
    at: datetime
    text: str

    @staticmethod
    def of(row: Reply) -> "ReplyOut":
        """From a row with its author."""
        return ReplyOut(author_name=row.author.name, at=row.at, text=row.text)


class RemarkOut(BaseModel):
    """A remark on a clause; `author_name` is empty where the caller may not know it."""

    uid: UUID
    version: UUID
    number: str
    kind: RemarkKind
    author_name: str
    at: datetime
    text: str
    state: RemarkState
    draft: UUID | None
    replies: list[ReplyOut]

    @staticmethod
    def of(actor: Actor, row: Remark) -> "RemarkOut":
        """From a row, as the caller may see it."""
        replies = [ReplyOut.of(each) for each in row.replies.select_related("author")]
        return RemarkOut(
            uid=row.uid, version=row.version.uid, number=row.number, kind=RemarkKind(row.kind),
            author_name=author_of(actor, row), at=row.at, text=row.text, state=RemarkState(row.state),
            draft=row.draft.uid if row.draft else None, replies=replies,
        )  # fmt: skip


class RemarksOut(BaseModel):
    """A page of remarks."""

    items: list[RemarkOut]
    next: str


class DecisionIn(Schema):
    """What is decided about a clause of a version, and why."""

    version: UUID
    number: Code
    decision: Decision
    why: Words


class ConclusionIn(Schema):
    """Words that conclude."""

    why: Words


class DecidedOut(BaseModel):
    """A decision of a review."""

    version: UUID
    number: str
    decision: Decision
    why: str
    at: datetime

    @staticmethod
    def of(row: Decided) -> "DecidedOut":
        """From a row with its version."""
        return DecidedOut(
            version=row.version.uid, number=row.number, decision=Decision(row.decision), why=row.words, at=row.at
        )


class ReviewOut(BaseModel):
    """A review with what it decided so far."""

    uid: UUID
    since: datetime
    due_at: datetime
    owner_name: str
    closed_at: datetime | None
    why: str
    decisions: list[DecidedOut]

    @staticmethod
    def of(row: Review) -> "ReviewOut":
        """From a row with its owner."""
        return ReviewOut(
            uid=row.uid, since=row.since, due_at=row.due_at, owner_name=row.owner.name, closed_at=row.closed_at,
            why=row.words, decisions=[DecidedOut.of(each) for each in decisions(row)],
        )  # fmt: skip


class ReviewsOut(BaseModel):
    """A page of reviews."""

    items: list[ReviewOut]
    next: str


class SessionIn(Schema):
    """A session on a version: when, where, with what, about which clauses, and who came."""

    held_at: AwareDatetime
    place: Line
    words: Words
    people: Annotated[list[UUID], Field(max_length=1000)]
    numbers: Annotated[list[Code], Field(max_length=500)] = []


class SessionOut(BaseModel):
    """A session as it was recorded."""

    uid: UUID
    version: UUID
    held_at: datetime
    place: str
    words: str
    numbers: list[str]
    people: list[UUID]

    @staticmethod
    def of(row: Session) -> "SessionOut":
        """From a row with its version."""
        return SessionOut(
            uid=row.uid, version=row.version.uid, held_at=row.held_at, place=row.place, words=row.words,
            numbers=list(row.numbers), people=[each.uid for each in row.attendees.all()],
        )  # fmt: skip


class SessionsOut(BaseModel):
    """A page of sessions."""

    items: list[SessionOut]
    next: str


@router.get("/remarks", response={200: RemarksOut, **REFUSED}, summary="List remarks on clauses")
def list_remarks(request: HttpRequest, after: Cursor = "", limit: Limit = PAGE) -> RemarksOut:
    """The caller's remarks, or those of the caller's regions for who may see them; newest first."""
    actor = actor_of(request)
    return RemarksOut(**paged(remarks(actor), after, limit, lambda row: RemarkOut.of(actor, row)))


@router.post(
    "/regulation/versions/{uuid:uid}/actions/remark_on_clause", response={200: RemarkOut, **REFUSED},
    summary="Remark on a clause",
)  # fmt: skip
def remark_on_clause(request: HttpRequest, uid: UUID, body: RemarkIn, key: Key) -> HttpResponse:
    """Say something of a clause."""

    def work(actor: Actor) -> RemarkOut:
        version = version_of(actor, uid).pk
        made = actions.remark_on_clause(
            actor=actor, at=now(), version_id=version, number=body.number, kind=body.kind, text=body.text
        )
        return RemarkOut.of(actor, made)

    return act(request, key, "uptake.remark_on_clause", work)


@router.post(f"{REMARK}/actions/reply_to_remark", response={200: RemarkOut, **REFUSED}, summary="Reply to a remark")
def reply_to_remark(request: HttpRequest, uid: UUID, body: ReplyIn, key: Key) -> HttpResponse:
    """Say something to a remark."""

    def work(actor: Actor) -> RemarkOut:
        made = actions.reply_to_remark(actor=actor, at=now(), remark_uid=uid, text=body.text)
        return RemarkOut.of(actor, made.remark)

    return act(request, key, "uptake.reply_to_remark", work)


@router.post(f"{REMARK}/actions/settle_remark", response={200: RemarkOut, **REFUSED}, summary="Settle a remark")
def settle_remark(request: HttpRequest, uid: UUID, body: SettledIn, key: Key) -> HttpResponse:
    """Answer a remark, or take it up into a draft."""

    def work(actor: Actor) -> RemarkOut:
        draft = version_of(actor, body.draft).pk if body.draft else None
        row = actions.settle_remark(actor=actor, at=now(), remark_uid=uid, text=body.text, draft_id=draft)
        return RemarkOut.of(actor, row)

    return act(request, key, "uptake.settle_remark", work)


@router.get("/reviews", response={200: ReviewsOut, **REFUSED}, summary="List reviews of the regulation")
def list_reviews(request: HttpRequest, after: Cursor = "", limit: Limit = PAGE) -> ReviewsOut:
    """Every review with its decisions, newest first."""
    return ReviewsOut(**paged(reviews(actor_of(request)), after, limit, ReviewOut.of))


@router.post(f"{REVIEW}/actions/decide_on_clause", response={200: DecidedOut, **REFUSED}, summary="Decide on a clause")
def decide_on_clause(request: HttpRequest, uid: UUID, body: DecisionIn, key: Key) -> HttpResponse:
    """Decide in a review to keep, amend or drop a clause."""

    def work(actor: Actor) -> DecidedOut:
        made = actions.decide_on_clause(
            actor=actor, at=now(), review_uid=uid, version_id=version_of(actor, body.version).pk, number=body.number,
            decision=body.decision, why=body.why,
        )  # fmt: skip
        return DecidedOut.of(made)

    return act(request, key, "uptake.decide_on_clause", work)


@router.post(f"{REVIEW}/actions/close_review", response={200: ReviewOut, **REFUSED}, summary="Close a review")
def close_review(request: HttpRequest, uid: UUID, body: ConclusionIn, key: Key) -> HttpResponse:
    """Close a review with its conclusion."""

    def work(actor: Actor) -> ReviewOut:
        return ReviewOut.of(actions.close_review(actor=actor, at=now(), review_uid=uid, why=body.why))

    return act(request, key, "uptake.close_review", work)


@router.get("/sessions", response={200: SessionsOut, **REFUSED}, summary="List sessions on the regulation")
def list_sessions(request: HttpRequest, after: Cursor = "", limit: Limit = PAGE) -> SessionsOut:
    """The sessions of the caller's regions, and those the caller came to; newest first."""
    return SessionsOut(**paged(sessions(actor_of(request)), after, limit, SessionOut.of))


@router.post(
    "/regulation/versions/{uuid:uid}/actions/record_session", response={200: SessionOut, **REFUSED},
    summary="Record a session",
)  # fmt: skip
def record_session(request: HttpRequest, uid: UUID, body: SessionIn, key: Key) -> HttpResponse:
    """Record a session on a version with who came."""

    def work(actor: Actor) -> SessionOut:
        version = version_of(actor, uid).pk
        came = [known_person_key(actor, each) for each in body.people]
        new = actions.NewSession(body.held_at, body.place, body.words, came, body.numbers)
        return SessionOut.of(actions.record_session(actor=actor, at=now(), version_id=version, new=new))

    return act(request, key, "uptake.record_session", work)
