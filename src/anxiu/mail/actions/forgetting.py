"""What is not kept: raw mails, history that was quoted, and what a person wrote who is to be forgotten."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db.models import Q

from anxiu.kernel.models import SealedText
from anxiu.mail.choices import MailState
from anxiu.mail.events import MailJoined, MailReplied
from anxiu.mail.models import Mail, Raw, Reply

BLANK: Final = {
    "sender": "",
    "sender_name": "",
    "subject": "",
    "text": "",
    "quoted": "",
    "message_id": "",
    "left_out": [],
}


def forget(keys: Collection[int], at: datetime) -> int:
    """Let go of what came in long ago: of a mail that was taken in the quoted history, of another one all; how many.

    Part of a caller's change, who knows how long they are kept.
    """
    rows = Mail.objects.filter(pk__in=keys)
    Raw.objects.filter(mail__in=keys).delete()
    rows.filter(state__in=[MailState.ASIDE, MailState.DISMISSED]).update(
        **BLANK, state=MailState.DISMISSED, forgotten_at=at, contact=None
    )
    rows.filter(forgotten_at=None).update(quoted="", forgotten_at=at)
    return len(keys)


def forget_contact(contact_id: int | None, order_ids: Collection[int]) -> int:
    """Erase what a contact wrote and what was written to them, or about orders of theirs; how many mails.

    Part of a reaction to their erasure.
    """
    theirs = Q(order__in=order_ids) if contact_id is None else Q(contact=contact_id) | Q(order__in=order_ids)
    rows = Mail.objects.filter(theirs)
    written = Reply.objects.filter(theirs)
    orders = {*rows.values_list("order_id", flat=True), *written.values_list("order_id", flat=True)} - {None}
    SealedText.objects.filter(
        event__subject_kind="order", event__subject_id__in=orders, event__kind__in=[MailJoined.kind, MailReplied.kind]
    ).delete()
    Raw.objects.filter(mail__in=rows).delete()
    written.update(address="", text="", subject="")
    return rows.update(**BLANK)
