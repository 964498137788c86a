"""Queueing: what is to be sent becomes a row and a job in the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from anxiu.hooks.actions.targets import locked, subject_of
from anxiu.hooks.choices import WAITING, State
from anxiu.hooks.events import DeliveriesRepeated, DeliveryRepeated, TestSent
from anxiu.hooks.models import Delivery, Target
from anxiu.hooks.payloads import TEST, bodies, trial_body
from anxiu.hooks.queries import deliveries, events_for, wanting
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, NotFound, WrongState
from anxiu.kernel.events import Recorded, read, record
from anxiu.kernel.ids import uuid7
from anxiu.kernel.jobs import defer_many

LEASE: Final = timedelta(minutes=5)  # source: own choice; a job that has not come by then is deferred again
LANES: Final = 2  # source: half of the jobs a worker runs at a time: targets that hang leave room for all else
MOST: Final = 5000  # source: own choice; events of one repetition: seconds of work, and a row each


def queue(fact: Recorded, at: datetime) -> int:
    """Queue an event for every target that wants it; how many. Its reactor's mark makes it once."""
    wanted = list(wanting(fact.kind, fact.region_id))
    if not wanted:
        return 0
    [(event_id, body)] = bodies([fact]).values()
    rows = [_row(each, fact, event_id, body, at) for each in wanted]
    _keep(rows)
    return len(rows)


def _row(target: Target, fact: Recorded, event_id: UUID, body: str, at: datetime, *, again: str = "") -> Delivery:
    return Delivery(
        key=f"{target.pk}:{fact.position}{again}", target=target, event_id=event_id, kind=fact.kind, body=body,
        occurred_at=fact.occurred_at, created_at=at, state=State.QUEUED, next_at=at + LEASE,
    )  # fmt: skip


def _keep(rows: Sequence[Delivery]) -> None:
    Delivery.objects.bulk_create(rows)
    send(rows)


def send(rows: Sequence[Delivery]) -> None:
    """Defer the sending of queued deliveries. Those of one target go one after the other, and in all no more at a time
    than there are lanes: however many targets hang, deadlines and notices go on.
    """
    by_lane: dict[int, list[dict[str, object]]] = {}
    for each in rows:
        by_lane.setdefault(each.target_id % LANES, []).append({"delivery_id": each.pk})
    for lane, jobs in by_lane.items():
        defer_many("hooks.send", "hooks", jobs, lock=f"hooks.{lane}")


def _require_on(target: Target) -> None:
    if not target.is_on:
        raise WrongState("hooks.is_off")


@action(posts={"administrator"})
def repeat_delivery(*, actor: Actor, at: datetime, delivery_uid: UUID) -> Delivery:
    """Send once more what was sent or failed: a delivery of its own with the same event id, to the present address.

    Records: DeliveryRepeated. Refuses: one that is still on its way, a target that is off.
    """
    row = deliveries(actor).select_for_update(of=("self",)).filter(uid=delivery_uid).first()
    if row is None:
        raise NotFound("kernel.not_found")
    _require_on(row.target)
    if row.state in WAITING:
        raise WrongState("hooks.not_over")
    uid = uuid7()
    again = Delivery(
        uid=uid, key=f"{row.target_id}:{uid}", target=row.target, event_id=row.event_id, kind=row.kind, body=row.body,
        occurred_at=row.occurred_at, created_at=at, state=State.QUEUED, next_at=at + LEASE,
    )  # fmt: skip
    _keep([again])
    record(DeliveryRepeated(row.pk), subject=subject_of(row.target), region_id=None, actor=actor, at=at)
    return again


@action(posts={"administrator"})
def repeat_deliveries(
    *, actor: Actor, at: datetime, target_uid: UUID, from_at: datetime, until_at: datetime
) -> int:
    """Send every event a target gets that was recorded in a span of time, sent before or not; how many.

    Records: DeliveriesRepeated. Refuses: a target that is off, a span that ends before it begins or holds too much.
    """
    target = locked(actor, target_uid)
    _require_on(target)
    if until_at <= from_at:
        raise Invalid("hooks.bad_span", field="until_at")
    found = events_for(target).filter(recorded_at__gte=from_at, recorded_at__lt=until_at).select_related("place")
    rows = list(found.order_by("place__position")[: MOST + 1])
    if len(rows) > MOST:
        raise Invalid("hooks.too_many", field="from_at", limit=MOST)
    facts = [read(each, each.place.position) for each in rows]
    said, again = bodies(facts), f":{uuid7()}"
    _keep([_row(target, each, *said[each.id], at, again=again) for each in facts])
    record(DeliveriesRepeated(len(facts)), subject=subject_of(target), region_id=None, actor=actor, at=at)
    return len(facts)


@action(posts={"administrator"})
def send_test(*, actor: Actor, at: datetime, target_uid: UUID) -> Delivery:
    """Send a body with nothing in it, signed like any other, to see whether the target takes it.

    Records: TestSent. Refuses: a target that is off.
    """
    target, uid = locked(actor, target_uid), uuid7()
    _require_on(target)
    row = Delivery(
        key=f"{target.pk}:{uid}", target=target, event_id=uid, kind=TEST, body=trial_body(uid, at), occurred_at=at,
        created_at=at, state=State.QUEUED, next_at=at + LEASE,
    )  # fmt: skip
    _keep([row])
    record(TestSent(), subject=subject_of(target), region_id=None, actor=actor, at=at)
    return row
