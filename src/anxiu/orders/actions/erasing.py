"""Forgetting the person behind an order; what was wrong with the machine and what was done about it stays."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from anxiu.files.actions import erase_attachments
from anxiu.files.choices import Purpose
from anxiu.files.models import Attachment
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.erasure import erase_texts
from anxiu.orders import events
from anxiu.orders.actions.intake import search_words
from anxiu.orders.models import Entry, HandOver, Inquiry, Order, Question, Request, SignOff

NOTHING: Final = "–"  # stands where a text has to be
# What an engineer wrote about the machine; everything else on an order was said by the customer, or with them.
TECHNICAL: Final = frozenset({
    each.kind for each in (
        events.Assessed, events.EntryAdded, events.RepairCompleted, events.PlanProposed, events.SummaryWritten,
        events.SolvedRemotely, events.ItemUnchecked, events.VersionAdopted,
    )
})  # fmt: skip
PAPERS: Final = (Purpose.SIGNATURE, Purpose.SIGNED_DOCUMENT, Purpose.REPORT, Purpose.GUARANTEE)
SENT_IN: Final = (Purpose.INTAKE_PHOTO, Purpose.INTAKE_VIDEO, Purpose.DOCUMENT)


def forget_people(order_ids: Collection[int], at: datetime, *, photos: bool) -> int:
    """Erase from these orders who called, what they said and what they signed; part of a reaction. How many orders.

    Of papers that name the person the digest stays: the document's row and the chain still say what was issued when.
    """
    keys = sorted(order_ids)
    orders = list(Order.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    Request.objects.filter(order__in=keys).update(
        words="", caller_name="", caller_phone="", caller_email="", place="", severity_reason=""
    )
    SignOff.objects.filter(order__in=keys).update(signer="", remarks="", document="")
    Question.objects.filter(order__in=keys).update(text=NOTHING, answer="")
    Inquiry.objects.filter(order__in=keys).update(text=NOTHING, answer="")
    HandOver.objects.filter(order__in=keys).update(reason="")
    Entry.objects.filter(order__in=keys, by_customer=True).update(text="", latitude=None, longitude=None)
    erase_texts("order", keys, besides=TECHNICAL)
    papers = Attachment.objects.filter(subject_kind="order", subject_id__in=keys)
    erase_attachments(papers.filter(purpose__in=(*PAPERS, *(SENT_IN if photos else ()))), actor=SYSTEM, at=at)
    papers.filter(purpose__in=SENT_IN).update(
        name="", latitude=None, longitude=None, accuracy_metres=None, place_source=""
    )
    Order.objects.filter(pk__in=keys).update(summary=NOTHING)
    for order in Order.objects.filter(pk__in=keys).select_related("request", "machine", "customer"):
        order.search = search_words(order, order.request, order.machine, order.customer)
        order.save(update_fields=["search"])
    return len(orders)
