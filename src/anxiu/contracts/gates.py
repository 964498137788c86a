"""What speaks against closing a customer: contracts that still run."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from anxiu.contracts.choices import ContractState
from anxiu.contracts.models import Contract
from anxiu.contracts.queries import in_state
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import WrongState
from anxiu.kernel.gates import Verdict, gate


@gate("contracts.still_running")
def still_running(customers: Sequence[Any], step: str, actor: Actor, at: datetime) -> Mapping[int, Verdict]:
    """Customers with contracts that run or are to begin are not closed; one statement."""
    if step != "retire_customer":
        return {}
    on = timezone.localtime(at).date()
    whose = [each.pk for each in customers]
    rows = Contract.objects.filter(~in_state(ContractState.OVER, on), customer__in=whose)
    found: dict[int, list[str]] = {}
    for key, number in rows.order_by("ends_on", "pk").values_list("customer_id", "number"):
        found.setdefault(key, []).append(number)
    return {
        key: Verdict((WrongState("contracts.still_running", count=len(numbers), number=numbers[0]),))
        for key, numbers in found.items()
    }
