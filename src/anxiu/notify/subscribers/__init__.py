"""Who is told of what: one reactor for each need. A reactor writes rows and defers; sending is a job of its own."""

from anxiu.accounts.choices import LinkPurpose, PostCode
from anxiu.accounts.events import PersonErased
from anxiu.accounts.queries import holders
from anxiu.customers.choices import Use
from anxiu.customers.events import ContactErased, CustomerErased
from anxiu.customers.queries import declined
from anxiu.duties.events import DutyOpened
from anxiu.feedback.messages import RECOVERY
from anxiu.feedback.queries import is_rateable, rating_of
from anxiu.kernel.events import Recorded
from anxiu.kernel.money import Money
from anxiu.kernel.subscribers import reactor
from anxiu.notify.actions import erase_contact, erase_person
from anxiu.notify.choices import Kind
from anxiu.notify.models import Notice
from anxiu.notify.subscribers import facts, hooks, learning, mails, pilots, triage
from anxiu.notify.subscribers.facts import order_of
from anxiu.notify.subscribers.telling import customer, somebody, staff
from anxiu.orders import events
from anxiu.orders.choices import DocumentKind, State
from anxiu.orders.queries import approvers, process_of
from anxiu.orders.queries.people import orders_of, orders_with, voices
from anxiu.orders.queries.work import language_of
from anxiu.sla.choices import ClockKind
from anxiu.sla.events import ClockWarned, Escalated, NobodyToCall

__all__ = ["facts", "hooks", "learning", "mails", "pilots", "triage"]


# ---- customers: every step, without asking ---------------------------------------------------------------------------
@reactor("notify.receipt", events.OrderOpened)
def receipt(fact: Recorded) -> None:
    """The customer has a receipt at once: the number, what was promised, and the tracking link."""
    order = order_of(fact)
    if order.split_from_id:
        return  # a part of a request says so itself
    to = facts.customer_of(order)
    promised = facts.promises(order, (ClockKind.FIRST_RESPONSE, ClockKind.ARRIVAL), to.language)
    customer(fact, order, Kind.RECEIPT, to, [LinkPurpose.TRACK], promises=promised)


VISITS = {
    events.VisitAccepted.kind: Kind.VISIT_CONFIRMED,
    events.VisitRescheduled.kind: Kind.VISIT_MOVED,
    events.Departed.kind: Kind.DEPARTED,
    events.Arrived.kind: Kind.ARRIVED,
}


@reactor("notify.visit_steps", events.VisitAccepted, events.VisitRescheduled, events.Departed, events.Arrived)
def visit_steps(fact: Recorded) -> None:
    """Who comes and when, that it moved, that they are on the way, that they are there."""
    order = order_of(fact)
    booked = facts.visit(fact["visit_id"])
    for reported, to in facts.reporters(order):
        if declined(Use.PROGRESS, voices(reported)):
            continue
        moved = {"reason": facts.reason_words(order, fact, to.language)}
        more = {**booked, **(moved if fact.kind == events.VisitRescheduled.kind else {})}
        customer(fact, reported, VISITS[fact.kind], to, [LinkPurpose.TRACK], **more)


INTERRUPTIONS = {
    events.Suspended.kind: Kind.SUSPENDED,
    events.Resumed.kind: Kind.RESUMED,
    events.Cancelled.kind: Kind.CANCELLED,
}


@reactor("notify.interruptions", events.Suspended, events.Resumed, events.Cancelled)
def interruptions(fact: Recorded) -> None:
    """That the work stands still and until when, that it goes on, that it will not be done."""
    order = order_of(fact)
    until = facts.moment(fact.body.get("until"))
    for reported, to in facts.reporters(order):
        if fact.kind != events.Cancelled.kind and declined(Use.PROGRESS, voices(reported)):
            continue
        reason = facts.reason_words(order, fact, to.language)
        links = [LinkPurpose.TRACK]
        customer(fact, reported, INTERRUPTIONS[fact.kind], to, links, until=until, reason=reason)


@reactor("notify.sign_request", events.RepairCompleted, events.SolvedRemotely)
def sign_request(fact: Recorded) -> None:
    """The work is done; whoever did not sign on the engineer's screen can sign by the link."""
    order = order_of(fact)
    if not process_of(order).has(State.SIGNING):
        return
    to = facts.customer_of(order)
    links = [LinkPurpose.SIGN, LinkPurpose.TRACK]
    resolved = fact.body.get("resolved", True)
    customer(fact, order, Kind.SIGN_REQUEST, to, links, resolved=resolved, solution=order.solution)


@reactor("notify.sign_again", events.SignOffSuperseded)
def sign_again(fact: Recorded) -> None:
    """The record the customer gave their word on was corrected: what was set right and why, and the link to sign."""
    order = order_of(fact)
    if order.sign_off_id is not None:
        return  # signed again meanwhile, on the engineer's screen
    reason = facts.correction(order)
    links = [LinkPurpose.SIGN, LinkPurpose.TRACK]
    customer(fact, order, Kind.SIGN_AGAIN, facts.customer_of(order), links, reason=reason)


@reactor("notify.report_ready", events.DocumentIssued)
def report_ready(fact: Recorded) -> None:
    """The service report in the customer's language is there."""
    order = order_of(fact)
    if fact["document_kind"] == DocumentKind.REPORT and fact["language"] == language_of(order):
        until = facts.guaranteed_until(order)
        to = facts.customer_of(order)
        customer(fact, order, Kind.REPORT_READY, to, [LinkPurpose.DOCUMENT], guarantee_until=until)


@reactor("notify.rating_request", events.SignedOff, events.SignOffRefused)
def rating_request(fact: Recorded) -> None:
    """Ask how it was, once. Only the contact's own address: a link that passes through our hands rates itself."""
    order = order_of(fact)
    asked = Notice.objects.filter(kind=Kind.RATING_REQUEST, subject_kind="order", subject_id=order.pk)
    if declined(Use.SURVEY, voices(order)):
        return
    if is_rateable(order) and rating_of(order) is None and not asked.exists():
        customer(fact, order, Kind.RATING_REQUEST, facts.contact_of(order), [LinkPurpose.RATE])


@reactor("notify.answer", events.QuestionAnswered)
def answer(fact: Recorded) -> None:
    """The customer has the answer, not only the news that there is one."""
    order = order_of(fact)
    asked = facts.question(fact["question_id"])
    more = {"question": asked.text, "answer": asked.answer}
    customer(fact, order, Kind.ANSWERED, facts.customer_of(order), [LinkPurpose.TRACK], **more)


# ---- people of ours --------------------------------------------------------------------------------------------------
@reactor("notify.new_order", events.OrderOpened)
def new_order(fact: Recorded) -> None:
    """Whoever answers for a new order knows it."""
    order = order_of(fact)
    staff(fact, order, Kind.NEW_ORDER, somebody(fact["owner_id"]))


@reactor("notify.engineer", events.VisitBooked, events.VisitRescheduled)
def engineer(fact: Recorded) -> None:
    """The engineer is asked to come; one who is not asked any more knows that too."""
    order = order_of(fact)
    booked = facts.visit(fact["visit_id"])
    asked = facts.engineer_person(fact["engineer_id"])
    staff(fact, order, Kind.VISIT_OFFERED, [asked], by_email=True, **booked)
    before = facts.previous_engineer(order, fact["visit_id"])
    if fact.kind == events.VisitRescheduled.kind and before and before.pk != asked.pk:
        staff(fact, order, Kind.VISIT_TAKEN_AWAY, [before], by_email=True, **booked)


@reactor("notify.visit_declined", events.VisitDeclined)
def visit_declined(fact: Recorded) -> None:
    """The owner and whoever booked learn that somebody else must be found."""
    order = order_of(fact)
    people = [order.owner, *somebody(facts.booked_by(fact["visit_id"]))]
    staff(
        fact, order, Kind.VISIT_DECLINED, list(dict.fromkeys(people)), **facts.visit(fact["visit_id"]),
        reason=lambda language: facts.reason_words(order, fact, language),
    )  # fmt: skip


@reactor("notify.question", events.QuestionAsked)
def question(fact: Recorded) -> None:
    """The order's owner is asked."""
    asked = facts.question(fact["question_id"])
    staff(fact, order_of(fact), Kind.QUESTION, somebody(fact["owner_id"]), question=asked.text)


@reactor("notify.hand_over", events.HandOverProposed, events.HandedOver, events.HandOverDeclined)
def hand_over(fact: Recorded) -> None:
    """Who is asked to take an order, and who asked, learn how it stands."""
    order = order_of(fact)
    if fact.kind == events.HandOverProposed.kind:
        proposer = facts.hand_over_from(order, fact["to_owner_id"])
        staff(fact, order, Kind.HAND_OVER_ASKED, somebody(fact["to_owner_id"]), by_email=True, **proposer)
    elif fact.kind == events.HandedOver.kind:
        taker = facts.name_of(fact["to_owner_id"])
        staff(fact, order, Kind.HAND_OVER_TAKEN, somebody(fact["from_owner_id"]), other=taker)
    else:
        other = facts.name_of(fact["to_owner_id"])
        staff(fact, order, Kind.HAND_OVER_DECLINED, [order.owner], other=other)


@reactor("notify.plan_waits", events.PlanProposed)
def plan_waits(fact: Recorded) -> None:
    """A plan beyond the limits: everybody whose authority covers it, but for whoever planned it."""
    if fact["because"]:
        order = order_of(fact)
        cost = Money(fact["cost_minor"], fact["currency"])
        staff(fact, order, Kind.PLAN_WAITS, approvers(order, cost), by_email=True, cost=f"{cost.amount:,f}")


@reactor("notify.plan_decided", events.PlanApproved, events.PlanRejected)
def plan_decided(fact: Recorded) -> None:
    """The engineer may begin, or plans anew."""
    order = order_of(fact)
    if order.engineer:
        approved = fact.kind == events.PlanApproved.kind
        staff(fact, order, Kind.PLAN_DECIDED, [order.engineer.person], approved=approved)


@reactor("notify.warning", ClockWarned)
def warning(fact: Recorded) -> None:
    """A promise is near its end: the person the ladder named."""
    if fact.subject.kind == "order":
        staff(fact, order_of(fact), Kind.WARNING, somebody(fact["person_id"]), **facts.clock(fact))


@reactor("notify.escalated", Escalated)
def escalated(fact: Recorded) -> None:
    """A promise broke or is not taken care of: the person the ladder named, by email too."""
    if fact.subject.kind == "order":
        staff(fact, order_of(fact), Kind.ESCALATED, somebody(fact["person_id"]), by_email=True, **facts.clock(fact))


@reactor("notify.nobody_to_call", NobodyToCall)
def nobody_to_call(fact: Recorded) -> None:
    """Nobody could be called: supervisors and administrators, so that somebody is."""
    if fact.subject.kind == "order":
        order = order_of(fact)
        people = [*holders(PostCode.SUPERVISOR, order.region_id), *holders(PostCode.ADMINISTRATOR, order.region_id)]
        staff(fact, order, Kind.NOBODY_TO_CALL, list(dict.fromkeys(people)), by_email=True, **facts.clock(fact))


@reactor("notify.low_rating", DutyOpened)
def low_rating(fact: Recorded) -> None:
    """A customer was let down: the owner has to make good, the supervisors know."""
    if fact["duty_kind"] != RECOVERY or fact.subject.kind != "order":
        return
    order = order_of(fact)
    people = [*somebody(fact["owner_id"]), *holders(PostCode.SUPERVISOR, order.region_id)]
    rating = rating_of(order)
    more = {
        "score": rating.score if rating else None, "scale": rating.scale if rating else None,
        "words": rating.words if rating else "", "due_at": facts.moment(fact["due_at"]),
    }  # fmt: skip
    staff(fact, order, Kind.LOW_RATING, list(dict.fromkeys(people)), by_email=True, **more)


# ---- erasure ---------------------------------------------------------------------------------------------------------
@reactor("notify.erase_contact", ContactErased, CustomerErased)
def forget_contact(fact: Recorded) -> None:
    """What we keep of a person goes with the person."""
    erase_contact([fact.subject.id] if fact.subject.kind == "contact" else [], orders_of(fact.subject))


@reactor("notify.erase_person", PersonErased)
def forget_colleague(fact: Recorded) -> None:
    """What a colleague who is erased was told goes, and what customers were told of them."""
    erase_person(fact.subject.id, orders_with(fact.subject.id))
