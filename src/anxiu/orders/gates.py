"""What the orders app itself asks before a step, and how every gate's answer becomes one refusal."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q

from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import GateShut, Invalid, Refusal
from anxiu.kernel.gates import Verdict, ask, gate
from anxiu.kernel.values import reading
from anxiu.orders.choices import DocumentKind, EntryKind, State
from anxiu.orders.models import Document, Order
from anxiu.orders.queries import standing_entries
from anxiu.orders.values import LABOUR_REQUIRED, PHOTOS_REQUIRED, UNRESOLVED_REASONS

REFUSED_AS = {
    "depart": "orders.not_prepared",
    "complete_repair": "orders.evidence_missing",
    "archive": "orders.file_incomplete",
}


def before(step: str, order: Order, actor: Actor, at: datetime) -> None:
    """Refuse the step while any gate is shut, naming everything that is missing."""
    missing = tuple(each for verdict in ask([order], step, actor, at)[order.pk] for each in verdict.missing)
    if missing:
        raise GateShut(REFUSED_AS[step], missing=missing)


@gate("orders.evidence")
def evidence(orders: Sequence[Order], step: str, actor: Actor, at: datetime) -> Mapping[int, Verdict]:
    """Photos and labour time that the regulation asks for before work counts as complete; one statement."""
    if step != "complete_repair":
        return {}
    counting = standing_entries(orders).filter(at__lte=at).order_by()
    rows = counting.values_list("order_id", "kind").annotate(Count("id"))
    counted = {(key, kind): number for key, kind, number in rows}
    answers: dict[int, Verdict] = {}
    for order in orders:
        figures = reading(order.version_id)
        missing: list[Refusal] = []
        lacking = figures(PHOTOS_REQUIRED) - counted.get((order.pk, EntryKind.PHOTO), 0)
        if lacking > 0:
            missing.append(Invalid("orders.photos_missing", count=lacking))
        if figures(LABOUR_REQUIRED) and not counted.get((order.pk, EntryKind.LABOUR)):
            missing.append(Invalid("orders.labour_missing"))
        key = PHOTOS_REQUIRED.key if lacking > 0 else LABOUR_REQUIRED.key
        answers[order.pk] = Verdict(tuple(missing), key)
    return answers


@gate("orders.unresolved")
def unresolved(orders: Sequence[Order], step: str, actor: Actor, at: datetime) -> Mapping[int, Verdict]:
    """What was not repaired goes on in a further order, or ends by the customer's decision; one statement."""
    if step != "archive":
        return {}
    waiting = [each.pk for each in orders if each.resolved is False and not each.unresolved_reason]
    further = Order.objects.filter(continues__in=waiting).exclude(state=State.CANCELLED)
    continued = set(further.values_list("continues_id", flat=True))
    missing = (Invalid("orders.unresolved_open"),)
    return {key: Verdict(() if key in continued else missing, UNRESOLVED_REASONS.key) for key in waiting}


@gate("orders.file")
def file_complete(orders: Sequence[Order], step: str, actor: Actor, at: datetime) -> Mapping[int, Verdict]:
    """The record is signed as it stands, its report is issued, and no question is open; one statement."""
    if step != "archive":
        return {}
    report = Document.objects.filter(
        order=OuterRef("pk"), kind=DocumentKind.REPORT, edition=OuterRef("sign_off__number")
    )
    rows = Order.objects.filter(pk__in=[order.pk for order in orders]).order_by()
    found = rows.annotate(unanswered=Count("questions", Q(questions__answered_at=None))).values_list(
        "pk", "sign_off_id", Exists(report), "unanswered"
    )
    answers: dict[int, Verdict] = {}
    for key, signed, is_reported, open_questions in found:
        missing: list[Refusal] = []
        if not is_reported:
            missing.append(Invalid("orders.report_missing" if signed else "orders.not_signed_again"))
        if open_questions:
            missing.append(Invalid("orders.questions_open", count=open_questions))
        answers[key] = Verdict(tuple(missing))
    return answers
