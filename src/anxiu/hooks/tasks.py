"""Jobs of webhooks: sending one delivery, deferring again what is due, and letting go of the old log."""

import logging

from anxiu.hooks.actions import claim, forget, settle, sweep
from anxiu.hooks.payloads import headers
from anxiu.hooks.sending import post
from anxiu.kernel.jobs import AWAY, job, periodic
from anxiu.kernel.time import now

log = logging.getLogger(__name__)


def deliver(delivery_id: int) -> str:
    """Send one delivery if it is still to be sent; the state it is in afterwards, nothing when none was to do."""
    row = claim(delivery_id, now())
    if row is None:
        return ""
    answer = post(row.target.url, headers(row, row.target, now()), row.body.encode())
    if answer.reason:
        log.warning("webhook delivery %s was not taken: %s %s", row.uid, answer.reason, answer.status or answer.error)
    return settle(row, answer, now())


@job("hooks.send", queue="hooks", retry=AWAY)
def send(delivery_id: int) -> None:
    """Send one delivery; what fails is tried again by the sweep, not by the queue."""
    deliver(delivery_id)


@periodic("* * * * *", "hooks.sweep")
def sweep_due(timestamp: int) -> int:
    """Once a minute: retries that are due and sends that were killed."""
    return sweep(now())


@periodic("23 3 * * *", "hooks.forget")
def forget_old(timestamp: int) -> int:
    """Once a day: the log is kept for thirty days."""
    return forget(now())
