"""What the work asks of an engineer, and the document the customer signs."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from anxiu.customers.queries import VIEW_PHONE as VIEW_CUSTOMERS_PHONE
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.values import Words
from anxiu.orders.choices import (
    ABOUT_FAULTS,
    AFTER_SIGNING,
    AFTER_THE_WORK,
    EntryKind,
    Role,
    SignOffOutcome,
    State,
    StepGate,
)  # fmt: skip
from anxiu.orders.messages import TYPES
from anxiu.orders.models import Entry, Order, Superseded
from anxiu.orders.queries.lists import VIEW_PHONE, order
from anxiu.orders.queries.process import process_of
from anxiu.regulation.choices import OrderType, Severity
from anxiu.workforce.choices import Difficulty
from anxiu.workforce.models import Skill
from anxiu.workforce.queries import zone_of
from anxiu.workforce.rules import Need, SkillNeed, Slot

LEAST_LEVEL = 1


def need_of(order: Order, slot: Slot | None, *, ignoring: Subject | None = None) -> Need:
    """What the order asks of whoever takes it; one statement for the skills' names."""
    family = order.machine.model.family if order.machine else None
    named = (
        {each.code: each for each in Skill.objects.filter(code__in=family.skills)} if family and family.skills else {}
    )
    skills = tuple(
        SkillNeed(code, LEAST_LEVEL, Words(each.name_zh, each.name_en)) for code, each in sorted(named.items())
    )
    fault = order.fault_class
    return Need(
        order_type=OrderType(order.order_type), region_id=order.region_id,
        difficulty=Difficulty(fault.difficulty) if fault else Difficulty.BASIC, severity=Severity(order.severity),
        family=family.code if family else "", skills=skills,
        certificates=tuple(family.certificates) if family else (), slot=slot, ignoring=ignoring,
    )  # fmt: skip


def standing_entries(orders: Iterable[Order | int]) -> QuerySet[Entry]:
    """The lines of work records that no later line sets right, oldest first: what counts, and what papers say."""
    return Entry.objects.filter(order__in=orders, corrections=None).order_by("id")


def phone_of(actor: Actor, uid: UUID) -> tuple[int, str]:
    """The order's key, and the number to reach its customer at: the contact's, else the caller's. The surface writes
    the access row.

    Who comes to the customer needs the number while the order is open; afterwards only those who may see customers'.
    """
    actor.require(VIEW_PHONE)
    found = order(actor, uid)
    if found.ended_at:
        actor.require(VIEW_CUSTOMERS_PHONE)
    return found.pk, (found.contact.phone if found.contact else "") or found.request.caller_phone


def awaits_signature(order: Order) -> bool:
    """Whether the customer's word on the record as it stands is still to come; for the first time, or again."""
    if order.state in AFTER_SIGNING:
        return order.sign_off_id is None and process_of(order).has(State.SIGNING)
    return order.state == State.SIGNING


def may_sign_after_all(order: Order) -> bool:
    """Whether a customer who refused may still sign: where the process is not left without a signature."""
    signed = order.sign_off
    if order.state not in AFTER_THE_WORK or signed is None or signed.outcome != SignOffOutcome.REFUSED:
        return False
    return any(StepGate.SIGNED in step.gates for step in process_of(order).steps)


def signs_at_the_counter(order: Order, actor: Actor) -> bool:
    """Whether this is the order's owner and the regulation makes the sign-off their step: the pad is on the counter."""
    process = process_of(order)
    if actor.person_id is None or order.owner_id != actor.person_id or not process.has(State.SIGNING):
        return False
    return process.step_of(State.SIGNING).owner is Role.OWNER


def language_of(order: Order) -> str:
    """The language the customer is written to in."""
    if order.contact:
        return order.contact.language
    return order.request.language


def document_to_sign(order: Order) -> str:
    """The text the customer signs, in their language: the same rows give the same text, letter for letter."""
    with translation.override(language_of(order)):
        lines = [
            _("Service record {number}").format(number=order.number),
            _("Machine: {machine}").format(machine=_machine(order)),
            *_about(order),
        ]
        minutes = 0
        rows = standing_entries([order]).filter(kind__in=[EntryKind.LABOUR, EntryKind.PART])
        for entry in rows.select_related("part"):
            minutes += entry.minutes or 0
            if entry.part and entry.value is not None:
                name = entry.part.name_zh if translation.get_language() != "en" else entry.part.name_en
                lines.append(
                    _("Part: {name} ({number}) × {quantity}").format(
                        name=name, number=entry.part.number, quantity=f"{entry.value.normalize():f}"
                    )
                )
        lines.append(_("Labour: {minutes} minutes").format(minutes=minutes))
        if order.is_free:
            lines.append(_("Free of charge under our repair guarantee."))
        for each in Superseded.objects.filter(sign_off__order=order).select_related("sign_off").order_by("id"):
            was = each.sign_off.at.astimezone(zone_of(order.region))
            lines.append(
                _("Replaces the record of {at}, corrected since: {reason}").format(
                    at=f"{was:%Y-%m-%d %H:%M}", reason=each.reason
                )
            )
        return "\n".join(lines)


def _about(order: Order) -> list[str]:
    done = _("Done: {solution}").format(solution=order.solution)
    if order.order_type in ABOUT_FAULTS:
        fault = _("Fault: {fault}").format(fault=order.summary)
        cause = _("Cause: {cause}").format(cause=order.cause)
        result = _("The fault is resolved.") if order.resolved else _("The fault is not resolved yet.")
        return [fault, cause, done, result]
    asked = _("{order_type}: {words}").format(order_type=TYPES[order.order_type], words=order.summary)
    found = _("Found: {cause}").format(cause=order.cause)
    return [asked, found, done, _("The work is complete.") if order.resolved else _("The work is not complete yet.")]


def _machine(order: Order) -> str:
    if order.machine is None:
        return order.request.product or "–"
    return f"{order.machine.model.maker} {order.machine.model.name} {order.machine.serial}"
