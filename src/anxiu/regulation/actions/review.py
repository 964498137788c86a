"""From draft to approval: the working group, its comments and what became of them, and the decision."""

from collections.abc import Sequence
from datetime import datetime

from anxiu.accounts.queries import people
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import GateShut, Invalid, NotAllowed, NotFound, WrongState
from anxiu.kernel.events import Sealed
from anxiu.regulation.actions.moves import locked, require_said, require_state, tell
from anxiu.regulation.choices import GroupRole, VersionState
from anxiu.regulation.events import (
    ClauseCommented,
    CommentSettled,
    DraftSubmitted,
    ReturnedToDraft,
    VersionApproved,
    WorkingGroupNamed,
)
from anxiu.regulation.models import Clause, Comment, Member, Version
from anxiu.regulation.queries import VIEW_DRAFTS, authors_of, versions

EVERYBODY = {
    "agent", "dispatcher", "engineer", "supervisor", "warehouse", "hr", "finance", "management", "partner",
    "administrator",
}  # fmt: skip


@action(posts={"administrator", "management", "supervisor"})
def name_working_group(
    *, actor: Actor, at: datetime, version_id: int, members: Sequence[tuple[int, GroupRole]], why: str
) -> list[Member]:
    """Name who reviews a version, in place of whoever was named before.

    Records: WorkingGroupNamed. Refuses: no reason, nobody, somebody twice or unknown, a version that is neither draft
    nor under review.
    """
    version = locked(actor, version_id, VersionState.DRAFT, VersionState.IN_REVIEW)
    why = require_said(why, "why")
    named = dict(members)
    if not named:
        raise Invalid("regulation.no_working_group", field="people")
    if len(named) < len(members):
        raise Invalid("regulation.named_twice", field="people")
    known = set(people(actor).filter(pk__in=named, is_active=True).values_list("pk", flat=True))
    known |= set(Member.objects.filter(version=version).values_list("person_id", flat=True))  # who is named stays so
    if named.keys() - known:
        raise NotFound("kernel.not_found")
    Member.objects.filter(version=version).delete()
    made = Member.objects.bulk_create(
        [Member(version=version, person_id=person, role=role) for person, role in named.items()]
    )
    roles = tuple(role.value for role in named.values())
    tell(version, WorkingGroupNamed(version.code, tuple(named), roles, Sealed(why)), actor=actor, at=at)
    return made


@action(posts={"administrator", "management", "supervisor"})
def submit_for_review(*, actor: Actor, at: datetime, version_id: int, why: str) -> Version:
    """Send a draft to its working group; its text stays as it is until it comes back.

    Records: DraftSubmitted. Refuses: no reason, a draft without a working group, a version that is no draft.
    """
    version = locked(actor, version_id, VersionState.DRAFT)
    why = require_said(why, "why")
    if not Member.objects.filter(version=version).exists():
        raise WrongState("regulation.no_working_group")
    _move(version, VersionState.IN_REVIEW)
    tell(version, DraftSubmitted(version.code, Sealed(why)), actor=actor, at=at)
    return version


@action(posts=EVERYBODY)
def comment_on_clause(*, actor: Actor, at: datetime, version_id: int, number: str, text: str) -> Comment:
    """Say something of a clause under review, or of the whole without a number.

    Records: ClauseCommented. Refuses: nothing said, who is not of the working group, a clause that is not there, a
    version that is not under review.
    """
    version = versions(actor).select_for_update(of=("self",)).filter(pk=version_id).first()
    if version is None or actor.person_id is None:
        raise NotFound("kernel.not_found")
    if not Member.objects.filter(version=version, person_id=actor.person_id).exists():
        if actor.may(VIEW_DRAFTS):
            raise NotAllowed("regulation.not_in_group")
        raise NotFound("kernel.not_found")
    require_state(version, VersionState.IN_REVIEW)
    text = require_said(text, "text")
    if number and not Clause.objects.filter(version=version, number=number).exists():
        raise Invalid("regulation.no_such_clause", field="number", number=number)
    comment = Comment.objects.create(version=version, number=number, author_id=actor.person_id, at=at, text=text)
    tell(version, ClauseCommented(version.code, number, comment.pk, Sealed(text)), actor=actor, at=at)
    return comment


@action(posts={"administrator", "management", "supervisor"})
def settle_comment(
    *, actor: Actor, at: datetime, version_id: int, comment_id: int, taken_up: bool, answer: str
) -> Comment:
    """Say what became of a comment: taken up or not, with an answer.

    Records: CommentSettled. Refuses: no answer, a comment that is not there or settled, a version neither draft nor
    under review.
    """
    version = locked(actor, version_id, VersionState.DRAFT, VersionState.IN_REVIEW)
    answer = require_said(answer, "answer")
    comment = Comment.objects.filter(version=version, pk=comment_id).first()
    if comment is None:
        raise NotFound("kernel.not_found")
    if comment.settled_at is not None:
        raise WrongState("regulation.comment_is_settled")
    comment.settled_at, comment.settled_by_id, comment.taken_up, comment.answer = at, actor.person_id, taken_up, answer
    comment.save(update_fields=["settled_at", "settled_by", "taken_up", "answer"])
    fact = CommentSettled(version.code, comment.number, comment.pk, taken_up, Sealed(answer))
    tell(version, fact, actor=actor, at=at)
    return comment


@action(posts={"administrator", "management", "supervisor"})
def return_to_draft(*, actor: Actor, at: datetime, version_id: int, why: str) -> Version:
    """Take a version under review, or approved but not in force, back to be changed.

    Records: ReturnedToDraft. Refuses: no reason, a version in any other state.
    """
    version = locked(actor, version_id, VersionState.IN_REVIEW, VersionState.APPROVED)
    why = require_said(why, "why")
    version.approved_at, version.approved_by_id = None, None
    _move(version, VersionState.DRAFT, "approved_at", "approved_by")
    tell(version, ReturnedToDraft(version.code, Sealed(why)), actor=actor, at=at)
    return version


@action(posts={"management"})
def approve_version(*, actor: Actor, at: datetime, version_id: int, why: str) -> Version:
    """Approve a version after its review.

    Records: VersionApproved. Refuses: no reason, who alone wrote it, comments that are not settled, a version that is
    not under review.
    """
    version = locked(actor, version_id, VersionState.IN_REVIEW)
    why = require_said(why, "why")
    if authors_of(version) == {actor.person_id}:
        raise NotAllowed("regulation.own_draft")
    open_ones = Comment.objects.filter(version=version, settled_at=None)
    if found := sorted({each.number for each in open_ones}):
        numbers = ", ".join(each or "–" for each in found)
        raise GateShut("regulation.comments_open", count=open_ones.count(), numbers=numbers)
    version.approved_at, version.approved_by_id = at, actor.person_id
    _move(version, VersionState.APPROVED, "approved_at", "approved_by")
    tell(version, VersionApproved(version.code, Sealed(why)), actor=actor, at=at)
    return version


def _move(version: Version, state: VersionState, *more: str) -> None:
    version.state = state
    version.save(update_fields=["state", *more])
