"""Reading customers: whose rows an actor sees, and how they are found by name, pinyin, code or number."""

from collections.abc import Collection, Mapping
from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from anxiu.customers import rules
from anxiu.customers.choices import Use
from anxiu.customers.models import Consent, Contact, Customer, Site
from anxiu.kernel.action import view
from anxiu.kernel.actor import Actor, ActorKind, Subject
from anxiu.kernel.errors import NotFound
from anxiu.kernel.grams import folded, grams

VIEW = view(
    "customers.view",
    posts={"agent", "dispatcher", "supervisor", "finance", "management", "administrator"},
)
VIEW_PHONE = view("customers.view_phone", posts={"agent", "dispatcher", "supervisor", "administrator"})

M = TypeVar("M", bound=Model)
NONE = Q(pk__in=[])
MATCHES_MOST = 1000  # source: own choice; twenty pages, beyond which another word is needed
TAIL_LEAST, TAIL_MOST = 4, 15  # source: four digits are what people remember; E.164 allows fifteen


def customers(actor: Actor) -> QuerySet[Customer]:
    """The customers the actor sees: of their regions, with a site in their regions, or their own as key customers."""
    rows = Customer.objects.select_related("region", "own_agent")
    if actor.kind == ActorKind.LINK:
        return _of_link(actor, rows, "customer")
    if not actor.may(VIEW):
        return rows.none()
    if actor.regions is None:
        return rows
    served = Site.objects.filter(customer=OuterRef("pk"), region_id__in=actor.regions, retired_at=None)
    return rows.filter(Q(region_id__in=actor.regions) | _own(actor, "own_agent") | Exists(served))


def sites(actor: Actor) -> QuerySet[Site]:
    """The sites the actor sees: of their regions, and all sites of the customers that are theirs."""
    rows = Site.objects.select_related("customer", "region", "outlet")
    if actor.kind == ActorKind.LINK:
        return _of_link(actor, rows, "site")
    if not actor.may(VIEW):
        return rows.none()
    if actor.regions is None:
        return rows
    theirs = Q(customer__region_id__in=actor.regions) | _own(actor, "customer__own_agent")
    return rows.filter(Q(region_id__in=actor.regions) | theirs)


def contacts(actor: Actor) -> QuerySet[Contact]:
    """The contacts of the customers the actor sees. Pages show `masked_phone`; the number itself is `full_phone`."""
    rows = Contact.objects.select_related("customer", "site")
    if actor.kind == ActorKind.LINK:
        return _of_link(actor, rows, "contact")
    if actor.regions is None and actor.may(VIEW):
        return rows
    return rows.filter(customer__in=customers(actor).select_related(None).values("pk"))


def _own(actor: Actor, path: str) -> Q:
    """Rows that name the person; for an actor who is none, no row."""
    return Q(**{f"{path}_id": actor.person_id}) if actor.person_id else Q(pk__in=[])


def _of_link(actor: Actor, rows: QuerySet[M], kind: str) -> QuerySet[M]:
    """A link sees its one subject."""
    subject = actor.subject
    return rows.filter(pk=subject.id) if subject and subject.kind == kind else rows.none()


def customer(actor: Actor, uid: UUID) -> Customer:
    """One customer, retired ones too."""
    return _one(customers(actor), uid)


def site(actor: Actor, uid: UUID) -> Site:
    """One site, retired ones too."""
    return _one(sites(actor), uid)


def contact(actor: Actor, uid: UUID) -> Contact:
    """One contact, erased ones too."""
    return _one(contacts(actor), uid)


def _one(rows: QuerySet[M], uid: UUID) -> M:
    found = rows.filter(uid=uid).first()
    if found is None:
        raise NotFound("kernel.not_found")
    return found


def full_phone(actor: Actor, uid: UUID) -> Contact:
    """A contact whose whole number the actor may see. The surface writes the access row."""
    actor.require(VIEW_PHONE)
    return contact(actor, uid)


def text_match(text: str) -> Q:
    """Rows with `search_text` and `grams` that hold every word of a text; none when it is too short to search by."""
    pieces = grams(text)
    if not pieces:
        return NONE
    match = Q(grams__contains=pieces)
    for word in folded(text).split():
        match &= Q(search_text__contains=word)
    return match


def code_match(text: str) -> Q:
    """Customers whose code begins with a text, as codes are written: as typed, or in capitals."""
    typed = text.strip()
    return Q(code__startswith=typed) | Q(code__startswith=typed.upper()) if typed else NONE


def phone_match(text: str) -> Q:
    """Contacts with this number, or whose number ends with these digits."""
    digits = "".join(each for each in text if each.isdigit())
    whole = rules.phone(text)
    match = Q(phone_digits=whole.digits) if whole else NONE
    if TAIL_LEAST <= len(digits) <= TAIL_MOST and not any(each.isalpha() for each in text):
        match |= Q(phone_tail__startswith=digits[::-1])
    return match


def email_match(text: str) -> Q:
    """Contacts with this address."""
    return Q(email=text.strip().lower()) if "@" in text else NONE


def matching(rows: QuerySet[M], match: Q) -> list[int]:
    """Keys of rows that match, in no order, at most so many that nobody would read on.

    Fetched first, because a match and an order in one statement let the database walk all rows in that order.
    """
    return list(rows.filter(match).order_by().values_list("pk", flat=True)[:MATCHES_MOST])


def contacts_at(actor: Actor, site_ids: Collection[int]) -> QuerySet[Contact]:
    """Live contacts of these sites and, as they speak for all sites, those of their customers without a site."""
    at_site = Q(site_id__in=site_ids)
    for_all = Q(site=None, customer__sites__in=site_ids)
    return contacts(actor).filter(at_site | for_all, retired_at=None).distinct().order_by("site_id", "id")


def stated(subjects: Collection[Subject]) -> Mapping[Use, Consent]:
    """The last word on each use of somebody's data, for callers that have made sure they may know; one statement."""
    wanted = NONE
    for each in subjects:
        wanted |= Q(subject_kind=each.kind, subject_id=each.id)
    rows = Consent.objects.filter(wanted).select_related("noted_by").order_by("use", "-id").distinct("use")
    return {Use(each.use): each for each in rows}


def declined(use: Use, subjects: Collection[Subject]) -> bool:
    """Whether the last word on a use was no; nobody who was never asked has said so."""
    said = stated(subjects).get(use)
    return said is not None and not said.given
