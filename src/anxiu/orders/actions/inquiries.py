"""Triage: what has to be known first is asked of whoever reported, and the order waits for the answer."""

from datetime import datetime
from uuid import UUID

from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, WrongState
from anxiu.kernel.events import Sealed
from anxiu.orders.actions.moves import (
    figures,
    finish,
    go_on,
    locked,
    locked_beside,
    require_authority,
    required,
    subject_of,
    tell,
)  # fmt: skip
from anxiu.orders.choices import ASKED_BACK
from anxiu.orders.events import ReplyMissed, ReplyNoted, ReporterAsked, ReporterReminded
from anxiu.orders.models import Inquiry, Order
from anxiu.orders.values import ASK_BACK_LONGEST, ASK_BACK_PAUSES, ASK_BACK_REMINDER
from anxiu.sla.actions import pause


@action(posts={"agent", "dispatcher", "supervisor"})
def ask_reporter(*, actor: Actor, at: datetime, order_uid: UUID, text: str, until: datetime) -> Inquiry:
    """Ask whoever reported something that must be known first; the order waits for the answer, until a moment at most.

    Whether the clocks stand still meanwhile, the regulation says. Records: ReporterAsked. Refuses: no words, a moment
    that is past or later than the regulation allows, a promise beyond one's authority, an order that was booked.
    """
    order = locked(actor, order_uid, "ask_reporter", at)
    said, allows = required(text, "orders.question_missing", "text"), figures(order)
    require_authority(actor, order, said)
    if until <= at:
        raise Invalid("orders.until_past", field="until")
    latest = at + allows(ASK_BACK_LONGEST)
    if until > latest:
        raise Invalid("orders.until_too_far", field="until", latest=f"{latest:%Y-%m-%d %H:%M}")
    let_go(order, at)  # a question before it that nobody waits for any more
    asked = Inquiry.objects.create(order=order, text=said, asked_at=at, asked_by_id=actor.person_id, until=until)
    order.suspended_at, order.suspend_reason, order.suspended_until = at, ASKED_BACK, until
    pauses = allows(ASK_BACK_PAUSES)
    tell(order, ReporterAsked(asked.pk, until, pauses, Sealed(said)), actor=actor, at=at)
    if pauses:
        pause(subject_of(order), reason=ASKED_BACK, at=at, until=until, actor=actor)
    finish(order, {"suspended_at", "suspend_reason", "suspended_until"}, clocks_changed=True)
    return asked


def let_go(order: Order, at: datetime) -> None:
    """Wait for no answer any more; part of the verb that took the order elsewhere."""
    Inquiry.objects.filter(order=order, answered_at=None, missed_at=None).update(missed_at=at)


@action(posts={"agent", "dispatcher", "supervisor"})
def note_reply(*, actor: Actor, at: datetime, order_uid: UUID, text: str) -> Inquiry:
    """Take down what the reporter answers, by their link or by telephone; the order is in triage again.

    An answer that comes late is taken down as well. Records: ReplyNoted. Refuses: no words, nothing that was asked.
    """
    order = locked(actor, order_uid, "note_reply", at)
    said = required(text, "orders.answer_missing", "text")
    asked = Inquiry.objects.select_for_update().filter(order=order, answered_at=None).order_by("-pk").first()
    if asked is None:
        raise WrongState("orders.nothing_asked")
    asked.answer, asked.answered_at, asked.answered_by_id = said, at, actor.person_id
    asked.save(update_fields=["answer", "answered_at", "answered_by"])
    tell(order, ReplyNoted(asked.pk, Sealed(said)), actor=actor, at=at)
    waited = order.suspend_reason == ASKED_BACK
    finish(order, go_on(order, actor, at) if waited else (), clocks_changed=True)
    return asked


@action(posts=set())
def chase_reply(*, actor: Actor, at: datetime, order_uid: UUID) -> Order | None:
    """Remind the reporter of our question when its end is near, and go on without an answer once it has come.

    Records: ReporterReminded, ReplyMissed. Refuses: nothing; where there is nothing to do, nothing is done.
    """
    order = locked_beside(order_uid)
    rows = Inquiry.objects.select_for_update().filter(order=order, answered_at=None, missed_at=None)
    asked = rows.first()
    if order is None or asked is None:
        return None
    if order.ended_at or at >= asked.until:
        asked.missed_at = at
        asked.save(update_fields=["missed_at"])
        if order.ended_at:
            return order
        tell(order, ReplyMissed(asked.pk, order.owner_id), actor=actor, at=at)
        waited = order.suspend_reason == ASKED_BACK
        return finish(order, go_on(order, actor, at) if waited else (), clocks_changed=True)
    if asked.reminded_at is None and at >= asked.until - figures(order)(ASK_BACK_REMINDER):
        asked.reminded_at = at
        asked.save(update_fields=["reminded_at"])
        tell(order, ReporterReminded(asked.pk, asked.until), actor=actor, at=at)
    return order
