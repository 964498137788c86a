"""What is held about a person, over the API: counted, and made into a file."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel

from anxiu.api.asking import Key
from anxiu.api.auth import actor_of
from anxiu.api.doing import REFUSED, UNREAD, act
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.privacy import actions
from anxiu.privacy.choices import Data, Part, Who
from anxiu.privacy.models import PersonExport
from anxiu.privacy.queries import Kept, held, kept, somebody

router = Router(tags=["privacy"])


class PersonPartOut(BaseModel):
    """How many rows of a part are held."""

    part: Part
    count: int


class PersonHeldOut(BaseModel):
    """What is held about a person."""

    kind: Who
    uid: UUID
    held: list[PersonPartOut]


class PersonExportOut(BaseModel):
    """A file about a person: it is there once `made_at` is set, and until `dropped_at`."""

    uid: UUID
    kind: Who
    asked_at: datetime
    made_at: datetime | None
    dropped_at: datetime | None
    size: int

    @staticmethod
    def of(row: PersonExport) -> "PersonExportOut":
        """From its row."""
        return PersonExportOut(
            uid=row.uid, kind=Who(row.kind), asked_at=row.asked_at, made_at=row.made_at, dropped_at=row.dropped_at,
            size=row.size,
        )  # fmt: skip


class RetentionOut(BaseModel):
    """How long a class of data is kept, and the last run of the daily job over it; without `ended_at` it was killed.

    `let_go` counts what went, `held_back` what stays because an order is open, promised or in dispute, `by_hand` who
    waits for somebody to erase them.
    """

    data: Data
    value_key: str
    kept_seconds: int
    ran_at: datetime | None
    ended_at: datetime | None
    let_go: int
    held_back: int
    by_hand: int

    @staticmethod
    def of(row: Kept) -> "RetentionOut":
        """From a class with its figure and its last run."""
        run = row.run
        return RetentionOut(
            data=row.data, value_key=row.value_key, kept_seconds=int(row.period.total_seconds()),
            ran_at=run.at if run else None, ended_at=run.ended_at if run else None, let_go=run.count if run else 0,
            held_back=run.left if run else 0, by_hand=row.by_hand,
        )  # fmt: skip


@router.get("/personal-data/retention", response={200: list[RetentionOut], **UNREAD}, summary="How long data is kept")
def get_retention(request: HttpRequest) -> list[RetentionOut]:
    """Every class of personal data with its time of keeping by the regulation in force, and what was let go."""
    return [RetentionOut.of(each) for each in kept(actor_of(request), now())]


@router.get(
    "/personal-data/{kind}/{uuid:uid}", response={200: PersonHeldOut, **UNREAD}, summary="What is held about a person"
)
def get_personal_data(request: HttpRequest, kind: Who, uid: UUID) -> PersonHeldOut:
    """How much of what is held about a contact, a private customer or a colleague; asking leaves a trace."""
    actor = actor_of(request)
    row = somebody(actor, kind, uid)
    note_access(actor, AccessKind.DETAIL, kind, [row.pk], now())
    found = [PersonPartOut(part=each.part, count=each.count) for each in held(kind, row.pk)]
    return PersonHeldOut(kind=kind, uid=uid, held=found)


@router.post(
    "/personal-data/{kind}/{uuid:uid}/actions/export_person",
    response={201: PersonExportOut, **REFUSED},
    summary="Have everything held about a person made into a file",
)
def export_person(request: HttpRequest, kind: Who, uid: UUID, key: Key) -> HttpResponse:
    """Have everything held about a person made into a file, which is fetched in the console."""

    def work(actor: Actor) -> PersonExportOut:
        return PersonExportOut.of(actions.export_person(actor=actor, at=now(), kind=kind, uid=uid))

    return act(request, key, "privacy.export_person", work, status=201)
