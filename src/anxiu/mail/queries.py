"""Reading mailboxes, what came in, and the thread of an order."""

import re
from collections.abc import Sequence
from datetime import datetime
from email.utils import parseaddr
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from anxiu.customers.models import Contact
from anxiu.kernel.action import view
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.mail.choices import TAKEN, MailState
from anxiu.mail.models import Mail, Mailbox, Raw, Reply
from anxiu.mail.reading import Letter, read
from anxiu.mail.rules import order_numbers
from anxiu.mail.sealing import token, tokens
from anxiu.orders.models import Order

VIEW_MAILBOXES = view("mail.view_mailboxes", posts={"administrator"})
VIEW_MAILS = view("mail.view_mails", posts={"agent", "dispatcher", "supervisor", "administrator"})
THREAD: Final = 5  # source: own choice; the latest mails of a thread are enough for programs to show them together
_ID: Final = re.compile(r"^<[^<>\s]{1,240}>$")


def mailboxes(actor: Actor) -> QuerySet[Mailbox]:
    """The mailboxes of the actor's regions."""
    actor.require(VIEW_MAILBOXES)
    rows = Mailbox.objects.select_related("region")
    return rows if actor.regions is None else rows.filter(region_id__in=actor.regions)


def mailbox(actor: Actor, uid: UUID) -> Mailbox:
    """One mailbox."""
    found = mailboxes(actor).filter(uid=uid).first()
    if found is None:
        raise NotFound("kernel.not_found")
    return found


def due(at: datetime) -> QuerySet[Mailbox]:
    """The mailboxes to be read now."""
    return Mailbox.objects.filter(Q(next_poll_at=None) | Q(next_poll_at__lte=at), off_at=None).order_by("pk")


def mails(actor: Actor) -> QuerySet[Mail]:
    """What came into the mailboxes of the actor's regions, but for what was forgotten."""
    actor.require(VIEW_MAILS)
    rows = Mail.objects.select_related("mailbox__region", "order", "contact__customer", "decided_by")
    return rows if actor.regions is None else rows.filter(mailbox__region_id__in=actor.regions)


def mail(actor: Actor, uid: UUID) -> Mail:
    """One mail."""
    found = mails(actor).filter(uid=uid).first()
    if found is None:
        raise NotFound("kernel.not_found")
    return found


def aside_count(actor: Actor) -> int:
    """How many mails wait for somebody to look."""
    return mails(actor).filter(state=MailState.ASIDE).count()


def again(row: Mail) -> Letter | None:
    """A mail that lies aside, read once more for its files; nothing where it is not kept any more."""
    kept = Raw.objects.filter(mail=row).first()
    return read(bytes(kept.content), size=row.size) if kept else None


# ---- the thread of an order: whoever asks has asked whether the actor may see the order ------------------------------
def mails_of(order_id: int) -> QuerySet[Mail]:
    """The mails that belong to an order."""
    rows = Mail.objects.select_related("contact").filter(order=order_id, state__in=sorted(TAKEN))
    return rows.defer("quoted").order_by("id")


def replies_of(order_id: int) -> QuerySet[Reply]:
    """What was written back about an order."""
    return Reply.objects.select_related("written_by").filter(order=order_id).order_by("id")


def last_mail(order_id: int) -> Mail | None:
    """The mail that an answer about an order answers."""
    return mails_of(order_id).exclude(sender="").order_by("-id").first()


def thread_of(order_id: int, address: str) -> list[str]:
    """The Message-IDs of the latest mails of an order from this address, the oldest first."""
    rows = mails_of(order_id).filter(sender=address.lower()).exclude(message_id="").order_by("-id")
    found = list(rows.values_list("message_id", flat=True)[:THREAD])
    return [each for each in reversed(found) if _ID.match(each)]


def reply_address(order: Order) -> str:
    """Where answers about an order are to go: the mailbox its mail came by, else that of its region; empty if none.

    Where the mailbox takes tags, the address carries the order's token.
    """
    came_by = Exists(Mail.objects.filter(mailbox=OuterRef("pk"), order=order, state__in=sorted(TAKEN)))
    rows = Mailbox.objects.filter(off_at=None).annotate(came_by=came_by)
    row = rows.filter(Q(came_by=True) | Q(region=order.region_id)).order_by("-came_by", "pk").first()
    if row is None:
        return ""
    local, _at, domain = row.address.rpartition("@")
    return f"{local}+{token(order.pk)}@{domain}" if row.plus_tags else row.address


def own_addresses() -> set[str]:
    """The addresses we write from and read."""
    ours = set(Mailbox.objects.values_list("address", flat=True)) | {parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}
    return {each.lower() for each in ours}


# ---- whose mail it is ------------------------------------------------------------------------------------------------
def contacts_of(sender: str) -> list[Contact]:
    """The live contacts with this address."""
    rows = Contact.objects.select_related("customer").filter(email__iexact=sender) if sender else Contact.objects.none()
    return list(rows.filter(erased_at=None, retired_at=None, customer__retired_at=None).order_by("pk"))


def contact_of(sender: str, region_id: int) -> Contact | None:
    """The contact a mail comes from; none where the address belongs to several customers and no region decides."""
    found = contacts_of(sender)
    for near in (found, [each for each in found if each.customer.region_id == region_id]):
        if len({each.customer_id for each in near}) == 1:
            return near[0]
    return None


def answered(letter: Letter, contacts: Sequence[Contact]) -> Order | None:
    """The order a mail belongs to: by a token of ours, else by a number in its subject and who sends it.

    A report that was merged into another goes on there.
    """
    found: Order | None = None
    for each in tokens(f"{letter.references} {letter.recipients}"):
        found = found or Order.objects.filter(pk=each.order_id).first()
    for number in order_numbers(letter.subject) if found is None else ():
        row = Order.objects.select_related("contact", "request").filter(number=number).first()
        if row is not None and is_of(row, letter.sender, contacts):
            found = found or row
    while found is not None and found.merged_into is not None:
        found = found.merged_into
    return found


def is_of(order: Order, sender: str, contacts: Sequence[Contact]) -> bool:
    """Whether somebody who writes has to do with an order: a contact of its customer, or whoever reported."""
    if order.customer_id and order.customer_id in {each.customer_id for each in contacts}:
        return True
    return bool(sender) and order.request.caller_email.lower() == sender


def sent_lately(sender: str, since: datetime) -> int:
    """How many mails came from an address."""
    return Mail.objects.filter(sender=sender, received_at__gt=since).count()
