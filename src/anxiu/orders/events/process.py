"""What an order's process asks for and gets: ticks, plans, summaries, remote support."""

from dataclasses import dataclass

from anxiu.kernel.events import Audience, Event, Sealed, event

CUSTOMER = Audience.CUSTOMER


@event("orders.plan_proposed")
@dataclass(frozen=True)
class PlanProposed(Event):
    """What is to be done was planned; `because` says why it waits for approval, if it does."""

    plan_id: int
    cost_minor: int
    currency: str
    risks: tuple[str, ...]
    because: tuple[str, ...]
    value_key: str
    text: Sealed


@event("orders.plan_approved", audience=CUSTOMER)
@dataclass(frozen=True)
class PlanApproved(Event):
    """Somebody with the authority approved the plan."""

    plan_id: int
    value_key: str
    note: Sealed


@event("orders.plan_rejected")
@dataclass(frozen=True)
class PlanRejected(Event):
    """The plan was sent back."""

    plan_id: int
    value_key: str
    note: Sealed


@event("orders.items_checked")
@dataclass(frozen=True)
class ItemsChecked(Event):
    """Items of a checklist were ticked, by us or by the customer."""

    items: tuple[str, ...]
    by_customer: bool


@event("orders.item_unchecked")
@dataclass(frozen=True)
class ItemUnchecked(Event):
    """A tick that should not have been was taken back; the line stays, set right by a further one."""

    item: str
    entry_id: int
    reason: Sealed


@event("orders.summary_written")
@dataclass(frozen=True)
class SummaryWritten(Event):
    """What is to be learned from the order was written down."""

    entry_id: int
    text: Sealed


@event("orders.solved_remotely", audience=CUSTOMER)
@dataclass(frozen=True)
class SolvedRemotely(Event):
    """A repair was solved from afar and is remote support now; the customer is asked to confirm it."""

    cause: Sealed
    solution: Sealed


@event("orders.sent_out", audience=CUSTOMER)
@dataclass(frozen=True)
class SentOut(Event):
    """Remote support did not help: somebody is sent."""

    reason: Sealed
