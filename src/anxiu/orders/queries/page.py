"""What lists and the page of one order read: few statements, and of each row only the columns that are shown.

A column that is not named here would cost a statement of its own; the tests count them.
"""

from collections.abc import Collection
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from anxiu.contracts.queries import from_beside, terms_beside
from anxiu.contracts.rules import Entitlement, entitlement
from anxiu.equipment.queries import cover
from anxiu.files.choices import Purpose
from anxiu.files.models import Attachment
from anxiu.files.queries import of_subject
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import NotFound
from anxiu.kernel.prepared import Prepared
from anxiu.orders.choices import LIVE_VISITS, State
from anxiu.orders.models import Document, Entry, Inquiry, Order, Question, SignOff, Visit
from anxiu.orders.queries.lists import sees
from anxiu.regulation.choices import OrderType

SHOWN: Final = (
    "uid", "number", "order_type", "state", "severity", "summary", "version__uid", "version__pilot__uid",
    "version__pilot__holds_until", "is_free", "out_of_hours", "opened_at", "responded_at",
    "suspended_at", "suspended_until", "completed_at", "ended_at", "cause", "solution",
    "resolved", "next_due_at", "next_clock", "breached",
    "region__name_zh", "region__name_en", "customer__uid", "customer__name", "site__name", "site__address",
    "site__latitude", "site__longitude",
    "contact__name", "contact__phone", "machine__uid", "machine__serial", "machine__installed_on", "machine__sold_on",
    "machine__warranty_until", "machine__model__maker", "machine__model__name",
    "machine__model__family__warranty_months", "fault_class__name_zh", "fault_class__name_en", "owner__name",
    "engineer__person__name", "repeat_of__uid", "repeat_of__number", "continues__uid", "continues__number",
    "suspend_reason", "merged_into__uid", "merged_into__number", "merged_into__ended_at", "split_from__uid",
    "split_from__number",
    "unresolved_reason",
    "request__channel", "request__words", "request__caller_name", "request__caller_phone", "request__place",
    "request__product", "request__severity_reason",
    "sign_off__outcome", "sign_off__signer", "sign_off__remarks", "sign_off__at", "sign_off__document_digest",
    "guarantee__number", "guarantee__until_date",
    "plan__text", "plan__cost_minor", "plan__currency", "plan__risks", "plan__because", "plan__state",
    "plan__planned_at", "plan__planned_by__name", "plan__decided_at", "plan__decided_by__name", "plan__decision",
)  # fmt: skip
AROUND: Final = (
    "region", "customer", "site", "contact", "machine__model__family", "fault_class", "owner", "engineer__person",
    "repeat_of", "continues", "merged_into", "split_from", "request", "sign_off", "guarantee", "version__pilot",
    "plan__planned_by", "plan__decided_by",
)  # fmt: skip
LISTED: Final = (
    "uid", "number", "order_type", "state", "severity", "summary", "opened_at", "out_of_hours", "suspended_at",
    "suspend_reason", "ended_at", "next_due_at", "next_clock", "breached", "is_free", "repeat_of", "region__name_zh",
    "region__name_en",
    "customer__name",
    "machine__serial", "machine__model__name", "engineer__person__name", "owner__name", "request__caller_name",
    "request__product",
)  # fmt: skip
BESIDE: Final = ("region", "customer", "machine__model", "engineer__person", "owner", "request")
TABLED: Final = (
    "pk", "id", "uid", "number", "order_type", "state", "severity", "summary", "out_of_hours", "suspended_at",
    "suspend_reason", "next_due_at", "next_clock", "repeat_of_id", "region__name_zh", "region__name_en",
    "customer__name", "machine__serial", "machine__model__name", "engineer__person__name", "owner__name",
    "request__caller_name", "request__product",
)  # fmt: skip


def listed(rows: QuerySet[Order]) -> QuerySet[Order]:
    """Orders with what a history of them shows of each."""
    return rows.select_related(*BESIDE).only(*LISTED)


def tabled(rows: QuerySet[Order]) -> QuerySet[Order, Any]:
    """Orders for the list of orders, as named tuples: as instances fifty rows are 450 of them, tied in circles.

    `visit_at` is when the engineer is booked for.
    """
    booked = Visit.objects.filter(order=OuterRef("pk"), state__in=sorted(LIVE_VISITS)).values("starts_at")
    return rows.annotate(visit_at=Subquery(booked[:1])).values_list(*TABLED, "visit_at", named=True)


def _order(uid: UUID) -> QuerySet[Order]:
    former = SignOff.objects.filter(order=OuterRef("pk"), superseded__isnull=False).order_by("number")
    told = former.values(
        each=JSONObject(
            outcome="outcome", signer="signer", at="at", digest="document_digest", signature="signature_uid",
            reason="superseded__reason", corrected_at="superseded__at", by="superseded__by__name",
        )
    )  # fmt: skip
    going_on = Order.objects.filter(continues=OuterRef("pk")).exclude(state=State.CANCELLED).order_by("id")
    further = ArraySubquery(going_on.values(each=JSONObject(uid="uid", number="number")))
    others = Order.objects.order_by("id")
    named = JSONObject(uid="uid", number="number", summary="summary", state="state", opened_at="opened_at", key="pk")
    said = JSONObject(
        uid="uid", number="number", words="request__words", name="request__caller_name", opened_at="opened_at", key="pk"
    )
    merged = ArraySubquery(others.filter(merged_into=OuterRef("pk")).values(each=said))
    parts = ArraySubquery(others.filter(split_from=OuterRef("pk")).values(each=named))
    rows = Order.objects.select_related(*AROUND).only(*SHOWN)
    asides: dict[str, Any] = {"former": ArraySubquery(told), "further": further}
    asked = Inquiry.objects.filter(order=OuterRef("pk"))
    asides |= {"took_in": merged, "part_orders": parts, "was_asked": Exists(asked)}
    asides["agreed"] = terms_beside()
    asides["may_reply"] = Exists(asked.filter(answered_at=None))
    return rows.annotate(**asides).filter(uid=uid)


_ORDER: Final = Prepared[Order](_order)
_VISITS: Final = Prepared[Visit](
    lambda order: Visit.objects.filter(order=order)
    .select_related("engineer__person")
    .only(
        "number", "state", "starts_at", "ends_at", "arrived_at", "arrival_proof", "arrival_distance_metres",
        "arrival_flag", "order", "engineer__number", "engineer__person__name",
    )
    .order_by("-number")
)  # fmt: skip
_ENTRIES: Final = Prepared[Entry](
    lambda order: Entry.objects.filter(order=order)
    .select_related("author", "part", "corrects")
    .annotate(is_corrected=Exists(Entry.objects.filter(corrects=OuterRef("pk"))))
    .only(
        "uid", "kind", "code", "text", "value", "unit", "minutes", "attachment_uid", "at", "latitude", "order", "visit",
        "by_customer", "corrects__code", "author__name", "part__number", "part__name_zh", "part__name_en",
    )
    .order_by("id")
)  # fmt: skip
_QUESTIONS: Final = Prepared[Question](
    lambda order: Question.objects.filter(order=order).select_related("owner", "answered_by").order_by("id")
)

_INQUIRIES: Final = Prepared[Inquiry](
    lambda order: Inquiry.objects.filter(order=order).select_related("asked_by", "answered_by").order_by("id")
)
BY_CUSTOMERS: Final = frozenset({Purpose.INTAKE_PHOTO, Purpose.INTAKE_VIDEO})


def _files(order: int) -> QuerySet[Attachment]:
    issued = Document.objects.filter(order=order, attachment_uid=OuterRef("uid"))
    rows = of_subject(Subject("order", order)).select_related(None).only("uid", "purpose", "name")
    return rows.annotate(
        document_kind=Subquery(issued.values("kind")[:1]), document_language=Subquery(issued.values("language")[:1]),
        document_edition=Subquery(issued.values("edition")[:1]),
    )  # fmt: skip


_FILES: Final = Prepared[Attachment](_files)


def order_to_show(actor: Actor, uid: UUID) -> Order:
    """One order with all there is one of: request, sign-off, guarantee and what it names; one statement.

    `former` holds the sign-offs that stand no more because the record was corrected after them, the first first, and
    `further` the orders that go on with its unresolved fault; `took_in` those that reported the same matter,
    `part_orders` those that were split from it.
    """
    found = _ORDER.first(uid)
    if found is None or not sees(actor, found):
        raise NotFound("kernel.not_found")
    return found


def entitled(order: Order, on: date) -> Entitlement | None:
    """Who pays for an order that is read to be shown, as of a day; none without a machine."""
    if order.machine is None:
        return None
    terms = from_beside(getattr(order, "agreed"))  # noqa: B009 annotated
    return entitlement(
        order_type=OrderType(order.order_type), on=on, warranty=cover(order.machine, on), terms=terms
    )


def visits_to_show(order: Order) -> list[Visit]:
    """Its visits, the last first."""
    return _VISITS(order.pk)


def entries_to_show(order: Order) -> list[Entry]:
    """Its work record, oldest first."""
    return _ENTRIES(order.pk)


def questions_to_show(order: Order) -> list[Question]:
    """The customer's questions, oldest first."""
    return _QUESTIONS(order.pk)


def inquiries_to_show(order: Order) -> list[Inquiry]:
    """What the reporter was asked, oldest first."""
    return _INQUIRIES(order.pk) if getattr(order, "was_asked", True) else []


def awaits_reply(order: Order) -> bool:
    """Whether a question to the reporter has no answer yet; no statement for an order that is read to be shown."""
    known = getattr(order, "may_reply", None)
    return Inquiry.objects.filter(order=order, answered_at=None).exists() if known is None else bool(known)


def files_of_merged(keys: Collection[int]) -> list[Attachment]:
    """What customers sent with the orders that were merged into one; none and no statement where there is none."""
    if not keys:
        return []
    rows = Attachment.objects.filter(subject_kind="order", subject_id__in=list(keys), purpose__in=sorted(BY_CUSTOMERS))
    return list(rows.only("uid", "purpose", "name", "subject_id").order_by("id"))


def files_to_show(order: Order) -> list[Attachment]:
    """Its files, oldest first; those that are documents with `document_kind` and `document_language`."""
    return _FILES(order.pk)
