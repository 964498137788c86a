"""Files on their way in: opened, their columns named, checked, taken in by a job, or dropped."""

import tempfile
from pathlib import Path
from typing import Annotated
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router, UploadedFile
from ninja.params import functions as parameter
from pydantic import Field

from anxiu.api import equipment_schemas as s
from anxiu.api.asking import PAGE, Cursor, Key, Limit
from anxiu.api.auth import actor_of
from anxiu.api.doing import REFUSED, UNREAD, Text, act, paged
from anxiu.api.finding import model_key, site_key
from anxiu.equipment import actions, queries
from anxiu.equipment.actions import Columns, NewFile
from anxiu.equipment.choices import ImportKind
from anxiu.equipment.importing.mapping import Layout
from anxiu.equipment.importing.tables import EXAMPLES, Table, head_of
from anxiu.equipment.queries import VIEW_IMPORTS
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now

router = Router(tags=["equipment"])
Source = Annotated[Text, Field(min_length=1, max_length=32)]


@router.get("/imports/files", response={200: s.ImportFilesOut, **UNREAD}, summary="List files on their way in")
def list_import_files(request: HttpRequest, after: Cursor = "", limit: Limit = PAGE) -> s.ImportFilesOut:
    """Files that were opened, newest first, whatever became of them."""
    actor = actor_of(request)
    actor.require(VIEW_IMPORTS)
    return s.ImportFilesOut(**paged(queries.import_files(actor), after, limit, s.ImportFileOut.of))


@router.get("/imports/files/{uuid:uid}", response={200: s.ImportFileOut, **UNREAD}, summary="One file on its way in")
def get_import_file(request: HttpRequest, uid: UUID) -> s.ImportFileOut:
    """A file with its headings, the columns chosen or offered, and how far it is."""
    actor = actor_of(request)
    actor.require(VIEW_IMPORTS)
    return s.ImportFileOut.of(queries.import_file(actor, uid))


@router.get(
    "/imports/files/{uuid:uid}/problems", response={200: s.FileProblemsOut, **UNREAD}, summary="Why rows are refused"
)
def list_import_problems(
    request: HttpRequest, uid: UUID, after: Cursor = "", limit: Limit = PAGE
) -> s.FileProblemsOut:
    """Every refused cell or row of a file by its row and column."""
    actor = actor_of(request)
    actor.require(VIEW_IMPORTS)
    rows = queries.import_problems(actor, queries.import_file(actor, uid))
    return s.FileProblemsOut(**paged(rows, after, limit, s.LineProblemOut.of))


@router.post("/imports/files", response={201: s.ImportFileOut, **REFUSED}, summary="Open a file: open_import")
def open_import(
    request: HttpRequest, key: Key, file: UploadedFile = parameter.File(...),
    kind: ImportKind = parameter.Form(...), source: Source = parameter.Form(...),
) -> HttpResponse:  # fmt: skip
    """Keep a workbook or CSV file that is to be taken in. The answer offers a column for each field."""

    def work(actor: Actor) -> s.ImportFileOut:
        with tempfile.TemporaryDirectory(prefix="anxiu-import-") as folder:
            path = Path(folder) / "file"
            with path.open("wb") as kept:
                for chunk in file.chunks():
                    kept.write(chunk)
            head = head_of(path, EXAMPLES)
            digest = Table(path, Layout(kind), settings.ENV.currency).facts().digest
            with path.open("rb") as content:
                size, name = path.stat().st_size, file.name or "file"
                new = NewFile(kind, source, name, digest, size, content, head.header, head.rows)
                return s.ImportFileOut.of(actions.open_import(actor=actor, at=now(), new=new))

    return act(request, key, "equipment.open_import", work, status=201)


def _act(request: HttpRequest, uid: UUID, key: str, verb: str) -> HttpResponse:
    def work(actor: Actor) -> s.ImportFileOut:
        getattr(actions, verb)(actor=actor, at=now(), file_uid=uid)
        return s.ImportFileOut.of(queries.import_file(actor, uid))

    return act(request, key, f"equipment.{verb}", work)


@router.post(
    "/imports/files/{uuid:uid}/actions/map_import",
    response={200: s.ImportFileOut, **REFUSED},
    summary="Say which column holds what",
)
def map_import(request: HttpRequest, uid: UUID, body: s.ColumnsIn, key: Key) -> HttpResponse:
    """Name the column of each field and have the file checked by a job; nothing is kept but what is refused."""

    def work(actor: Actor) -> s.ImportFileOut:
        model = model_key(actor, body.model) if body.model else None
        to = Columns(body.columns, model, site_key(actor, body.site) if body.site else None)
        actions.map_import(actor=actor, at=now(), file_uid=uid, to=to)
        return s.ImportFileOut.of(queries.import_file(actor, uid))

    return act(request, key, "equipment.map_import", work)


@router.post(
    "/imports/files/{uuid:uid}/actions/start_import",
    response={200: s.ImportFileOut, **REFUSED},
    summary="Take in a file that was checked",
)
def start_import(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Have a checked file taken in by a job; a killed one goes on where it stopped."""
    return _act(request, uid, key, "start_import")


@router.post(
    "/imports/files/{uuid:uid}/actions/drop_import",
    response={200: s.ImportFileOut, **REFUSED},
    summary="Let go of a file",
)
def drop_import(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Erase a file that is not to be taken in."""
    return _act(request, uid, key, "drop_import")
