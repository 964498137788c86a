"""Who is told of mail: owners of what came in, whoever wrote of the answer, and the log of what came back."""

from uuid import UUID

from django.utils import translation
from django.utils.timezone import get_default_timezone

from anxiu.accounts.queries import allowed
from anxiu.kernel.events import Recorded
from anxiu.kernel.subscribers import reactor
from anxiu.kernel.time import now
from anxiu.mail.events import MailBounced, MailboxFailing, MailJoined, MailReplied
from anxiu.mail.messages import FAULTS
from anxiu.mail.models import Mail, Mailbox, Reply
from anxiu.notify.actions import Message, To, settle_bounced, tell_people
from anxiu.notify.choices import Kind
from anxiu.notify.links import mailboxes_address
from anxiu.notify.subscribers.facts import order_of
from anxiu.notify.subscribers.telling import customer, staff
from anxiu.notify.texts import EMPTY_LINE
from anxiu.orders.queries.work import language_of


@reactor("notify.mail_came", MailJoined)
def mail_came(fact: Recorded) -> None:
    """The order's owner reads what came; an answer to our question is told as such."""
    if fact["answers_inquiry"]:
        return
    order, mail = order_of(fact), Mail.objects.get(pk=fact["mail_id"])
    who = mail.sender_name or mail.sender
    staff(fact, order, Kind.MAIL_CAME, [order.owner], by_email=True, who=who, subject=mail.subject, text=mail.text)


@reactor("notify.mail_reply", MailReplied)
def mail_reply(fact: Recorded) -> None:
    """What somebody of ours answered goes out in the thread of the mail it answers."""
    order, reply = order_of(fact), Reply.objects.select_related("contact", "written_by").get(pk=fact["reply_id"])
    language = reply.contact.language if reply.contact else language_of(order)
    to = To(language=language, contact=reply.contact, address=reply.address)
    who = reply.written_by.name if reply.written_by else ""
    text = EMPTY_LINE.join(each.strip() for each in reply.text.replace("\r\n", "\n").split("\n\n") if each.strip())
    customer(fact, order, Kind.MAIL_REPLY, to, [], subject=reply.subject, text=text, who=who)


@reactor("notify.mail_bounced", MailBounced)
def mail_bounced(fact: Recorded) -> None:
    """A notice that came back was not delivered after all."""
    settle_bounced(UUID(fact["notice"]), now())


@reactor("notify.mailbox_failing", MailboxFailing)
def mailbox_failing(fact: Recorded) -> None:
    """Whoever may change a mailbox is told that its mail does not come in."""
    row = Mailbox.objects.get(pk=fact.subject.id)
    people = list(allowed("mail.change_mailbox", row.region_id))
    for language in dict.fromkeys(each.language for each in people):
        with translation.override(language):
            why = str(FAULTS.get(fact["fault"], fact["fault"]))
        said = {"address": row.address, "why": why, "since": row.failing_since, "url": mailboxes_address()}
        told = [each for each in people if each.language == language]
        tell_people(Message(Kind.MAILBOX_FAILING, fact, get_default_timezone(), said), told, by_email=True)
