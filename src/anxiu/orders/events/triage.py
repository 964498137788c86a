"""Triage before a visit: duplicates merged, requests split, the reporter asked back."""

from dataclasses import dataclass
from datetime import datetime

from anxiu.kernel.events import Audience, Event, Sealed, event

CUSTOMER = Audience.CUSTOMER


@event("orders.merged", audience=CUSTOMER)
@dataclass(frozen=True)
class OrderMerged(Event):
    """The order is the same matter as another one, which goes on with it."""

    into_order_id: int
    into_number: str
    reason: Sealed


@event("orders.took_in")
@dataclass(frozen=True)
class OrderTakenIn(Event):
    """Another report of the same matter was merged into this order."""

    merged_order_id: int
    merged_number: str


@event("orders.separated", audience=CUSTOMER)
@dataclass(frozen=True)
class OrderSeparated(Event):
    """It was another matter after all: the order goes on by itself, from its own intake."""

    from_order_id: int
    from_number: str
    reason: Sealed


@event("orders.gave_up")
@dataclass(frozen=True)
class OrderGivenUp(Event):
    """A report that was merged into this order goes on by itself again."""

    merged_order_id: int
    merged_number: str


@event("orders.split", audience=CUSTOMER)
@dataclass(frozen=True)
class OrderSplit(Event):
    """What was asked for in one request is worked as several orders; this one remains for its part."""

    part_ids: tuple[int, ...]
    numbers: tuple[str, ...]
    reason: Sealed


@event("orders.split_from", audience=CUSTOMER)
@dataclass(frozen=True)
class SplitFrom(Event):
    """The order is a part of an earlier request; its clocks began with that request."""

    of_order_id: int
    of_number: str


@event("orders.reporter_asked", audience=CUSTOMER)
@dataclass(frozen=True)
class ReporterAsked(Event):
    """Whoever reported was asked something that must be known first; the order waits for it."""

    inquiry_id: int
    until: datetime
    pauses_clocks: bool
    text: Sealed


@event("orders.reporter_reminded", audience=CUSTOMER)
@dataclass(frozen=True)
class ReporterReminded(Event):
    """The reporter was reminded of our question."""

    inquiry_id: int
    until: datetime


@event("orders.reply_noted", audience=CUSTOMER)
@dataclass(frozen=True)
class ReplyNoted(Event):
    """The reporter answered: the order is in triage again."""

    inquiry_id: int
    text: Sealed


@event("orders.reply_missed")
@dataclass(frozen=True)
class ReplyMissed(Event):
    """No answer came in time: the order goes on without it."""

    inquiry_id: int
    owner_id: int
