"""How a customer, and how people of ours, are told of a fact about an order."""

from collections.abc import Sequence
from typing import Any

from anxiu.accounts.choices import LinkPurpose
from anxiu.accounts.models import Person
from anxiu.kernel.events import Recorded
from anxiu.kernel.time import now
from anxiu.notify.actions import Message, To, tell_customer, tell_people
from anxiu.notify.actions.writing import is_reached, may_send
from anxiu.notify.choices import Kind
from anxiu.notify.links import customer_link
from anxiu.notify.subscribers.facts import base, zone_of_order
from anxiu.orders.models import Order


def customer(
    fact: Recorded, order: Order, kind: Kind, to: To, links: Sequence[LinkPurpose], **more: Any
) -> None:
    """Write to the customer of an order; links are made only when something goes out."""
    if not may_send(fact) or not is_reached(kind, to):
        return
    at = now()
    addresses = {f"{purpose.value}_url": customer_link(order, purpose, at) for purpose in links}
    context = {**base(order, to.language), **addresses, **more}
    tell_customer(Message(kind, fact, zone_of_order(order), context), to)


def staff(
    fact: Recorded, order: Order, kind: Kind, people: list[Person], *, by_email: bool = False, **more: Any
) -> None:
    """Tell people of ours, each in their own language."""
    for person in people:
        said = {name: value(person.language) if callable(value) else value for name, value in more.items()}
        context = {**base(order, person.language), **said}
        tell_people(Message(kind, fact, zone_of_order(order), context), [person], by_email=by_email)


def somebody(person_id: int | None) -> list[Person]:
    """The person of this key, where there is one."""
    return list(Person.objects.filter(pk=person_id)) if person_id else []
