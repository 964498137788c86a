"""What speaks against erasing a colleague: the roster still names them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import WrongState
from anxiu.kernel.gates import Verdict, gate
from anxiu.sla.models import DutyEntry


@gate("sla.rostered")
def off_the_roster(people: Sequence[Any], step: str, actor: Actor, at: datetime) -> Mapping[int, Verdict]:
    """Whoever is to be called by the roster is not erased; one statement."""
    if step != "erase_person":
        return {}
    rows = DutyEntry.objects.filter(person__in=[each.pk for each in people], until_at__gt=at, removed_at=None)
    return {key: Verdict((WrongState("sla.still_rostered"),)) for key in rows.values_list("person_id", flat=True)}
