"""Taking a file in, and taking it back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.db.models import Model, Q

from anxiu.catalogue.models import Family, Part
from anxiu.catalogue.models import Model as ProductModel
from anxiu.customers.models import Contact, Customer, Site
from anxiu.equipment import events
from anxiu.equipment.actions.imports.catalogue import take_models, take_parts
from anxiu.equipment.actions.imports.kinds import take_customers, take_machines, take_orders
from anxiu.equipment.actions.imports.lines import FileFacts, Lines, Placement, Problem
from anxiu.equipment.actions.imports.numbering import numbered
from anxiu.equipment.actions.imports.taking import CHUNK, Taking
from anxiu.equipment.choices import ImportKind, ImportState
from anxiu.equipment.models import ImportBatch, ImportedRow, ImportFile, Machine, PastOrder
from anxiu.equipment.queries import batches
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import NotFound, WrongState
from anxiu.kernel.events import record
from anxiu.kernel.models import EventRow

TAKERS: Final[dict[ImportKind, Any]] = {
    ImportKind.CUSTOMERS: take_customers,
    ImportKind.MACHINES: take_machines,
    ImportKind.ORDERS: take_orders,
    ImportKind.MODELS: take_models,
    ImportKind.PARTS: take_parts,
}
# What an import can make, the highest first: undone in this order, nothing is taken from under another.
MADE: Final[dict[str, type[Model]]] = {
    "past_order": PastOrder,
    "machine": Machine,
    "contact": Contact,
    "site": Site,
    "customer": Customer,
    "part": Part,
    "model": ProductModel,
    "family": Family,
}


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: lines taken in, lines already known, lines refused; no batch when nothing is new."""

    batch: ImportBatch | None
    accepted: int
    unchanged: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of a batch: rows removed, and rows kept because something hangs on them, by kind and id."""

    removed: int
    kept: tuple[tuple[str, int], ...]


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


@action(posts={"supervisor", "administrator"})
def import_batch(
    *, actor: Actor, at: datetime, kind: ImportKind, source: str, file: FileFacts, lines: Lines,
    placement: Placement | None = None,
) -> Imported:  # fmt: skip
    """Take in a file. What is known by its source and key is left alone; a line that cannot be taken in is refused.

    Records: BatchImported, when something is new. Refuses: no line with another; each has its own problem.
    """
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


@action(posts={"administrator"})
def undo_import(*, actor: Actor, at: datetime, batch_uid: UUID) -> Undone:
    """Take an import back: its rows go, but for those that something else refers to or that were changed since.

    Records: ImportUndone. Refuses: a batch that was undone, or is still being taken in.
    """
    batch = batches(actor).select_for_update().filter(uid=batch_uid).first()
    if batch is None:
        raise NotFound("kernel.not_found")
    if batch.undone_at:
        raise WrongState("equipment.batch_undone")
    if ImportFile.objects.filter(batch=batch, state=ImportState.TAKING).exists():
        raise WrongState("equipment.import_elsewhere")
    removed = 0
    kept: list[tuple[str, int]] = []
    for kind, model in MADE.items():
        used = _used(batch, kind, model)
        kept += [(kind, key) for key in sorted(used)]
        rows = ImportedRow.objects.filter(batch=batch, kind=kind).exclude(row_id__in=used).order_by("id")
        while free := list(rows.values_list("row_id", flat=True)[:CHUNK]):
            if model is Machine:
                Machine.objects.filter(Q(pk__in=free) | Q(parent__in=free)).update(parent=None)
            removed += model._default_manager.filter(pk__in=free).delete()[0]
            ImportedRow.objects.filter(kind=kind, row_id__in=free).delete()
    batch.undone_at, batch.kept = at, len(kept)
    batch.save(update_fields=["undone_at", "kept"])
    record(
        events.ImportUndone(removed, len(kept)),
        subject=Subject("import_batch", batch.pk), region_id=None, actor=actor, at=at,
    )  # fmt: skip
    return Undone(removed, tuple(kept))


def _used(batch: ImportBatch, kind: str, model: type[Model]) -> set[int]:
    """Rows that an event speaks of or that something outside of them refers to, in this app or a higher one."""
    ids = ImportedRow.objects.filter(batch=batch, kind=kind).values("row_id")
    told = EventRow.objects.filter(subject_kind=kind, subject_id__in=ids).values_list("subject_id", flat=True)
    used = set(told)
    while True:
        before = len(used)
        for relation in model._meta.related_objects:
            outside = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": ids})
            if relation.related_model is model:
                outside = outside.exclude(Q(pk__in=ids) & ~Q(pk__in=used))
            used |= set(outside.values_list(relation.field.attname, flat=True))
        if len(used) == before:
            return used
