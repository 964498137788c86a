"""The bytes of a file."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Router

from anxiu.api.auth import actor_of
from anxiu.api.problems import Problem
from anxiu.files.choices import Variant
from anxiu.files.content import answer
from anxiu.files.queries import open_attachment
from anxiu.files.rules import VERBATIM
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.time import now

router = Router(tags=["files"])
BYTES = {name: {"schema": {"type": "string", "format": "binary"}} for name in sorted(VERBATIM)}


@router.get(
    "/{uuid:uid}",
    response={401: Problem, 404: Problem},
    summary="A file's bytes",
    openapi_extra={
        "responses": {
            200: {"description": "The bytes", "content": BYTES},
            206: {"description": "A part of the bytes", "content": BYTES}, 304: {"description": "Known already"},
            416: {"description": "No such part"},
        }
    },
)  # fmt: skip
def get_file(request: HttpRequest, uid: UUID) -> HttpResponse | StreamingHttpResponse:
    """A file the caller may see, whole or in part (`Range`). Leaves an access row."""
    actor = actor_of(request)
    found = open_attachment(actor, uid)
    note_access(actor, AccessKind.DETAIL, found.subject_kind, [found.subject_id], now())
    sent = answer(
        found.blob, found.name, variant=Variant.ORIGINAL, wanted=request.headers.get("Range", ""),
        known=request.headers.get("If-None-Match", ""),
    )  # fmt: skip
    return StreamingHttpResponse(sent.body, status=sent.status, headers=dict(sent.headers))
