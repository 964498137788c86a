"""What happens to versions of the regulation. Wording and reasons are sealed: they may name people."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from anxiu.kernel.events import Event, Sealed, event, upcast

NONE = Sealed("")


@event("regulation.adopted", version=2)
@dataclass(frozen=True)
class RegulationAdopted(Event):
    """A version was put in force for a region, an order type, or all."""

    code: str
    preset: str
    order_type: str
    in_force_from: datetime | None
    changed: tuple[str, ...]
    why: Sealed = NONE


@event("regulation.addendum_added")
@dataclass(frozen=True)
class AddendumAdded(Event):
    """A new release brought figures that this version did not have."""

    code: str
    keys: tuple[str, ...]


@event("regulation.withdrawn", version=2)
@dataclass(frozen=True)
class RegulationWithdrawn(Event):
    """A version no longer holds; the next wider one takes its place."""

    code: str
    why: Sealed = NONE


def _without_reason(body: dict[str, Any]) -> dict[str, Any]:
    """Before version 2 nobody was asked why."""
    return {**body, "why": None}


upcast("regulation.adopted", 1)(_without_reason)
upcast("regulation.withdrawn", 1)(_without_reason)


@event("regulation.draft_started")
@dataclass(frozen=True)
class DraftStarted(Event):
    """Somebody began a draft from a preset or from another version."""

    code: str
    source: str
    order_type: str
    why: Sealed


@event("regulation.draft_described")
@dataclass(frozen=True)
class DraftDescribed(Event):
    """The name, purpose, scope or principles of a draft were written; `old` and `new` hold what was changed."""

    code: str
    parts: tuple[str, ...]
    old: Sealed
    new: Sealed
    why: Sealed


@event("regulation.figure_set")
@dataclass(frozen=True)
class FigureSet(Event):
    """A figure of a draft was changed; `old` and `new` are the figure as it is written."""

    code: str
    key: str
    number: str
    old: Sealed
    new: Sealed
    why: Sealed


@event("regulation.clause_written")
@dataclass(frozen=True)
class ClauseWritten(Event):
    """A clause of a draft was worded anew, or is held by something else."""

    code: str
    number: str
    old: Sealed
    new: Sealed
    why: Sealed


@event("regulation.clause_added")
@dataclass(frozen=True)
class ClauseAdded(Event):
    """A clause joined a draft."""

    code: str
    number: str
    new: Sealed
    why: Sealed


@event("regulation.clause_removed")
@dataclass(frozen=True)
class ClauseRemoved(Event):
    """A clause was taken out of a draft; its number stays free."""

    code: str
    number: str
    old: Sealed
    why: Sealed


@event("regulation.question_added")
@dataclass(frozen=True)
class QuestionAdded(Event):
    """A question about a situation joined a draft."""

    code: str
    question: str
    number: str
    new: Sealed
    why: Sealed


@event("regulation.question_written")
@dataclass(frozen=True)
class QuestionWritten(Event):
    """A question of a draft was worded anew."""

    code: str
    question: str
    number: str
    old: Sealed
    new: Sealed
    why: Sealed


@event("regulation.question_removed")
@dataclass(frozen=True)
class QuestionRemoved(Event):
    """A question was taken out of a draft."""

    code: str
    question: str
    number: str
    old: Sealed
    why: Sealed


@event("regulation.question_moved")
@dataclass(frozen=True)
class QuestionMoved(Event):
    """A question of a draft stands at another place among the others."""

    code: str
    question: str
    number: str
    place: int
    why: Sealed


@event("regulation.group_named")
@dataclass(frozen=True)
class WorkingGroupNamed(Event):
    """The people who review a version were named."""

    code: str
    people: tuple[int, ...]
    roles: tuple[str, ...]
    why: Sealed


@event("regulation.submitted")
@dataclass(frozen=True)
class DraftSubmitted(Event):
    """A draft went to its working group for review."""

    code: str
    why: Sealed


@event("regulation.commented")
@dataclass(frozen=True)
class ClauseCommented(Event):
    """A member said something of a clause, or of the whole."""

    code: str
    number: str
    comment_id: int
    text: Sealed


@event("regulation.comment_settled")
@dataclass(frozen=True)
class CommentSettled(Event):
    """A comment was taken up or not, with an answer."""

    code: str
    number: str
    comment_id: int
    taken_up: bool
    answer: Sealed


@event("regulation.returned")
@dataclass(frozen=True)
class ReturnedToDraft(Event):
    """A version under review, or approved already, may be changed again."""

    code: str
    why: Sealed


@event("regulation.approved")
@dataclass(frozen=True)
class VersionApproved(Event):
    """A version was approved after its review."""

    code: str
    why: Sealed


@event("regulation.draft_discarded")
@dataclass(frozen=True)
class DraftDiscarded(Event):
    """A version that never held was given up."""

    code: str
    why: Sealed


@event("regulation.pilot_started")
@dataclass(frozen=True)
class PilotStarted(Event):
    """A version went on trial: in these regions (none: all), for these kinds of service (none: all)."""

    code: str
    pilot_id: int
    base: str
    regions: tuple[int, ...]
    order_types: tuple[str, ...]
    indicators: tuple[str, ...]
    starts_at: datetime
    until_date: date
    leader_id: int
    why: Sealed


@event("regulation.pilot_rolled_out")
@dataclass(frozen=True)
class PilotRolledOut(Event):
    """What was on trial holds for its whole scope from a moment on."""

    code: str
    pilot_id: int
    in_force_from: datetime
    why: Sealed


@event("regulation.pilot_withdrawn")
@dataclass(frozen=True)
class PilotWithdrawn(Event):
    """What was on trial holds no longer; the version before takes its place again."""

    code: str
    pilot_id: int
    base: str
    why: Sealed
