"""What a document shows beside its clauses: who may remark on them, and what was said."""

from typing import Any

from anxiu.kernel.actor import Actor
from anxiu.regulation.models import Version
from anxiu.uptake.choices import RemarkState
from anxiu.uptake.messages import REMARK_STATES
from anxiu.uptake.models import Remark
from anxiu.uptake.queries import author_of, remarks_on

TONES = {RemarkState.OPEN: "amber", RemarkState.ANSWERED: "green", RemarkState.TAKEN_UP: "blue"}


def remarked(actor: Actor, version: Version) -> dict[str, Any]:
    """The remarks of a version by clause, as far as the reader may see them; one statement."""
    said: dict[str, list[Remark]] = {}
    for row in remarks_on(actor, version.pk):
        row.who = author_of(actor, row)  # type: ignore[attr-defined]
        row.state_words, row.state_tone = REMARK_STATES[row.state], TONES[RemarkState(row.state)]  # type: ignore[attr-defined]
        said.setdefault(row.number, []).append(row)
    return {
        "said": said, "may_remark": actor.may("uptake.remark_on_clause"),
        "may_view_reviews": actor.may("uptake.view_reviews"),
    }  # fmt: skip
