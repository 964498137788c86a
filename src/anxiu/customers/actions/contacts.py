"""Contacts: added, changed, closed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from anxiu.customers import events
from anxiu.customers.actions.checks import locked_customer, sealed_changes
from anxiu.customers.actions.rows import NewContact, contact_row, index_contact
from anxiu.customers.models import Contact, Customer
from anxiu.customers.queries import contacts
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.checks import change, require_fitting
from anxiu.kernel.errors import Invalid, NotFound, WrongState
from anxiu.kernel.events import Sealed, record

CONTACT_FIELDS: Final = frozenset({"name", "site_id", "phone", "email", "language", "role"})


def locked_contact(actor: Actor, contact_id: int) -> Contact:
    """A contact the actor sees, locked until the change is done."""
    row = contacts(actor).select_for_update(of=("self",)).filter(pk=contact_id).first()
    if row is None:
        raise NotFound("kernel.not_found")
    return row


def _require_site_of(customer: Customer, site_id: int | None) -> None:
    if site_id is not None and not customer.sites.filter(pk=site_id, retired_at=None).exists():
        raise Invalid("customers.site_of_another", field="site_id")


@action(posts={"agent", "dispatcher", "supervisor", "administrator"})
def add_contact(*, actor: Actor, at: datetime, customer_id: int, new: NewContact) -> Contact:
    """Add somebody we talk to at a customer.

    Records: ContactAdded. Refuses: a number that is none, a site of another customer.
    """
    customer = locked_customer(actor, customer_id)
    _require_site_of(customer, new.site_id)
    row = contact_row(new, customer)
    row.save(force_insert=True)
    record(
        events.ContactAdded(customer.pk, row.site_id, Sealed(row.name), Sealed(row.phone), Sealed(row.email)),
        subject=Subject("contact", row.pk), region_id=customer.region_id, actor=actor, at=at,
    )  # fmt: skip
    return row


@action(posts={"agent", "dispatcher", "supervisor", "administrator"})
def change_contact(*, actor: Actor, at: datetime, contact_id: int, changes: Mapping[str, Any]) -> Contact:
    """Change a contact's details.

    Records: ContactChanged, when something differs. Refuses: a contact that is gone, a number that is none.
    """
    row = locked_contact(actor, contact_id)
    if row.retired_at:
        raise WrongState("customers.contact_is_retired")
    fields = change(row, changes, CONTACT_FIELDS)
    if not fields:
        return row
    if "site_id" in fields:
        _require_site_of(row.customer, row.site_id)
    index_contact(row)
    require_fitting(row)
    row.save()
    record(
        events.ContactChanged(fields, sealed_changes(changes, fields)),
        subject=Subject("contact", row.pk), region_id=row.customer.region_id, actor=actor, at=at,
    )  # fmt: skip
    return row


@action(posts={"agent", "dispatcher", "supervisor", "administrator"})
def retire_contact(*, actor: Actor, at: datetime, contact_id: int) -> None:
    """Note that somebody is no longer to be talked to; their details stay until erased.

    Records: ContactRetired.
    """
    row = locked_contact(actor, contact_id)
    if row.retired_at:
        return
    row.retired_at = at
    row.save(update_fields=["retired_at"])
    record(
        events.ContactRetired(),
        subject=Subject("contact", row.pk), region_id=row.customer.region_id, actor=actor, at=at,
    )  # fmt: skip
