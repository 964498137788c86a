"""The addresses that notices carry. A link's secret exists only while it is made: what is kept afterwards is masked."""

import re
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from anxiu.accounts.actions import make_link
from anxiu.accounts.choices import LinkPurpose
from anxiu.feedback.values import RATING_LINK_LIFE
from anxiu.hooks.models import Target
from anxiu.kernel.actor import Subject
from anxiu.kernel.values import reading
from anxiu.notify.values import REPORT_LINK_LIFE
from anxiu.orders.models import Order
from anxiu.orders.values import SIGNING_LINK_LIFE, TRACKING_LINK_LIFE
from anxiu.regulation.models import Pilot
from anxiu.regulation.queries import in_force

PATHS: Final = {
    LinkPurpose.TRACK: "/p/t/{}/",
    LinkPurpose.SIGN: "/p/s/{}/",
    LinkPurpose.RATE: "/p/rate/{}/",
    LinkPurpose.DOCUMENT: "/p/d/{}/",
}
_SECRET: Final = re.compile(r"(https?://[^\s]*/p/[a-z]+/)[A-Za-z0-9_-]+(?=/)")
MASK: Final = "…"


def customer_link(order: Order, purpose: LinkPurpose, at: datetime) -> str:
    """A new link to an order for its customer; empty when its time is over already."""
    lasts = _lasts(order, purpose, at)
    if lasts <= timedelta(0):
        return ""
    secret = make_link(
        purpose=purpose, subject=Subject("order", order.pk), at=at, lasts=lasts, contact_id=order.contact_id
    )
    return settings.ENV.public_url.rstrip("/") + PATHS[purpose].format(secret)


def _lasts(order: Order, purpose: LinkPurpose, at: datetime) -> timedelta:
    figures = reading(order.version_id)
    match purpose:
        case LinkPurpose.TRACK:
            return order.opened_at + figures(TRACKING_LINK_LIFE) - at  # from intake, whenever it is sent
        case LinkPurpose.SIGN:
            return figures(SIGNING_LINK_LIFE)
        case LinkPurpose.RATE:
            return figures(RATING_LINK_LIFE)
        case LinkPurpose.DOCUMENT:
            return reading(in_force(None, "", at).pk)(REPORT_LINK_LIFE)
    raise ValueError(f"no notice carries a link for {purpose}")


def console_address(order: Order) -> str:
    """Where staff find the order."""
    return f"{settings.ENV.public_url.rstrip('/')}/orders/{order.uid}/"


def pilot_address(pilot: Pilot) -> str:
    """Where staff read about a pilot."""
    return f"{settings.ENV.public_url.rstrip('/')}/regulation/pilots/{pilot.uid}/"


def hook_address(target: Target) -> str:
    """Where administrators find a target of webhooks."""
    return f"{settings.ENV.public_url.rstrip('/')}/hooks/{target.uid}/"


def mailboxes_address() -> str:
    """Where administrators find the mailboxes that are read."""
    return f"{settings.ENV.public_url.rstrip('/')}/mailboxes/"


def escalations_address() -> str:
    """Where staff find the calls that wait for their word."""
    return f"{settings.ENV.public_url.rstrip('/')}/escalations/"


def learning_address() -> str:
    """Where people read and acknowledge the regulation."""
    return f"{settings.ENV.public_url.rstrip('/')}/regulation/learn/"


def readings_address(code: str) -> str:
    """Where it is seen who has not acknowledged a version."""
    return f"{settings.ENV.public_url.rstrip('/')}/regulation/readings/?version={code}&tab=overdue"


def masked(text: str) -> str:
    """A text without the secrets of its links: what a delivered notice keeps, and what staff read."""
    return _SECRET.sub(rf"\g<1>{MASK}", text)
