"""What every operation shares: repeating a request safely, and reading lists page by page."""

import base64
from collections.abc import Callable
from typing import Annotated, Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Header
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from anxiu.api.auth import actor_of
from anxiu.kernel.errors import Invalid
from anxiu.kernel.given import is_text
from anxiu.kernel.idempotency import Answer, once

LARGEST_PAGE = 200
PAGE = 50


def storable(text: str) -> str:
    """Text the database can hold: no NUL, no half characters."""
    if not is_text(text):
        raise ValueError("text must not hold NUL or unpaired surrogate characters")
    return text


Line = Annotated[str, StringConstraints(max_length=200), AfterValidator(storable)]
Words = Annotated[str, StringConstraints(max_length=4000), AfterValidator(storable)]
Code = Annotated[str, StringConstraints(max_length=64), AfterValidator(storable)]
Key = Annotated[
    str, Header(alias="Idempotency-Key", min_length=1, max_length=128, pattern=r"^[\x21-\x7e]+$",
                description="Made by the caller, one a request. The same request with it again gets the same answer."),
]  # fmt: skip
Limit = Annotated[int, Field(ge=1, le=LARGEST_PAGE)]
Cursor = Annotated[str, StringConstraints(max_length=64), AfterValidator(storable)]


def perform(
    request: HttpRequest, key: str, status: int, work: Callable[[], BaseModel], *, said: bytes | None = None
) -> HttpResponse:
    """Carry out a write once under its key; a repetition gets the stored answer and says so in a header.

    `said` stands for the body of a request that holds a secret.
    """
    actor = actor_of(request)
    fingerprint = f"{request.method} {request.path}\n".encode() + (_body(request) if said is None else said)

    def carry_out() -> Answer:
        return Answer(status, work().model_dump_json())

    answer = once(principal=actor.key, key=key, request=fingerprint, perform=carry_out)
    response = HttpResponse(answer.body, status=answer.status, content_type="application/json")
    if answer.repeated:
        response["Idempotent-Replayed"] = "true"
    return response


def _body(request: HttpRequest) -> bytes:
    """What makes two requests the same; of a form with files, its fields and the files' digests."""
    if request.content_type == "multipart/form-data":
        from hashlib import sha256

        parts = sorted(f"{name}={value}" for name, values in request.POST.lists() for value in values)
        for name, files in request.FILES.lists():
            for file in files:
                parts.append(f"{name}:{sha256(file.read()).hexdigest()}")
                file.seek(0)
        return "\n".join(parts).encode()
    return request.body


Found = Callable[[QuerySet[Any], int, int | None], list[Any]]


def page_of(
    rows: QuerySet[Any], after: str, limit: int, found_by: Found | None = None
) -> tuple[list[Any], str]:
    """One page, newest first, and the cursor of the next; empty when this was the last.

    What is found by words has a way of its own to its first rows: `found_by`.
    """
    below = _position(after) if after else None
    if below is not None:
        rows = rows.filter(pk__lt=below)
    found: list[Model] = found_by(rows, limit + 1, below) if found_by else list(rows.order_by("-pk")[: limit + 1])
    following = ""
    if len(found) > limit:
        following = base64.urlsafe_b64encode(str(found[limit - 1].pk).encode()).decode().rstrip("=")
    return found[:limit], following


def _position(cursor: str) -> int:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
        position = int(text) if text.isdigit() else 0
    except ValueError:
        position = 0
    if not 0 < position < 1 << 63:
        raise Invalid("api.bad_cursor", field="after")
    return position
