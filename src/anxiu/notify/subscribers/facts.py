"""What the texts of notices need to know of an order: read as the system, told only to whom it concerns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from typing import Any, Final

from django.conf import settings
from django.utils import translation

from anxiu.accounts.models import Person
from anxiu.kernel.actor import SYSTEM, Subject
from anxiu.kernel.events import Recorded
from anxiu.kernel.prepared import Prepared
from anxiu.kernel.values import Value, reading
from anxiu.notify.actions import To
from anxiu.notify.links import console_address
from anxiu.orders import events
from anxiu.orders.choices import VisitState
from anxiu.orders.messages import CLOCKS, SEVERITIES
from anxiu.orders.models import Guarantee, HandOver, Inquiry, Order, Question, Superseded, Visit
from anxiu.orders.queries import visible
from anxiu.orders.queries.lists import AROUND
from anxiu.orders.queries.work import language_of
from anxiu.orders.values import CANCEL_REASONS, DECLINE_REASONS, RESCHEDULE_REASONS, SUSPEND_REASONS
from anxiu.sla.choices import ClockKind
from anxiu.sla.queries import clocks_of
from anxiu.workforce.models import Engineer
from anxiu.workforce.queries import zone_of

REASONS: Final[Mapping[str, Value[Any]]] = {
    events.Suspended.kind: SUSPEND_REASONS,
    events.Cancelled.kind: CANCEL_REASONS,
    events.VisitDeclined.kind: DECLINE_REASONS,
    events.VisitRescheduled.kind: RESCHEDULE_REASONS,
}


_ORDER: Final = Prepared(lambda key: visible(SYSTEM).select_related(*AROUND, "request").filter(pk=key))


def order_of(fact: Recorded) -> Order:
    """The order a fact is about, with what stands around it; one statement."""
    (order,) = _ORDER(fact.subject.id)
    return order


def zone_of_order(order: Order) -> tzinfo:
    """The clock on site."""
    return zone_of(order.region)


def base(order: Order, language: str) -> dict[str, object]:
    """What every text may name."""
    machine = order.machine
    chinese = language.startswith("zh")
    with translation.override(language):
        severity = str(SEVERITIES[order.severity])
    return {
        "number": order.number, "summary": order.summary, "severity": severity, "urgent": order.severity == "urgent",
        "machine": f"{machine.model.maker} {machine.model.name}" if machine else order.request.product,
        "serial": machine.serial if machine else "",
        "customer": order.customer.name if order.customer else "",
        "site": order.site.name if order.site else order.request.place,
        "company": settings.ENV.company_zh if chinese else settings.ENV.company_en,
        "phone": settings.ENV.company_phone, "console_url": console_address(order),
    }  # fmt: skip


def contact_of(order: Order) -> To:
    """The contact, at their own address only."""
    contact = order.contact
    if contact is None or contact.erased_at or contact.retired_at:
        return To(language=language_of(order))
    return To(language=contact.language, contact=contact, address=contact.email)


def customer_of(order: Order) -> To:
    """The contact; where their address is not known, whoever reported the fault at the address they gave."""
    to = contact_of(order)
    if to.address or (order.contact and order.contact.erased_at):
        return to
    return To(language=to.language, contact=order.contact, address=order.request.caller_email)


def reporters(order: Order) -> list[tuple[Order, To]]:
    """Who is told of an order's steps, each about the report they made: its customer, and those whose reports of the
    same matter were merged into it.
    """
    told = [(order, customer_of(order))]
    for merged in Order.objects.filter(merged_into=order).select_related(*AROUND, "request").order_by("pk"):
        to = customer_of(merged)
        if to.address not in {each.address for _, each in told}:
            told.append((merged, replace(to, beside=merged.number)))
    return told


@dataclass(frozen=True, slots=True)
class Promise:
    """A deadline in words."""

    words: str
    due_at: datetime


def promises(order: Order, kinds: Sequence[ClockKind], language: str) -> list[Promise]:
    """What was promised, in the order of the deadlines."""
    with translation.override(language):
        found = [
            Promise(str(CLOCKS[each.kind]), each.due_at)
            for each in clocks_of(Subject("order", order.pk))
            if each.kind in kinds and each.due_at
        ]
    return sorted(found, key=lambda each: each.due_at)


def visit(visit_id: int) -> dict[str, Any]:
    """When somebody comes, and who."""
    row = Visit.objects.select_related("engineer__person").get(pk=visit_id)
    return {"starts_at": row.starts_at, "ends_at": row.ends_at, "engineer": row.engineer.person.name}


def engineer_person(engineer_id: int) -> Person:
    """The person behind an engineer."""
    return Engineer.objects.select_related("person").get(pk=engineer_id).person


def previous_engineer(order: Order, visit_id: int) -> Person | None:
    """Who was booked before this visit was."""
    earlier = Visit.objects.select_related("engineer__person").filter(order=order, pk__lt=visit_id).order_by("-pk")
    row = earlier.first()
    return row.engineer.person if row else None


def booked_by(visit_id: int) -> int | None:
    """Who booked a visit."""
    return Visit.objects.values_list("booked_by_id", flat=True).get(pk=visit_id)


def question(question_id: int) -> Question:
    """What a customer asked."""
    return Question.objects.get(pk=question_id)


def inquiry(inquiry_id: int) -> Inquiry:
    """What the reporter was asked."""
    return Inquiry.objects.get(pk=inquiry_id)


def taken_back(order: Order, at: datetime) -> int | None:
    """Who was to come to an order when nobody was needed any more."""
    rows = Visit.objects.filter(order=order, state=VisitState.RELEASED, left_at=at)
    return rows.values_list("engineer__person_id", flat=True).first()


def hand_over_from(order: Order, to_person_id: int) -> dict[str, str]:
    """Who proposed to hand an order over, and why."""
    rows = HandOver.objects.select_related("from_owner").filter(order=order, to_owner=to_person_id)
    row = rows.order_by("-pk").first()
    return {"other": row.from_owner.name if row else "", "reason": row.reason if row else ""}


def name_of(person_id: int) -> str:
    """Somebody's name."""
    return Person.objects.values_list("name", flat=True).get(pk=person_id)


def guaranteed_until(order: Order) -> date | None:
    """Until when the repair is guaranteed."""
    return Guarantee.objects.filter(order=order).values_list("until_date", flat=True).first()


def moment(text: str | None) -> datetime | None:
    """An instant of a fact's body."""
    return datetime.fromisoformat(text) if text else None


def reason_words(order: Order, fact: Recorded, language: str) -> str:
    """A listed reason in words; empty where the fact has none."""
    code = fact.body.get("reason")
    if not code or fact.kind not in REASONS:
        return ""
    listed = {each.code: each.words for each in reading(order.version_id)(REASONS[fact.kind])}
    return listed[code].in_language(language) if code in listed else str(code)


def correction(order: Order) -> str:
    """Why the record was corrected last after it was signed."""
    last = Superseded.objects.filter(sign_off__order=order).order_by("id").last()
    return last.reason if last else ""


def clock(fact: Recorded) -> dict[str, Any]:
    """Which promise it is about and how it stands, in each reader's language."""
    kind = fact["clock"]

    def words(language: str) -> str:
        with translation.override(language):
            return str(CLOCKS[kind])

    return {
        "clock": words, "due_at": moment(fact.body.get("due_at")), "broken": fact.body.get("broken", False),
        "level": fact.body.get("level", 0), "acknowledge_by": moment(fact.body.get("acknowledge_by")),
    }  # fmt: skip
