"""Erasing the personal data of a contact, or of a customer who is a private person.

The rows stay, without what was personal; the event tells those who keep copies to erase theirs, each as a job that
runs once. What the law or a promise makes us keep is asked of the gates first.
"""

from datetime import datetime
from typing import Final

from django.db.models import Value
from django.db.models.functions import Coalesce

from anxiu.accounts.models import Link
from anxiu.customers.actions.checks import ask_gates
from anxiu.customers.actions.contacts import locked_contact
from anxiu.customers.actions.rows import index_customer
from anxiu.customers.choices import EraseReason
from anxiu.customers.events import ContactErased, CustomerErased
from anxiu.customers.models import Contact, Customer, Site
from anxiu.customers.queries import customers
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.erasure import erase_texts
from anxiu.kernel.errors import NotFound
from anxiu.kernel.events import record

KEPT: Final = "customers.must_be_kept"


@action(posts={"supervisor", "administrator"})
def erase_contact(
    *, actor: Actor, at: datetime, contact_id: int, why: EraseReason = EraseReason.ASKED, photos: bool = False
) -> None:
    """Erase somebody's personal data: their row, what events say of them, and the links they hold.

    What stays is that somebody was there. Records: ContactErased, on which those who keep copies erase them. Refuses:
    while an order is open, a guarantee runs or files are held for a dispute.
    """
    row = locked_contact(actor, contact_id)
    if row.erased_at:
        return
    ask_gates(row, "erase_contact", actor, at, KEPT)
    _blank(row, actor, at, why, photos=photos)


def _blank(row: Contact, actor: Actor, at: datetime, why: EraseReason, *, photos: bool) -> None:
    # The key in the other system stays: without it the next import would bring the person back.
    for name in ("name", "search_text", "phone", "phone_digits", "phone_tail", "email", "role"):
        setattr(row, name, "")
    row.grams, row.erased_at, row.retired_at = [], at, row.retired_at or at
    row.save()
    Link.objects.filter(contact_id=row.pk, revoked_at=None).update(revoked_at=at)
    erased = erase_texts("contact", [row.pk])
    record(
        ContactErased(erased, why, photos),
        subject=Subject("contact", row.pk), region_id=row.customer.region_id, actor=actor, at=at,
    )  # fmt: skip


@action(posts={"supervisor", "administrator"})
def erase_customer(
    *, actor: Actor, at: datetime, customer_id: int, why: EraseReason = EraseReason.ASKED, photos: bool = False
) -> None:
    """Erase a private customer's personal data: name, sites, everybody who spoke for them; the code stays as a name.

    Records: CustomerErased, ContactErased for each of theirs. Refuses: while an order is open, a guarantee runs or
    files are held for a dispute.
    """
    row = customers(actor).select_for_update(of=("self",)).filter(pk=customer_id).first()
    if row is None:
        raise NotFound("kernel.not_found")
    if row.erased_at:
        return
    ask_gates(row, "erase_customer", actor, at, KEPT)
    people = list(
        Contact.objects.select_for_update(of=("self",)).select_related("customer")
        .filter(customer=row, erased_at=None).order_by("pk")
    )  # fmt: skip
    for each in people:
        _blank(each, actor, at, why, photos=photos)
    sites = list(Site.objects.filter(customer=row).values_list("pk", flat=True))
    Site.objects.filter(pk__in=sites).update(
        name=row.code, address="", latitude=None, longitude=None, accuracy_metres=None, place_source="",
        retired_at=Coalesce("retired_at", Value(at)),
    )  # fmt: skip
    _nameless(row, at)
    texts = erase_texts("customer", [row.pk]) + erase_texts("site", sites)
    record(
        CustomerErased(texts, len(people), why, photos),
        subject=Subject("customer", row.pk), region_id=row.region_id, actor=actor, at=at,
    )  # fmt: skip


def _nameless(row: Customer, at: datetime) -> None:
    row.name, row.erased_at, row.retired_at = row.code, at, row.retired_at or at
    index_customer(row)
    row.save()
