"""What follows a rating, and a change of owner."""

from anxiu.customers.events import ContactErased, CustomerErased
from anxiu.duties.actions import move_duties
from anxiu.feedback.actions import erase_words, open_recovery
from anxiu.feedback.events import Rated
from anxiu.feedback.messages import RECOVERY
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.events import Recorded
from anxiu.kernel.subscribers import reactor
from anxiu.orders.events import HandedOver
from anxiu.orders.queries import visible
from anxiu.orders.queries.people import orders_of


@reactor("feedback.recovery", Rated)
def make_good(fact: Recorded) -> None:
    """A low score opens a recovery by itself. It is due from when the customer said so, not from when we noticed."""
    if fact["needs_recovery"]:
        order = visible(SYSTEM).select_related("owner").get(pk=fact.subject.id)
        open_recovery(order, fact.occurred_at)


@reactor("feedback.recovery_owner", HandedOver)
def follow_owner(fact: Recorded) -> None:
    """Whoever takes an order over takes what is still to be made good."""
    move_duties(
        kind=RECOVERY, subject=fact.subject, to_person_id=fact["to_owner_id"], actor=SYSTEM, at=fact.occurred_at
    )


@reactor("feedback.erase_contact", ContactErased, CustomerErased)
def forget_words(fact: Recorded) -> None:
    """What somebody wrote goes with them; how the work was rated stays."""
    erase_words(orders_of(fact.subject))
