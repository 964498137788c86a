"""What is held about one person: found through what the actor sees, counted for the page, whole for the export."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from anxiu.accounts.models import Holding, Link, Person
from anxiu.accounts.queries import people
from anxiu.contracts.models import Contract
from anxiu.customers.models import Consent, Contact, Customer
from anxiu.customers.queries import contacts, customers
from anxiu.feedback.models import Rating
from anxiu.files.models import Attachment
from anxiu.kernel.action import view
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import NotFound
from anxiu.kernel.models import Access, EventRow, Refused, SealedText
from anxiu.mail.models import Mail, Reply
from anxiu.notify.models import Address, Notice
from anxiu.orders.models import Document, Order, Question, SignOff
from anxiu.orders.queries.people import orders_of
from anxiu.privacy.choices import Part, Who
from anxiu.privacy.models import PersonExport
from anxiu.workforce.models import Engineer, Leave, Qualification

VIEW_PERSON = view("privacy.view_person", posts={"administrator"})
SENT_IN: Final = ("intake_photo", "intake_video", "document", "signature")


@dataclass(frozen=True, slots=True)
class Kept:
    """One part of what is held: which rows, and which of their columns tell of the person."""

    part: Part
    rows: QuerySet[Any]
    columns: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return self.rows.count()

    def values(self) -> Iterator[Mapping[str, Any]]:
        """The rows, whole, oldest first."""
        return self.rows.order_by("pk").values(*self.columns).iterator()


def seen_people(actor: Actor, kind: Who) -> QuerySet[Any]:
    """The people of a kind whose data the actor may look after."""
    actor.require(VIEW_PERSON)
    rows: Mapping[Who, QuerySet[Any]] = {
        Who.CONTACT: contacts(actor), Who.CUSTOMER: customers(actor), Who.PERSON: people(actor)
    }  # fmt: skip
    return rows[kind]


def somebody(actor: Actor, kind: Who, uid: UUID) -> Contact | Customer | Person:
    """One person, erased ones too."""
    row = seen_people(actor, kind).filter(uid=uid).first()
    if row is None:
        raise NotFound("kernel.not_found")
    return row  # type: ignore[no-any-return]


def held(kind: Who, subject_id: int) -> list[Kept]:
    """Every part of what is held about a person, for callers that have made sure the actor sees them."""
    return _of_colleague(subject_id) if kind is Who.PERSON else _of_customer(kind, subject_id)


def _of_customer(kind: Who, key: int) -> list[Kept]:
    orders = orders_of(Subject(kind, key))
    theirs = Contact.objects.filter(pk=key) if kind is Who.CONTACT else Contact.objects.filter(customer=key)
    on_orders = {"subject_kind": "order", "subject_id__in": orders}
    links = Link.objects.filter(contact_id__in=theirs.values("pk")) | Link.objects.filter(**on_orders)
    contact_columns = ("name", "phone", "email", "role", "language", "site__name", "site__address", "erased_at")
    said = SealedText.objects.filter(event__subject_kind="order", event__subject_id__in=orders)
    papers = Document.objects.filter(order__in=orders)
    return [
        *([Kept(Part.DETAILS, Customer.objects.filter(pk=key), ("name", "code", "language", "created_at")),
           Kept(Part.DETAILS, Contract.objects.filter(customer=key), _CONTRACT)] if kind is Who.CUSTOMER else []),
        Kept(Part.DETAILS, theirs, contact_columns),
        Kept(Part.DETAILS, Address.objects.filter(contact__in=theirs), _ADDRESS),
        Kept(Part.ORDERS, Order.objects.filter(pk__in=orders), (
            "number", "opened_at", "request__words", "request__caller_name", "request__caller_phone",
            "request__caller_email", "request__place", "site__address",
        )),
        Kept(Part.QUESTIONS, Question.objects.filter(order__in=orders), (
            "order__number", "asked_at", "text", "answer",
        )),
        Kept(Part.SIGNATURES, SignOff.objects.filter(order__in=orders), (
            "order__number", "at", "signer", "means", "remarks", "document", "document_digest", "latitude", "longitude",
        )),
        Kept(Part.FILES, Attachment.objects.filter(**on_orders, purpose__in=SENT_IN), _FILE),
        Kept(Part.PAPERS, papers, ("order__number", "kind", "language", "issued_at", "digest")),
        Kept(Part.RATINGS, Rating.objects.filter(order__in=orders), (
            "order__number", "at", "score", "tags", "words", "nps",
        )),
        Kept(Part.NOTICES, Notice.objects.filter(contact__in=theirs), _NOTICE),
        Kept(Part.MAILS, Mail.objects.filter(Q(contact__in=theirs) | Q(order__in=orders)), (
            "received_at", "sender", "sender_name", "subject", "text", "quoted",
        )),
        Kept(Part.MAILS, Reply.objects.filter(Q(contact__in=theirs) | Q(order__in=orders)), (
            "written_at", "address", "subject", "text",
        )),
        Kept(Part.CONSENTS, _said(kind, key, orders), ("at", "use", "given", "means", "wording")),
        Kept(Part.LINKS, links, _LINK),
        Kept(Part.EVENTS, said, ("event__occurred_at", "event__kind", "field", "text")),
        Kept(Part.ACCESSES, _looks([(kind, key)]), _LOOK),
    ]  # fmt: skip


def _said(kind: Who, key: int, orders: Sequence[int]) -> QuerySet[Consent]:
    """What they, or those who speak for them, said their data may be used for."""
    theirs = Contact.objects.filter(pk=key) if kind is Who.CONTACT else Contact.objects.filter(customer=key)
    by_contact = Q(subject_kind="contact", subject_id__in=theirs.values("pk"))
    return Consent.objects.filter(by_contact | Q(subject_kind="order", subject_id__in=orders))


_CONTRACT: Final = ("number", "level", "starts_on", "ends_on", "value_minor", "currency", "end_reason")
_FILE: Final = ("uid", "purpose", "name", "created_at", "taken_at", "latitude", "longitude", "blob__digest")
_NOTICE: Final = ("created_at", "kind", "medium", "state", "address", "title", "body")
_ADDRESS: Final = ("kind", "value", "verified_at")
_LINK: Final = ("purpose", "created_at", "expires_at", "revoked_at")
_LOOK: Final = ("at", "actor_kind", "actor_id", "purpose", "subject_kind")


def _of_colleague(key: int) -> list[Kept]:
    engineers = list(Engineer.objects.filter(person=key).values_list("pk", flat=True))
    records = EventRow.objects.filter(actor_kind="person", actor_id=key)
    return [
        Kept(Part.DETAILS, Person.objects.filter(pk=key), (
            "name", "name_en", "email", "phone", "language", "created_at", "retired_at", "last_login",
        )),
        Kept(Part.DETAILS, Address.objects.filter(person=key), _ADDRESS),
        Kept(Part.WORK, Holding.objects.filter(person=key), ("post__code", "region__code")),
        Kept(Part.WORK, Qualification.objects.filter(engineer__in=engineers), (
            "kind", "name", "issuer", "number", "valid_from", "valid_to", "revoked_at",
        )),
        Kept(Part.ABSENCES, Leave.objects.filter(engineer__in=engineers), ("kind", "starts_at", "ends_at", "note")),
        Kept(Part.NOTICES, Notice.objects.filter(person=key), _NOTICE),
        Kept(Part.REFUSED, Refused.objects.filter(actor_id=key), ("at", "verb", "why", "count")),
        Kept(Part.EVENTS, records, ("occurred_at", "kind", "subject_kind")),
        Kept(Part.ACCESSES, _looks([("person", key), *(("engineer", each) for each in engineers)]), _LOOK),
    ]  # fmt: skip


def _looks(subjects: Sequence[tuple[str, int]]) -> QuerySet[Access]:
    """Who looked at these things."""
    found = Access.objects.none()
    for kind, key in subjects:
        found = found | Access.objects.filter(subject_kind=kind, subject_ids__contains=[key])
    return found


def accesses(actor: Actor, kind: Who, uid: UUID) -> QuerySet[Access]:
    """Who looked at a person's data, newest first."""
    row = somebody(actor, kind, uid)
    return _looks([(kind, row.pk)]).order_by("-id")


def files_of(kind: Who, subject_id: int) -> QuerySet[Attachment]:
    """The files that belong into an export, with what is still there of them."""
    if kind is Who.PERSON:
        return Attachment.objects.none()
    rows = Attachment.objects.filter(subject_kind="order", subject_id__in=orders_of(Subject(kind, subject_id)))
    wanted = (*SENT_IN, "report", "guarantee", "signed_document")
    return rows.filter(purpose__in=wanted, blob__erased_at=None).select_related("blob").order_by("pk")


def exports(actor: Actor, kind: Who, uid: UUID) -> QuerySet[PersonExport]:
    """The files made about a person, newest first."""
    row = somebody(actor, kind, uid)
    return PersonExport.objects.filter(kind=kind, subject_id=row.pk).select_related("asked_by").order_by("-id")


def export(actor: Actor, uid: UUID) -> PersonExport:
    """One of the files, of a person whose data the actor may look after."""
    found = PersonExport.objects.filter(uid=uid).first()
    if found is None or not seen_people(actor, Who(found.kind)).filter(pk=found.subject_id).exists():
        raise NotFound("kernel.not_found")
    return found


def consents(actor: Actor, kind: Who, uid: UUID) -> QuerySet[Consent]:
    """What a person said their data may be used for, newest first; a colleague is not asked."""
    row = somebody(actor, kind, uid)
    if kind is Who.PERSON:
        return Consent.objects.none()
    found = _said(kind, row.pk, orders_of(Subject(kind, row.pk)))
    return found.select_related("noted_by").order_by("-id")
