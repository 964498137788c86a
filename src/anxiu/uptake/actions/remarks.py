"""Saying something of a clause, answering it, taking it up into a draft."""

from datetime import datetime
from uuid import UUID

from anxiu.accounts.choices import PostCode
from anxiu.accounts.models import Person
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import Invalid, NotAllowed, NotFound, WrongState
from anxiu.kernel.events import Event, Sealed, record
from anxiu.regulation.choices import VersionState
from anxiu.regulation.models import Clause
from anxiu.regulation.queries import versions
from anxiu.uptake.choices import RemarkKind, RemarkState
from anxiu.uptake.events import ClauseRemarked, RemarkReplied, RemarkSettled
from anxiu.uptake.models import Remark, Reply
from anxiu.uptake.queries.remarks import VIEW_REMARKS, remarks

EVERYBODY = {each.value for each in PostCode}
LONGEST = 4000  # source: own choice; two pages of text


@action(posts=EVERYBODY)
def remark_on_clause(
    *, actor: Actor, at: datetime, version_id: int, number: str, kind: RemarkKind, text: str
) -> Remark:
    """Say something of a clause of a version one may read: a remark, a proposal, a question, a mistake.

    Records: ClauseRemarked. Refuses: nothing said, a version or clause that is not there.
    """
    version = versions(actor).filter(pk=version_id).first()
    if version is None or actor.person_id is None:
        raise NotFound("kernel.not_found")
    text = said(text)
    if not Clause.objects.filter(version=version, number=number).exists():
        raise Invalid("uptake.no_such_clause", field="number", number=number)
    author = Person.objects.get(pk=actor.person_id)
    row = Remark.objects.create(
        version=version, number=number, kind=kind, author=author, region_id=author.region_id, at=at, text=text
    )
    _tell(row, ClauseRemarked(row.pk, version.code, number, kind, Sealed(text)), actor, at)
    return row


@action(posts=EVERYBODY)
def reply_to_remark(*, actor: Actor, at: datetime, remark_uid: UUID, text: str) -> Reply:
    """Say something to a remark: whoever made it, and who may see them all.

    Records: RemarkReplied. Refuses: nothing said, a remark one may not see.
    """
    row = _locked(actor, remark_uid)
    text = said(text)
    if actor.person_id is None:
        raise NotFound("kernel.not_found")
    reply = Reply.objects.create(remark=row, author_id=actor.person_id, at=at, text=text)
    _tell(row, RemarkReplied(row.pk, row.version.code, row.number, Sealed(text)), actor, at)
    return reply


@action(posts={"administrator", "management", "supervisor"})
def settle_remark(
    *, actor: Actor, at: datetime, remark_uid: UUID, text: str, draft_id: int | None = None
) -> Remark:
    """Answer a remark, or take it up into a draft; with words for whoever made it.

    Records: RemarkSettled. Refuses: no words, a remark that is not there or settled, what is no draft.
    """
    if not actor.may(VIEW_REMARKS):
        raise NotAllowed("kernel.not_allowed", permission=VIEW_REMARKS)
    row = _locked(actor, remark_uid)
    text = said(text)
    if not row.is_open:
        raise WrongState("uptake.remark_is_settled")
    if draft_id is not None:
        draft = versions(actor).filter(pk=draft_id, state=VersionState.DRAFT).first()
        if draft is None:
            raise Invalid("uptake.no_draft", field="draft_id")
        row.draft = draft
    row.state = RemarkState.TAKEN_UP if row.draft else RemarkState.ANSWERED
    row.settled_at, row.settled_by_id = at, actor.person_id
    row.save(update_fields=["draft", "state", "settled_at", "settled_by"])
    if actor.person_id is not None:
        Reply.objects.create(remark=row, author_id=actor.person_id, at=at, text=text)
    code = row.draft.code if row.draft else ""
    fact = RemarkSettled(row.pk, row.version.code, row.number, row.state, code, Sealed(text))
    _tell(row, fact, actor, at)
    return row


def said(text: str, field: str = "text") -> str:
    """Words, which must not be empty."""
    text = text.strip()
    if not text:
        raise Invalid("kernel.required", field=field)
    if len(text) > LONGEST:
        raise Invalid("kernel.too_long", field=field, limit=LONGEST)
    return text


def _locked(actor: Actor, uid: UUID) -> Remark:
    row = remarks(actor).select_for_update(of=("self",)).filter(uid=uid).first()
    if row is None:
        raise NotFound("kernel.not_found")
    return row


def _tell(row: Remark, fact: Event, actor: Actor, at: datetime) -> None:
    record(fact, subject=Subject("remark", row.pk), region_id=row.region_id, actor=actor, at=at)
