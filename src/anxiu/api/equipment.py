"""Machines, their labels and documents, and imports: one operation a verb, and what their pages show."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Router, UploadedFile
from ninja.params import functions as parameter
from pydantic import Field

from anxiu.api import equipment_schemas as s
from anxiu.api.asking import PAGE, Code, Cursor, Key, Limit, Line
from anxiu.api.auth import actor_of
from anxiu.api.doing import IN_USE, REFUSED, UNREAD, Closed, Text, act, paged
from anxiu.api.finding import model_key, parent_key, site_key
from anxiu.api.order_schemas import FileOut
from anxiu.catalogue.queries import models
from anxiu.customers.queries import sites
from anxiu.equipment import actions
from anxiu.equipment.actions import Imported, NewMachine, Placement
from anxiu.equipment.choices import ImportKind
from anxiu.equipment.importing.dry_run import dry_run as tried
from anxiu.equipment.importing.mapping import Layout
from anxiu.equipment.importing.tables import Table
from anxiu.equipment.labels import MOST, labels
from anxiu.equipment.models import Machine
from anxiu.equipment.queries import PRINTED, VIEW, VIEW_IMPORTS, batches, find, machine, machines, past_orders
from anxiu.files.choices import Purpose
from anxiu.files.intake import prepare
from anxiu.files.queries import of_subject
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import Invalid
from anxiu.kernel.messages import explain
from anxiu.kernel.time import now

router = Router(tags=["equipment"])
PROBLEMS = 200
NAME = 50  # of a file's name its end, which fits a file system in any script
Source = Annotated[Text, Field(min_length=1, max_length=32)]


# ---- machines --------------------------------------------------------------------------------------------------------
@router.get("/machines", response={200: s.MachinesOut, **UNREAD}, summary="List machines")
def list_machines(
    request: HttpRequest, q: Line = "", family: Code = "", region: Code = "", customer: UUID | None = None,
    site: UUID | None = None, parent: UUID | None = None, closed: Closed = IN_USE, after: Cursor = "",
    limit: Limit = PAGE,
) -> s.MachinesOut:  # fmt: skip
    """Machines the caller sees, newest first; `q` searches serial numbers, names, labels and customers."""
    actor, today = actor_of(request), timezone.localdate()
    wanted = {
        "model__family__code": family, "region__code": region, "customer__uid": customer, "site__uid": site,
        "parent__uid": parent,
    }  # fmt: skip
    rows = find(actor, q.strip()) if q.strip() else machines(actor)
    rows = rows.filter(retired_at__isnull=not closed, **{name: value for name, value in wanted.items() if value})
    return s.MachinesOut(**paged(rows, after, limit, lambda row: s.MachineOut.of(row, today)))


def _detail(actor: Actor, row: Machine) -> s.MachineDetailOut:
    parent = machines(actor).filter(pk=row.parent_id).first() if row.parent_id else None
    documents = [FileOut.of(each) for each in of_subject(Subject("machine", row.pk), Purpose.DOCUMENT)]
    return s.MachineDetailOut.detailed(row, timezone.localdate(), parent.uid if parent else None, documents)


@router.get("/machines/{uuid:uid}", response={200: s.MachineDetailOut, **UNREAD}, summary="One machine")
def get_machine(request: HttpRequest, uid: UUID) -> s.MachineDetailOut:
    """A machine with its label and documents, retired ones too. Leaves an access row."""
    actor = actor_of(request)
    row = machine(actor, uid)
    note_access(actor, AccessKind.DETAIL, "machine", [row.pk], now())
    return _detail(actor, row)


@router.get(
    "/machines/{uuid:uid}/past_orders", response={200: s.PastOrdersOut, **UNREAD}, summary="Orders before this system"
)
def list_past_orders(request: HttpRequest, uid: UUID, after: Cursor = "", limit: Limit = PAGE) -> s.PastOrdersOut:
    """Orders a machine had before this system, those taken in last first."""
    actor = actor_of(request)
    return s.PastOrdersOut(**paged(past_orders(actor, machine(actor, uid)), after, limit, s.PastOrderOut.of))


@router.get(
    "/machines/labels",
    response=UNREAD,
    summary="Labels as a PDF",
    openapi_extra={
        "responses": {
            200: {
                "description": "Sheets of labels",
                "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def get_labels(
    request: HttpRequest, uid: list[UUID] = parameter.Query(..., min_length=1, max_length=MOST),
    skip: Annotated[int, Field(ge=0, le=20)] = 0,
) -> HttpResponse:  # fmt: skip
    """Sheets of labels for machines; `skip` leaves used places of the first sheet free. Leaves an access row."""
    actor = actor_of(request)
    actor.require(VIEW)
    content, ids = labels(actor, uid, get_language() or "zh-hans", skip=skip)
    note_access(actor, AccessKind.EXPORT, PRINTED, ids, now())
    return HttpResponse(content, content_type="application/pdf")


@router.post("/machines", response={201: s.MachineDetailOut, **REFUSED}, summary="Add a machine: add_machine")
def add_machine(request: HttpRequest, body: s.MachineIn, key: Key) -> HttpResponse:
    """Add a machine to the installed base."""

    def work(actor: Actor) -> s.MachineDetailOut:
        given = body.model_dump(exclude={"model", "site", "parent"})
        new = NewMachine(
            model_id=model_key(actor, body.model), site_id=site_key(actor, body.site) or 0,
            parent_id=parent_key(actor, body.parent), **given,
        )  # fmt: skip
        return _detail(actor, actions.add_machine(actor=actor, at=now(), new=new))

    return act(request, key, "equipment.add_machine", work, status=201)


def _act(
    request: HttpRequest, uid: UUID, key: str, verb: str, given: Callable[[Actor], dict[str, Any]] = lambda actor: {}
) -> HttpResponse:
    """One verb on one machine; the answer is the machine as it then stands."""

    def work(actor: Actor) -> s.MachineDetailOut:
        row = machine(actor, uid)
        getattr(actions, verb)(actor=actor, at=now(), machine_id=row.pk, **given(actor))
        return _detail(actor, machine(actor, uid))

    return act(request, key, f"equipment.{verb}", work)


@router.post(
    "/machines/{uuid:uid}/actions/change_machine",
    response={200: s.MachineDetailOut, **REFUSED},
    summary="Change a machine's details",
)
def change_machine(request: HttpRequest, uid: UUID, body: s.MachineChangeIn, key: Key) -> HttpResponse:
    """Change a machine's details; where it stands is changed by moving it."""

    def given(actor: Actor) -> dict[str, Any]:
        changes = body.given()
        if "model" in changes:
            changes["model_id"] = model_key(actor, changes.pop("model"))
        if "parent" in changes:
            changes["parent_id"] = parent_key(actor, changes.pop("parent"))
        return {"changes": changes}

    return _act(request, uid, key, "change_machine", given)


@router.post(
    "/machines/{uuid:uid}/actions/move_machine",
    response={200: s.MachineDetailOut, **REFUSED},
    summary="Note that a machine stands at another site",
)
def move_machine(request: HttpRequest, uid: UUID, body: s.MoveIn, key: Key) -> HttpResponse:
    """Note that a machine stands at another site now, with all its parts; it leaves the one it was part of."""
    return _act(request, uid, key, "move_machine", lambda actor: {"site_id": site_key(actor, body.site)})


@router.post(
    "/machines/{uuid:uid}/actions/retire_machine",
    response={200: s.MachineDetailOut, **REFUSED},
    summary="Close a machine",
)
def retire_machine(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Close a machine; its history stays."""
    return _act(request, uid, key, "retire_machine")


@router.post(
    "/machines/{uuid:uid}/actions/renew_label",
    response={200: s.MachineDetailOut, **REFUSED},
    summary="Give a machine's label a new code",
)
def renew_label(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Give a machine's label a new code, when the old one was copied or lost."""
    return _act(request, uid, key, "renew_label")


@router.post(
    "/machines/{uuid:uid}/actions/add_document",
    response={200: s.MachineDetailOut, **REFUSED},
    summary="Put a document on a machine",
)
def add_document(
    request: HttpRequest, uid: UUID, key: Key, file: UploadedFile = parameter.File(...)
) -> HttpResponse:
    """Put a document on a machine: its manual, drawing, acceptance record."""
    return _act(request, uid, key, "add_document", lambda actor: {"content": prepare(file)})


# ---- imports ---------------------------------------------------------------------------------------------------------
@router.get("/imports", response={200: s.BatchesOut, **UNREAD}, summary="List imports")
def list_imports(request: HttpRequest, after: Cursor = "", limit: Limit = PAGE) -> s.BatchesOut:
    """Imports the caller sees, newest first."""
    actor = actor_of(request)
    actor.require(VIEW_IMPORTS)
    return s.BatchesOut(**paged(batches(actor), after, limit, s.BatchOut.of))


def _placement(actor: Actor, model: UUID | None, site: UUID | None) -> Placement | None:
    """Where machines go of which a file of orders speaks and that nobody knows: a model at a site."""
    if model is None or site is None:
        return None
    kind, place = models(actor).filter(uid=model).first(), sites(actor).filter(uid=site).first()
    if kind is None or place is None:
        field, given = ("model", model) if kind is None else ("site", site)
        raise Invalid("api.unknown_code", field=field, given=str(given))
    return Placement(kind.code, place.customer.code, place.name, kind.maker)


def _imported(run: Callable[..., Imported], actor: Actor, file: UploadedFile, given: dict[str, Any]) -> s.ImportedOut:
    placement = _placement(actor, given.pop("model"), given.pop("site"))
    with tempfile.TemporaryDirectory(prefix="anxiu-import-") as folder:
        path = Path(folder) / (Path(file.name or "").name[-NAME:] or "file.csv")
        with path.open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
        table = Table(path, Layout(given["kind"]), settings.ENV.currency)
        done = run(actor=actor, at=now(), file=table.facts(), lines=table, placement=placement, **given)
    problems = [
        s.LineProblemOut(
            line=each.line, code=each.refusal.code, field=each.refusal.field, detail=explain(each.refusal)
        )
        for each in done.problems[:PROBLEMS]
    ]
    return s.ImportedOut(
        batch=s.BatchOut.of(done.batch) if done.batch else None, accepted=done.accepted, unchanged=done.unchanged,
        refused=len({each.line for each in done.problems}), problems=problems,
    )  # fmt: skip


@router.post("/imports", response={201: s.ImportedOut, **REFUSED}, summary="Take in a file: import_batch")
def import_batch(
    request: HttpRequest, key: Key, file: UploadedFile = parameter.File(...),
    kind: ImportKind = parameter.Form(...), source: Source = parameter.Form(...),
    model: UUID | None = parameter.Form(None), site: UUID | None = parameter.Form(None),
) -> HttpResponse:  # fmt: skip
    """Take in a workbook or CSV file, at once. What is known by its source and key stays; lines may be refused.

    `model` and `site` say where machines go that only a file of past orders speaks of.
    """
    given = {"kind": kind, "source": source, "model": model, "site": site}
    return act(
        request, key, "equipment.import_batch",
        lambda actor: _imported(actions.import_batch, actor, file, given), status=201,
    )  # fmt: skip


@router.post("/imports/dry_run", response={200: s.ImportedOut, **REFUSED}, summary="Try a file")
def dry_run(
    request: HttpRequest, file: UploadedFile = parameter.File(...), kind: ImportKind = parameter.Form(...),
    source: Source = parameter.Form(...), model: UUID | None = parameter.Form(None),
    site: UUID | None = parameter.Form(None),
) -> s.ImportedOut:  # fmt: skip
    """What `import_batch` would answer; nothing is kept, so no key is needed."""
    actor = actor_of(request)
    actor.require("equipment.import_batch")
    return _imported(tried, actor, file, {"kind": kind, "source": source, "model": model, "site": site})


@router.post(
    "/imports/{uuid:uid}/actions/undo_import", response={200: s.UndoneOut, **REFUSED}, summary="Take an import back"
)
def undo_import(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Take an import back: its rows go, but for those that something else refers to or that were changed since.

    A large one is left to a job: `under_way` is true then, and `undone_at` of the import says when it is done.
    """

    def work(actor: Actor) -> s.UndoneOut:
        done = actions.undo_import(actor=actor, at=now(), batch_uid=uid)
        return s.UndoneOut(removed=done.removed, kept=len(done.kept), under_way=done.is_under_way)

    return act(request, key, "equipment.undo_import", work)
