"""The bytes of a file, and the verbs about files."""

from typing import Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Router
from pydantic import BaseModel

from anxiu.api.asking import Key
from anxiu.api.auth import actor_of
from anxiu.api.doing import REFUSED, act
from anxiu.api.order_schemas import FileOut
from anxiu.api.problems import Problem
from anxiu.equipment.queries import machine
from anxiu.files import actions
from anxiu.files.choices import Variant
from anxiu.files.content import answer
from anxiu.files.queries import open_attachment
from anxiu.files.rules import VERBATIM
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.time import now
from anxiu.orders.queries import order

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


class HeldIn(BaseModel):
    """The thing whose files are kept for a dispute."""

    kind: Literal["order", "machine"]
    uid: UUID


class HeldOut(BaseModel):
    """How many files it was."""

    changed: int


@router.post(
    "/{uuid:uid}/actions/retire_attachment", response={200: FileOut, **REFUSED}, summary="Take a file off its thing"
)
def retire_attachment(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Take a file off the thing it is on; its bytes stay until their time is over."""

    def work(actor: Actor) -> FileOut:
        shown = FileOut.of(open_attachment(actor, uid))
        actions.retire_attachment(actor=actor, at=now(), uid=uid)
        return shown

    return act(request, key, "files.retire_attachment", work)


def _thing(actor: Actor, body: HeldIn) -> Subject:
    row = order(actor, body.uid) if body.kind == "order" else machine(actor, body.uid)
    return Subject(body.kind, row.pk)


@router.post("/actions/set_hold", response={200: HeldOut, **REFUSED}, summary="Keep the files of a thing")
def set_hold(request: HttpRequest, body: HeldIn, key: Key) -> HttpResponse:
    """Keep the files of a thing for a dispute, whatever their time of keeping."""

    def work(actor: Actor) -> HeldOut:
        return HeldOut(changed=actions.set_hold(actor=actor, at=now(), subject=_thing(actor, body)))

    return act(request, key, "files.set_hold", work)


@router.post("/actions/lift_hold", response={200: HeldOut, **REFUSED}, summary="Lift the legal hold")
def lift_hold(request: HttpRequest, body: HeldIn, key: Key) -> HttpResponse:
    """Lift the legal hold on the files of a thing."""

    def work(actor: Actor) -> HeldOut:
        return HeldOut(changed=actions.lift_hold(actor=actor, at=now(), subject=_thing(actor, body)))

    return act(request, key, "files.lift_hold", work)
