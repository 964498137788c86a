"""What the customer pages change by themselves: waiting uploads, tallies, and the doors behind one's own link."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum

from anxiu.accounts.actions import make_link
from anxiu.accounts.choices import LinkPurpose
from anxiu.accounts.models import Link
from anxiu.accounts.queries import digest
from anxiu.feedback.values import RATING_LINK_LIFE
from anxiu.files.actions import store
from anxiu.files.intake import Prepared
from anxiu.files.models import Blob
from anxiu.files.storage import hold
from anxiu.kernel.actor import Subject
from anxiu.kernel.errors import Invalid, Refusal, WrongState
from anxiu.kernel.values import reading
from anxiu.orders.actions.customer import MOST_FILES
from anxiu.orders.models import Order
from anxiu.orders.values import SIGNING_LINK_LIFE
from anxiu.portal.models import PendingFile, Tally
from anxiu.portal.queries import may_open
from anxiu.portal.rules import Limit

ROOM_BYTES: Final = 2_000_000_000  # source: own choice; so that drafts never fill the disk
KEPT: Final = timedelta(hours=24)  # source: own choice; a form that is not sent within a day is not sent any more


class TooMany(Refusal):
    """Somebody comes more often than people do."""

    status = 429


def key_of(limit: Limit, who: str) -> str:
    """What a tally is kept under: nobody can tell an address from it."""
    return blake2b(f"{limit.name}:{who}".encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=32).hexdigest()


def take(*, limit: Limit, who: str, at: datetime) -> None:
    """Count one more, in the database, so that all processes count together.

    Refuses: more than the limit within its window.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into portal_tally as t (key, window_at, count) values (%s, %s, 1)"
            " on conflict (key, window_at) do update set count = t.count + 1 returning count",
            [key_of(limit, who), limit.window_at(at)],
        )
        if cursor.fetchone()[0] > limit.most:
            raise TooMany("portal.too_many")


def require_few(*, limit: Limit, who: str, at: datetime) -> None:
    """Refuse somebody who has reached a limit, without counting."""
    if Tally.objects.filter(key=key_of(limit, who), window_at=limit.window_at(at), count__gte=limit.most).exists():
        raise TooMany("portal.too_many")


@transaction.atomic
def keep_pending(*, draft: str, files: Sequence[Prepared], at: datetime) -> None:
    """Keep good files of a form that was refused, so that nobody has to choose them again.

    Refuses: more files than a report may have, and any while there is no room left to keep drafts.
    """
    if PendingFile.objects.filter(draft=digest(draft)).count() + len(files) > MOST_FILES:
        raise Invalid("orders.media_too_many", field="media", limit=MOST_FILES)
    taken = PendingFile.objects.aggregate(bytes=Sum("blob__size"))["bytes"] or 0
    if taken + sum(each.size for each in files) > ROOM_BYTES:
        raise Invalid("portal.choose_again", field="media")
    for each in files:
        place = each.place
        PendingFile.objects.get_or_create(
            draft=digest(draft), blob=store(each, at=at),
            defaults={
                "received_digest": each.received_digest, "name": each.name, "taken_at": each.taken_at,
                "latitude": place.latitude if place else None, "longitude": place.longitude if place else None,
                "accuracy_metres": place.accuracy_metres if place else None,
                "place_source": place.source if place else "", "created_at": at,
            },
        )  # fmt: skip


def drop_pending(*, draft: str, uids: Sequence[UUID] | None = None) -> None:
    """Let go of a draft's files: these, or all because they are on the order now. The nightly job frees the bytes."""
    rows = PendingFile.objects.filter(draft=digest(draft))
    (rows if uids is None else rows.filter(uid__in=uids)).delete()


def forget(*, at: datetime) -> int:
    """Let go of drafts that nobody sent, and of old tallies; how many files."""
    Tally.objects.filter(window_at__lt=at - KEPT).delete()
    old = PendingFile.objects.filter(created_at__lt=at - KEPT)
    blobs = list(Blob.objects.filter(pk__in=old.values("blob")).order_by("id"))
    count: int = old.delete()[0]
    for blob in blobs:
        with transaction.atomic():
            hold(blob.digest)
            unused = Blob.objects.filter(pk=blob.pk, attachments=None, erased_at=None)
            if not PendingFile.objects.filter(blob=blob).exists():
                unused.update(erased_at=at)  # the sweep of the files app then removes the bytes
    return count


def open_door(*, link: Link, order: Order, purpose: LinkPurpose, at: datetime) -> str:
    """Make the signing or rating link for whoever holds their own tracking link; answers its secret.

    Refuses: a tracking link that is not the reporter's own, or whose contact gets such links by email.
    """
    if not may_open(link, order):
        raise WrongState("portal.not_yours")
    life = SIGNING_LINK_LIFE if purpose is LinkPurpose.SIGN else RATING_LINK_LIFE
    return make_link(
        purpose=purpose, subject=Subject("order", order.pk), at=at, lasts=reading(order.version_id)(life),
        contact_id=link.contact_id,
    )  # fmt: skip
