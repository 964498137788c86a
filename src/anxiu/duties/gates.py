"""What speaks against erasing a colleague: to-dos that are theirs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from anxiu.duties.models import Duty
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import WrongState
from anxiu.kernel.gates import Verdict, gate


@gate("duties.open")
def owes_nothing(people: Sequence[Any], step: str, actor: Actor, at: datetime) -> Mapping[int, Verdict]:
    """Whoever has an open to-do is not erased; one statement a person."""
    if step != "erase_person":
        return {}
    counts = {each.pk: Duty.objects.filter(owner=each.pk, closed_at=None).count() for each in people}
    return {key: Verdict((WrongState("duties.still_open", count=count),)) for key, count in counts.items() if count}
