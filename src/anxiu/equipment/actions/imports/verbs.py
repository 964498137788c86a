"""Taking a file in, and taking it back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final
from uuid import UUID

from anxiu.equipment import events
from anxiu.equipment.actions.imports.catalogue import take_models, take_parts
from anxiu.equipment.actions.imports.kinds import take_customers, take_machines, take_orders
from anxiu.equipment.actions.imports.lines import FileFacts, Lines, Placement, Problem
from anxiu.equipment.actions.imports.numbering import numbered
from anxiu.equipment.actions.imports.people import take_people
from anxiu.equipment.actions.imports.qualifications import take_qualifications
from anxiu.equipment.actions.imports.taking import CHUNK, Taking
from anxiu.equipment.actions.imports.undoing import Undone, undo
from anxiu.equipment.choices import ImportKind, ImportState
from anxiu.equipment.models import ImportBatch, ImportFile
from anxiu.equipment.queries import BROUGHT_BY, batches, is_large
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import NotFound, WrongState
from anxiu.kernel.events import record
from anxiu.kernel.jobs import defer_many

TAKERS: Final[dict[ImportKind, Any]] = {
    ImportKind.CUSTOMERS: take_customers,
    ImportKind.MACHINES: take_machines,
    ImportKind.ORDERS: take_orders,
    ImportKind.MODELS: take_models,
    ImportKind.PARTS: take_parts,
    ImportKind.PEOPLE: take_people,
    ImportKind.QUALIFICATIONS: take_qualifications,
}


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: lines taken in, lines already known, lines refused; no batch when nothing is new."""

    batch: ImportBatch | None
    accepted: int
    unchanged: int
    problems: tuple[Problem, ...]


def chunks(lines: Iterable[Any]) -> Iterator[list[Any]]:
    """The lines, so many at a time as go well into one transaction."""
    each = iter(lines)
    while chunk := list(islice(each, CHUNK)):
        yield chunk


def take(taking: Taking, chunk: Sequence[Any]) -> None:
    """Take in some lines; what is refused is noted."""
    taking.lines += len(chunk)
    for each in chunk:
        if isinstance(each, Problem):
            taking.refuse(each.line, each.refusal)
    TAKERS[taking.kind](taking, [each for each in chunk if not isinstance(each, Problem)])


@action(posts={"supervisor", "administrator", "hr"})
def import_batch(
    *, actor: Actor, at: datetime, kind: ImportKind, source: str, file: FileFacts, lines: Lines,
    placement: Placement | None = None,
) -> Imported:  # fmt: skip
    """Take in a file. What is known by its source and key is left alone; a line that cannot be taken in is refused.

    Records: BatchImported, when something is new. Refuses: what one may not add by hand; no line with another, each has
    its own problem.
    """
    actor.require(BROUGHT_BY[kind])
    taking = Taking(actor, at, kind, source, file, placement)
    for chunk in chunks(numbered(lines)):
        take(taking, chunk)
    accepted, refused = len(taking.made - taking.failed), len(taking.failed)
    if batch := taking.batch:
        batch.accepted, batch.refused = accepted, refused
        batch.problems = [[each.line, each.refusal.code, each.refusal.field] for each in taking.problems]
        batch.save(update_fields=["accepted", "refused", "problems"])
        record(
            events.BatchImported(kind, source, file.digest, accepted, refused, taking.digest.hexdigest()),
            subject=Subject("import_batch", batch.pk), region_id=None, actor=actor, at=at,
        )  # fmt: skip
    problems = tuple(sorted(taking.problems, key=lambda problem: problem.line))
    return Imported(taking.batch, accepted, taking.lines - accepted - refused, problems)


@action(posts={"administrator", "hr"})
def undo_import(*, actor: Actor, at: datetime, batch_uid: UUID, at_once: bool = False) -> Undone:
    """Take an import back: its rows go, but for those that something else refers to or that were changed since.

    A large one is left to a job, unless it is to be done at once.
    Records: ImportUndone, when it is done. Refuses: a batch that was undone or is being undone, or is still being taken
    in; what one may not add by hand.
    """
    batch = batches(actor).select_for_update().filter(uid=batch_uid).first()
    if batch is None:
        raise NotFound("kernel.not_found")
    actor.require(BROUGHT_BY[ImportKind(batch.kind)])
    if batch.undone_at:
        raise WrongState("equipment.batch_undone")
    if batch.undoing_at or ImportFile.objects.filter(batch=batch, state=ImportState.TAKING).exists():
        raise WrongState("equipment.import_elsewhere")
    if at_once or not is_large(batch):
        return undo(batch, actor, at)
    batch.undoing_at = at
    batch.save(update_fields=["undoing_at"])
    who = {"batch_id": batch.pk, "actor_kind": actor.kind, "actor_id": actor.id}
    defer_many("equipment.undo_import", "default", [who], lock=f"equipment.undo-{batch.pk}")
    return Undone(0, (), is_under_way=True)
