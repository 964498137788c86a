"""What follows from other apps' events: mail is forgotten with its writer."""

from anxiu.customers.events import ContactErased, CustomerErased
from anxiu.kernel.events import Recorded
from anxiu.kernel.subscribers import reactor
from anxiu.mail.actions import forget_contact
from anxiu.orders.queries.people import orders_of


@reactor("mail.erase_contact", ContactErased, CustomerErased)
def erase_contact(fact: Recorded) -> None:
    """What a person wrote by mail goes with the person."""
    forget_contact(fact.subject.id if fact.subject.kind == "contact" else None, orders_of(fact.subject))
