"""What the verbs of this app ask before they write."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from anxiu.accounts.queries import outlets, regions
from anxiu.customers.models import Contact, Customer, Site
from anxiu.customers.queries import customers
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import GateShut, Invalid, NotFound, WrongState
from anxiu.kernel.events import Sealed, canonical
from anxiu.kernel.gates import ask


def locked_customer(actor: Actor, customer_id: int) -> Customer:
    """A customer the actor sees and who is still served, locked until the change is done."""
    row = customers(actor).select_for_update(of=("self",)).filter(pk=customer_id).first()
    if row is None:
        raise NotFound("kernel.not_found")
    if row.retired_at:
        raise WrongState("customers.customer_is_retired")
    return row


def sealed_changes(changes: Mapping[str, Any], fields: tuple[str, ...]) -> Sealed:
    """What the changed fields became, as one sealed text."""
    return Sealed(canonical({name: str(changes[name] or "") for name in fields}))


def require_region(actor: Actor, region_id: int | None) -> None:
    """Refuse a region the actor does not see."""
    if region_id is None or not regions(actor).filter(pk=region_id).exists():
        raise Invalid("customers.unknown_region", field="region_id")


def require_outlet(actor: Actor, outlet_id: int | None) -> None:
    """Refuse an outlet the actor does not see; none is fine."""
    if outlet_id is not None and not outlets(actor).filter(pk=outlet_id).exists():
        raise Invalid("customers.unknown_outlet", field="outlet_id")


def ask_gates(
    row: Customer | Site | Contact, step: str, actor: Actor, at: datetime, code: str = "customers.still_needed"
) -> None:
    """Refuse what a higher app says cannot be done yet, with all that is missing."""
    if shut := ask([row], step, actor, at)[row.pk]:
        raise GateShut(code, missing=tuple(each for verdict in shut for each in verdict.missing))
