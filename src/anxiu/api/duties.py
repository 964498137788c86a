"""To-dos and ratings over the API."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import BaseModel, Field

from anxiu.api.asking import PAGE, Cursor, Key, Limit, Words, page_of
from anxiu.api.auth import actor_of
from anxiu.api.doing import REFUSED, act
from anxiu.duties.models import Duty
from anxiu.duties.queries import duty, visible
from anxiu.feedback import actions
from anxiu.feedback.choices import RecoveryOutcome, Via
from anxiu.feedback.models import Rating
from anxiu.feedback.queries import ratings
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.orders.queries import plan_orders
from anxiu.orders.queries import visible as visible_orders

router = Router(tags=["to-dos"])


class DutyOut(BaseModel):
    """A to-do: of what kind, about which order (empty where the caller does not see it), whose, due when."""

    uid: UUID
    kind: str
    order: UUID | None
    order_number: str
    region: str
    owner: UUID
    owner_name: str
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    outcome: str


class DutiesOut(BaseModel):
    """A page of to-dos."""

    items: list[DutyOut]
    next: str


class GivenRatingOut(BaseModel):
    """What a customer thought of an order."""

    uid: UUID
    order: UUID
    order_number: str
    score: int
    scale: int
    is_bad: bool
    tags: list[str]
    words: str
    nps: int | None
    via: Via
    at: datetime

    @staticmethod
    def of(row: Rating) -> "GivenRatingOut":
        """From a row with its order."""
        return GivenRatingOut(
            uid=row.uid, order=row.order.uid, order_number=row.order.number, score=row.score, scale=row.scale,
            is_bad=row.is_bad, tags=list(row.tags), words=row.words, nps=row.nps, via=Via(row.via), at=row.at,
        )  # fmt: skip


class RatingsOut(BaseModel):
    """A page of ratings."""

    items: list[GivenRatingOut]
    next: str


class RecoveryIn(Schema):
    """What came of speaking with the customer: the outcome, and the cause and what was done."""

    outcome: RecoveryOutcome
    words: Annotated[Words, Field(min_length=1, max_length=actions.WORDS_MOST)]


def _out(actor: Actor, rows: Iterable[Duty]) -> list[DutyOut]:
    """To-dos with the orders they are about, as far as the actor sees them; two statements."""
    rows = list(rows)
    ids = {each.subject_id for each in rows if each.subject_kind == "order"}
    named = visible_orders(actor).filter(pk__in=ids).values_list("pk", "uid", "number") if ids else ()
    orders: dict[int, tuple[UUID | None, str]] = {key: (uid, number) for key, uid, number in named}
    of_plan = plan_orders(actor, [each.subject_id for each in rows if each.subject_kind == "plan"])
    out = []
    for each in rows:
        known = orders if each.subject_kind == "order" else of_plan
        order, number = known.get(each.subject_id, (None, ""))
        out.append(
            DutyOut(
                uid=each.uid, kind=each.kind, order=order, order_number=number,
                region=each.region.code if each.region else "",
                owner=each.owner.uid, owner_name=each.owner.name, opened_at=each.opened_at, due_at=each.due_at,
                closed_at=each.closed_at, outcome=each.outcome,
            )
        )  # fmt: skip
    return out


@router.get("/duties", response={200: DutiesOut, **REFUSED}, summary="List to-dos")
def list_duties(
    request: HttpRequest, mine: bool = False, done: bool = False,  # noqa: FBT001, FBT002  queries
    after: Cursor = "", limit: Limit = PAGE,
) -> DutiesOut:  # fmt: skip
    """To-dos the caller sees, newest first: the open ones, or with `done` those that are closed."""
    actor = actor_of(request)
    rows = visible(actor).filter(closed_at__isnull=not done)
    if mine:
        rows = rows.filter(owner=actor.person_id)
    found, following = page_of(rows, after, limit)
    return DutiesOut(items=_out(actor, found), next=following)


@router.get("/duties/{uuid:uid}", response={200: DutyOut, **REFUSED}, summary="One to-do")
def get_duty(request: HttpRequest, uid: UUID) -> DutyOut:
    """One to-do the caller sees."""
    actor = actor_of(request)
    return _out(actor, [duty(actor, uid)])[0]


@router.post(
    "/duties/{uuid:uid}/actions/resolve_recovery",
    response={200: DutyOut, **REFUSED},
    summary="Close a recovery with what came of it",
)
def resolve_recovery(request: HttpRequest, uid: UUID, body: RecoveryIn, key: Key) -> HttpResponse:
    """Close a recovery with what came of it."""
    def work(actor: Actor) -> DutyOut:
        row = actions.resolve_recovery(actor=actor, at=now(), duty_uid=uid, outcome=body.outcome, words=body.words)
        return _out(actor, [row])[0]

    return act(request, key, "feedback.resolve_recovery", work)


@router.get("/ratings", response={200: RatingsOut, **REFUSED}, summary="List ratings")
def list_ratings(
    request: HttpRequest, bad: bool = False, after: Cursor = "", limit: Limit = PAGE,  # noqa: FBT001, FBT002  a query
) -> RatingsOut:  # fmt: skip
    """Ratings of orders the caller sees, newest first; with `bad`, only those that are low."""
    rows = ratings(actor_of(request))
    found, following = page_of(rows.filter(is_bad=True) if bad else rows, after, limit)
    return RatingsOut(items=[GivenRatingOut.of(each) for each in found], next=following)
