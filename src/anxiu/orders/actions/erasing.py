"""Forgetting the person behind an order; what was wrong with the machine and what was done about it stays."""

from anxiu.kernel.models import SealedText
from anxiu.orders.actions.intake import search_words
from anxiu.orders.events import SignedOff, SignOffRefused
from anxiu.orders.models import Order, Request, SignOff


def forget_contact(contact_id: int) -> int:
    """Erase who called and who signed from all orders of a contact; how many. Part of a reaction to their erasure.

    The signed documents themselves are evidence and stay as long as the regulation keeps files.
    """
    orders = list(Order.objects.select_for_update(of=("self",)).filter(contact_id=contact_id).order_by("pk"))
    keys = [order.pk for order in orders]
    Request.objects.filter(order__in=keys).update(caller_name="", caller_phone="", caller_email="")
    SignOff.objects.filter(order__in=keys).update(signer="", remarks="")
    SealedText.objects.filter(
        event__subject_kind="order", event__subject_id__in=keys, event__kind__in=[SignedOff.kind, SignOffRefused.kind],
    ).delete()  # fmt: skip
    for order in Order.objects.filter(pk__in=keys).select_related("request", "machine", "customer"):
        order.search = search_words(order, order.request, order.machine, order.customer)
        order.save(update_fields=["search"])
    return len(keys)
