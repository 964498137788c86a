"""Customers: taken on, changed, given an agent of their own, closed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from anxiu.accounts.queries import people
from anxiu.customers import events
from anxiu.customers.actions.checks import ask_gates, locked_customer, require_region, sealed_changes
from anxiu.customers.actions.rows import NewCustomer, customer_row, index_customer
from anxiu.customers.models import Customer
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.checks import change, require_fitting
from anxiu.kernel.errors import Invalid, WrongState
from anxiu.kernel.events import Sealed, record

CUSTOMER_FIELDS: Final = frozenset({"code", "name", "tier", "region_id", "language"})


def _require_free_code(code: str, besides: int = 0) -> None:
    if Customer.objects.filter(code=code).exclude(pk=besides).exists():
        raise Invalid("customers.code_taken", field="code")


@action(posts={"agent", "supervisor", "administrator"})
def add_customer(*, actor: Actor, at: datetime, new: NewCustomer) -> Customer:
    """Take on a customer.

    Records: CustomerAdded. Refuses: a code that is taken, a region out of sight.
    """
    require_region(actor, new.region_id)
    row = customer_row(new, at)
    _require_free_code(row.code)
    row.save(force_insert=True)
    record(
        events.CustomerAdded(row.code, row.tier, Sealed(row.name)),
        subject=Subject("customer", row.pk), region_id=row.region_id, actor=actor, at=at,
    )  # fmt: skip
    return row


@action(posts={"agent", "supervisor", "administrator"})
def change_customer(*, actor: Actor, at: datetime, customer_id: int, changes: Mapping[str, Any]) -> Customer:
    """Change a customer's details. One who is no key customer any more has no agent of their own.

    Records: CustomerChanged, when something differs. Refuses: a retired customer, a code that is taken.
    """
    row = locked_customer(actor, customer_id)
    fields = change(row, changes, CUSTOMER_FIELDS)
    if not fields:
        return row
    if "region_id" in fields:
        require_region(actor, row.region_id)
    if "code" in fields:
        _require_free_code(row.code, row.pk)
    if not row.is_key:
        row.own_agent_id = None
    index_customer(row)
    require_fitting(row)
    row.save()
    record(
        events.CustomerChanged(fields, sealed_changes(changes, fields)),
        subject=Subject("customer", row.pk), region_id=row.region_id, actor=actor, at=at,
    )  # fmt: skip
    return row


@action(posts={"supervisor", "administrator"})
def assign_agent(*, actor: Actor, at: datetime, customer_id: int, person_id: int | None) -> Customer:
    """Give a key customer an agent of their own, or take the agent back.

    Records: AgentAssigned. Refuses: a customer who is not a key customer, a person out of sight or gone.
    """
    row = locked_customer(actor, customer_id)
    if person_id is not None:
        if not row.is_key:
            raise WrongState("customers.agent_for_key_only")
        if not people(actor).filter(pk=person_id, is_active=True).exists():
            raise Invalid("customers.unknown_person", field="person_id")
    if row.own_agent_id != person_id:
        row.own_agent_id = person_id
        row.save(update_fields=["own_agent"])
        record(
            events.AgentAssigned(person_id),
            subject=Subject("customer", row.pk), region_id=row.region_id, actor=actor, at=at,
        )  # fmt: skip
    return row


@action(posts={"supervisor", "administrator"})
def retire_customer(*, actor: Actor, at: datetime, customer_id: int) -> None:
    """Serve a customer no longer, nor any of their sites and contacts.

    Records: CustomerRetired. Refuses: when something higher up still needs them, such as an open order.
    """
    row = locked_customer(actor, customer_id)
    ask_gates(row, "retire_customer", actor, at)
    row.retired_at = at
    row.save(update_fields=["retired_at"])
    row.sites.filter(retired_at=None).update(retired_at=at)
    row.contacts.filter(retired_at=None).update(retired_at=at)
    record(
        events.CustomerRetired(),
        subject=Subject("customer", row.pk), region_id=row.region_id, actor=actor, at=at,
    )  # fmt: skip
