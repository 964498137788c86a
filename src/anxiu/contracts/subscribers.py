"""What contracts do after their customers change."""

from collections.abc import Sequence

from anxiu.contracts.models import Contract
from anxiu.customers.events import CustomerChanged
from anxiu.customers.models import Customer
from anxiu.kernel.events import Recorded
from anxiu.kernel.subscribers import projector


def _nothing() -> None:
    """A contract's region is copied, not counted: reading all events again puts it right without emptying it."""


@projector("contracts.region_of_customer", CustomerChanged, reset=_nothing)
def follow_customer(facts: Sequence[Recorded]) -> None:
    """Contracts are in the region of their customer."""
    moved = {fact.subject.id for fact in facts if "region_id" in fact["fields"]}
    for customer_id, region_id in Customer.objects.filter(pk__in=moved).values_list("pk", "region_id"):
        Contract.objects.filter(customer_id=customer_id).exclude(region_id=region_id).update(region_id=region_id)
