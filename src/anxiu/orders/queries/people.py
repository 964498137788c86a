"""Which orders hold something of a person, for erasing and for saying what is kept of them."""

from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from anxiu.kernel.actor import Subject
from anxiu.orders.choices import LIVE_VISITS, HandOverState
from anxiu.orders.models import HandOver, Order, Visit

NAMED_BY: Final = {"contact": "contact_id", "customer": "customer_id"}


def orders_of(person: Subject) -> list[int]:
    """The orders of a contact or of a private customer, oldest first."""
    column = NAMED_BY.get(person.kind)
    if column is None:
        return []
    return list(Order.objects.filter(**{column: person.id}).order_by("pk").values_list("pk", flat=True))


def held_by(person_id: int) -> QuerySet[Order]:
    """The open orders of a colleague: owned, carried out, to be visited, or offered to them; oldest first."""
    visits = Visit.objects.filter(order=OuterRef("pk"), state__in=sorted(LIVE_VISITS), engineer__person=person_id)
    offered = HandOver.objects.filter(order=OuterRef("pk"), state=HandOverState.PROPOSED, to_owner=person_id)
    theirs = Q(owner=person_id) | Q(engineer__person=person_id) | Exists(visits) | Exists(offered)
    return Order.objects.filter(theirs, ended_at=None).order_by("pk")


def orders_with(person_id: int) -> list[int]:
    """The orders a colleague ever owned or was booked for, oldest first."""
    theirs = Q(owner=person_id) | Q(engineer__person=person_id) | Exists(
        Visit.objects.filter(order=OuterRef("pk"), engineer__person=person_id)
    )  # fmt: skip
    return list(Order.objects.filter(theirs).order_by("pk").values_list("pk", flat=True))


def voices(order: Order) -> list[Subject]:
    """Where the customer of an order may have said what their data is used for: as a contact, or on the order."""
    return [Subject("order", order.pk), *([Subject("contact", order.contact_id)] if order.contact_id else [])]
