"""Taking in one mail: the note that it was read and all that comes of it are one transaction."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from anxiu.customers.models import Contact
from anxiu.files.actions import NewAttachment, attach
from anxiu.files.choices import Family, Purpose
from anxiu.files.intake import Prepared
from anxiu.files.rules import family_of
from anxiu.kernel.action import action
from anxiu.kernel.actor import SYSTEM, Actor
from anxiu.kernel.errors import Refusal
from anxiu.kernel.events import Sealed
from anxiu.mail.choices import MailState, Reason, Strangers
from anxiu.mail.events import MailBounced, MailJoined
from anxiu.mail.models import Mail, Mailbox, Raw
from anxiu.mail.queries import answered, contact_of, contacts_of, is_of, own_addresses, sent_lately
from anxiu.mail.reading import Letter
from anxiu.mail.sealing import tokens
from anxiu.orders.actions import Report, note_reply, open_order
from anxiu.orders.actions.moves import locked_beside, subject_of, tell
from anxiu.orders.choices import Channel
from anxiu.orders.events import MediaAdded
from anxiu.orders.models import Inquiry, Order
from anxiu.regulation.choices import OrderType

HOUR: Final = timedelta(hours=1)  # source: the word of the limit: so many an hour
# source: RFC 3464, section 2.3.3: the other values of Action are no failure
_UNDERWAY: Final = re.compile(r"^action:\s*(?:delayed|relayed|delivered|expanded)\b", re.IGNORECASE | re.MULTILINE)
CHINESE: Final = ("\u4e00", "\u9fff")  # source: Unicode, the block of CJK Unified Ideographs
PURPOSES: Final = {
    Family.IMAGE: Purpose.INTAKE_PHOTO, Family.VIDEO: Purpose.INTAKE_VIDEO, Family.PDF: Purpose.DOCUMENT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a mail lies on its server, and its bytes."""

    uid_validity: int
    uid: int
    raw: bytes


@action(posts=set())
def take_in(*, actor: Actor, at: datetime, mailbox_id: int, arrival: Arrival, letter: Letter) -> Mail | None:
    """Take in a mail that was read: it opens an order, joins one, or is set aside; nothing where that was done before.

    Records: what opening an order records; MailJoined, MailBounced. Refuses: nothing; what cannot be taken lies aside.
    """
    box = Mailbox.objects.select_for_update().get(pk=mailbox_id)
    is_same_folder = arrival.uid_validity == box.uid_validity
    if not box.is_on or (is_same_folder and arrival.uid <= box.last_uid):
        return None
    box.uid_validity, box.last_uid = arrival.uid_validity, arrival.uid
    box.save(update_fields=["uid_validity", "last_uid"])
    if Mail.objects.filter(key=letter.key).exists():
        return None  # by another mailbox, or before the server numbered its mails anew
    mail = _mail(box, arrival, letter, at)
    contacts = contacts_of(mail.sender)
    mail.contact = contact_of(mail.sender, box.region_id)
    order = answered(letter, contacts)
    reason = letter.reason or _why_aside(box, letter, order, mail.contact, at)
    if reason is None:
        reason = _taken(actor, at, mail, letter, order, contacts)
    if reason is not None:
        _set_aside(mail, reason, order, arrival.raw)
        if reason is Reason.BOUNCE:
            _note_bounce(mail, letter, at)
    return mail


def _mail(box: Mailbox, arrival: Arrival, letter: Letter, at: datetime) -> Mail:
    return Mail(
        key=letter.key, mailbox=box, uid_validity=arrival.uid_validity, imap_uid=arrival.uid,
        message_id=letter.message_id, sender=letter.sender, sender_name=letter.sender_name, subject=letter.subject,
        text=letter.words.new.strip(), quoted=letter.words.rest.strip("\n"), size=letter.size, sent_at=letter.sent_at,
        received_at=at, left_out=[asdict(each) for each in letter.left_out],
    )  # fmt: skip


def _why_aside(
    box: Mailbox, letter: Letter, order: Order | None, contact: Contact | None, at: datetime
) -> Reason | None:
    """Why a mail that a person seems to have written is not taken in by itself."""
    if letter.sender in own_addresses() or tokens(letter.message_id):
        return Reason.OWN
    if sent_lately(letter.sender, at - HOUR) >= box.most_an_hour:
        return Reason.TOO_MANY
    if not (letter.words.new.strip() or letter.subject or letter.files):
        return Reason.EMPTY
    if order is None and contact is None and box.strangers == Strangers.ASIDE:
        return Reason.STRANGER
    return None


def _taken(
    actor: Actor, at: datetime, mail: Mail, letter: Letter, order: Order | None, contacts: Sequence[Contact]
) -> Reason | None:
    """Take a mail in; whatever is refused of it leaves nothing behind but the reason."""
    try:
        with transaction.atomic():
            if order is None:
                open_by(actor, at, mail, letter.files)
            else:
                join(actor, at, mail, order, letter.files, contacts)
    except Refusal as refusal:
        mail.detail, mail.files = refusal.code, []
        return Reason.REFUSED
    return None


def _set_aside(mail: Mail, reason: Reason, order: Order | None, raw: bytes) -> None:
    mail.pk, mail.state, mail.reason, mail.order = None, MailState.ASIDE, reason, order
    mail.save(force_insert=True)
    Raw.objects.create(mail=mail, content=raw)


def _note_bounce(mail: Mail, letter: Letter, at: datetime) -> None:
    """Which notices of ours came back for good; a report of delay is none."""
    if _UNDERWAY.search(letter.report):
        return
    for each in {found.notice: found for found in tokens(letter.report) if found.notice}.values():
        order = Order.objects.filter(pk=each.order_id).first()
        if order is not None:
            mail.order = order
            mail.save(update_fields=["order"])
            tell(order, MailBounced(mail.pk, str(each.notice)), actor=SYSTEM, at=at)


# ---- what comes of a mail; by itself, or when somebody takes it in --------------------------------------------------
def open_by(actor: Actor, at: datetime, mail: Mail, files: Sequence[Prepared]) -> Order:
    """Open an order for what a mail reports; part of a caller's change."""
    contact = mail.contact
    order = open_order(
        actor=actor, at=at,
        report=Report(
            channel=Channel.EMAIL, words=words_of(mail), order_type=OrderType(mail.mailbox.order_type),
            caller_name=mail.sender_name, caller_email=mail.sender, language=_language(mail),
            region_id=mail.mailbox.region_id, customer_id=contact.customer_id if contact else None,
            contact_id=contact.pk if contact else None, site_id=contact.site_id if contact else None,
        ),
    ).order  # fmt: skip
    mail.state, mail.order, mail.is_known = MailState.OPENED, order, contact is not None
    _attach(actor, at, mail, order, files)
    mail.save()
    return order


def join(
    actor: Actor, at: datetime, mail: Mail, order: Order, files: Sequence[Prepared], contacts: Sequence[Contact]
) -> Order:
    """Put a mail into an order's thread; where we had asked something it is the answer. Part of a caller's change."""
    row = locked_beside(order.uid)
    order = row or order
    mail.state, mail.order, mail.is_known = MailState.JOINED, order, is_of(order, mail.sender, contacts)
    waits = order.ended_at is None and Inquiry.objects.filter(order=order, answered_at=None).exists()
    _attach(actor, at, mail, order, files)
    mail.save()
    words = mail.text or mail.subject or "–"
    tell(order, MailJoined(mail.pk, mail.is_known, waits, Sealed(words)), actor=actor, at=at)
    if waits:
        note_reply(actor=actor, at=at, order_uid=order.uid, text=words)
    return order


def words_of(mail: Mail) -> str:
    """What a mail says, its subject first."""
    return "\n\n".join(filter(None, (mail.subject, mail.text))) or "–"


def _language(mail: Mail) -> str:
    if mail.contact:
        return mail.contact.language
    first, last = CHINESE
    return "zh-hans" if any(first <= each <= last for each in words_of(mail)) else "en"


def _attach(actor: Actor, at: datetime, mail: Mail, order: Order, files: Sequence[Prepared]) -> None:
    kept = [
        attach(
            actor=actor, at=at,
            new=NewAttachment(
                content=each, subject=subject_of(order), region_id=order.region_id,
                purpose=PURPOSES[family_of(each.media_type)],
            ),
        )
        for each in files
    ]  # fmt: skip
    mail.files = [each.uid for each in kept]
    if kept:
        tell(order, MediaAdded(len(kept), Purpose.INTAKE_PHOTO), actor=actor, at=at)
