"""What the API says and takes about machines and imports."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from anxiu.api.asking import Code, Line
from anxiu.api.doing import Changes, Text
from anxiu.api.order_schemas import FileOut
from anxiu.equipment.choices import CoverBasis, ImportKind, ImportState
from anxiu.equipment.labels import label_url
from anxiu.equipment.models import ImportBatch, ImportFile, ImportProblem, Machine, PastOrder
from anxiu.equipment.queries import cover, offered_columns, refusal_of
from anxiu.kernel.messages import explain

Serial = Annotated[Text, Field(max_length=64)]
Name = Annotated[Text, Field(max_length=120)]


def _shown(row: Machine, today: date) -> dict[str, Any]:
    held = cover(row, today)
    return {
        "uid": row.uid, "serial": row.serial, "name": row.name, "position": row.position, "maker": row.model.maker,
        "model": row.model.name, "model_uid": row.model.uid, "family": row.model.family.code,
        "customer": row.customer.uid, "site": row.site.name, "site_uid": row.site.uid, "region": row.region.code,
        "installed_on": row.installed_on, "sold_on": row.sold_on, "in_warranty": held.in_warranty,
        "warranty_until": held.until, "retired_at": row.retired_at,
    }  # fmt: skip


class MachineOut(BaseModel):
    """A machine with its cover of today."""

    uid: UUID
    serial: str
    name: str
    position: str
    maker: str
    model: str
    model_uid: UUID
    family: str
    customer: UUID
    site: str
    site_uid: UUID
    region: str
    installed_on: date | None
    sold_on: date | None
    in_warranty: bool
    warranty_until: date | None
    retired_at: datetime | None

    @staticmethod
    def of(row: Machine, today: date) -> "MachineOut":
        """From a row as `machines` reads it."""
        return MachineOut(**_shown(row, today))


class MachinesOut(BaseModel):
    """A page of machines."""

    items: list[MachineOut]
    next: str


class MachineDetailOut(MachineOut):
    """A machine with its label, what its warranty follows from, what it is part of, and its documents."""

    label_code: str
    label_url: str
    warranty_basis: CoverBasis
    warranty_agreed: date | None
    parent: UUID | None
    documents: list[FileOut]

    @staticmethod
    def detailed(row: Machine, today: date, parent: UUID | None, documents: list[FileOut]) -> "MachineDetailOut":
        """From a row with what stands around it."""
        return MachineDetailOut(
            **_shown(row, today), label_code=row.label_code, label_url=label_url(row),
            warranty_basis=cover(row, today).because, warranty_agreed=row.warranty_until, parent=parent,
            documents=documents,
        )  # fmt: skip


class MachineIn(BaseModel):
    """A machine to add. Without a serial number it is known by its label only."""

    model: UUID
    site: UUID
    serial: Serial = ""
    name: Name = ""
    position: Name = ""
    installed_on: date | None = None
    sold_on: date | None = None
    warranty_until: date | None = None
    parent: UUID | None = None


class MachineChangeIn(Changes):
    """What changes; what is left out stays. `warranty_until` is an agreed end, none lets it follow from the family."""

    model: UUID = UUID(int=0)
    serial: Serial = ""
    name: Name = ""
    position: Name = ""
    installed_on: date | None = None
    sold_on: date | None = None
    warranty_until: date | None = None
    parent: UUID | None = None


class MoveIn(BaseModel):
    """The site a machine stands at now."""

    site: UUID


class PastOrderOut(BaseModel):
    """An order a machine had before this system; the cost is in minor units."""

    number: str
    date: date
    kind: str
    text: str
    cost_minor: int | None
    currency: str

    @staticmethod
    def of(row: PastOrder) -> "PastOrderOut":
        """From a row."""
        return PastOrderOut(
            number=row.source_id, date=row.date, kind=row.kind, text=row.text, cost_minor=row.cost_minor,
            currency=row.currency,
        )  # fmt: skip


class PastOrdersOut(BaseModel):
    """A page of past orders."""

    items: list[PastOrderOut]
    next: str


class BatchOut(BaseModel):
    """An import: what file, how many of its lines were taken in and refused, and whether it was taken back."""

    uid: UUID
    kind: ImportKind
    source: str
    file_name: str
    file_digest: str
    accepted: int
    refused: int
    at: datetime
    undone_at: datetime | None
    kept: int

    @staticmethod
    def of(row: ImportBatch) -> "BatchOut":
        """From a row."""
        names = ("uid", "source", "file_name", "file_digest", "accepted", "refused", "at", "undone_at", "kept")
        return BatchOut(kind=ImportKind(row.kind), **{name: getattr(row, name) for name in names})


class BatchesOut(BaseModel):
    """A page of imports."""

    items: list[BatchOut]
    next: str


class LineProblemOut(BaseModel):
    """Why a line was not taken in."""

    line: int
    code: str
    field: str
    detail: str


    @staticmethod
    def of(row: ImportProblem) -> "LineProblemOut":
        """From a row, in the caller's language."""
        return LineProblemOut(line=row.line, code=row.code, field=row.field, detail=explain(refusal_of(row)))


class FileProblemsOut(BaseModel):
    """A page of refusals."""

    items: list[LineProblemOut]
    next: str


class ImportFileOut(BaseModel):
    """A file on its way in: `columns` are those chosen, or those offered as long as none are."""

    uid: UUID
    kind: ImportKind
    source: str
    name: str
    digest: str
    state: ImportState
    header: list[str]
    columns: dict[str, str]
    lines: int
    done: int
    accepted: int
    unchanged: int
    refused: int
    batch: UUID | None
    opened_at: datetime

    @staticmethod
    def of(row: ImportFile) -> "ImportFileOut":
        """From a row."""
        names = (
            "uid", "source", "name", "digest", "header", "lines", "done", "accepted", "unchanged", "refused",
            "opened_at",
        )  # fmt: skip
        return ImportFileOut(
            kind=ImportKind(row.kind), state=ImportState(row.state), columns=offered_columns(row),
            batch=row.batch.uid if row.batch else None, **{name: getattr(row, name) for name in names},
        )  # fmt: skip


class ImportFilesOut(BaseModel):
    """A page of files on their way in."""

    items: list[ImportFileOut]
    next: str


class ColumnsIn(BaseModel):
    """The column of each field by its heading; `model` and `site` say where machines go that only orders speak of."""

    columns: Annotated[dict[Code, Line], Field(max_length=64)]
    model: UUID | None = None
    site: UUID | None = None


class ImportedOut(BaseModel):
    """What became of a file; no batch when nothing was new, or it was only tried. The first problems are listed."""

    batch: BatchOut | None
    accepted: int
    unchanged: int
    refused: int
    problems: list[LineProblemOut]


class UndoneOut(BaseModel):
    """What became of an import that was taken back; nothing is known yet while a job is under way."""

    removed: int
    kept: int
    under_way: bool
