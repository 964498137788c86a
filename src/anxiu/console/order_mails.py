"""The mails of an order as its page shows them: what came in and what was answered, in the order of time."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from anxiu.customers.rules import masked_email
from anxiu.files.models import Attachment
from anxiu.mail.messages import LEFT_OUT
from anxiu.mail.queries import mails_of, replies_of
from anxiu.orders.choices import Channel
from anxiu.orders.models import Order
from anxiu.orders.queries import Line


def mail_thread(row: Order, lines: Iterable[Line], files: Sequence[Attachment]) -> list[dict[str, Any]]:
    """The thread, the latest last; asked for only where the history tells of mail."""
    if row.request.channel != Channel.EMAIL and not any(each.kind.startswith("mail.") for each in lines):
        return []
    known = {each.uid: each for each in files}
    came = [
        {
            "at": each.received_at, "by": each.sender_name or masked_email(each.sender), "subject": each.subject,
            "text": each.text, "is_known": each.is_known, "files": [known[uid] for uid in each.files if uid in known],
            "left_out": [
                (part["name"], LEFT_OUT.get(part["code"], _("a kind of file that is not taken")))
                for part in each.left_out if part["code"] != "mail.logo"
            ],
        }
        for each in mails_of(row.pk)
    ]  # fmt: skip
    ours = [
        {
            "at": each.written_at, "by": each.written_by.name if each.written_by else "–", "is_ours": True,
            "masked": masked_email(each.address), "subject": each.subject, "text": each.text,
        }
        for each in replies_of(row.pk)
    ]  # fmt: skip
    return sorted([*came, *ours], key=lambda each: each["at"])
