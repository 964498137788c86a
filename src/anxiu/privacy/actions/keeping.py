"""What is kept no longer than the regulation says: blanked or deleted in batches, each a transaction of its own."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from anxiu.accounts.models import Link
from anxiu.feedback.actions import erase_words
from anxiu.files.actions import erase_attachments
from anxiu.files.choices import Purpose
from anxiu.files.models import Attachment
from anxiu.kernel.actor import SYSTEM, Subject
from anxiu.kernel.events import record
from anxiu.kernel.models import Access, Refused
from anxiu.kernel.values import reading
from anxiu.mail.actions import forget, forget_contact
from anxiu.mail.models import Mail
from anxiu.notify.actions import blank, erase_contact
from anxiu.notify.choices import WAITING
from anxiu.notify.models import Notice
from anxiu.orders.actions.erasing import NOTHING, SENT_IN, forget_people
from anxiu.orders.models import Entry, Guarantee, Order, SignOff, Visit
from anxiu.privacy.actions.exporting import drop_ready
from anxiu.privacy.choices import Data
from anxiu.privacy.events import LetGo
from anxiu.privacy.models import RetentionRun
from anxiu.privacy.values import KEPT_FOR
from anxiu.regulation.queries import in_force

log = logging.getLogger(__name__)
BATCH: Final = 500  # source: own choice; about a second of work, so that nobody waits for its locks
MEDIA: Final = (*SENT_IN, Purpose.EVIDENCE_PHOTO, Purpose.EVIDENCE_VIDEO)


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a class: those over their time, what is done with them, and the order that may hold them back."""

    over: Callable[[datetime], QuerySet[Any]]
    let_go: Callable[[Sequence[int], datetime], object]
    order: str = ""

    def due(self, before: datetime, at: datetime) -> QuerySet[Any]:
        """Those that may go."""
        rows = self.over(before)
        return rows.exclude(_needed(self.order, at)) if self.order else rows

    def left(self, before: datetime, at: datetime) -> int:
        """How many are over their time and held back: the order is open, has a guarantee or is in dispute."""
        return self.over(before).filter(_needed(self.order, at)).count() if self.order else 0


def _needed(column: str, at: datetime) -> Exists:
    """Whether the order of a row is open, promised or held for a dispute."""
    promised = Guarantee.objects.filter(order=OuterRef("pk"), until_date__gte=at.date())
    held = Attachment.objects.filter(subject_kind="order", subject_id=OuterRef("pk"), legal_hold=True)
    needed = Q(ended_at=None) | Exists(promised) | Exists(held)
    return Exists(Order.objects.filter(needed, pk=OuterRef(column)))


def _ended(before: datetime) -> Exists:
    return Exists(Order.objects.filter(pk=OuterRef("subject_id"), ended_at__lt=before))


def _on_orders(*purposes: Purpose) -> QuerySet[Attachment]:
    rows = Attachment.objects.filter(subject_kind="order")
    return rows.filter(purpose__in=purposes) if purposes else rows


def _unplace(model: type[Any], **columns: object) -> Callable[[Sequence[int], datetime], object]:
    return lambda keys, at: model.objects.filter(pk__in=keys).update(**columns)


def _delete(model: type[Any]) -> Callable[[Sequence[int], datetime], object]:
    return lambda keys, at: model.objects.filter(pk__in=keys).delete()


def _media(keys: Sequence[int], at: datetime) -> None:
    erase_attachments(Attachment.objects.filter(pk__in=keys), actor=SYSTEM, at=at)


def _people_of(keys: Sequence[int], at: datetime) -> None:
    """Forget who stood behind these orders, everywhere; each order's history says so."""
    forget_people(keys, at, photos=True)
    erase_words(keys)
    erase_contact([], keys)
    forget_contact(None, keys)
    drop_ready(keys, at)


def _told_of(before: datetime) -> QuerySet[Order]:
    return Order.objects.filter(ended_at__lt=before).exclude(summary=NOTHING)


_NOWHERE: Final = {"latitude": None, "longitude": None, "accuracy_metres": None}
_UNARRIVED: Final = {"arrival_latitude": None, "arrival_longitude": None, "arrival_accuracy_metres": None}
PARTS: Final[Mapping[Data, tuple[Part, ...]]] = {
    Data.PLACES: (
        Part(
            lambda before: Visit.objects.filter(arrived_at__lt=before, arrival_latitude__isnull=False),
            _unplace(Visit, **_UNARRIVED), "order",
        ),
        Part(
            lambda before: Entry.objects.filter(at__lt=before, latitude__isnull=False),
            _unplace(Entry, **_NOWHERE), "order",
        ),
        Part(
            lambda before: SignOff.objects.filter(at__lt=before, latitude__isnull=False),
            _unplace(SignOff, **_NOWHERE), "order",
        ),
        Part(
            lambda before: _on_orders().filter(created_at__lt=before, latitude__isnull=False),
            _unplace(Attachment, **_NOWHERE, place_source=""), "subject_id",
        ),
    ),
    Data.MEDIA: (
        Part(lambda before: _on_orders(*MEDIA).filter(_ended(before), blob__erased_at=None), _media, "subject_id"),
    ),
    Data.CALLERS: (Part(lambda before: _told_of(before).filter(contact=None, customer=None), _people_of, "pk"),),
    Data.ORDERS: (Part(_told_of, _people_of, "pk"),),
    Data.NOTICES: (
        Part(
            lambda before: Notice.objects.filter(created_at__lt=before)
            .exclude(state__in=sorted(WAITING)).exclude(body="", address="", error=""),
            lambda keys, at: blank(Notice.objects.filter(pk__in=keys)),
        ),
    ),
    Data.MAILS: (
        Part(
            lambda before: Mail.objects.filter(received_at__lt=before, forgotten_at=None),
            forget,
        ),
    ),
    Data.LINKS: (
        Part(
            lambda before: Link.objects.filter(Q(expires_at__lt=before) | Q(revoked_at__lt=before)), _delete(Link)
        ),
    ),
    Data.ACCESSES: (Part(lambda before: Access.objects.filter(at__lt=before), _delete(Access)),),
    Data.REFUSED: (Part(lambda before: Refused.objects.filter(last_at__lt=before), _delete(Refused)),),
}  # fmt: skip
BY_ORDER: Final = frozenset({Data.ORDERS, Data.CALLERS})


def keep_within(at: datetime) -> dict[Data, int]:
    """Blank or delete what is older than its figure in the regulation in force; how many of each class.

    A killed run leaves what it did; the next one goes on with the rest.
    """
    figures = reading(in_force(None, "", at).pk)
    return {data: _keep(data, at - figures(KEPT_FOR[data]), at) for data in PARTS}


def _keep(data: Data, before: datetime, at: datetime) -> int:
    run = RetentionRun.objects.create(data=data, at=at)
    for part in PARTS[data]:
        last = 0
        while keys := _some(part.due(before, at), last):
            _batch(run, part, keys, before)
            last = keys[-1]
    run.left = sum(part.left(before, at) for part in PARTS[data])
    run.ended_at = at
    run.save(update_fields=["left", "ended_at"])
    run.refresh_from_db(fields=["count"])
    if run.count:
        log.info("retention: %s of %s, older than %s", run.count, data.value, before.date())
    return run.count


def _some(rows: QuerySet[Any], last: int) -> list[int]:
    return list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _batch(run: RetentionRun, part: Part, keys: Sequence[int], before: datetime) -> None:
    """One batch with its trace, whole or not at all; what became needed meanwhile is left alone."""
    data = Data(run.data)
    due = part.due(before, run.at).select_for_update(of=("self",))
    keys = list(due.filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))
    if not keys:
        return
    part.let_go(keys, run.at)
    key = KEPT_FOR[data].key
    if data in BY_ORDER:
        for order in Order.objects.filter(pk__in=keys).order_by("pk"):
            fact = LetGo(data, 1, key)
            record(fact, subject=Subject("order", order.pk), region_id=order.region_id, actor=SYSTEM, at=run.at)
    else:
        fact = LetGo(data, len(keys), key)
        record(fact, subject=Subject("retention", run.pk), region_id=None, actor=SYSTEM, at=run.at)
    RetentionRun.objects.filter(pk=run.pk).update(count=F("count") + len(keys))
