"""What the orders app itself does after its events."""

from anxiu.customers.events import ContactErased, CustomerErased
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.events import Recorded
from anxiu.kernel.subscribers import reactor
from anxiu.kernel.time import now
from anxiu.orders.actions import issue_document, resume
from anxiu.orders.actions.erasing import forget_people
from anxiu.orders.choices import DocumentKind, State
from anxiu.orders.events import RepairCompleted, SignedOff, SignOffRefused
from anxiu.orders.models import Order
from anxiu.orders.queries import process_of
from anxiu.orders.queries.people import orders_of
from anxiu.orders.queries.work import language_of
from anxiu.sla.events import ClocksResumed


@reactor("orders.issue_documents", SignedOff, SignOffRefused)
def issue_documents(fact: Recorded) -> None:
    """Issue the report, and the guarantee where one was given, in the customer's language."""
    order = Order.objects.select_related("contact", "request").get(pk=fact.subject.id)
    if order.sign_off_id is None:
        return  # corrected before its papers were made: they are made when it is signed again
    language = language_of(order)
    kinds = [DocumentKind.REPORT, *([DocumentKind.GUARANTEE] if hasattr(order, "guarantee") else [])]
    for kind in kinds:
        issue_document(actor=SYSTEM, at=now(), order_uid=order.uid, kind=kind, language=language)


@reactor("orders.issue_report", RepairCompleted)
def issue_report(fact: Recorded) -> None:
    """Where the process asks for no signature, the report follows the work itself."""
    order = Order.objects.select_related("contact", "request").get(pk=fact.subject.id)
    if not process_of(order).has(State.SIGNING):
        language = language_of(order)
        issue_document(actor=SYSTEM, at=now(), order_uid=order.uid, kind=DocumentKind.REPORT, language=language)


@reactor("orders.resume", ClocksResumed)
def resume_by_itself(fact: Recorded) -> None:
    """When the end that was set for a suspension has come, the order goes on, unless somebody set another end."""
    if fact.subject.kind != "order" or not fact["by_itself"]:
        return
    order = Order.objects.get(pk=fact.subject.id)
    if order.suspended_until and order.suspended_until <= now():
        resume(actor=SYSTEM, at=now(), order_uid=order.uid)


@reactor("orders.erase_contact", ContactErased, CustomerErased)
def erase_contact(fact: Recorded) -> None:
    """Who called, what they said and what they signed goes with the person."""
    forget_people(orders_of(fact.subject), now(), photos=fact["photos"])
