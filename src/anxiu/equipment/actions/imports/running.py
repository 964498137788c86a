"""Going through a file: once for trial, all of it rolled back, and once for good, part by part.

Each part is one transaction with the file's own row locked: its rows, its refusals and how far we are commit together,
so that whoever goes on after a killed worker begins where it stopped and makes nothing twice.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import sha256
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any, Final

from django.db import connection, transaction
from django.db.models import Q

from anxiu.equipment import events
from anxiu.equipment.actions.imports.asking import behind
from anxiu.equipment.actions.imports.files import let_go
from anxiu.equipment.actions.imports.lines import FileFacts, Lines, Placement, Problem, said_by
from anxiu.equipment.actions.imports.numbering import numbered
from anxiu.equipment.actions.imports.taking import CHUNK, Taking
from anxiu.equipment.actions.imports.verbs import chunks, take
from anxiu.equipment.choices import ImportKind, ImportState
from anxiu.equipment.models import ImportBatch, ImportedRow, ImportFile, ImportProblem
from anxiu.files.storage import erase
from anxiu.kernel.action import in_transaction
from anxiu.kernel.actor import SYSTEM, Actor, Subject
from anxiu.kernel.errors import Invalid, Refusal
from anxiu.kernel.events import record

PREVIEW: Final = 10  # source: own choice; what fits beneath the figures without scrolling
VERB: Final = "equipment.start_import"


@dataclass
class Tally:
    """What a trial found."""

    lines: int = 0
    accepted: int = 0
    refused: int = 0
    preview: list[dict[str, Any]] = field(default_factory=list)


def _behind(file: ImportFile) -> Actor:
    """Who brought the file, with the rights they have now."""
    return behind(file.actor_kind, file.actor_id, VERB, ImportKind(file.kind))


def _taking(file: ImportFile, actor: Actor, at: datetime, batch: ImportBatch | None) -> Taking:
    placement = None
    if file.model is not None and file.site is not None:
        placement = Placement(file.model.code, file.site.customer.code, file.site.name, file.model.maker)
    facts = FileFacts(file.name, file.digest)
    return Taking(actor, at, ImportKind(file.kind), file.source, facts, placement, batch)


def _flat(problem: Problem) -> Iterator[Refusal]:
    """Every reason of a row, each by its column."""
    several = problem.refusal.errors if isinstance(problem.refusal, Invalid) else ()
    yield from several or (problem.refusal,)


def _rows(file_id: int, found: Sequence[tuple[int, str, str, dict[str, Any]]]) -> list[ImportProblem]:
    return [
        ImportProblem(file_id=file_id, line=line, field=field_name, code=code, params=params)
        for line, field_name, code, params in found
    ]


def _plain(problems: Sequence[Problem]) -> Iterator[tuple[int, str, str, dict[str, Any]]]:
    for problem in sorted(problems, key=lambda each: each.line):
        for each in _flat(problem):
            params = {name: given if isinstance(given, int) else str(given) for name, given in each.params.items()}
            yield problem.line, each.field, each.code, params


# ---- the trial -------------------------------------------------------------------------------------------------------
def try_file(file: ImportFile, lines: Lines, at: datetime) -> None:
    """Say what would happen, by doing all of it and rolling it back; what is refused is kept beside."""
    try:
        actor = _behind(file)
        with TemporaryFile("w+", encoding="utf-8") as beside, _telling(file.pk) as tell:
            tally = _rolled_back(_taking(file, actor, at, None), lines, beside, tell)
            beside.seek(0)
            _keep(file.pk, tally, beside, at)
    except Refusal as refusal:
        fail(file.pk, ImportState.TRYING, refusal, at)


def _rolled_back(first: Taking, lines: Lines, beside: IO[str], tell: Callable[[int], None]) -> Tally:
    tally, batch = Tally(), None
    with transaction.atomic():
        for chunk in chunks(numbered(lines)):
            taking = Taking(first.actor, first.at, first.kind, first.source, first.file, first.placement, batch)
            take(taking, chunk)
            batch = taking.batch
            tally.lines += len(chunk)
            tally.accepted += len(taking.made - taking.failed)
            tally.refused += len(taking.failed)
            tally.preview += _previewed(taking, chunk[: PREVIEW - len(tally.preview)])
            beside.writelines(json.dumps(each) + "\n" for each in _plain(taking.problems))
            tell(tally.lines)
        transaction.set_rollback(True)
    return tally


def _previewed(taking: Taking, chunk: Sequence[Any]) -> list[dict[str, Any]]:
    """The first rows as they will become, with what becomes of them."""
    found = []
    for each in chunk:
        state = "refused" if each.line in taking.failed else "new" if each.line in taking.made else "known"
        said = {} if isinstance(each, Problem) else said_by(each)
        found.append({"line": each.line, "state": state, "said": said})
    return found


def _keep(file_id: int, tally: Tally, beside: IO[str], at: datetime) -> None:
    with transaction.atomic():
        row = ImportFile.objects.select_for_update().get(pk=file_id)
        if row.state != ImportState.TRYING:
            return  # dropped meanwhile
        while found := [json.loads(each) for each in islice(beside, CHUNK)]:
            ImportProblem.objects.bulk_create(_rows(file_id, found))
        row.lines = row.done = tally.lines
        row.accepted, row.refused, row.preview = tally.accepted, tally.refused, tally.preview
        row.unchanged = tally.lines - tally.accepted - tally.refused
        row.state, row.failure, row.changed_at = ImportState.TRIED, [], at
        row.save()


@contextmanager
def _telling(file_id: int) -> Iterator[Callable[[int], None]]:
    """How far a trial is, told over a connection of its own: the trial's is rolled back."""
    other = connection.copy()

    def tell(done: int) -> None:
        with other.cursor() as cursor:
            cursor.execute("update equipment_importfile set done = %s where id = %s", [done, file_id])

    try:
        yield tell
    finally:
        other.close()


# ---- for good --------------------------------------------------------------------------------------------------------
def take_file(file: ImportFile, lines: Lines, at: datetime) -> None:
    """Take a file in from where it stands; whoever comes second to a part leaves it."""
    try:
        actor, done = _behind(file), file.done
        for chunk in chunks(islice(numbered(lines), done, None)):
            if not in_transaction(partial(_take_part, file.pk, actor, done, chunk, at)):
                return
            done += len(chunk)
        in_transaction(partial(_end, file.pk, actor, at))
    except Refusal as refusal:
        fail(file.pk, ImportState.TAKING, refusal, at)


def _take_part(file_id: int, actor: Actor, done: int, chunk: Sequence[Any], at: datetime) -> bool:
    row = ImportFile.objects.select_for_update().get(pk=file_id)
    if row.state != ImportState.TAKING or row.done != done:
        return False
    taking = _taking(row, actor, at, row.batch)
    take(taking, chunk)
    ImportProblem.objects.bulk_create(_rows(file_id, list(_plain(taking.problems))))
    row.batch = taking.batch
    row.done += len(chunk)
    row.accepted += len(taking.made - taking.failed)
    row.refused += len(taking.failed)
    row.unchanged = row.done - row.accepted - row.refused
    row.changed_at = at
    row.save()
    return True


def _end(file_id: int, actor: Actor, at: datetime) -> None:
    row = ImportFile.objects.select_for_update().get(pk=file_id)
    if row.state != ImportState.TAKING:
        return
    row.state = ImportState.TAKEN
    _tell(row, actor, at)
    row.examples, row.preview = [], []
    path, row.path, row.changed_at = row.path, "", at
    row.save()
    transaction.on_commit(partial(erase, path))


def _tell(row: ImportFile, actor: Actor, at: datetime) -> None:
    """Put on record what was taken in of a file."""
    batch = row.batch
    if batch is None:
        return
    digest = sha256()
    for each in ImportedRow.objects.filter(batch=batch).order_by("id").values_list("digest", flat=True).iterator():
        digest.update(bytes.fromhex(each))
    batch.accepted, batch.refused = row.accepted, row.refused
    batch.save(update_fields=["accepted", "refused"])
    record(
        events.BatchImported(row.kind, row.source, row.digest, row.accepted, row.refused, digest.hexdigest()),
        subject=Subject("import_batch", batch.pk), region_id=None, actor=actor, at=at,
    )  # fmt: skip


def fail(file_id: int, state: ImportState, refusal: Refusal, at: datetime) -> None:
    """Say why a file could not be gone through; what of it was taken in before is on record and can be undone."""
    with transaction.atomic():
        row = ImportFile.objects.select_for_update().get(pk=file_id)
        if row.state != state:
            return
        if state == ImportState.TAKING:
            _tell(row, SYSTEM, at)
        row.state, row.changed_at = ImportState.FAILED, at
        row.failure = [refusal.code, {name: str(given) for name, given in refusal.params.items()}]
        row.save()


def forget(before: datetime, at: datetime) -> int:
    """Let go of what files said that nobody went on with; how many."""
    rows = ImportFile.objects.filter(changed_at__lt=before).exclude(state=ImportState.TAKING)
    count = 0
    for row in rows.filter(~Q(path="") | Q(problems__isnull=False)).distinct():
        if row.path:
            row.state = ImportState.DROPPED
        let_go(row, at)
        count += 1
    return count
