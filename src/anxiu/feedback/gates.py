"""What speaks against putting a regulation in force: marks that do not lie on its own scale."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from anxiu.feedback.values import BAD_RATING, RECOVERY_AT, SCALE
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import WrongState
from anxiu.kernel.gates import Verdict, gate
from anxiu.regulation.models import Version
from anxiu.regulation.queries import figures


@gate("feedback.marks")
def marks_on_the_scale(versions: Sequence[Version], step: str, actor: Actor, at: datetime) -> Mapping[int, Verdict]:
    """A mark at the top of the scale would make every rating a bad one; one statement a version."""
    if step != "put_in_force":
        return {}
    return {each.pk: _verdict(figures(each.pk)) for each in versions}


def _verdict(written: Mapping[str, object]) -> Verdict:
    if not {SCALE.key, BAD_RATING.key, RECOVERY_AT.key} <= written.keys():
        return Verdict()
    best = SCALE.kind.parse(written[SCALE.key])
    marks = {value.key: value.kind.parse(written[value.key]) for value in (BAD_RATING, RECOVERY_AT)}
    wrong = {key: mark for key, mark in marks.items() if mark >= best}
    return Verdict(
        tuple(WrongState("feedback.mark_off_scale", key=key, mark=mark, best=best) for key, mark in wrong.items()),
        SCALE.key,
    )
