"""Reading mailboxes in turn: one is claimed before it is read; of one that is killed the claim lapses."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from anxiu.kernel.actor import SYSTEM, Subject
from anxiu.kernel.events import record
from anxiu.kernel.jobs import defer_many
from anxiu.mail.choices import Fault
from anxiu.mail.events import MailboxFailing
from anxiu.mail.models import Mailbox
from anxiu.mail.queries import due

CLAIM: Final = timedelta(minutes=10)  # source: own choice; longer than reading once may take
PAUSE: Final = timedelta(minutes=1)  # source: own choice; a mail is seen within two minutes
LONGEST_PAUSE: Final = timedelta(minutes=30)  # source: own choice; a server that is down is asked ever less often


TELL_AFTER: Final = timedelta(minutes=15)  # source: own choice; a server that restarts is no news


def claim(at: datetime) -> int:
    """Have every mailbox that is due read by a job; how many."""
    with transaction.atomic():
        rows = list(due(at).select_for_update(skip_locked=True).values_list("pk", flat=True))
        Mailbox.objects.filter(pk__in=rows).update(next_poll_at=at + CLAIM)
        defer_many("mail.read", "mail", [{"mailbox_id": key} for key in rows], lock="mail")
    return len(rows)


def pass_by(mailbox_id: int, uid_validity: int, uid: int) -> None:
    """Leave alone what lay in the folder before the mailbox was named."""
    ahead = Q(last_uid__lt=uid) | ~Q(uid_validity=uid_validity)
    Mailbox.objects.filter(ahead, pk=mailbox_id).update(uid_validity=uid_validity, last_uid=uid)


def settle(mailbox_id: int, at: datetime, *, fault: Fault | None = None, error: str = "", more: bool = False) -> None:
    """Write down how reading ended, and when it is done again: at once where more is waiting.

    Records: MailboxFailing, once, when it has failed for a quarter of an hour.
    """
    with transaction.atomic():
        row = Mailbox.objects.select_for_update().get(pk=mailbox_id)
        row.failing_since = (row.failing_since or at) if fault else None
        row.fault, row.error = fault or "", error
        row.read_at = row.read_at if fault else at
        failed_for = at - row.failing_since if row.failing_since else PAUSE
        row.next_poll_at = at if more else at + min(max(failed_for, PAUSE), LONGEST_PAUSE)
        is_news = fault is not None and row.told_at is None and failed_for >= TELL_AFTER
        row.told_at = at if is_news else row.told_at if fault else None
        row.save(update_fields=["failing_since", "told_at", "fault", "error", "read_at", "next_poll_at"])
        if fault is not None and is_news:
            subject = Subject("mailbox", row.pk)
            record(MailboxFailing(fault), subject=subject, region_id=row.region_id, actor=SYSTEM, at=at)
