"""Reading machines: whose rows an actor sees, their warranty, and who calls about which machine."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Model as Table
from django.db.models import Q, QuerySet

from anxiu.accounts.choices import LinkPurpose
from anxiu.accounts.models import Person
from anxiu.accounts.queries import LINK_PERMISSIONS, VIEW_POSTS
from anxiu.catalogue.models import Family, Model, Part
from anxiu.catalogue.queries import VIEW as CATALOGUE
from anxiu.customers.models import Contact, Customer, Site
from anxiu.customers.queries import (
    NONE,
    code_match,
    contacts,
    customers,
    email_match,
    matching,
    phone_match,
    text_match,
)
from anxiu.customers.queries import VIEW as CUSTOMERS
from anxiu.equipment.choices import ImportKind
from anxiu.equipment.importing.mapping import digest_of_header, guess
from anxiu.equipment.models import ImportBatch, ImportFile, ImportMapping, ImportProblem, Machine, PastOrder
from anxiu.equipment.rules import Cover, warranty
from anxiu.kernel.access import AccessKind
from anxiu.kernel.action import view
from anxiu.kernel.actor import Actor, ActorKind, Subject
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.kernel.grams import code_key, grams
from anxiu.kernel.models import Access
from anxiu.kernel.prepared import Prepared
from anxiu.workforce.models import Engineer, Qualification
from anxiu.workforce.queries import VIEW_PAPERS

VIEW = view(
    "equipment.view",
    posts={"agent", "dispatcher", "engineer", "supervisor", "warehouse", "finance", "management", "administrator"},
)
VIEW_IMPORTS = view("equipment.view_imports", posts={"supervisor", "administrator", "hr"})
# A file says what its rows will: who does not see such things does not see the file.
SEEN_WITH: Final[dict[ImportKind, str]] = {
    ImportKind.CUSTOMERS: CUSTOMERS,
    ImportKind.MACHINES: VIEW,
    ImportKind.ORDERS: VIEW,
    ImportKind.MODELS: CATALOGUE,
    ImportKind.PARTS: CATALOGUE,
    ImportKind.PEOPLE: VIEW_POSTS,
    ImportKind.QUALIFICATIONS: VIEW_PAPERS,
}
# And who may not add a thing by hand does not bring it in by the thousand.
BROUGHT_BY: Final[dict[ImportKind, str]] = {
    ImportKind.CUSTOMERS: "customers.add_customer",
    ImportKind.MACHINES: "equipment.add_machine",
    ImportKind.ORDERS: "equipment.add_machine",
    ImportKind.MODELS: "catalogue.add_model",
    ImportKind.PARTS: "catalogue.add_part",
    ImportKind.PEOPLE: "accounts.add_person",
    ImportKind.QUALIFICATIONS: "workforce.add_qualification",
}
# What an import can make, the highest first: taken back in this order, nothing is taken from under another.
MADE: Final[dict[str, type[Table]]] = {
    "qualification": Qualification,
    "engineer": Engineer,
    "person": Person,
    "past_order": PastOrder,
    "machine": Machine,
    "contact": Contact,
    "site": Site,
    "customer": Customer,
    "part": Part,
    "model": Model,
    "family": Family,
}
AT_ONCE: Final = 5000  # source: own choice; rows that go while somebody waits for the page
KEPT_MOST: Final = 100  # source: own choice; more have one cause
FOUND_MOST = 20  # source: own choice; what fits beside a caller's number, more needs another word


def machines(actor: Actor) -> QuerySet[Machine]:
    """The machines the actor sees: of their regions and of customers that are theirs; of a link, its subject's."""
    rows = Machine.objects.select_related("model__family", "site", "customer", "region")
    if actor.kind == ActorKind.LINK:
        return rows.filter(_of_link(actor.subject))
    if not actor.may(VIEW):
        return rows.none()
    if actor.regions is None:
        return rows
    own = Q(customer__own_agent_id=actor.person_id) if actor.person_id else NONE
    return rows.filter(Q(region_id__in=actor.regions) | own)


def _of_link(subject: Subject | None) -> Q:
    match subject:
        case Subject("machine", key):
            return Q(pk=key)
        case Subject("site", key):
            return Q(site_id=key, retired_at=None)
        case Subject("customer", key):
            return Q(customer_id=key, retired_at=None)
    return NONE


def sees(actor: Actor, row: Machine) -> bool:
    """Whether `machines` lists this row, which has its customer at hand."""
    if actor.kind == ActorKind.LINK:
        reached = {Subject("machine", row.pk)}
        if row.retired_at is None:
            reached |= {Subject("site", row.site_id), Subject("customer", row.customer_id)}
        return actor.subject in reached
    if not actor.may(VIEW):
        return False
    is_own = actor.person_id is not None and row.customer.own_agent_id == actor.person_id
    return actor.sees_region(row.region_id) or is_own


_MACHINE: Final = Prepared[Machine](
    lambda uid: Machine.objects.select_related("model__family", "site", "customer", "region").filter(uid=uid)
)


def machine(actor: Actor, uid: UUID) -> Machine:
    """One machine, retired ones too."""
    found = _MACHINE.first(uid)
    if found is None or not sees(actor, found):
        raise NotFound("kernel.not_found")
    return found


def by_label(code: str) -> Machine:
    """The machine with this label; whoever stands before it may read it, so no actor is asked."""
    rows = Machine.objects.select_related("model__family", "site", "customer", "region")
    found = rows.filter(label_code=code.strip().upper(), retired_at=None).first()
    if found is None:
        raise NotFound("equipment.label_unknown")
    return found


def actor_of_label(machine: Machine) -> Actor:
    """Who acts after scanning a label: sees this machine only, and may report a fault."""
    return Actor(
        kind=ActorKind.LINK,
        permissions=LINK_PERMISSIONS[LinkPurpose.REPORT_FAULT],
        subject=Subject("machine", machine.pk),
    )


def cover(machine: Machine, on: date) -> Cover:
    """A machine's warranty on a day; costs no query when read through `machines`."""
    return warranty(
        months=machine.model.family.warranty_months,
        installed_on=machine.installed_on,
        sold_on=machine.sold_on,
        override=machine.warranty_until,
        on=on,
    )


PRINTED: Final = "machine_label"  # the trace that a sheet of labels leaves


def labels_were_printed() -> bool:
    """Whether anybody ever had labels made."""
    return Access.objects.filter(purpose=AccessKind.EXPORT, subject_kind=PRINTED).exists()


def past_orders(actor: Actor, machine: Machine) -> QuerySet[PastOrder]:
    """What a machine had before this system, newest first; nothing for links."""
    rows = PastOrder.objects.filter(machine=machine).order_by("-date", "-id")
    return rows if actor.may(VIEW) else rows.none()


def seen_kinds(actor: Actor) -> list[ImportKind]:
    """What the files hold that the actor may see."""
    return [kind for kind, permission in SEEN_WITH.items() if actor.may(permission)]


def kinds_for(actor: Actor) -> list[ImportKind]:
    """What the actor may bring in by file: what they see, and may add by hand."""
    return [kind for kind in seen_kinds(actor) if actor.may(BROUGHT_BY[kind])]


def batches(actor: Actor) -> QuerySet[ImportBatch]:
    """Imports, newest first: a file may hold rows of any region, so who sees only some sees the imports they made."""
    rows = ImportBatch.objects.filter(kind__in=seen_kinds(actor))
    if not actor.may(VIEW_IMPORTS):
        return rows.none()
    return rows if actor.regions is None else rows.filter(actor_id=actor.person_id)


def is_large(batch: ImportBatch) -> bool:
    """Whether taking an import back is left to a job."""
    return batch.accepted > AT_ONCE


def kept_of(batch: ImportBatch) -> list[tuple[str, Any]]:
    """What stayed when an import was taken back, by kind: the first of what it made and somebody uses."""
    kept: dict[str, list[int]] = {}
    if batch.undone_at is not None:
        for kind, key in batch.rows.order_by("id").values_list("kind", "row_id")[:KEPT_MOST]:
            kept.setdefault(kind, []).append(key)
    return [(kind, row) for kind, keys in kept.items() for row in MADE[kind]._default_manager.filter(pk__in=keys)]


def import_files(actor: Actor) -> QuerySet[ImportFile]:
    """Files on their way in, newest first; who sees only some regions sees those they brought."""
    rows = ImportFile.objects.select_related("batch", "site", "model").filter(kind__in=seen_kinds(actor))
    if not actor.may(VIEW_IMPORTS):
        return rows.none()
    return rows if actor.regions is None else rows.filter(actor_id=actor.person_id)


def import_file(actor: Actor, uid: UUID) -> ImportFile:
    """One file on its way in."""
    found = import_files(actor).filter(uid=uid).first()
    if found is None:
        raise NotFound("kernel.not_found")
    return found


def import_problems(actor: Actor, file: ImportFile) -> QuerySet[ImportProblem]:
    """Why rows and cells of a file are refused, in the order of the file."""
    rows = ImportProblem.objects.filter(file=file, file__in=import_files(actor).values("pk"))
    return rows.order_by("line", "id")


def refusal_of(row: ImportProblem) -> Invalid:
    """The refusal that a row of a file met, to be said in the reader's language."""
    return Invalid(row.code, field=row.field, **row.params)


def offered_columns(file: ImportFile) -> dict[str, str]:
    """Which column holds what: as it was said for this file, for the last one with its headings, or by their names."""
    if file.columns:
        return dict(file.columns)
    rows = ImportMapping.objects.filter(kind=file.kind, header_digest=digest_of_header(file.header))
    last = rows.values_list("columns", flat=True).first()
    if last is not None:
        return {name: column for name, column in last.items() if column in file.header}
    return guess(ImportKind(file.kind), file.header)


def machine_match(text: str) -> Q:
    """Machines with this text in their serial number, name or position, or with this label."""
    key = code_key(text)
    match, pieces = text_match(text), grams(key)
    if pieces:
        match |= Q(label_code=key)
    if pieces and pieces != grams(text):
        match |= Q(grams__contains=pieces, search_text__contains=key.lower())
    elif key and not pieces:
        match |= Q(serial_key=key)
    return match


def find(actor: Actor, text: str) -> QuerySet[Machine]:
    """Machines by what they are or whose they are, at most so many that nobody would read on."""
    theirs = matching(customers(actor), text_match(text))
    return machines(actor).filter(pk__in=matching(machines(actor), machine_match(text) | Q(customer__in=theirs)))


@dataclass(frozen=True, slots=True)
class Recognition:
    """Who may be calling, about what. `past` are orders from before this system; open ones are the orders app's."""

    text: str
    contacts: tuple[Contact, ...]
    customers: tuple[Customer, ...]
    machines: tuple[Machine, ...]
    past: tuple[PastOrder, ...]

    @property
    def customer(self) -> Customer | None:
        """The customer, when there is no doubt about it."""
        found = {each.pk: each for each in self.customers}
        return next(iter(found.values())) if len(found) == 1 else None

    @property
    def contact(self) -> Contact | None:
        """The contact, when there is no doubt about it."""
        return self.contacts[0] if len(self.contacts) == 1 else None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        return not (self.contacts or self.customers or self.machines or self.past)


def recognise(actor: Actor, text: str) -> Recognition:
    """What a number, name, serial, label or old order number may mean, for the agent on the phone; four queries."""
    text = text.strip()
    people = tuple(
        contacts(actor)
        .filter(phone_match(text) | email_match(text) | text_match(text), retired_at=None)
        .select_related("customer__region", "customer__own_agent", "site")[:FOUND_MOST]
    )
    named = tuple(customers(actor).filter(text_match(text) | code_match(text), retired_at=None)[:FOUND_MOST])
    past = tuple(_past_by_number(actor, text))
    theirs = _theirs(people, named) | Q(pk__in={each.machine_id for each in past})
    things = tuple(machines(actor).filter(machine_match(text) | theirs, retired_at=None)[:FOUND_MOST])
    called = (*named, *(each.customer for each in people), *(each.customer for each in things))
    whose = {each.pk: each for each in called}
    return Recognition(text, people, tuple(whose.values()), things, past)


def _theirs(people: Collection[Contact], named: Collection[Customer]) -> Q:
    """The machines of contacts, at their site if they have one, and of customers."""
    sites = {each.site_id for each in people if each.site_id}
    whole = {each.pk for each in named} | {each.customer_id for each in people if not each.site_id}
    return Q(site_id__in=sites) | Q(customer_id__in=whole)


def _past_by_number(actor: Actor, text: str) -> QuerySet[PastOrder]:
    rows = PastOrder.objects.filter(source_id=text, machine__in=machines(actor).values("pk"))
    return rows.select_related("machine")[:FOUND_MOST] if text else rows.none()
