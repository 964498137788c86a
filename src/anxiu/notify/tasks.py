"""Jobs of the notify app: sending one notice, and deferring again what is due."""

import logging

from anxiu.kernel.jobs import job, periodic
from anxiu.kernel.time import now
from anxiu.notify.actions import claim, hand_over, settle_sent, settle_undelivered, sweep, sweep_waiting
from anxiu.notify.channels import Undelivered

log = logging.getLogger(__name__)


def deliver(notice_id: int) -> str:
    """Send one notice if it is still to be sent; the state it is in afterwards, nothing when none was to do."""
    notice = claim(notice_id, now())
    if notice is None:
        return ""
    try:
        hand_over(notice)
    except Undelivered as failure:
        log.warning("notice %s was not delivered: %s %s", notice.pk, failure.reason, failure.detail)
        return settle_undelivered(notice, failure, now())
    settle_sent(notice, now())
    return "sent"


@job("notify.send", queue="send")
def send(notice_id: int) -> None:
    """Send one notice; what fails is tried again by the sweep, not by the queue."""
    deliver(notice_id)


@periodic("* * * * *", "notify.sweep")
def sweep_due(timestamp: int) -> int:
    """Once a minute: retries that are due, sends that were killed, what waited, what goes by the next channel."""
    return sweep_waiting(now()) + sweep(now())
