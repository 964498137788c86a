"""What is the same for every kind of import: rows known by their natural key are left, new ones made in bulk."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from django.db.models import Model

from anxiu.customers.actions import Source
from anxiu.equipment.actions.imports.lines import FileFacts, Placement, Problem
from anxiu.equipment.choices import ImportKind
from anxiu.equipment.models import ImportBatch, ImportedRow
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, Refusal


@dataclass(frozen=True, slots=True)
class Wanted:
    """One row a line asks for: its natural key, the digest of what is said of it, and how it is made.

    `field` and `shown` are the key as people know it, where that is not the key itself.
    """

    line: int
    key: str
    digest: str
    build: Callable[[], Model]
    field: str = "key"
    shown: str = ""


@dataclass
class Taking:
    """An import under way: what was made, what was refused. The batch's row is made with its first new row."""

    actor: Actor
    at: datetime
    kind: ImportKind
    source: str
    file: FileFacts
    placement: Placement | None = None
    batch: ImportBatch | None = None
    problems: list[Problem] = field(default_factory=list)
    failed: set[int] = field(default_factory=set)
    made: set[int] = field(default_factory=set)
    lines: int = 0
    digest: Any = field(default_factory=sha256)

    def refuse(self, line: int, refusal: Refusal) -> None:
        """Note why a line is not taken in."""
        self.failed.add(line)
        self.problems.append(Problem(line, refusal))

    def origin(self, key: str) -> Source:
        """The natural key of a row, as it is kept with it."""
        return Source(self.source, key)

    def layer(self, kind: str, model: type[Model], wanted: Iterable[Wanted]) -> dict[str, Any]:
        """Find or make rows of one kind; answers them by natural key. Lines that failed before are left out."""
        asked = [each for each in wanted if each.line not in self.failed]
        known = self._known(kind, model, {each.key for each in asked})
        fresh: dict[str, tuple[Wanted, Model]] = {}
        for each in asked:
            if each.key in known:
                _, digest, line = known[each.key]
                if digest != each.digest:
                    self.refuse(each.line, _differs(each, line))
            elif each.key in fresh:
                if fresh[each.key][0].digest != each.digest:
                    self.refuse(each.line, _differs(each, fresh[each.key][0].line))
            else:
                try:
                    fresh[each.key] = (each, each.build())
                except Refusal as refusal:
                    self.refuse(each.line, refusal)
        self._make(kind, model, list(fresh.values()))
        return {key: row for key, (row, *_) in known.items()} | {key: row for key, (_, row) in fresh.items()}

    def lines_of(self, kind: str, ids: Collection[int]) -> dict[int, int]:
        """The lines of this file by which rows came in."""
        if self.batch is None or not ids:
            return {}
        rows = ImportedRow.objects.filter(batch=self.batch, kind=kind, row_id__in=ids)
        return dict(rows.values_list("row_id", "line"))

    def _known(self, kind: str, model: type[Model], keys: set[str]) -> dict[str, tuple[Any, str, int]]:
        """Rows by their key, with the digest of what was said and, when it was this file that said it, its line."""
        rows = list(model._default_manager.filter(source=self.source, source_id__in=keys))
        ids = [row.pk for row in rows]
        said = dict(ImportedRow.objects.filter(kind=kind, row_id__in=ids).values_list("row_id", "digest"))
        lines = self.lines_of(kind, ids)
        return {
            getattr(row, "source_id"): (row, said.get(row.pk, ""), lines.get(row.pk, 0))  # noqa: B009 any of five models
            for row in rows
        }

    def _make(self, kind: str, model: type[Model], fresh: Sequence[tuple[Wanted, Model]]) -> None:
        if not fresh:
            return
        if self.batch is None:
            self.batch = ImportBatch.objects.create(
                kind=self.kind, source=self.source, file_name=self.file.name, file_digest=self.file.digest,
                at=self.at, actor_id=self.actor.id,
            )  # fmt: skip
        model._default_manager.bulk_create([row for _, row in fresh])
        batch = self.batch
        ImportedRow.objects.bulk_create(
            ImportedRow(batch=batch, line=each.line, kind=kind, row_id=row.pk, digest=each.digest)
            for each, row in fresh
        )
        for each, _ in fresh:
            self.made.add(each.line)
            self.digest.update(bytes.fromhex(each.digest))


def _differs(each: Wanted, line: int) -> Invalid:
    """A key that says something else than before: in a row of this file, or in a file that was taken in."""
    given = each.shown or each.key
    if line:
        return Invalid("equipment.key_twice", field=each.field, given=given, row=line)
    return Invalid("equipment.differs", field=each.field, given=given)


CHUNK: Final = 1000  # source: measured for the event chain; larger batches gain nothing
