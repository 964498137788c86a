"""What people tried and were refused, over the API."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel

from anxiu.accounts.models import Person
from anxiu.api.asking import PAGE, Code, Cursor, Limit, page_of
from anxiu.api.auth import actor_of
from anxiu.api.doing import UNREAD
from anxiu.kernel.refused import Why
from anxiu.trace.queries import refused

router = Router(tags=["refused"])


class RefusedOut(BaseModel):
    """An attempt: who tried which verb on what, by which value of the regulation it was refused, and how often."""

    at: datetime
    last_at: datetime
    person: UUID | None
    verb: str
    why: Why
    code: str
    value_key: str
    subject_kind: str
    subject: str
    count: int


class RefusedListOut(BaseModel):
    """A page of attempts, newest first; `next` is the cursor of the next page, empty at the end."""

    items: list[RefusedOut]
    next: str


@router.get("/refused", response={200: RefusedListOut, **UNREAD}, summary="Refused attempts")
def list_refused(
    request: HttpRequest, why: Why | None = None, verb: Code = "", value_key: Code = "", after: Cursor = "",
    limit: Limit = PAGE,
) -> RefusedListOut:  # fmt: skip
    """What people of the caller's regions tried and were refused, newest first."""
    rows = refused(actor_of(request))
    asked = {"why": why, "verb": verb, "value_key": value_key}
    found, following = page_of(rows.filter(**{name: given for name, given in asked.items() if given}), after, limit)
    uids = dict(Person.objects.filter(pk__in={row.actor_id for row in found}).values_list("pk", "uid"))
    items = [
        RefusedOut(
            at=row.at, last_at=row.last_at, person=uids.get(row.actor_id), verb=row.verb, why=Why(row.why),
            code=row.code, value_key=row.value_key, subject_kind=row.subject_kind, subject=row.subject,
            count=row.count,
        )
        for row in found
    ]  # fmt: skip
    return RefusedListOut(items=items, next=following)
