"""From a reported fault to an order with an owner and running clocks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib.postgres.search import SearchVector
from django.db import connection

from anxiu.accounts.actions import make_link
from anxiu.accounts.choices import LinkPurpose
from anxiu.accounts.models import Person, Region
from anxiu.accounts.queries import regions
from anxiu.catalogue.models import FaultClass
from anxiu.customers.actions import note_consents
from anxiu.customers.choices import ConsentMeans, Tier, Use
from anxiu.customers.models import Contact, Customer, Site
from anxiu.equipment.models import Machine
from anxiu.files.intake import Prepared as PreparedFile
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, ActorKind, Subject
from anxiu.kernel.errors import Invalid
from anxiu.kernel.events import Sealed, record
from anxiu.kernel.ids import number as numbered
from anxiu.kernel.prepared import Prepared
from anxiu.kernel.rows import insert
from anxiu.kernel.search import vector
from anxiu.kernel.values import Reading, reading
from anxiu.orders.actions.customer import attach_media
from anxiu.orders.actions.moves import figures as figures_of
from anxiu.orders.actions.moves import finish, locked, tell
from anxiu.orders.choices import ABOUT_FAULTS, NUMBER_PREFIX, Channel, State
from anxiu.orders.events import Continued, MachineIdentified, OrderOpened
from anxiu.orders.models import Entry, Order, Request
from anxiu.orders.queries import case_of, claims, earlier, guarantee_of_part, least_loaded_owner, process_for, visible
from anxiu.orders.rules import Claim, Proposal, claim, proposed_severity, repeat_of
from anxiu.orders.values import REPEAT_WINDOW, SEVERITY_CRITERIA, SEVERITY_DEFAULT, TRACKING_LINK_LIFE
from anxiu.regulation.choices import OrderType, Severity
from anxiu.regulation.queries import in_force
from anxiu.sla.actions import retarget, start
from anxiu.sla.choices import ClockKind, Why
from anxiu.sla.models import Clock
from anxiu.sla.queries import shown
from anxiu.sla.rules import is_working
from anxiu.sla.rules.case import Case
from anxiu.sla.timetables import timetable
from anxiu.workforce.queries import zone_of

NUMBER_WIDTH = 7  # source: own choice; ten million orders before numbers grow
SUMMARY_LENGTH = 200  # source: the column's width
AT_INTAKE = (ClockKind.FIRST_RESPONSE, ClockKind.HAND_OVER, ClockKind.ARRIVAL)
AT_THE_DESK = (ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION)  # nobody goes: the work begins with the request


@dataclass(frozen=True, slots=True)
class Report:
    """What was asked for: a fault, or other work. What is known by id need not be said; words are kept as they are."""

    channel: Channel
    words: str
    order_type: OrderType = OrderType.REPAIR
    caller_name: str = ""
    caller_phone: str = ""
    caller_email: str = ""
    place: str = ""
    product: str = ""
    language: str = "zh-hans"
    region_id: int | None = None
    customer_id: int | None = None
    site_id: int | None = None
    contact_id: int | None = None
    machine_id: int | None = None
    fault_class_id: int | None = None
    severity: Severity | None = None
    severity_reason: str = ""
    media: tuple[PreparedFile, ...] = ()
    continues_id: int | None = None
    agreed: Mapping[Use, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opened:
    """The order, and the secret of the tracking link its receipt carries."""

    order: Order
    tracking_secret: str


@dataclass(slots=True)
class Known:
    """Who and what a report is about, as far as it can be told."""

    region: Region
    customer: Customer | None = None
    site: Site | None = None
    contact: Contact | None = None
    machine: Machine | None = None
    fault_class: FaultClass | None = None
    version_id: int = 0
    proposal: Proposal = field(default_factory=lambda: Proposal(Severity.NORMAL, (), ()))
    repeat_of: int | None = None
    guarantee: Claim | None = None
    out_of_hours: bool = False
    continues: Order | None = None
    split_from: Order | None = None


@action(posts={"agent", "dispatcher", "supervisor", "engineer"})
def open_order(*, actor: Actor, at: datetime, report: Report) -> Opened:
    """Open an order for a fault or for other work: owner, severity, clocks and receipt in one change.

    Records: OrderOpened; MediaAdded for what came with the report; what was agreed to; Continued on the order whose
    unresolved fault this one goes on with. Refuses: no words, a machine, customer, region or order out of sight, an
    unreasoned override, too many files.
    """
    words = report.words.strip()
    if not words:
        raise Invalid("orders.words_missing", field="words")
    known = recognised(actor, report)
    known.continues = _continued(actor, report)
    version = in_force(known.region.pk, report.order_type, at)
    known.version_id = version.pk
    figures = reading(version.pk)
    severity = severity_of(known, report, figures)
    if report.order_type in ABOUT_FAULTS:
        link_earlier(known, figures, at)
    known.out_of_hours = not is_working(timetable(version.pk, str(zone_of(known.region)), round_the_clock=False), at)
    owner = _owner(actor, known, report.channel)

    key = next_id()
    subject = Subject("order", key)
    customer = known.customer
    case = Case(
        subject=subject, region_id=known.region.pk, severity=severity,
        tier=Tier(customer.tier) if customer else None, version_id=version.pk, owner_id=owner.pk,
        time_zone=str(zone_of(known.region)),
    )  # fmt: skip
    record(opened_fact(known, report, severity, owner), subject=subject, region_id=known.region.pk, actor=actor, at=at)
    way = process_for(version.pk, report.order_type)
    kinds = [each for each in (AT_INTAKE if way.has_visit else AT_THE_DESK) if each in way.clocks]
    clocks = start(case, kinds, at=at, actor=actor)
    order = insert_order(key, known, report, owner, severity, clocks, at)
    attach_media(order, actor, at, report.media)
    if report.agreed:
        note_consents(
            report.agreed, ConsentMeans.FORM, subject=subject, region_id=known.region.pk, actor=actor, at=at
        )
    if known.continues:
        tell(known.continues, Continued(order.pk, order.number), actor=actor, at=at)
    secret = make_link(
        purpose=LinkPurpose.TRACK, subject=subject, at=at, lasts=figures(TRACKING_LINK_LIFE),
        contact_id=known.contact.pk if known.contact else None,
    )  # fmt: skip
    return Opened(order, secret)


_MACHINE: Final = Prepared[Machine](
    lambda key: Machine.objects.select_related(
        "model__family", "region", "site", "customer__own_agent", "customer__region"
    ).filter(pk=key, retired_at=None)
)
_CUSTOMER: Final = Prepared[Customer](
    lambda key: Customer.objects.select_related("own_agent", "region").filter(pk=key, retired_at=None)
)
_FAULT_CLASS: Final = Prepared[FaultClass](lambda key: FaultClass.objects.filter(pk=key, retired_at=None))
_PERSON: Final = Prepared[Person](lambda key: Person.objects.filter(pk=key))


def recognised(actor: Actor, report: Report) -> Known:
    """Find what the report names by id, through what the actor may see, and the region that follows from it."""
    machine = customer = site = contact = None
    if report.machine_id:
        machine = _MACHINE.first(report.machine_id)
        if machine is None or not _may_name(actor, machine):
            raise Invalid("orders.unknown_machine", field="machine")
        customer, site = machine.customer, machine.site
    elif report.customer_id:
        customer = _CUSTOMER.first(report.customer_id)
        if customer is None or not actor.sees_region(customer.region_id):
            raise Invalid("orders.unknown_customer", field="customer")
    if report.site_id and site is None:
        site = Site.objects.select_related("region").filter(pk=report.site_id, customer=customer).first()
    if report.contact_id:
        contact = Contact.objects.filter(pk=report.contact_id, customer=customer, erased_at=None).first()
    region = (machine or site or customer or _Nowhere()).region or _said_region(actor, report)
    fault_class = None
    if report.fault_class_id:
        fault_class = _FAULT_CLASS.first(report.fault_class_id)
        if fault_class is None:
            raise Invalid("orders.unknown_fault_class", field="fault_class")
    return Known(region, customer, site, contact, machine, fault_class)


@dataclass(frozen=True, slots=True)
class _Nowhere:
    region: Region | None = None


def _may_name(actor: Actor, machine: Machine) -> bool:
    if actor.kind is ActorKind.LINK:
        return actor.subject == Subject("machine", machine.pk)
    return actor.sees_region(machine.region_id)


def _said_region(actor: Actor, report: Report) -> Region:
    """The region that was named; a visitor may name any, staff only their own."""
    rows = Region.objects.filter(retired_at=None) if actor.kind is ActorKind.LINK else regions(actor)
    found = rows.filter(pk=report.region_id).first() if report.region_id else None
    if found is None:
        raise Invalid("orders.region_missing", field="region")
    return found


def _continued(actor: Actor, report: Report) -> Order | None:
    """The order whose unresolved fault the new one goes on with."""
    if report.continues_id is None:
        return None
    found = visible(actor).filter(pk=report.continues_id).first()
    if found is None:
        raise Invalid("orders.unknown_order", field="continues")
    if found.resolved is not False:
        raise Invalid("orders.is_resolved", field="continues")
    return found


def severity_of(known: Known, report: Report, figures: Reading) -> Severity:
    """The proposed severity, or the person's own with a reason."""
    known.proposal = proposed_severity(report.words, figures(SEVERITY_CRITERIA), figures(SEVERITY_DEFAULT))
    if report.severity is None or report.severity is known.proposal.severity:
        return known.proposal.severity
    if not report.severity_reason.strip():
        raise Invalid("orders.override_reason", field="severity_reason")
    return report.severity


def link_earlier(known: Known, figures: Reading, at: datetime) -> None:
    """Link a repeat repair, and the guarantee that makes it free."""
    if known.machine is None or known.fault_class is None:
        return
    window = figures(REPEAT_WINDOW)
    fault, day = known.fault_class.pk, at.astimezone(zone_of(known.region)).date()
    known.repeat_of = repeat_of(earlier(known.machine.pk, at - window), fault, at, window)
    known.guarantee = claim(claims(known.machine.pk, day), fault, day)


def _owner(actor: Actor, known: Known, channel: Channel) -> Person:
    """A key customer's own agent; else whoever was asked first; else the least loaded agent of the region."""
    own = known.customer.own_agent if known.customer else None
    if own and own.is_active:
        return own
    if channel is Channel.PHONE and actor.person_id and (asked := _PERSON.first(actor.person_id)):
        return asked
    found = least_loaded_owner(known.region.pk)
    if found is None:
        raise Invalid("orders.no_owner", field="region")
    return found


def next_id() -> int:
    """The key the order will have, so that everything of it can be written before it."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('orders_order', 'id'))")
        return int(cursor.fetchone()[0])


def opened_fact(known: Known, report: Report, severity: Severity, owner: Person) -> OrderOpened:
    """What is told of an order that was opened."""
    return OrderOpened(
        order_type=report.order_type, channel=report.channel, severity=severity, version_id=known.version_id,
        owner_id=owner.pk,
        words=Sealed(report.words.strip()),
        customer_id=known.customer.pk if known.customer else None,
        machine_id=known.machine.pk if known.machine else None,
        contact_id=known.contact.pk if known.contact else None,
        fault_class_id=known.fault_class.pk if known.fault_class else None,
        out_of_hours=known.out_of_hours, repeat_of=known.repeat_of,
        guarantee_id=known.guarantee.guarantee_id if known.guarantee else None,
    )  # fmt: skip


def insert_order(
    key: int, known: Known, report: Report, owner: Person, severity: Severity, clocks: list[Clock], at: datetime
) -> Order:
    """Write the order and the request behind it."""
    number = numbered(NUMBER_PREFIX, key, NUMBER_WIDTH)
    machine, customer, guarantee, due = known.machine, known.customer, known.guarantee, shown(key, clocks)
    order = Order(
        pk=key, number=number, order_type=report.order_type, state=State.ACCEPTED, severity=severity,
        summary=" ".join(report.words.split())[:SUMMARY_LENGTH], region=known.region, version_id=known.version_id,
        customer=customer, site=known.site, contact=known.contact, machine=machine, fault_class=known.fault_class,
        owner=owner, continues=known.continues, split_from=known.split_from, repeat_of_id=known.repeat_of,
        responded_at=known.split_from.responded_at if known.split_from else None,
        under_guarantee_id=guarantee.guarantee_id if guarantee else None,
        is_free=guarantee is not None, free_because="guarantee" if guarantee else "",
        opened_at=at, out_of_hours=known.out_of_hours, next_due_at=due.next_due_at, next_clock=due.next_clock,
    )  # fmt: skip
    order.search = search_words(order, report, machine, customer)
    insert(order)
    request = Request(
        order=order, channel=report.channel, words=report.words.strip(), caller_name=report.caller_name.strip(),
        caller_phone=report.caller_phone.strip(), caller_email=report.caller_email.strip(), place=report.place.strip(),
        product=report.product.strip(), language=report.language, severity_proposed=known.proposal.severity,
        severity_reason=report.severity_reason.strip(),
    )  # fmt: skip
    insert(request)
    return order


def search_words(
    order: Order, report: Report | Request, machine: Machine | None, customer: Customer | None
) -> SearchVector:
    """What an order is found by, and where it belongs."""
    return vector(
        texts=[report.words, report.product, report.place, customer.name if customer else "", report.caller_name],
        codes=[order.number, report.caller_phone, machine.serial if machine else ""], region_id=order.region_id,
    )  # fmt: skip


@action(posts={"agent", "dispatcher", "supervisor"})
def identify_machine(
    *, actor: Actor, at: datetime, order_uid: UUID, machine_id: int | None = None, customer_id: int | None = None,
    contact_id: int | None = None, fault_class_id: int | None = None,
) -> Order:  # fmt: skip
    """Say which customer, machine and class of fault a request is about, when that was not known at first.

    Records: MachineIdentified. Refuses: a machine or customer out of sight, or one of another region.
    """
    order = locked(actor, order_uid, "identify_machine", at)
    named = Report(
        channel=Channel.PHONE, words=order.summary, region_id=order.region_id, machine_id=machine_id,
        customer_id=customer_id, contact_id=contact_id, fault_class_id=fault_class_id or order.fault_class_id,
    )  # fmt: skip
    known = recognised(actor, named)
    if known.region.pk != order.region_id:
        raise Invalid("orders.unknown_machine", field="machine")
    if order.order_type in ABOUT_FAULTS:
        link_earlier(known, figures_of(order), order.opened_at)
    before = order.customer.tier if order.customer else None
    kept = order.contact if known.customer == order.customer else None  # nobody hears of another customer's order
    order.customer, order.site, order.contact = known.customer, known.site, known.contact or kept
    order.machine, order.fault_class = known.machine, known.fault_class
    order.repeat_of_id = known.repeat_of if known.repeat_of != order.pk else None
    order.under_guarantee_id = known.guarantee.guarantee_id if known.guarantee else _guarantee_of_parts(order)
    order.is_free = order.under_guarantee_id is not None
    order.free_because = "guarantee" if order.is_free else ""
    order.search = search_words(order, order.request, known.machine, known.customer)
    fact = MachineIdentified(
        known.customer.pk if known.customer else None, known.machine.pk if known.machine else None,
        known.fault_class.pk if known.fault_class else None, order.repeat_of_id,
        order.under_guarantee_id,
    )  # fmt: skip
    tell(order, fact, actor=actor, at=at)
    served_otherwise = known.customer is not None and known.customer.tier != before
    if served_otherwise:
        retarget(case_of(order), at=at, actor=actor, why=Why.CUSTOMER)
    written = {
        "customer", "site", "contact", "machine", "fault_class", "repeat_of", "under_guarantee", "is_free",
        "free_because", "search",
    }  # fmt: skip
    return finish(order, written, clocks_changed=served_otherwise)


def _guarantee_of_parts(order: Order) -> int | None:
    """The guarantee of a part that this order has already replaced again, on the machine it is about now."""
    parts = Entry.objects.filter(order=order, part__isnull=False).values_list("part_id", flat=True).distinct()
    found = (guarantee_of_part(order, part) for part in parts if part is not None)
    return next((each.pk for each in found if each), None)
