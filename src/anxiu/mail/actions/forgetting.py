"""What is not kept: raw mails, history that was quoted, and what a person wrote who is to be forgotten."""

from datetime import datetime, timedelta
from typing import Final

from anxiu.kernel.models import SealedText
from anxiu.mail.choices import MailState
from anxiu.mail.events import MailJoined, MailReplied
from anxiu.mail.models import Mail, Raw, Reply

KEPT: Final = timedelta(days=30)  # source: own choice, stated in docs/operate/mail.md; a holiday passes meanwhile
BATCH: Final = 1000  # source: own choice; one night's work in one statement
BLANK: Final = {
    "sender": "",
    "sender_name": "",
    "subject": "",
    "text": "",
    "quoted": "",
    "message_id": "",
    "left_out": [],
}


def forget(at: datetime) -> int:
    """Let go of what came in long ago: of a mail that was taken in the quoted history, of another one all; how many."""
    keys = list(
        Mail.objects.filter(received_at__lt=at - KEPT, forgotten_at=None)
        .order_by("pk")
        .values_list("pk", flat=True)[:BATCH]
    )
    rows = Mail.objects.filter(pk__in=keys)
    Raw.objects.filter(mail__in=keys).delete()
    rows.filter(state__in=[MailState.ASIDE, MailState.DISMISSED]).update(
        **BLANK, state=MailState.DISMISSED, forgotten_at=at, contact=None
    )
    rows.filter(forgotten_at=None).update(quoted="", forgotten_at=at)
    return len(keys)


def forget_contact(contact_id: int) -> int:
    """Erase what a contact wrote and what was written to them; how many mails. Part of a reaction to their erasure."""
    rows = Mail.objects.filter(contact_id=contact_id)
    written = Reply.objects.filter(contact_id=contact_id)
    orders = {*rows.values_list("order_id", flat=True), *written.values_list("order_id", flat=True)} - {None}
    SealedText.objects.filter(
        event__subject_kind="order", event__subject_id__in=orders, event__kind__in=[MailJoined.kind, MailReplied.kind]
    ).delete()
    Raw.objects.filter(mail__in=rows).delete()
    written.update(address="", text="", subject="")
    return rows.update(**BLANK)
