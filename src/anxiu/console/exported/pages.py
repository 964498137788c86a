"""The files somebody had made, and one of them as it is fetched."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from anxiu.console.pages import DONE, Listing, address, columns, keyset, page, show
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid
from anxiu.kernel.messages import explain
from anxiu.kernel.time import now
from anxiu.trace.choices import RUNNING, ExportState, Format
from anxiu.trace.messages import STATES
from anxiu.trace.models import Export
from anxiu.trace.queries import exports, ready

PIECE: Final = 1 << 18
TONES: Final = {
    ExportState.WAITING: ("blue", "hourglass"), ExportState.MAKING: ("teal", "hourglass"),
    ExportState.DONE: ("green", "circle-check"), ExportState.FAILED: ("red", "alert-circle"),
    ExportState.CANCELLED: ("grey", "x"), ExportState.EXPIRED: ("grey", "clock"),
}  # fmt: skip
TYPES: Final = {
    Format.ZIP: "application/zip", Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


def look(row: Export) -> Export:
    """A file with its words and tones."""
    state = ExportState(row.state)
    row.state_words, (row.tone, row.symbol) = STATES[state], TONES[state]  # type: ignore[attr-defined]
    row.percent = 100 * row.done // row.total if row.total else None  # type: ignore[attr-defined]
    row.why = explain(Invalid(row.failure[0], **row.failure[1])) if row.failure else ""  # type: ignore[attr-defined]
    row.is_ready = state is ExportState.DONE and (row.expires_at is None or row.expires_at > now())  # type: ignore[attr-defined]
    return row


@page()
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One's own files, the newest first; while one is being made, the page asks how far it is."""
    is_running = exports(actor).filter(state__in=sorted(RUNNING)).exists()
    if "progress" in request.GET and not is_running:
        return HttpResponse(status=DONE, headers={"HX-Refresh": "true"})
    found, next_url = keyset(request, exports(actor), ("-id",))
    listing = Listing(
        id="exports", rows=[look(each) for each in found], row_template="console/exported/row.html",
        columns=columns(_("File"), _("State"), _("Asked for"), _("Kept until"), ""), next_url=next_url,
        first_url=address(request, progress=None) if request.GET.get("after") else "",
        empty={
            "title": _("No files yet"), "symbol": "download",
            "text": _("Long lists and evidence packages are made in the background and wait here for you."),
        },
    )  # fmt: skip
    context = {
        "title": _("My exports"), "listing": listing, "is_running": is_running,
        "long": request.GET.get("of", ""), "format": request.GET.get("format", ""),
    }  # fmt: skip
    return show(request, "console/exported/list.html", context, fragment="console/parts/listing.html")


@page()
def fetch(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponseBase:
    """The bytes of one's own file; whoever takes them leaves a row."""
    at = now()
    row = ready(actor, uid, at)
    note_access(actor, AccessKind.EXPORT, *(("order", [row.order_id]) if row.order_id else ("export", [row.pk])), at)
    return StreamingHttpResponse(
        _pieces(row.path), content_type=TYPES[Format(row.format)],
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(row.name)}", "Cache-Control": "no-store",
            "Content-Length": str(row.size), "X-Content-Type-Options": "nosniff",
        },
    )  # fmt: skip


def _pieces(path: str) -> Iterator[bytes]:
    with default_storage.open(path) as file:
        while piece := file.read(PIECE):
            yield piece
