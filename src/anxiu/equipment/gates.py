"""What speaks against closing a site or customer: the machines that stand there."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count

from anxiu.equipment.models import Machine
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import WrongState
from anxiu.kernel.gates import Verdict, gate

STEPS = {"retire_customer": "customer_id", "retire_site": "site_id"}


@gate("equipment.machines_there")
def machines_there(things: Sequence[Any], step: str, actor: Actor, at: datetime) -> Mapping[int, Verdict]:
    """Sites and customers with machines are not closed; one query."""
    column = STEPS.get(step)
    if column is None:
        return {}
    rows = Machine.objects.filter(**{f"{column}__in": [each.id for each in things]}, retired_at=None)
    counts = rows.values_list(column).annotate(count=Count("pk"))
    return {key: Verdict((WrongState("equipment.machines_there", count=count),)) for key, count in counts}
