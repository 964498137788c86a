"""What speaks against erasing a colleague: a key customer's agent of their own."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from anxiu.customers.models import Customer
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import WrongState
from anxiu.kernel.gates import Verdict, gate


@gate("customers.own_agent")
def nobodys_agent(people: Sequence[Any], step: str, actor: Actor, at: datetime) -> Mapping[int, Verdict]:
    """Whoever is the agent of a customer is not erased; one statement."""
    if step != "erase_person":
        return {}
    rows = Customer.objects.filter(own_agent__in=[each.pk for each in people], retired_at=None)
    found: dict[int | None, list[str]] = {}
    for person, code in rows.order_by("pk").values_list("own_agent_id", "code"):
        found.setdefault(person, []).append(code)
    return {
        key: Verdict((WrongState("customers.still_own_agent", count=len(codes), customer=codes[0]),))
        for key, codes in found.items() if key is not None
    }  # fmt: skip
