"""The life of a regulation version over the API: draft, review, approve, put in force; readiness, comments, the log."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel

from anxiu.api.asking import PAGE, Cursor, Key, Limit, page_of
from anxiu.api.auth import actor_of
from anxiu.api.doing import REFUSED, act
from anxiu.api.finding import known_person_key, region_key
from anxiu.api.regulation import FigureOut, VersionOut, version_of
from anxiu.api.regulation_schemas import (
    BecauseIn,
    ChangeOut,
    ClauseDetailOut,
    ClauseIn,
    ClausesOut,
    CommentIn,
    CommentOut,
    CommentsOut,
    DescriptionIn,
    DraftIn,
    FigureIn,
    GroupIn,
    GroupOut,
    LogOut,
    MemberOut,
    MovedOnOut,
    NewClauseIn,
    NumberIn,
    PutIn,
    ReadinessLineOut,
    ReadinessOut,
    SettleIn,
)
from anxiu.kernel import values
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.time import now
from anxiu.regulation import actions
from anxiu.regulation.choices import GroupRole, Origin
from anxiu.regulation.models import Clause, Version
from anxiu.regulation.queries import comments, group, log, moved_on, readiness

router = Router(tags=["regulation"])
ONE = "/regulation/versions/{uuid:uid}"


# ---- reading ---------------------------------------------------------------------------------------------------------
@router.get(f"{ONE}/clauses", response={200: ClausesOut, **REFUSED}, summary="List clauses as they are written")
def list_clauses(request: HttpRequest, uid: UUID, after: Cursor = "", limit: Limit = PAGE) -> ClausesOut:
    """A version's clauses with what holds each, which is how the verbs take them."""
    rows = Clause.objects.filter(version=version_of(actor_of(request), uid))
    found, following = page_of(rows, after, limit)
    return ClausesOut(items=[ClauseDetailOut.of(each) for each in found], next=following)


@router.get(f"{ONE}/readiness", response={200: ReadinessOut, **REFUSED}, summary="The readiness list")
def get_readiness(request: HttpRequest, uid: UUID) -> ReadinessOut:
    """What holds each clause of a version, and what keeps it from taking effect."""
    actor = actor_of(request)
    version = version_of(actor, uid)
    found, moved = readiness(version.pk), moved_on(actor, version)
    lines = [
        ReadinessLineOut(
            number=each.number, control=each.control, holds=list(each.holds), lack=each.lack, names=list(each.names)
        )
        for each in found.lines
    ]  # fmt: skip
    since = None
    if moved:
        since = MovedOnOut(latest=moved.latest.uid, figures=list(moved.figures), clauses=list(moved.clauses))
    return ReadinessOut(ready=found.is_ready, lines=lines, moved_on=since)


@router.get(f"{ONE}/comments", response={200: CommentsOut, **REFUSED}, summary="List comments")
def list_comments(request: HttpRequest, uid: UUID, after: Cursor = "", limit: Limit = PAGE) -> CommentsOut:
    """What the working group said of a version."""
    actor = actor_of(request)
    found, following = page_of(comments(actor, version_of(actor, uid).pk), after, limit)
    return CommentsOut(items=[CommentOut.of(each) for each in found], next=following)


@router.get(f"{ONE}/log", response={200: LogOut, **REFUSED}, summary="The change log")
def get_version_log(request: HttpRequest, uid: UUID) -> LogOut:
    """Who changed what of a version, and why."""
    actor = actor_of(request)
    items = [
        ChangeOut(
            kind=each.kind, at=each.at, who=each.who, key=each.body.get("key", ""), number=each.body.get("number", ""),
            old=each.old, new=each.new, why=each.words,
        )
        for each in log(actor, version_of(actor, uid).pk)
    ]  # fmt: skip
    return LogOut(items=items)


# ---- verbs -----------------------------------------------------------------------------------------------------------
def _do(request: HttpRequest, key: str, name: str, uid: UUID, work: Callable[[Actor, int], BaseModel]) -> HttpResponse:
    """Carry out a verb on a version: first the permission, then whether it is there."""
    return act(request, key, f"regulation.{name}", lambda actor: work(actor, version_of(actor, uid).pk))


def _again(actor: Actor, uid: UUID) -> VersionOut:
    return VersionOut.of(version_of(actor, uid))


@router.post("/regulation/drafts", response={201: VersionOut, **REFUSED}, summary="Begin a draft: start_draft")
def start_draft(request: HttpRequest, body: DraftIn, key: Key) -> HttpResponse:
    """Begin a draft from a preset or from a version."""

    def work(actor: Actor) -> VersionOut:
        base = version_of(actor, body.version).pk if body.version else None
        made = actions.start_draft(
            actor=actor, at=now(), source=actions.Source(body.preset, base), why=body.why,
            region_id=region_key(actor, body.region), order_type=body.order_type or "",
        )  # fmt: skip
        return VersionOut.of(made)

    return act(request, key, "regulation.start_draft", work, status=201)


@router.post(f"{ONE}/actions/describe_draft", response={200: VersionOut, **REFUSED}, summary="Describe a draft")
def describe_draft(request: HttpRequest, uid: UUID, body: DescriptionIn, key: Key) -> HttpResponse:
    """Write a draft's name, purpose, scope or principles."""

    def work(actor: Actor, version: int) -> BaseModel:
        said = actions.Description(**body.model_dump(exclude={"why"}))
        actions.describe_draft(actor=actor, at=now(), version_id=version, description=said, why=body.why)
        return _again(actor, uid)

    return _do(request, key, "describe_draft", uid, work)


@router.post(f"{ONE}/actions/set_figure", response={200: FigureOut, **REFUSED}, summary="Set a figure of a draft")
def set_figure(request: HttpRequest, uid: UUID, body: FigureIn, key: Key) -> HttpResponse:
    """Set one figure; one out of range is refused with its clause and the reason."""

    def work(actor: Actor, version: int) -> BaseModel:
        row = actions.set_figure(actor=actor, at=now(), version_id=version, key=body.key, raw=body.raw, why=body.why)
        return FigureOut(key=row.key, raw=row.raw, origin=Origin(row.origin), addendum_at=row.addendum_at)

    return _do(request, key, "set_figure", uid, work)


@router.post(f"{ONE}/actions/write_clause", response={200: ClauseDetailOut, **REFUSED}, summary="Write a clause")
def write_clause(request: HttpRequest, uid: UUID, body: ClauseIn, key: Key) -> HttpResponse:
    """Word a clause of a draft anew, or say what holds it."""

    def work(actor: Actor, version: int) -> BaseModel:
        row = actions.write_clause(
            actor=actor, at=now(), version_id=version, number=body.number, wording=body.wording(), why=body.why
        )
        return ClauseDetailOut.of(row)

    return _do(request, key, "write_clause", uid, work)


@router.post(f"{ONE}/actions/add_clause", response={200: ClauseDetailOut, **REFUSED}, summary="Add a clause")
def add_clause(request: HttpRequest, uid: UUID, body: NewClauseIn, key: Key) -> HttpResponse:
    """Add a clause to a draft under a free number."""

    def work(actor: Actor, version: int) -> BaseModel:
        chapter = values.Words(body.chapter_zh, body.chapter_en)
        row = actions.add_clause(
            actor=actor, at=now(), version_id=version, number=body.number, wording=body.wording(), why=body.why,
            chapter=chapter,
        )  # fmt: skip
        return ClauseDetailOut.of(row)

    return _do(request, key, "add_clause", uid, work)


@router.post(f"{ONE}/actions/remove_clause", response={200: VersionOut, **REFUSED}, summary="Remove a clause")
def remove_clause(request: HttpRequest, uid: UUID, body: NumberIn, key: Key) -> HttpResponse:
    """Take a clause out of a draft."""

    def work(actor: Actor, version: int) -> BaseModel:
        actions.remove_clause(actor=actor, at=now(), version_id=version, number=body.number, why=body.why)
        return _again(actor, uid)

    return _do(request, key, "remove_clause", uid, work)


@router.post(f"{ONE}/actions/name_working_group", response={200: GroupOut, **REFUSED}, summary="Name who reviews")
def name_working_group(request: HttpRequest, uid: UUID, body: GroupIn, key: Key) -> HttpResponse:
    """Name the working group, in place of whoever was named before."""

    def work(actor: Actor, version: int) -> BaseModel:
        members = [(known_person_key(actor, each.person), each.role) for each in body.members]
        actions.name_working_group(actor=actor, at=now(), version_id=version, members=members, why=body.why)
        found = group(actor, version)
        return GroupOut(
            members=[
                MemberOut(person=each.person.uid, name=each.person.name, role=GroupRole(each.role)) for each in found
            ]
        )

    return _do(request, key, "name_working_group", uid, work)


@router.post(f"{ONE}/actions/comment_on_clause", response={200: CommentOut, **REFUSED}, summary="Comment on a clause")
def comment_on_clause(request: HttpRequest, uid: UUID, body: CommentIn, key: Key) -> HttpResponse:
    """Say something of a clause under review, as a member of the working group."""

    def work(actor: Actor, version: int) -> BaseModel:
        row = actions.comment_on_clause(actor=actor, at=now(), version_id=version, number=body.number, text=body.text)
        return CommentOut.of(row)

    return _do(request, key, "comment_on_clause", uid, work)


@router.post(f"{ONE}/actions/settle_comment", response={200: CommentOut, **REFUSED}, summary="Settle a comment")
def settle_comment(request: HttpRequest, uid: UUID, body: SettleIn, key: Key) -> HttpResponse:
    """Say what became of a comment."""

    def work(actor: Actor, version: int) -> BaseModel:
        found = comments(actor, version).filter(uid=body.comment).first()
        if found is None:
            raise NotFound("kernel.not_found")
        actions.settle_comment(
            actor=actor, at=now(), version_id=version, comment_id=found.pk, taken_up=body.taken_up, answer=body.answer
        )
        found.refresh_from_db()
        return CommentOut.of(found)

    return _do(request, key, "settle_comment", uid, work)


Verb = Callable[..., Version]


def _moved(request: HttpRequest, key: str, uid: UUID, verb: Verb, **more: object) -> HttpResponse:
    """A verb that moves a version on; the answer is the version."""

    def work(actor: Actor, version: int) -> BaseModel:
        verb(actor=actor, at=now(), version_id=version, **more)
        return _again(actor, uid)

    return _do(request, key, verb.__name__, uid, work)


@router.post(f"{ONE}/actions/submit_for_review", response={200: VersionOut, **REFUSED}, summary="Submit for review")
def submit_for_review(request: HttpRequest, uid: UUID, body: BecauseIn, key: Key) -> HttpResponse:
    """Send a draft to its working group."""
    return _moved(request, key, uid, actions.submit_for_review, why=body.why)


@router.post(f"{ONE}/actions/return_to_draft", response={200: VersionOut, **REFUSED}, summary="Return to draft")
def return_to_draft(request: HttpRequest, uid: UUID, body: BecauseIn, key: Key) -> HttpResponse:
    """Take a version under review, or approved, back to be changed."""
    return _moved(request, key, uid, actions.return_to_draft, why=body.why)


@router.post(f"{ONE}/actions/approve_version", response={200: VersionOut, **REFUSED}, summary="Approve a version")
def approve_version(request: HttpRequest, uid: UUID, body: BecauseIn, key: Key) -> HttpResponse:
    """Approve a version after its review."""
    return _moved(request, key, uid, actions.approve_version, why=body.why)


@router.post(f"{ONE}/actions/discard_draft", response={200: VersionOut, **REFUSED}, summary="Give a draft up")
def discard_draft(request: HttpRequest, uid: UUID, body: BecauseIn, key: Key) -> HttpResponse:
    """Give up a version that never held."""
    return _moved(request, key, uid, actions.discard_draft, why=body.why)


@router.post(f"{ONE}/actions/put_in_force", response={200: VersionOut, **REFUSED}, summary="Put a version in force")
def put_in_force(request: HttpRequest, uid: UUID, body: PutIn, key: Key) -> HttpResponse:
    """Let an approved version hold from a moment on."""

    def work(actor: Actor, version: int) -> BaseModel:
        at = now()
        actions.put_in_force(
            actor=actor, at=at, version_id=version, in_force_from=body.in_force_from or at, why=body.why,
            despite=body.despite,
        )  # fmt: skip
        return _again(actor, uid)

    return _do(request, key, "put_in_force", uid, work)
