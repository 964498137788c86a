"""What speaks against putting a regulation in force (unknown grades) and against erasing a colleague (an engineer)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import WrongState
from anxiu.kernel.gates import Verdict, gate
from anxiu.regulation.models import Version
from anxiu.regulation.queries import figures
from anxiu.workforce.messages import spoken
from anxiu.workforce.models import Engineer
from anxiu.workforce.queries.regrading import GradeShift, grade_shifts
from anxiu.workforce.values import GRADES


@gate("workforce.grades")
def grades_known(versions: Sequence[Version], step: str, actor: Actor, at: datetime) -> Mapping[int, Verdict]:
    """Whoever holds a grade that the coming version lacks could be given no orders; a few statements a version."""
    if step != "put_in_force":
        return {}
    return {each.pk: _verdict(each, actor, at) for each in versions}


def _verdict(version: Version, actor: Actor, at: datetime) -> Verdict:
    raw = figures(version.pk).get(GRADES.key)
    if version.order_type or raw is None:  # people are never judged by the version of one kind of service
        return Verdict()
    shifts = grade_shifts(actor, GRADES.kind.parse(raw), version.region_id, version.in_force_from or at)
    return Verdict(tuple(_lost(each) for each in shifts if each.then is None), GRADES.key, yields=True)


def _lost(shift: GradeShift) -> WrongState:
    names = ", ".join(shift.people) + "…" * (len(shift.people) < shift.count)
    return WrongState("workforce.grade_lost", grade=spoken(shift.now.name), count=shift.count, names=names)


@gate("workforce.engineers")
def no_engineer(people: Sequence[Any], step: str, actor: Actor, at: datetime) -> Mapping[int, Verdict]:
    """Whoever may still be sent is not erased; one statement."""
    if step != "erase_person":
        return {}
    rows = Engineer.objects.filter(person__in=[each.pk for each in people], retired_at=None)
    return {key: Verdict((WrongState("workforce.still_engineer"),)) for key in rows.values_list("person_id", flat=True)}
