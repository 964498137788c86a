"""The regular review: it opens by itself, decides clause by clause, and is closed."""

from datetime import datetime
from uuid import UUID

from django.utils.timezone import get_default_timezone

from anxiu.accounts.queries import allowed
from anxiu.duties.actions import close_duty, open_duty
from anxiu.duties.models import Duty
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import Invalid, NotFound, WrongState
from anxiu.kernel.events import Sealed, record
from anxiu.kernel.values import reading as figures_of
from anxiu.regulation.models import Clause, Version
from anxiu.regulation.queries import in_force, versions
from anxiu.uptake.actions.remarks import said
from anxiu.uptake.choices import Decision
from anxiu.uptake.events import ClauseDecided, ReviewClosed, ReviewOpened
from anxiu.uptake.messages import REVIEW
from anxiu.uptake.models import Decided, Review
from anxiu.uptake.queries.reviews import VIEW_REVIEWS
from anxiu.uptake.rules.review import next_review
from anxiu.uptake.values import REVIEW_EVERY, REVIEW_NOTICE

CLOSES = "uptake.close_review"


@action(posts=set())
def keep_review(*, actor: Actor, at: datetime) -> Review | None:
    """Open the next review when its notice is due: a to-do of whoever may close it for the whole company.

    Records: ReviewOpened. Opens none while one is open, or while nobody may close it.
    """
    figures = figures_of(in_force(None, "", at).pk)
    if Review.objects.filter(closed_at=None).exists():
        return None
    last = Review.objects.order_by("-closed_at").values_list("closed_at", flat=True).first()
    since = last or Version.objects.order_by("pk").values_list("created_at", flat=True)[0]
    due = next_review(since, figures(REVIEW_EVERY), get_default_timezone())
    owner = allowed(CLOSES, None).first()
    if at < due - figures(REVIEW_NOTICE) or owner is None:
        return None
    row = Review.objects.create(since=since, opened_at=at, due_at=due, owner=owner)
    fact = ReviewOpened(row.pk, owner.pk, since, due, REVIEW_EVERY.key)
    record(fact, subject=about(row), region_id=None, actor=actor, at=at)
    open_duty(kind=REVIEW, subject=about(row), region_id=None, owner=owner, due_at=due, actor=actor, at=at)
    return row


@action(posts={"administrator", "management"})
def decide_on_clause(
    *, actor: Actor, at: datetime, review_uid: UUID, version_id: int, number: str, decision: Decision, why: str
) -> Decided:
    """Decide in a review to keep, amend or drop a clause; a later decision takes an earlier one's place.

    Records: ClauseDecided. Refuses: no words, a review that is not there or closed, a clause that is not there.
    """
    row = _locked(actor, review_uid)
    why = said(why, "why")
    version = versions(actor).filter(pk=version_id).first()
    if version is None:
        raise NotFound("kernel.not_found")
    if not Clause.objects.filter(version=version, number=number).exists():
        raise Invalid("uptake.no_such_clause", field="number", number=number)
    if actor.person_id is None:
        raise NotFound("kernel.not_found")
    made = Decided.objects.create(
        review=row, version=version, number=number, decision=decision, words=why, by_id=actor.person_id, at=at
    )
    fact = ClauseDecided(row.pk, version.code, number, decision, Sealed(why))
    record(fact, subject=about(row), region_id=None, actor=actor, at=at)
    return made


@action(posts={"administrator", "management"})
def close_review(*, actor: Actor, at: datetime, review_uid: UUID, why: str) -> Review:
    """Close a review with its conclusion; the next one is counted from now.

    Records: ReviewClosed. Refuses: no words, a review that is not there or closed, one in which nothing was decided.
    """
    row = _locked(actor, review_uid)
    why = said(why, "why")
    decided = row.decisions.values("number", "version").distinct().count()
    if not decided:
        raise WrongState("uptake.not_decided")
    row.closed_at, row.closed_by_id, row.words = at, actor.person_id, why
    row.save(update_fields=["closed_at", "closed_by", "words"])
    fact = ReviewClosed(row.pk, decided, at <= row.due_at, REVIEW_EVERY.key, Sealed(why))
    told = record(fact, subject=about(row), region_id=None, actor=actor, at=at)
    for duty in Duty.objects.select_for_update().filter(
        kind=REVIEW, subject_kind="review", subject_id=row.pk, closed_at=None
    ):
        close_duty(duty, by=told, outcome="reviewed", actor=actor, at=at)
    return row


def about(row: Review) -> Subject:
    """What facts about a review are about."""
    return Subject("review", row.pk)


def _locked(actor: Actor, uid: UUID) -> Review:
    actor.require(VIEW_REVIEWS)
    row = Review.objects.select_for_update().filter(uid=uid).first()
    if row is None:
        raise NotFound("kernel.not_found")
    if not row.is_open:
        raise WrongState("uptake.review_is_closed")
    return row
