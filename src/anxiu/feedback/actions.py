"""Rating an order, and ending a recovery."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from anxiu.duties.actions import close_duty, lock_open, open_duty
from anxiu.duties.models import Duty
from anxiu.duties.queries import visible as visible_duties
from anxiu.feedback.choices import RecoveryOutcome, Via
from anxiu.feedback.events import Rated, RecoveryResolved
from anxiu.feedback.messages import RECOVERY
from anxiu.feedback.models import Rating
from anxiu.feedback.queries import RATEABLE
from anxiu.feedback.rules import judge
from anxiu.feedback.values import BAD_RATING, RECOVERY_AT, RECOVERY_DUE, SCALE, TAGS
from anxiu.kernel.action import action
from anxiu.kernel.actor import SYSTEM, Actor, ActorKind, Subject
from anxiu.kernel.erasure import erase_said
from anxiu.kernel.errors import Invalid, NotFound, WrongState
from anxiu.kernel.events import Sealed, record
from anxiu.kernel.time import now
from anxiu.kernel.values import reading
from anxiu.orders.models import Order
from anxiu.orders.queries import visible as visible_orders

NPS_MOST: Final = 10  # source: Reichheld, "The One Number You Need to Grow", 2003
WORDS_MOST: Final = 2000  # source: own choice; a page of text


@action(posts={"agent"})
def rate(
    *, actor: Actor, at: datetime, order_uid: UUID, score: int, tags: Sequence[str] = (), words: str = "",
    nps: int | None = None,
) -> Rating:  # fmt: skip
    """Give the work of an order a score, as the customer with the rating link or for one who says it on the phone.

    Records: Rated. Refuses: work that is not signed off, a second rating, a score off the scale, an unlisted
    phrase, a moment to come.
    """
    order = visible_orders(actor).select_for_update(of=("self",)).filter(uid=order_uid).first()
    if order is None:
        raise NotFound("kernel.not_found")
    if at > now():
        raise Invalid("kernel.in_future", field="at")
    if order.state not in RATEABLE:
        raise WrongState("feedback.not_finished")
    if Rating.objects.filter(order=order).exists():
        raise WrongState("feedback.already_rated")
    figures = reading(order.version_id)
    scale, words, tags = figures(SCALE), words.strip(), tuple(dict.fromkeys(tags))
    if not 1 <= score <= scale:
        raise Invalid("feedback.score_off_scale", field="score", most=scale)
    if nps is not None and not 0 <= nps <= NPS_MOST:
        raise Invalid("feedback.nps_off_scale", field="nps")
    if len(words) > WORDS_MOST:
        raise Invalid("kernel.too_long", field="words", limit=WORDS_MOST)
    if unknown := set(tags) - {each.code for each in figures(TAGS)}:
        raise Invalid("feedback.unknown_tag", field="tags", tag=sorted(unknown)[0])
    judged = judge(score, bad_rating=figures(BAD_RATING), recovery_at=figures(RECOVERY_AT))
    via = Via.LINK if actor.kind is ActorKind.LINK else Via.AGENT
    rating = Rating.objects.create(
        order=order, score=score, scale=scale, is_bad=judged.is_bad, tags=list(tags), words=words, nps=nps, via=via,
        at=at,
    )  # fmt: skip
    fact = Rated(
        rating.pk, score, scale, judged.is_bad, judged.needs_recovery, BAD_RATING.key, tags, via, Sealed(words), nps
    )
    record(fact, subject=Subject("order", order.pk), region_id=order.region_id, actor=actor, at=at)
    return rating


def open_recovery(order: Order, at: datetime) -> Duty:
    """Have the order's owner make good, in the time the regulation gives; part of what follows a low rating."""
    due_at = at + reading(order.version_id)(RECOVERY_DUE)
    return open_duty(
        kind=RECOVERY, subject=Subject("order", order.pk), region_id=order.region_id, owner=order.owner, due_at=due_at,
        actor=SYSTEM, at=at,
    )  # fmt: skip


def erase_words(orders: Collection[int]) -> int:
    """Erase what was written beside ratings of orders, here and in the events; the scores stay. How many ratings."""
    erase_said([Rated.kind, RecoveryResolved.kind], "order", orders)
    return Rating.objects.filter(order__in=orders).exclude(words="").update(words="")


@action(posts={"agent", "supervisor"})
def resolve_recovery(
    *, actor: Actor, at: datetime, duty_uid: UUID, outcome: RecoveryOutcome, words: str
) -> Duty:
    """Close a recovery with what came of it.

    Records: RecoveryResolved. Refuses: no words, one that is closed, another person's unless one may close for others.
    """
    found = visible_duties(actor).filter(uid=duty_uid, kind=RECOVERY).first()
    if found is None:
        raise NotFound("kernel.not_found")
    duty = lock_open(found, actor)
    said = words.strip()
    if not said:
        raise Invalid("feedback.words_missing", field="words")
    if len(said) > WORDS_MOST:
        raise Invalid("kernel.too_long", field="words", limit=WORDS_MOST)
    fact = RecoveryResolved(duty.pk, outcome, at <= duty.due_at, RECOVERY_DUE.key, Sealed(said))
    subject = Subject(duty.subject_kind, duty.subject_id)
    closing = record(fact, subject=subject, region_id=duty.region_id, actor=actor, at=at)
    return close_duty(duty, by=closing, outcome=outcome, actor=actor, at=at)
