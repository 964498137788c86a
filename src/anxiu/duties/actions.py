"""Opening, moving and closing to-dos: each is part of a higher app's change, which asks for permission."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from anxiu.accounts.models import Person
from anxiu.duties.events import DutyMoved, DutyOpened
from anxiu.duties.kinds import WORDS
from anxiu.duties.models import Duty
from anxiu.duties.queries import CLOSE_FOR_OTHERS
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import NotAllowed, WrongState
from anxiu.kernel.events import Fact, record, record_many
from anxiu.kernel.models import EventRow


def open_duty(
    *, kind: str, subject: Subject, region_id: int | None, owner: Person, due_at: datetime, actor: Actor, at: datetime
) -> Duty:
    """Give somebody a to-do about a thing. Of one kind a thing has at most one: the second call answers the first."""
    if kind not in WORDS:
        raise ValueError(f"duty kind {kind} was never declared")
    made, new = Duty.objects.get_or_create(
        kind=kind, subject_kind=subject.kind, subject_id=subject.id,
        defaults={"region_id": region_id, "owner": owner, "opened_at": at, "due_at": due_at},
    )  # fmt: skip
    if new:
        record(DutyOpened(made.pk, kind, owner.pk, due_at), subject=subject, region_id=region_id, actor=actor, at=at)
    return made


@dataclass(frozen=True, slots=True)
class NewDuty:
    """One of many to-dos to be opened together: about what, where, whose, by when."""

    subject: Subject
    region_id: int | None
    owner_id: int
    due_at: datetime


def open_duties(*, kind: str, new: Sequence[NewDuty], actor: Actor, at: datetime) -> list[Duty]:
    """Give many people a to-do of one kind, each about a thing that has none of it yet; three statements."""
    if kind not in WORDS:
        raise ValueError(f"duty kind {kind} was never declared")
    made = Duty.objects.bulk_create(
        [
            Duty(
                kind=kind, subject_kind=each.subject.kind, subject_id=each.subject.id, region_id=each.region_id,
                owner_id=each.owner_id, opened_at=at, due_at=each.due_at,
            )
            for each in new
        ]
    )  # fmt: skip
    facts = [
        Fact(DutyOpened(duty.pk, kind, duty.owner_id, duty.due_at), each.subject, each.region_id, at)
        for duty, each in zip(made, new, strict=True)
    ]
    if facts:
        record_many(facts, actor=actor)
    return made


def move_duties(*, kind: str, subject: Subject, to_person_id: int, actor: Actor, at: datetime) -> int:
    """Hand a thing's open to-do of a kind to whoever answers for it now; how many were moved."""
    moved = Duty.objects.select_for_update().filter(
        kind=kind, subject_kind=subject.kind, subject_id=subject.id, closed_at=None
    ).exclude(owner_id=to_person_id)  # fmt: skip
    count = 0
    for each in moved.order_by("id"):
        fact = DutyMoved(each.pk, each.kind, each.owner_id, to_person_id)
        each.owner_id = to_person_id
        each.save(update_fields=["owner"])
        record(fact, subject=subject, region_id=each.region_id, actor=actor, at=at)
        count += 1
    return count


def set_due(*, kind: str, subject: Subject, due_at: datetime) -> int:
    """Let the open to-dos of a kind about a thing be due when what stands behind them is; how many there are."""
    return Duty.objects.filter(
        kind=kind, subject_kind=subject.kind, subject_id=subject.id, closed_at=None
    ).update(due_at=due_at)  # fmt: skip


def close_duties(*, kind: str, subject: Subject, by_id: int, outcome: str, actor: Actor, at: datetime) -> int:
    """Close the open to-dos of a kind about a thing by the event that ended them, whoever's they are; how many."""
    rows = Duty.objects.filter(kind=kind, subject_kind=subject.kind, subject_id=subject.id, closed_at=None)
    return rows.update(closed_at=at, closed_by=actor.person_id, closing_event=by_id, outcome=outcome)


def lock_open(duty: Duty, actor: Actor) -> Duty:
    """The to-do, locked; refused when it is closed, or is another's and the actor may not close for others."""
    row = Duty.objects.select_for_update(of=("self",)).select_related("owner", "region").get(pk=duty.pk)
    if not row.is_open:
        raise WrongState("duties.closed")
    if row.owner_id != actor.person_id and not actor.may(CLOSE_FOR_OTHERS):
        raise NotAllowed("duties.not_yours")
    return row


def close_duty(duty: Duty, *, by: EventRow, outcome: str, actor: Actor, at: datetime) -> Duty:
    """Close a to-do by the fact that ended it; the caller holds its lock."""
    duty.closed_at, duty.closed_by_id, duty.closing_event, duty.outcome = at, actor.person_id, by, outcome
    duty.save(update_fields=["closed_at", "closed_by", "closing_event", "outcome"])
    return duty
