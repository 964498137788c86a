"""Jobs of mail: reading mailboxes in turn."""

import logging

from django.db import InterfaceError, OperationalError

from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.jobs import job, periodic
from anxiu.kernel.time import now
from anxiu.mail.actions import Arrival, claim, pass_by, settle, take_in
from anxiu.mail.choices import Reason
from anxiu.mail.fetching import MOST, Folder, Unread, folder
from anxiu.mail.models import Mailbox
from anxiu.mail.reading import Letter, read

log = logging.getLogger(__name__)


def read_mailbox(mailbox_id: int) -> int:
    """Take in what is new in a mailbox; how many mails were looked at."""
    row = Mailbox.objects.get(pk=mailbox_id)
    if not row.is_on:
        return 0
    try:
        with folder(row) as opened:
            seen = _taken(row, opened)
    except Unread as failure:
        log.warning("mailbox %s could not be read: %s %s", row.uid, failure.fault, failure)
        settle(row.pk, now(), fault=failure.fault, error=str(failure))
        return 0
    settle(row.pk, now(), more=seen >= MOST)
    return seen


def _taken(row: Mailbox, opened: Folder) -> int:
    """Each mail behind the last one in a transaction of its own."""
    last = row.last_uid if opened.uid_validity == row.uid_validity else 0
    seen = 0
    for found in list(opened.after(last, row.created_at)):
        seen += 1
        if found.at < row.created_at:
            pass_by(row.pk, opened.uid_validity, found.uid)
            continue
        raw = opened.content(found)
        arrival = Arrival(opened.uid_validity, found.uid, raw)
        letter = read(raw, size=found.size)
        try:
            take_in(actor=SYSTEM, at=now(), mailbox_id=row.pk, arrival=arrival, letter=letter)
        except (OperationalError, InterfaceError):
            raise  # the database is away: the mail is asked for again
        except Exception:  # one mail that nobody thought of must not hold up those behind it
            log.exception("a mail of mailbox %s could not be taken in", row.uid)
            broken = Letter(
                letter.key, letter.size, message_id=letter.message_id, sender=letter.sender, reason=Reason.BROKEN
            )
            take_in(actor=SYSTEM, at=now(), mailbox_id=row.pk, arrival=arrival, letter=broken)
    return seen


@job("mail.read", queue="mail", retry=False)
def read_one(mailbox_id: int) -> None:
    """Read one mailbox; what fails is tried again in its turn."""
    read_mailbox(mailbox_id)


@periodic("* * * * *", "mail.poll")
def poll(timestamp: int) -> int:
    """Once a minute: mailboxes that are due."""
    return claim(now())
