"""What follows from other apps' events: mail is forgotten with its writer."""

from anxiu.customers.events import ContactErased
from anxiu.kernel.events import Recorded
from anxiu.kernel.subscribers import reactor
from anxiu.mail.actions import forget_contact


@reactor("mail.erase_contact", ContactErased)
def erase_contact(fact: Recorded) -> None:
    """What a person wrote by mail goes with the person."""
    forget_contact(fact.subject.id)
