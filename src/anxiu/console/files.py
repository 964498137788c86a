"""Files as browsers get them: only what the person may see, with the look written down."""

from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path

from anxiu.console.pages import page
from anxiu.files.choices import Variant
from anxiu.files.content import answer
from anxiu.files.queries import open_attachment
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now


@page()
def file(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponseBase:
    """A file's bytes, small ones with `?small=1`; an original that is opened leaves an access row."""
    found = open_attachment(actor, uid)
    small = bool(request.GET.get("small"))
    if not small:
        note_access(actor, AccessKind.DETAIL, found.subject_kind, [found.subject_id], now())
    sent = answer(
        found.blob, found.name, variant=Variant.THUMBNAIL if small else Variant.ORIGINAL,
        wanted=request.headers.get("Range", ""), known=request.headers.get("If-None-Match", ""),
    )  # fmt: skip
    return StreamingHttpResponse(sent.body, status=sent.status, headers=dict(sent.headers))


urlpatterns = [path("files/<uuid:uid>/", file, name="file")]
