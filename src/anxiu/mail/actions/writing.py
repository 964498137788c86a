"""Answering by mail, in the thread that the customer has."""

from datetime import datetime
from uuid import UUID

from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.kernel.events import Sealed
from anxiu.mail.events import MailReplied
from anxiu.mail.models import Mail, Reply
from anxiu.mail.queries import last_mail, mails_of
from anxiu.mail.rules import answered_subject
from anxiu.orders.actions.moves import locked_beside, require_authority, required, tell
from anxiu.orders.models import Order
from anxiu.orders.queries import sees


@action(posts={"agent", "dispatcher", "supervisor", "engineer"})
def reply_by_mail(*, actor: Actor, at: datetime, order_uid: UUID, text: str, mail_uid: UUID | None = None) -> Reply:
    """Answer a mail of an order, the latest where none is named; without any, write to whoever reported.

    Records: MailReplied. Refuses: no words, nobody to write to, a promise beyond one's authority.
    """
    order = locked_beside(order_uid)
    if order is None or not sees(actor, order):
        raise NotFound("kernel.not_found")
    said = required(text, "mail.text_missing", "text")
    require_authority(actor, order, said)
    mail = mails_of(order.pk).filter(uid=mail_uid).first() if mail_uid else last_mail(order.pk)
    if mail_uid and mail is None:
        raise NotFound("kernel.not_found")
    reply = _to(order, mail)
    if not reply.address:
        raise Invalid("mail.no_address")
    reply.text, reply.written_by_id, reply.written_at = said, actor.person_id, at
    reply.save(force_insert=True)
    tell(order, MailReplied(reply.pk, Sealed(said)), actor=actor, at=at)
    return reply


def _to(order: Order, mail: Mail | None) -> Reply:
    """Whom an answer goes to, and under which subject."""
    if mail is not None:
        return Reply(
            order=order, mail=mail, contact=mail.contact, address=mail.sender, subject=answered_subject(mail.subject)
        )
    contact = order.contact
    if contact is not None and (contact.erased_at or contact.retired_at):
        return Reply(order=order)
    address = (contact.email if contact else "") or order.request.caller_email
    return Reply(order=order, contact=contact, address=address, subject=order.summary)
