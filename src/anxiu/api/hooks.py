"""Webhooks over the API: targets, the kinds of events, and the log of what was sent; every verb of them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from ninja.params import functions as parameter
from pydantic import BaseModel, Field, StringConstraints

from anxiu.accounts.models import Region
from anxiu.accounts.queries import regions
from anxiu.api.asking import PAGE, Code, Cursor, Key, Limit, page_of
from anxiu.api.auth import actor_of
from anxiu.api.doing import REFUSED, UNREAD, Changes, Slug, Text, act
from anxiu.api.finding import key_of
from anxiu.api.timing import Moment
from anxiu.hooks import actions
from anxiu.hooks.actions import NewTarget
from anxiu.hooks.choices import State
from anxiu.hooks.models import Delivery, Target
from anxiu.hooks.queries import VIEW_TARGETS, deliveries, delivery, kind_in_words, kinds, target, targets
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.events import KINDS
from anxiu.kernel.time import now

router = Router(tags=["webhooks"])
# Listed here, for the description knows shapes by their last name only, and orders have a `State` too.
Stands = Literal[State.QUEUED, State.SENDING, State.DELIVERED, State.FAILED]
Url = Annotated[Text, StringConstraints(min_length=1, max_length=500)]
Purpose = Annotated[Text, StringConstraints(min_length=1, max_length=120)]
Kinds = Annotated[list[Annotated[Text, StringConstraints(min_length=1, max_length=64)]], Field(max_length=500)]
Regions = Annotated[list[Slug], Field(max_length=200)]


class EventKindOut(BaseModel):
    """A kind of event, its present version, and its sentence in the caller's language."""

    kind: str
    version: int
    words: str


class TargetIn(Schema):
    """A target to name; without regions it gets the events of all of them, and those that belong to none."""

    url: Url
    purpose: Purpose
    kinds: Kinds
    regions: Regions = []


class TargetChangeIn(Changes):
    """What changes of a target."""

    url: Url = ""
    purpose: Purpose = ""
    kinds: Kinds = []
    regions: Regions = []


class TargetOut(BaseModel):
    """A target; its secret is answered only when it is made."""

    uid: UUID
    url: str
    purpose: str
    kinds: list[str]
    regions: list[str]
    created_at: datetime
    failing_since: datetime | None
    off_at: datetime | None
    off_why: str
    old_secret_until: datetime | None


class TargetsOut(BaseModel):
    """A page of targets."""

    items: list[TargetOut]
    next: str


class TargetSecretOut(BaseModel):
    """A target and its new secret, answered here only."""

    target: TargetOut
    secret: str


class HookDeliveryOut(BaseModel):
    """One event on its way to one target, and what came of the last attempt."""

    uid: UUID
    target: UUID
    event_id: UUID
    kind: str
    state: Stands
    reason: str
    attempts: int
    status: int | None
    took_ms: int | None
    occurred_at: datetime
    created_at: datetime
    next_at: datetime | None
    ended_at: datetime | None

    @staticmethod
    def of(row: Delivery) -> "HookDeliveryOut":
        """From a row."""
        return HookDeliveryOut(**_told(row))


class HookDeliveryDetailOut(HookDeliveryOut):
    """The same with what was sent, and the first 500 characters of the answer."""

    body: str
    answer: str
    error: str


class HookDeliveriesOut(BaseModel):
    """A page of the log."""

    items: list[HookDeliveryOut]
    next: str


class SpanIn(Schema):
    """A span of time, by when events were recorded."""

    from_at: Moment
    until_at: Moment


class RepeatedOut(BaseModel):
    """How many events are sent again."""

    count: int


def _told(row: Delivery) -> dict[str, Any]:
    names = (
        "uid", "event_id", "kind", "reason", "attempts", "status", "took_ms", "occurred_at", "created_at", "next_at",
        "ended_at",
    )  # fmt: skip
    return {**{name: getattr(row, name) for name in names}, "target": row.target.uid, "state": State(row.state)}


def _shown(row: Target) -> TargetOut:
    codes = dict(Region.objects.filter(pk__in=row.region_ids).values_list("pk", "code")) if row.region_ids else {}
    return TargetOut(
        uid=row.uid, url=row.url, purpose=row.purpose, kinds=row.kinds, regions=sorted(codes.values()),
        created_at=row.created_at, failing_since=row.failing_since, off_at=row.off_at, off_why=row.off_why,
        old_secret_until=row.old_secret_until,
    )  # fmt: skip


def _region_ids(actor: Actor, codes: list[str]) -> tuple[int, ...]:
    return tuple(key_of(regions(actor), "regions", code=each) for each in codes)


# ---- targets ---------------------------------------------------------------------------------------------------------
@router.get("/hooks/kinds", response={200: list[EventKindOut], **UNREAD}, summary="The kinds of events")
def list_event_kinds(request: HttpRequest) -> list[EventKindOut]:
    """Every kind of event there is, with its sentence; as many as the program has."""
    actor_of(request).require(VIEW_TARGETS)
    return [EventKindOut(kind=each, version=KINDS[each].version, words=kind_in_words(each)) for each in kinds()]


@router.get("/hooks", response={200: TargetsOut, **UNREAD}, summary="List webhook targets")
def list_targets(request: HttpRequest, after: Cursor = "", limit: Limit = PAGE) -> TargetsOut:
    """The targets, newest first."""
    found, following = page_of(targets(actor_of(request)), after, limit)
    return TargetsOut(items=[_shown(each) for each in found], next=following)


@router.get("/hooks/{uuid:uid}", response={200: TargetOut, **UNREAD}, summary="One webhook target")
def get_target(request: HttpRequest, uid: UUID) -> TargetOut:
    """One target."""
    return _shown(target(actor_of(request), uid))


@router.post("/hooks", response={201: TargetSecretOut, **REFUSED}, summary="Name a webhook target: add_target")
def add_target(request: HttpRequest, body: TargetIn, key: Key) -> HttpResponse:
    """Name a target. Its secret is answered once: what is sent is signed with it."""

    def work(actor: Actor) -> TargetSecretOut:
        new = NewTarget(body.url, body.purpose, tuple(body.kinds), _region_ids(actor, body.regions))
        row, secret = actions.add_target(actor=actor, at=now(), new=new)
        return TargetSecretOut(target=_shown(row), secret=secret)

    return act(request, key, "hooks.add_target", work, status=201)


@router.post("/hooks/{uuid:uid}/actions/change_target", response={200: TargetOut, **REFUSED}, summary="Change a target")
def change_target(request: HttpRequest, uid: UUID, body: TargetChangeIn, key: Key) -> HttpResponse:
    """Change a target; it holds for events from now on."""

    def work(actor: Actor) -> TargetOut:
        target(actor, uid)
        changes = body.given()
        if "regions" in changes:
            changes["region_ids"] = _region_ids(actor, changes.pop("regions"))
        return _shown(actions.change_target(actor=actor, at=now(), target_uid=uid, changes=changes))

    return act(request, key, "hooks.change_target", work)


@router.post(
    "/hooks/{uuid:uid}/actions/renew_secret", response={200: TargetSecretOut, **REFUSED}, summary="Make a new secret"
)
def renew_secret(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Give a target a new secret, answered once. The one before signs along for 24 hours."""

    def work(actor: Actor) -> TargetSecretOut:
        row, secret = actions.renew_secret(actor=actor, at=now(), target_uid=uid)
        return TargetSecretOut(target=_shown(row), secret=secret)

    return act(request, key, "hooks.renew_secret", work)


@router.post("/hooks/{uuid:uid}/actions/switch_target_off", response={200: TargetOut, **REFUSED}, summary="Switch off")
def switch_target_off(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Send nothing more to a target; what waits for it fails."""

    def work(actor: Actor) -> TargetOut:
        return _shown(actions.switch_target_off(actor=actor, at=now(), target_uid=uid))

    return act(request, key, "hooks.switch_target_off", work)


@router.post("/hooks/{uuid:uid}/actions/switch_target_on", response={200: TargetOut, **REFUSED}, summary="Switch on")
def switch_target_on(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Send events to a target again, from now on."""

    def work(actor: Actor) -> TargetOut:
        return _shown(actions.switch_target_on(actor=actor, at=now(), target_uid=uid))

    return act(request, key, "hooks.switch_target_on", work)


@router.post("/hooks/{uuid:uid}/actions/send_test", response={201: HookDeliveryOut, **REFUSED}, summary="Send a test")
def send_test(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Send a body with nothing in it, signed like any other."""

    def work(actor: Actor) -> HookDeliveryOut:
        return HookDeliveryOut.of(actions.send_test(actor=actor, at=now(), target_uid=uid))

    return act(request, key, "hooks.send_test", work, status=201)


@router.post(
    "/hooks/{uuid:uid}/actions/repeat_deliveries", response={200: RepeatedOut, **REFUSED}, summary="Send a span again"
)
def repeat_deliveries(request: HttpRequest, uid: UUID, body: SpanIn, key: Key) -> HttpResponse:
    """Send every event the target gets that was recorded in a span of time, sent before or not."""

    def work(actor: Actor) -> RepeatedOut:
        count = actions.repeat_deliveries(
            actor=actor, at=now(), target_uid=uid, from_at=body.from_at, until_at=body.until_at
        )
        return RepeatedOut(count=count)

    return act(request, key, "hooks.repeat_deliveries", work)


# ---- the log ---------------------------------------------------------------------------------------------------------
@router.get("/hooks/deliveries", response={200: HookDeliveriesOut, **UNREAD}, summary="List what was sent")
def list_hook_deliveries(
    request: HttpRequest, target: UUID | None = None, state: list[Stands] = parameter.Query([]), kind: Code = "",
    after: Cursor = "", limit: Limit = PAGE,
) -> HookDeliveriesOut:  # fmt: skip
    """Deliveries, newest first, of thirty days."""
    actor = actor_of(request)
    actor.require(VIEW_TARGETS)
    rows = deliveries(actor)
    if target:
        rows = rows.filter(target__uid=target)
    if state:
        rows = rows.filter(state__in=state)
    if kind:
        rows = rows.filter(kind=kind)
    found, following = page_of(rows, after, limit)
    return HookDeliveriesOut(items=[HookDeliveryOut.of(each) for each in found], next=following)


@router.get("/hooks/deliveries/{uuid:uid}", response={200: HookDeliveryDetailOut, **UNREAD}, summary="One delivery")
def get_hook_delivery(request: HttpRequest, uid: UUID) -> HookDeliveryDetailOut:
    """What was sent and what was answered. Leaves an access row."""
    actor = actor_of(request)
    actor.require(VIEW_TARGETS)
    row = delivery(actor, uid)
    note_access(actor, AccessKind.DETAIL, "hook_delivery", [row.pk], now())
    return HookDeliveryDetailOut(**_told(row), body=row.body, answer=row.answer, error=row.error)


@router.post(
    "/hooks/deliveries/{uuid:uid}/actions/repeat_delivery", response={201: HookDeliveryOut, **REFUSED},
    summary="Send one again",
)  # fmt: skip
def repeat_delivery(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Send once more what was sent or failed, with the same id of the event."""

    def work(actor: Actor) -> HookDeliveryOut:
        return HookDeliveryOut.of(actions.repeat_delivery(actor=actor, at=now(), delivery_uid=uid))

    return act(request, key, "hooks.repeat_delivery", work, status=201)
