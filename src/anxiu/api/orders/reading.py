"""Reading orders over the API: lists, one order, its history, who may be sent, the document to sign."""

from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from ninja import Router
from ninja.params import functions as parameter

from anxiu.api import order_schemas as s
from anxiu.api.asking import PAGE, Cursor, Limit, Line, page_of
from anxiu.api.auth import actor_of
from anxiu.api.doing import REFUSED
from anxiu.files.queries import of_subject
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Subject
from anxiu.kernel.events import Audience
from anxiu.kernel.time import now
from anxiu.orders.choices import LIVE_VISITS, State
from anxiu.orders.models import Order
from anxiu.orders.queries import (
    checklists,
    deadlines,
    document_to_sign,
    filtered,
    history,
    need_of,
    needed,
    newest,
    searched,
    verbs,
    visible,
)
from anxiu.orders.queries import order as one_order
from anxiu.regulation.choices import OrderType, Severity
from anxiu.workforce.messages import in_words
from anxiu.workforce.queries import candidates
from anxiu.workforce.queries import figures as figures_of_people
from anxiu.workforce.rules import Slot

router = Router(tags=["orders"])
AROUND = ("region", "customer", "machine", "fault_class", "owner", "engineer", "repeat_of")


def out(request: HttpRequest, uid: UUID) -> s.OrderOut:
    """An order as it now stands."""
    return s.OrderOut.of(visible(actor_of(request)).select_related(*AROUND).get(uid=uid))


def link(name: str, secret: str) -> str:
    """The address of a customer page."""
    return f"{settings.ENV.public_url.rstrip('/')}{reverse(name, args=[secret])}"


@router.get("", response={200: s.OrdersOut, **REFUSED}, summary="List orders")
def list_orders(
    request: HttpRequest, state: list[State] = parameter.Query([]), severity: Severity | None = None, region: Line = "",
    order_type: OrderType | None = None,
    q: Line = "", late: bool = False, out_of_hours: bool = False,  # noqa: FBT001, FBT002  query parameters
    customer: UUID | None = None, machine: UUID | None = None, engineer: UUID | None = None,
    after: Cursor = "", limit: Limit = PAGE,
) -> s.OrdersOut:  # fmt: skip
    """Orders the caller may see, newest first; with `customer`, `machine` or `engineer` the whole history of one."""
    actor = actor_of(request)
    rows = filtered(
        searched(visible(actor), actor, q), states=state, severity=severity or "", order_type=order_type or "",
        region=region, breached=late, out_of_hours=out_of_hours,
    ).select_related(*AROUND)
    about = {"customer__uid": customer, "machine__uid": machine, "engineer__uid": engineer}
    rows = rows.filter(**{name: uid for name, uid in about.items() if uid})
    found, following = page_of(rows, after, limit, newest if q.strip() else None)
    return s.OrdersOut(items=[s.OrderOut.of(each) for each in found], next=following)


def _noted(request: HttpRequest, uid: UUID) -> Order:
    """The order of the address; that it was looked at is kept."""
    actor = actor_of(request)
    row = one_order(actor, uid)
    note_access(actor, AccessKind.DETAIL, "order", [row.pk], now())
    return row


@router.get("/{uuid:uid}", response={200: s.OrderDetailOut, **REFUSED}, summary="One order with all that belongs to it")
def get_order(request: HttpRequest, uid: UUID) -> s.OrderDetailOut:
    """An order: what it needs next, visits, work record, questions, sign-off, documents. Leaves an access row."""
    actor, at = actor_of(request), now()
    row = _noted(request, uid)
    signed = list(row.sign_offs.select_related("superseded").order_by("number"))
    row.sign_off = next((each for each in signed if each.pk == row.sign_off_id), None)  # read once
    need = needed(row, actor, at)
    entries = list(row.entries.select_related("author", "part", "corrects").order_by("id"))
    visits = list(row.visits.select_related("engineer").order_by("number"))
    live = next((each.pk for each in visits if each.state in LIVE_VISITS), None)
    guarantee = getattr(row, "guarantee", None)
    tied = list(Order.objects.filter(Q(continues=row) | Q(merged_into=row) | Q(split_from=row)).order_by("id"))
    return s.OrderDetailOut(
        **s.OrderOut.of(row).model_dump(), words=row.request.words,
        needed=s.NeededOut(verb=need.verb, words=need.words, missing=list(need.missing)) if need else None,
        verbs=sorted(verbs(row, actor)),
        visits=[s.VisitOut.of(each) for each in visits],
        entries=[s.EntryOut.of(each) for each in entries],
        checklists=[each for step in checklists(row, entries, live) for each in s.ItemOut.of(step)],
        plan=s.PlanOut.of(row.plan) if row.plan else None,
        questions=[s.QuestionOut.of(each) for each in row.questions.order_by("id")],
        sign_off=s.SignOffOut.of(row.sign_off) if row.sign_off else None,
        unresolved_reason=row.unresolved_reason, continues=row.continues.uid if row.continues else None,
        continued_by=[each.uid for each in tied if each.continues_id == row.pk],
        merged_into=row.merged_into.uid if row.merged_into else None,
        merged=[each.uid for each in tied if each.merged_into_id == row.pk],
        split_from=row.split_from.uid if row.split_from else None,
        parts=[each.uid for each in tied if each.split_from_id == row.pk],
        inquiries=[s.InquiryOut.of(each) for each in row.inquiries.order_by("id")],
        former_sign_offs=[s.FormerSignOffOut.of(each) for each in signed if hasattr(each, "superseded")],
        guarantee_until=guarantee.until_date.isoformat() if guarantee else "",
        documents=[s.DocumentOut.of(each) for each in row.documents.order_by("id")],
        files=[s.FileOut.of(each) for each in of_subject(Subject("order", row.pk))],
    )  # fmt: skip


@router.get("/{uuid:uid}/history", response={200: list[s.LineOut], **REFUSED}, summary="The order's history")
def get_history(request: HttpRequest, uid: UUID) -> list[s.LineOut]:
    """Every event as a sentence in the caller's language, newest first."""
    row = _noted(request, uid)
    return [
        s.LineOut(kind=each.kind, at=each.at, who=each.who, sentence=each.sentence, words=list(each.words))
        for each in history(row, Audience.STAFF, get_language() or "zh-hans")
    ]


@router.get(
    "/{uuid:uid}/deadlines", response={200: list[s.DeadlineOut], **REFUSED}, summary="Why each deadline is what it is"
)
def get_deadlines(request: HttpRequest, uid: UUID) -> list[s.DeadlineOut]:
    """Every clock of the order with what decided it: version, severity, tier, calendar and pauses."""
    row = _noted(request, uid)
    return [s.DeadlineOut.of(each) for each in deadlines(row, get_language() or "zh-hans")]


@router.get(
    "/{uuid:uid}/candidates",
    response={200: list[s.CandidateOut], **REFUSED},
    summary="Who may be sent, and why not the others",
)
def get_candidates(request: HttpRequest, uid: UUID, starts_at: s.Moment, ends_at: s.Moment) -> list[s.CandidateOut]:
    """Every engineer of the region judged by the one rule, those who may first."""
    actor, at = actor_of(request), now()
    actor.require("orders.book_visit")
    row = _noted(request, uid)
    slot = Slot(starts_at, max(starts_at, ends_at))
    found = candidates(actor, need_of(row, slot), at, figures_of_people(row.region_id, at))
    return [
        s.CandidateOut(
            engineer=each.engineer.uid, name=each.engineer.person.name, grade=each.engineer.grade,
            may=each.eligibility.may, because=[in_words(reason) for reason in each.eligibility.because],
            booked_minutes=int(each.load.total_seconds() // 60),
        )
        for each in found
    ]  # fmt: skip


@router.get("/{uuid:uid}/document", response={200: s.ToSignOut, **REFUSED}, summary="The document to be signed")
def get_document(request: HttpRequest, uid: UUID) -> s.ToSignOut:
    """The text the customer signs and its digest, which `sign_off` must repeat."""
    text = document_to_sign(_noted(request, uid))
    return s.ToSignOut(document=text, digest=sha256(text.encode()).hexdigest())
