"""A file on its way in: kept, its columns named, tried, taken in or dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import IO, Final
from uuid import UUID

from django.db import transaction

from anxiu.catalogue.models import Model
from anxiu.customers.queries import sites
from anxiu.equipment import events
from anxiu.equipment.choices import ImportKind, ImportState
from anxiu.equipment.importing.headings import HEADINGS
from anxiu.equipment.importing.mapping import digest_of_header, lacking
from anxiu.equipment.models import ImportFile, ImportMapping
from anxiu.equipment.queries import BROUGHT_BY, import_files
from anxiu.files.storage import erase, write
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.checks import require_fitting
from anxiu.kernel.errors import Invalid, NotFound, Refusal, WrongState
from anxiu.kernel.events import record
from anxiu.kernel.jobs import defer_many

FOLDER: Final = "imports"
NAME: Final = 160  # source: the column's width; of a longer name its end is kept
# From where each step may be made; a trial may be asked for again as long as nothing was taken in.
OPEN: Final = frozenset({ImportState.MAPPING, ImportState.TRIED, ImportState.FAILED})
DROPPABLE: Final = OPEN | {ImportState.TRYING}


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file as it came: what it holds and from where, its bytes, and what its first rows say."""

    kind: ImportKind
    source: str
    name: str
    digest: str
    size: int
    content: IO[bytes]
    header: Sequence[str]
    examples: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds which field; and where machines are put that only orders speak of."""

    columns: Mapping[str, str]
    model_id: int | None = None
    site_id: int | None = None


@action(posts={"supervisor", "administrator", "hr"})
def open_import(*, actor: Actor, at: datetime, new: NewFile) -> ImportFile:
    """Keep a file that is to be taken in; nothing of it is a row yet.

    Refuses: a source without a name, what one may not add by hand.
    """
    actor.require(BROUGHT_BY[new.kind])
    row = ImportFile(
        kind=new.kind, source=new.source.strip(), name=new.name[-NAME:], digest=new.digest, size=new.size,
        header=list(new.header), examples=[list(each) for each in new.examples], actor_kind=actor.kind,
        actor_id=actor.id, opened_at=at, changed_at=at,
    )  # fmt: skip
    row.path = f"{FOLDER}/{row.uid}"
    require_fitting(row)
    write(row.path, new.content)
    row.save(force_insert=True)
    return row


def _found(actor: Actor, uid: UUID, states: frozenset[ImportState]) -> ImportFile:
    """A file to go on with, locked."""
    row = import_files(actor).select_for_update(of=("self",)).filter(uid=uid).first()
    if row is None:
        raise NotFound("kernel.not_found")
    actor.require(BROUGHT_BY[ImportKind(row.kind)])
    if row.state not in states:
        raise WrongState("equipment.import_elsewhere")
    return row


@action(posts={"supervisor", "administrator", "hr"})
def map_import(*, actor: Actor, at: datetime, file_uid: UUID, to: Columns) -> ImportFile:
    """Say which column holds what, and have the file tried. The next file with these headings is offered the same.

    Refuses: a file that is being taken in, a field that is needed and has no column, a column the file has not.
    """
    row = _found(actor, file_uid, OPEN)
    columns = {name: column for name, column in to.columns.items() if column}
    _require_columns(row, columns)
    row.columns, row.model_id, row.site_id = columns, None, None
    if row.kind == ImportKind.ORDERS and (to.model_id or to.site_id):
        _place(actor, row, to)
    row.state, row.changed_at, row.batch, row.failure = ImportState.TRYING, at, None, []
    row.done = row.lines = row.accepted = row.unchanged = row.refused = 0
    row.save()
    row.problems.all().delete()
    ImportMapping.objects.update_or_create(
        kind=row.kind, header_digest=digest_of_header(row.header), defaults={"columns": columns, "changed_at": at}
    )
    defer_many("equipment.try_import", "default", [{"file_id": row.pk}], lock=f"equipment.import-{row.pk}")
    return row


def _require_columns(row: ImportFile, columns: Mapping[str, str]) -> None:
    kind = ImportKind(row.kind)
    wrong: list[Refusal] = [Invalid("equipment.column_needed", field=name) for name in lacking(kind, columns)]
    for name, column in columns.items():
        if name not in HEADINGS[kind] or column not in row.header:
            wrong.append(Invalid("kernel.not_a_choice", field=name, given=column))
    if wrong:
        raise Invalid(wrong[0].code, field=wrong[0].field, errors=tuple(wrong), **wrong[0].params)


def _place(actor: Actor, row: ImportFile, to: Columns) -> None:
    if not to.model_id or not to.site_id:
        raise Invalid("kernel.required", field="site" if to.model_id else "model")
    if not Model.objects.filter(pk=to.model_id, retired_at=None).exists():
        raise Invalid("equipment.unknown_model", field="model")
    if not sites(actor).filter(pk=to.site_id, retired_at=None).exists():
        raise Invalid("equipment.unknown_site", field="site")
    row.model_id, row.site_id = to.model_id, to.site_id


@action(posts={"supervisor", "administrator", "hr"})
def start_import(*, actor: Actor, at: datetime, file_uid: UUID) -> ImportFile:
    """Have a file that was tried taken in, part by part, by a job that goes on where a killed one stopped.

    Records: ImportStarted. Refuses: a file that was not tried, or with nothing new in it.
    """
    row = _found(actor, file_uid, frozenset({ImportState.TRIED}))
    if not row.accepted:
        raise WrongState("equipment.nothing_new")
    row.state, row.changed_at, row.actor_kind, row.actor_id = ImportState.TAKING, at, actor.kind, actor.id
    row.done = row.accepted = row.unchanged = row.refused = 0
    row.save()
    row.problems.all().delete()
    record(
        events.ImportStarted(row.kind, row.source, row.digest, row.lines),
        subject=Subject("import_file", row.pk), region_id=None, actor=actor, at=at,
    )  # fmt: skip
    defer_many("equipment.take_import", "default", [{"file_id": row.pk}], lock=f"equipment.import-{row.pk}")
    return row


@action(posts={"supervisor", "administrator", "hr"})
def drop_import(*, actor: Actor, at: datetime, file_uid: UUID) -> ImportFile:
    """Let go of a file that is not to be taken in: its bytes and what was said of its rows are erased.

    Refuses: a file that is being taken in, or was.
    """
    row = _found(actor, file_uid, DROPPABLE)
    row.state = ImportState.DROPPED
    let_go(row, at)
    return row


def let_go(row: ImportFile, at: datetime) -> None:
    """Erase what a file said; what it was and what became of it stays."""
    transaction.on_commit(partial(erase, row.path) if row.path else _nothing)
    row.problems.all().delete()
    row.path, row.examples, row.preview, row.changed_at = "", [], [], at
    row.save()


def _nothing() -> None:
    """The bytes are gone already."""
