"""Who is told of triage: reporters of what became of their report and of our questions, owners of the answers."""

from anxiu.accounts.choices import LinkPurpose
from anxiu.kernel.events import Recorded
from anxiu.kernel.subscribers import reactor
from anxiu.notify.choices import Kind
from anxiu.notify.subscribers import facts
from anxiu.notify.subscribers.facts import order_of
from anxiu.notify.subscribers.telling import customer, somebody, staff
from anxiu.orders import events
from anxiu.sla.choices import ClockKind

BECAME = {events.OrderMerged.kind: Kind.MERGED, events.OrderSeparated.kind: Kind.SEPARATED}


@reactor("notify.merged", events.OrderMerged, events.OrderSeparated)
def merged(fact: Recorded) -> None:
    """With which report theirs goes on, or that it goes on by itself again."""
    order = order_of(fact)
    other = fact.body.get("into_number", "")
    customer(fact, order, BECAME[fact.kind], facts.customer_of(order), [LinkPurpose.TRACK], other=other)


@reactor("notify.split_off", events.SplitFrom)
def split_off(fact: Recorded) -> None:
    """The number and link of each part of a request, and what was promised for it."""
    order = order_of(fact)
    to = facts.customer_of(order)
    promised = facts.promises(order, (ClockKind.FIRST_RESPONSE, ClockKind.ARRIVAL), to.language)
    links = [LinkPurpose.TRACK]
    customer(fact, order, Kind.SPLIT_OFF, to, links, promises=promised, other=fact["of_number"])


ASKED = {events.ReporterAsked.kind: Kind.ASKED_BACK, events.ReporterReminded.kind: Kind.ASKED_AGAIN}


@reactor("notify.asked_back", events.ReporterAsked, events.ReporterReminded)
def asked_back(fact: Recorded) -> None:
    """What we have to know, until when the order waits for it, and where to answer."""
    order = order_of(fact)
    asked = facts.inquiry(fact["inquiry_id"])
    if asked.is_open:
        more = {"question": asked.text, "until": asked.until}
        customer(fact, order, ASKED[fact.kind], facts.customer_of(order), [LinkPurpose.TRACK], **more)


@reactor("notify.reply", events.ReplyNoted, events.ReplyMissed)
def reply(fact: Recorded) -> None:
    """The owner goes on with the order: with the answer, or without."""
    order = order_of(fact)
    asked = facts.inquiry(fact["inquiry_id"])
    kind = Kind.REPLY_CAME if fact.kind == events.ReplyNoted.kind else Kind.REPLY_MISSED
    staff(fact, order, kind, [order.owner], by_email=True, question=asked.text, answer=asked.answer)


@reactor("notify.called_off", events.Cancelled, events.OrderMerged)
def called_off(fact: Recorded) -> None:
    """The engineer who was asked to come need not."""
    order = order_of(fact)
    engineer = facts.taken_back(order, fact.occurred_at)
    staff(fact, order, Kind.VISIT_CALLED_OFF, somebody(engineer), by_email=True)
