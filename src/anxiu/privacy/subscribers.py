"""What happens to files about persons who are erased."""

from anxiu.accounts.events import PersonErased
from anxiu.customers.events import ContactErased, CustomerErased
from anxiu.kernel.events import Recorded
from anxiu.kernel.subscribers import reactor
from anxiu.kernel.time import now
from anxiu.orders.queries.people import orders_of, orders_with
from anxiu.privacy.actions import drop_of, drop_ready


@reactor("privacy.drop_exports", ContactErased, CustomerErased)
def drop_exports(fact: Recorded) -> None:
    """Files that were made about the person go with them; evidence and lists that lie ready are asked for again."""
    drop_of(fact.subject, now())
    drop_ready(orders_of(fact.subject), now())


@reactor("privacy.drop_exports_of_colleague", PersonErased)
def drop_exports_of_colleague(fact: Recorded) -> None:
    """Files about the colleague go too, and evidence and lists that name them are asked for again."""
    drop_of(fact.subject, now())
    drop_ready(orders_with(fact.subject.id), now())
