"""Taking back what an import made: a part at a time, but for what something else refers to or was changed since."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import ForeignObjectRel, Model, Q, QuerySet

from anxiu.accounts.models import Holding
from anxiu.catalogue.models import Part
from anxiu.equipment import events
from anxiu.equipment.actions.imports.asking import behind
from anxiu.equipment.actions.imports.taking import CHUNK
from anxiu.equipment.choices import ImportKind
from anxiu.equipment.models import ImportBatch, ImportedRow, Machine
from anxiu.equipment.queries import MADE
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import Refusal
from anxiu.kernel.events import record
from anxiu.kernel.models import EventRow

# Rows that came with another and go with it.
BESIDE: Final[frozenset[type[Model]]] = frozenset({Holding, Part.fits_families.through})
# What says of itself that it was used, where nothing refers to it.
TOUCHED: Final[dict[str, Q]] = {
    "person": Q(last_login__isnull=False) | Q(is_active=False),
    "qualification": Q(revoked_at__isnull=False) | Q(reminded_days__isnull=False),
}


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of a batch: rows removed, and rows kept because something hangs on them, by kind and id.

    Of a large one a job sees to it: nothing is known yet.
    """

    removed: int
    kept: tuple[tuple[str, int], ...]
    is_under_way: bool = False


def undo(batch: ImportBatch, actor: Actor, at: datetime) -> Undone:
    """Take a batch back and put it on record."""
    removed, kept = _take_back(batch)
    batch.undoing_at, batch.undone_at, batch.kept = None, at, len(kept)
    batch.save(update_fields=["undoing_at", "undone_at", "kept"])
    record(
        events.ImportUndone(removed, len(kept)),
        subject=Subject("import_batch", batch.pk), region_id=None, actor=actor, at=at,
    )  # fmt: skip
    return Undone(removed, tuple(kept))


def undo_later(batch_id: int, by: tuple[str, int | None], at: datetime) -> None:
    """Take a large batch back, if who asked for it may still do so; a job may come twice."""
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().filter(pk=batch_id, undoing_at__isnull=False).first()
        if batch is None:
            return
        try:
            actor = behind(*by, "equipment.undo_import", ImportKind(batch.kind))
        except Refusal:
            ImportBatch.objects.filter(pk=batch_id).update(undoing_at=None)
            return
        undo(batch, actor, at)


def _take_back(batch: ImportBatch) -> tuple[int, list[tuple[str, int]]]:
    """Remove what the batch made and nobody uses; how many rows went, and which stay, by kind and id."""
    removed = 0
    kept: list[tuple[str, int]] = []
    for kind, model in MADE.items():
        made = ImportedRow.objects.filter(batch=batch, kind=kind)
        if not made.exists():
            continue
        used = _used(kind, model, made.values("row_id"))
        kept += [(kind, key) for key in sorted(used)]
        removed += sum(_remove(kind, model, free) for free in _free(made, used))
    return removed, kept


def _free(made: QuerySet[ImportedRow], used: set[int]) -> Iterator[list[int]]:
    """Keys of rows to be removed, so many at a time; it goes on after the last, for what went is still to be passed."""
    last = 0
    while found := list(made.filter(pk__gt=last).order_by("pk").values_list("pk", "row_id")[:CHUNK]):
        last = found[-1][0]
        if free := [key for _, key in found if key not in used]:
            yield free


def _remove(kind: str, model: type[Model], free: list[int]) -> int:
    if model is Machine:
        Machine.objects.filter(Q(pk__in=free) | Q(parent__in=free), parent__isnull=False).update(parent=None)
    _, counts = model._default_manager.filter(pk__in=free).delete()
    ImportedRow.objects.filter(kind=kind, row_id__in=free).delete()
    return counts.get(model._meta.label, 0)


def _relations(model: type[Model]) -> list[ForeignObjectRel]:
    """What refers to rows of a model, in this app or a higher one; also what has no name for the way back."""
    found = [each for each in model._meta.get_fields(include_hidden=True) if isinstance(each, ForeignObjectRel)]
    return [
        each for each in found
        if each.related_model not in BESIDE and not (each.related_model._meta.auto_created and not each.many_to_many)
    ]  # fmt: skip


def _used(kind: str, model: type[Model], ids: QuerySet[ImportedRow, Any]) -> set[int]:
    """Rows that an event speaks of or that something outside of them refers to, in this app or a higher one."""
    told = EventRow.objects.filter(subject_kind=kind, subject_id__in=ids)
    used = set(told.values_list("subject_id", flat=True))
    if kind in TOUCHED:
        used |= set(model._default_manager.filter(TOUCHED[kind], pk__in=ids).values_list("pk", flat=True))
    own = []
    for relation in _relations(model):
        if relation.related_model is model:
            own.append(relation)
        else:
            used |= _referred(relation, ids)
    while own:
        before = len(used)
        for relation in own:
            used |= _referred(relation, ids, ~Q(pk__in=ids) | Q(pk__in=used))
        if len(used) == before:
            break
    return used


def _referred(relation: ForeignObjectRel, ids: QuerySet[ImportedRow, Any], by: Q | None = None) -> set[int]:
    """Which of the rows something refers to; `by` narrows what counts."""
    name = relation.field.name
    rows = relation.related_model._default_manager.filter(by or Q(), **{f"{name}__in": ids})
    return set(rows.values_list(relation.field.attname, flat=True))
