"""Triage: one request that asks for several things becomes several orders, none of which gains time by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from anxiu.customers.choices import Tier
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import Invalid
from anxiu.kernel.events import Sealed, record
from anxiu.orders.actions.intake import (
    Known,
    Report,
    insert_order,
    link_earlier,
    next_id,
    opened_fact,
    recognised,
    severity_of,
)  # fmt: skip
from anxiu.orders.actions.moves import figures, locked, required, subject_of, tell
from anxiu.orders.choices import ABOUT_FAULTS, Channel
from anxiu.orders.events import OrderSplit, SplitFrom
from anxiu.orders.models import Order, Request
from anxiu.regulation.choices import OrderType, Severity
from anxiu.sla.actions import start_as
from anxiu.sla.choices import ClockKind
from anxiu.sla.models import Clock
from anxiu.sla.queries import clocks_of
from anxiu.sla.rules.case import Case
from anxiu.workforce.queries import zone_of

MOST_PARTS: Final = 9  # source: own choice; a request for more than ten machines is a project
# The question of a customer stays with the order it was asked on.
SHARED: Final = frozenset(ClockKind) - {ClockKind.ANSWER}


@dataclass(frozen=True, slots=True)
class Part:
    """What one of the further orders is about; without a severity the criteria of the regulation propose it."""

    words: str
    machine_id: int | None = None
    fault_class_id: int | None = None
    severity: Severity | None = None


@action(posts={"agent", "dispatcher", "supervisor"})
def split_order(
    *, actor: Actor, at: datetime, order_uid: UUID, parts: tuple[Part, ...], reason: str
) -> list[Order]:
    """Open a further order for each other thing that one request asks for; the order itself remains for the first.

    Each part has its own machine, fault and severity, the reporter, owner and regulation of the request, and clocks
    that run since its intake. Records: OrderSplit; OrderOpened and SplitFrom on each part. Refuses: no reason, no
    parts or too many, a part without words, a machine of another customer or region, an order that was booked.
    """
    order = locked(actor, order_uid, "split_order", at)
    why = required(reason, "orders.reason_missing", "reason")
    if not parts:
        raise Invalid("orders.parts_missing", field="parts")
    if len(parts) > MOST_PARTS:
        raise Invalid("orders.parts_too_many", field="parts", limit=MOST_PARTS)
    running = [each for each in clocks_of(subject_of(order)) if each.is_live and each.kind in SHARED]
    made = [_part(order, each, running, why, actor=actor, at=at) for each in parts]
    fact = OrderSplit(tuple(each.pk for each in made), tuple(each.number for each in made), Sealed(why))
    tell(order, fact, actor=actor, at=at)
    return made


def _part(order: Order, part: Part, running: Sequence[Clock], why: str, *, actor: Actor, at: datetime) -> Order:
    request = Request.objects.get(order=order)
    report = Report(
        channel=Channel(request.channel), words=required(part.words, "orders.words_missing", "words"),
        order_type=OrderType(order.order_type), caller_name=request.caller_name, caller_phone=request.caller_phone,
        caller_email=request.caller_email, place=request.place, product="" if part.machine_id else request.product,
        language=request.language, region_id=order.region_id, customer_id=order.customer_id, site_id=order.site_id,
        contact_id=order.contact_id, machine_id=part.machine_id, fault_class_id=part.fault_class_id,
        severity=part.severity, severity_reason=why,
    )  # fmt: skip
    known = _known(order, report, actor)
    severity = severity_of(known, report, figures(order))
    if order.order_type in ABOUT_FAULTS:
        link_earlier(known, figures(order), order.opened_at)
    key = next_id()
    subject = Subject("order", key)
    case = Case(
        subject=subject, region_id=order.region_id, severity=severity,
        tier=Tier(known.customer.tier) if known.customer else None, version_id=order.version_id,
        owner_id=order.owner_id, time_zone=str(zone_of(order.region)),
    )  # fmt: skip
    opened = opened_fact(known, report, severity, order.owner)
    record(opened, subject=subject, region_id=order.region_id, actor=actor, at=order.opened_at)
    clocks = start_as(case, running, at=at, actor=actor)
    made = insert_order(key, known, report, order.owner, severity, clocks, order.opened_at)
    tell(made, SplitFrom(order.pk, order.number), actor=actor, at=at)
    return made


def _known(order: Order, report: Report, actor: Actor) -> Known:
    """Who and what the part is about: of the request's own customer and region."""
    known = recognised(actor, report)
    machine = known.machine
    if machine and (machine.customer_id, machine.region_id) != (order.customer_id, order.region_id):
        raise Invalid("orders.part_elsewhere", field="machine")
    known.region, known.contact = order.region, known.contact or order.contact
    known.site = known.site or order.site
    known.version_id, known.out_of_hours, known.split_from = order.version_id, order.out_of_hours, order
    return known
