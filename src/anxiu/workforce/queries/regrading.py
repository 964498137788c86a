"""What becomes of people's grades when a regulation with other grades takes effect."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from anxiu.kernel.actor import Actor
from anxiu.regulation.queries import regions_of_their_own
from anxiu.workforce.models import Engineer
from anxiu.workforce.queries.engineers import VIEW, engineers, grades
from anxiu.workforce.values import Grade

NAMED: Final = 12  # source: own choice; as many names as are read before the number says it better


@dataclass(frozen=True, slots=True)
class GradeShift:
    """A grade somebody holds, what it is under the coming regulation (None: not there), how many hold it."""

    now: Grade
    then: Grade | None
    count: int
    people: tuple[str, ...]

    @property
    def is_narrower(self) -> bool:
        """Whether the grade is there, but covers less than before."""
        if self.then is None:
            return False
        fewer = set(self.now.order_types) - set(self.then.order_types)
        return bool(fewer) or self.then.difficulty.rank < self.now.difficulty.rank


def grades_out_of_force(actor: Actor, at: datetime) -> tuple[str, ...]:
    """Codes of grades that engineers at work hold and that the company's regulation does not have; two statements."""
    held = engineers(actor).exclude(grade__in=[each.code for each in grades(None, at)])
    return tuple(held.order_by("grade").values_list("grade", flat=True).distinct())


def grade_shifts(
    actor: Actor, then: Sequence[Grade], region_id: int | None, at: datetime
) -> tuple[GradeShift, ...]:  # fmt: skip
    """The grades that are lost or cover less once `then` are the grades of a region, or of all that have none of
    their own. Everybody concerned is counted; the names are of engineers the actor sees. Four statements.
    """
    coming = {each.code: each for each in then}
    rows = Engineer.objects.filter(retired_at=None, person__is_active=True)
    rows = rows.exclude(region__in=regions_of_their_own(at)) if region_id is None else rows.filter(region_id=region_id)
    held: dict[str, list[str]] = defaultdict(list)
    known: dict[str, list[str]] = defaultdict(list)
    seen = set(engineers(actor).values_list("pk", flat=True)) if actor.may(VIEW) else set()
    for key, code, name in rows.order_by("person__name_key", "pk").values_list("pk", "grade", "person__name"):
        held[code].append(name)
        if key in seen:
            known[code].append(name)
    found = (
        GradeShift(each, coming.get(each.code), len(held[each.code]), tuple(known[each.code][:NAMED]))
        for each in grades(region_id, at)
        if held[each.code]
    )
    return tuple(each for each in found if each.then is None or each.is_narrower)
