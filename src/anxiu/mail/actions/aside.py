"""Mails that lie aside: somebody takes one in after all, or dismisses it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from anxiu.files.intake import Prepared
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import Invalid, NotFound, WrongState
from anxiu.kernel.events import record
from anxiu.mail.actions.taking import join, open_by
from anxiu.mail.choices import MailState
from anxiu.mail.events import MailDismissed, MailTakenIn
from anxiu.mail.models import Mail, Raw
from anxiu.mail.queries import contact_of, contacts_of, mails
from anxiu.orders.models import Order
from anxiu.orders.queries import visible


def _locked(actor: Actor, uid: UUID) -> Mail:
    row = mails(actor).select_for_update(of=("self",)).filter(uid=uid).first()
    if row is None:
        raise NotFound("kernel.not_found")
    if row.state != MailState.ASIDE:
        raise WrongState("mail.not_aside")
    return row


@action(posts={"agent", "dispatcher", "supervisor"})
def take_mail_in(
    *, actor: Actor, at: datetime, mail_uid: UUID, number: str = "", files: Sequence[Prepared] = ()
) -> Order:
    """Take in a mail that lies aside: into the order of this number, or as a new one without.

    Records: MailTakenIn; what opening an order records, or MailJoined. Refuses: a mail that does not lie aside, an
    order out of sight.
    """
    mail = _locked(actor, mail_uid)
    reason, mail.decided_at, mail.decided_by_id = mail.reason, at, actor.person_id
    if number.strip():
        order = visible(actor).filter(number=number.strip().upper()).first()
        if order is None:
            raise Invalid("mail.unknown_order", field="number")
        order = join(actor, at, mail, order, files, contacts_of(mail.sender))
    else:
        mail.contact = mail.contact or contact_of(mail.sender, mail.mailbox.region_id)
        order = open_by(actor, at, mail, files)
    Raw.objects.filter(mail=mail).delete()
    record(
        MailTakenIn(mail.pk, reason), subject=Subject("order", order.pk), region_id=order.region_id, actor=actor, at=at
    )
    return order


@action(posts={"agent", "dispatcher", "supervisor"})
def dismiss_mail(*, actor: Actor, at: datetime, mail_uid: UUID) -> Mail:
    """Dismiss a mail that lies aside: nothing comes of it.

    Records: MailDismissed. Refuses: a mail that does not lie aside.
    """
    mail = _locked(actor, mail_uid)
    mail.state, mail.decided_at, mail.decided_by_id = MailState.DISMISSED, at, actor.person_id
    mail.save(update_fields=["state", "decided_at", "decided_by"])
    Raw.objects.filter(mail=mail).delete()
    subject = Subject("mail", mail.pk)
    record(MailDismissed(mail.reason), subject=subject, region_id=mail.mailbox.region_id, actor=actor, at=at)
    return mail
