"""Files that leave the house over the API: evidence packages and long lists, made by a job, fetched when ready."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Router
from pydantic import BaseModel, StringConstraints

from anxiu.api.asking import PAGE, Cursor, Key, Limit
from anxiu.api.auth import actor_of
from anxiu.api.doing import REFUSED, UNREAD, Text, act, paged
from anxiu.api.problems import Problem
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.trace import actions, queries
from anxiu.trace.actions import EvidenceAsked, ListAsked
from anxiu.trace.choices import ExportKind, ExportState, Format
from anxiu.trace.models import Export

router = Router(tags=["exports"])
PIECE = 1 << 18
BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


class ExportOut(BaseModel):
    """A file of one's own: of what, how far it is, how long it stays."""

    uid: UUID
    kind: ExportKind
    format: Format
    name: str
    state: ExportState
    done: int
    total: int | None
    size: int | None
    sha256: str
    asked_at: datetime
    ended_at: datetime | None
    expires_at: datetime | None

    @classmethod
    def of(cls, row: Export) -> "ExportOut":
        """A row as it is shown."""
        return cls(
            uid=row.uid, kind=ExportKind(row.kind), format=Format(row.format), name=row.name,
            state=ExportState(row.state), done=row.done, total=row.total, size=row.size, sha256=row.digest,
            asked_at=row.asked_at, ended_at=row.ended_at, expires_at=row.expires_at,
        )  # fmt: skip


class ExportsOut(BaseModel):
    """A page of one's own files, newest first; `next` is the cursor of the next page, empty at the end."""

    items: list[ExportOut]
    next: str


class EvidenceIn(BaseModel):
    """How the package is to be; `in_full` shows what may name people and needs a permission of its own."""

    language: Literal["zh-hans", "en"] = "zh-hans"
    in_full: bool = False


class ListIn(BaseModel):
    """The address of a list of the console with its filters, `/customers/?region=east`, and what it is to become."""

    address: Annotated[Text, StringConstraints(min_length=1, max_length=2000, pattern=r"^/")]
    format: Literal["csv", "xlsx"] = "xlsx"
    language: Literal["zh-hans", "en"] = "zh-hans"


@router.get("/exports", response={200: ExportsOut, **UNREAD}, summary="One's own files")
def list_exports(request: HttpRequest, after: Cursor = "", limit: Limit = PAGE) -> ExportsOut:
    """The files the caller had made, newest first."""
    return ExportsOut(**paged(queries.exports(actor_of(request)), after, limit, ExportOut.of))


@router.get("/exports/{uuid:uid}", response={200: ExportOut, **UNREAD}, summary="One of one's own files")
def get_export(request: HttpRequest, uid: UUID) -> ExportOut:
    """How far a file is; its content is there when `state` is `done`."""
    return ExportOut.of(queries.export(actor_of(request), uid))


@router.get(
    "/exports/{uuid:uid}/content", response={401: Problem, 403: Problem, 404: Problem}, summary="A file's bytes",
    openapi_extra={"responses": {200: {"description": "The bytes", "content": BYTES}}},
)  # fmt: skip
def get_export_content(request: HttpRequest, uid: UUID) -> HttpResponse | StreamingHttpResponse:
    """The bytes of a file that is ready. Leaves an access row."""
    actor, at = actor_of(request), now()
    row = queries.ready(actor, uid, at)
    subject = ("order", [row.order_id]) if row.order_id else ("export", [row.pk])
    note_access(actor, AccessKind.EXPORT, *subject, at)
    name = f"attachment; filename*=UTF-8''{quote(row.name)}"
    headers = {"Content-Disposition": name, "Content-Length": str(row.size), "Cache-Control": "no-store"}
    return StreamingHttpResponse(_pieces(row.path), content_type="application/octet-stream", headers=headers)


def _pieces(path: str) -> Iterator[bytes]:
    with default_storage.open(path) as file:
        while piece := file.read(PIECE):
            yield piece


@router.post(
    "/orders/{uuid:uid}/actions/export_evidence", response={200: ExportOut, **REFUSED}, summary="Evidence of an order"
)
def export_evidence(request: HttpRequest, uid: UUID, body: EvidenceIn, key: Key) -> HttpResponse:
    """Have the evidence of an order made into one package that can be checked without this system."""

    def work(actor: Actor) -> ExportOut:
        asked = EvidenceAsked(uid, body.language, settings.TIME_ZONE, in_full=body.in_full)
        return ExportOut.of(actions.export_evidence(actor=actor, at=now(), asked=asked))

    return act(request, key, "trace.export_evidence", work)


@router.post("/exports/actions/export_lists", response={200: ExportOut, **REFUSED}, summary="A list as a file")
def export_lists(request: HttpRequest, body: ListIn, key: Key) -> HttpResponse:
    """Have a list made into a file: what its page shows to the caller, all rows of it."""

    def work(actor: Actor) -> ExportOut:
        path, _mark, query = body.address.partition("?")
        name = path.strip("/").replace("/", "-")[:60] or "list"
        asked = ListAsked(
            name, path, query, Format(body.format), f"anxiu-{name}.{body.format}", body.language, settings.TIME_ZONE
        )
        return ExportOut.of(actions.export_lists(actor=actor, at=now(), asked=asked))

    return act(request, key, "trace.export_lists", work)


@router.post(
    "/exports/{uuid:uid}/actions/cancel_export", response={200: ExportOut, **REFUSED}, summary="Give a file up"
)
def cancel_export(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Give up a file that is being made, or erase one that is ready."""

    def work(actor: Actor) -> ExportOut:
        return ExportOut.of(actions.cancel_export(actor=actor, at=now(), export_uid=uid))

    return act(request, key, "trace.cancel_export", work)
