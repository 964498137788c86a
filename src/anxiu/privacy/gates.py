"""What speaks against erasing a colleague: the time the regulation keeps them for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import WrongState
from anxiu.kernel.gates import Verdict, gate
from anxiu.kernel.values import reading
from anxiu.privacy.values import KEEP_PEOPLE
from anxiu.regulation.queries import in_force


@gate("privacy.keep_people")
def kept_long_enough(people: Sequence[Any], step: str, actor: Actor, at: datetime) -> Mapping[int, Verdict]:
    """Whoever left less than this time ago is not erased yet; no statement."""
    if step != "erase_person":
        return {}
    period = reading(in_force(None, "", at).pk)(KEEP_PEOPLE)
    ends = {each.pk: each.retired_at + period for each in people if each.retired_at}
    return {
        key: Verdict(
            (WrongState("privacy.left_too_lately", date=timezone.localtime(until).date().isoformat()),),
            KEEP_PEOPLE.key,
        )
        for key, until in ends.items() if until > at
    }  # fmt: skip
