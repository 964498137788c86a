"""What the customer of an order says their data may be used for."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from anxiu.customers.actions import note_consents
from anxiu.customers.choices import CHOSEN, ConsentMeans, Use
from anxiu.customers.models import Consent
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.orders.queries import visible
from anxiu.orders.queries.people import voices


@action(posts=set())
def answer_consent(*, actor: Actor, at: datetime, order_uid: UUID, said: Mapping[Use, bool]) -> list[Consent]:
    """Say, by the link of an order, what one's data may be used for; it holds for the contact, if the order has one.

    Records: ConsentGiven, ConsentDeclined for each that is new. Refuses: nothing said, a use nobody chooses.
    """
    order = visible(actor).select_for_update(of=("self",)).filter(uid=order_uid).first()
    if order is None:
        raise NotFound("kernel.not_found")
    if not said or not said.keys() <= CHOSEN:
        raise Invalid("customers.nothing_said", field="said")
    return note_consents(
        said, ConsentMeans.LINK, subject=voices(order)[-1], region_id=order.region_id, actor=actor, at=at
    )
