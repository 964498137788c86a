"""What the customer pages read: the order behind a link, and the uploads that wait for their report."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import IO, Final, cast

from django.utils.functional import SimpleLazyObject

from anxiu.accounts.choices import LinkPurpose
from anxiu.accounts.models import Link
from anxiu.accounts.queries import actor_of_link, digest, link_by_secret
from anxiu.files.choices import Purpose
from anxiu.files.content import open_content
from anxiu.files.intake import Prepared
from anxiu.files.models import Attachment
from anxiu.files.queries import attachments
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.orders.choices import Channel
from anxiu.orders.models import Document, Order
from anxiu.orders.queries import visible
from anxiu.orders.queries.lists import AROUND
from anxiu.portal.models import PendingFile

OWN_FILES: Final = frozenset({Purpose.INTAKE_PHOTO, Purpose.INTAKE_VIDEO})


class Why(StrEnum):
    """Why a link does not open."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    CLOSED = "closed"


class LinkShut(NotFound):
    """A link that does not open. `link` is there only for whoever holds its secret and its purpose."""

    def __init__(self, why: Why, link: Link | None = None) -> None:
        super().__init__("accounts.link_closed")
        self.why = why
        self.link = link


@dataclass(frozen=True, slots=True)
class Door:
    """An open link, who acts by it, and the order it opens."""

    link: Link
    actor: Actor
    order: Order


def door(secret: str, purpose: LinkPurpose, at: datetime) -> Door:
    """The order behind a link of this purpose; two statements.

    Refuses: a link that was never made, is for something else, has expired or was closed.
    """
    try:
        link = link_by_secret(secret, purpose, at)
    except NotFound:
        link = None
    if link is None:
        raise _shut(secret, purpose)
    return Door(link, actor := actor_of_link(link), order_of(actor))


def _shut(secret: str, purpose: LinkPurpose) -> LinkShut:
    link = Link.objects.filter(digest=digest(secret), purpose=purpose).first()
    if link is None:
        return LinkShut(Why.UNKNOWN)
    return LinkShut(Why.CLOSED if link.revoked_at else Why.EXPIRED, link)


def order_of(actor: Actor) -> Order:
    """The one order a link's actor sees, with what stands around it; one statement."""
    found = visible(actor).select_related(*AROUND, "request", "sign_off", "guarantee").first()
    if found is None:
        raise LinkShut(Why.UNKNOWN)
    return found


def may_open(link: Link, order: Order) -> bool:
    """Whether a tracking link may lead on to signing and rating without a message of its own.

    Only the link that was shown to the reporter's own eyes when they reported by themselves: every later one went
    through email or through our hands. And only where no contact is known who gets such links by email.
    """
    own = order.request.channel in (Channel.WEB, Channel.H5) and link.created_at == order.opened_at
    return own and not (order.contact and order.contact.email)


def own_files(actor: Actor, order: Order) -> list[Attachment]:
    """The photos and videos customers put on an order; two statements."""
    return list(attachments(actor, "order", [order.pk], OWN_FILES))


def documents(order: Order) -> list[Document]:
    """What was issued for an order, the last edition of each paper, in the order of issue; one statement."""
    rows = Document.objects.filter(order=order).order_by("kind", "language", "-edition").distinct("kind", "language")
    return sorted(rows, key=lambda each: each.pk)


# ---- uploads that wait ----------------------------------------------------------------------------------------------
def pending_of(draft: str) -> list[PendingFile]:
    """The files that wait under a form's key; one statement."""
    return list(PendingFile.objects.filter(draft=digest(draft)).select_related("blob").order_by("id"))


def as_prepared(row: PendingFile) -> Prepared:
    """A waiting file as `files.actions.attach` takes it: checked when it came, and not read again where it is kept."""
    blob = row.blob
    content = cast("IO[bytes]", SimpleLazyObject(lambda: open_content(blob).file))
    return Prepared(
        content, blob.digest, row.received_digest, blob.size, blob.media_type, row.name,
        blob.width, blob.height, row.taken_at, row.place,
    )  # fmt: skip
