"""The moves every verb on an order makes: lock what the actor may see, check the table, write, keep the deadline."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from anxiu.accounts.queries import posts_in
from anxiu.duties.actions import set_due
from anxiu.kernel.actor import Actor, ActorKind, Subject
from anxiu.kernel.errors import Invalid, NotAllowed, NotFound, WrongState
from anxiu.kernel.events import Event, record
from anxiu.kernel.prepared import Prepared
from anxiu.kernel.rows import update
from anxiu.kernel.time import now
from anxiu.kernel.values import Reading, Value, reading
from anxiu.orders.choices import AFTER_THE_WORK, LIVE_VISITS, State, VisitState
from anxiu.orders.messages import APPROVAL, state_words
from anxiu.orders.models import Order, Visit
from anxiu.orders.queries import case_of, process_of, sees
from anxiu.orders.queries.next_step import does_the_engineers_part
from anxiu.orders.rules import move, promised
from anxiu.orders.values import PROMISE_WORDS, Reason
from anxiu.sla.actions import resume, start
from anxiu.sla.choices import ClockKind
from anxiu.sla.queries import shown_of
from anxiu.workforce.actions import release
from anxiu.workforce.messages import spoken


def subject_of(order: Order) -> Subject:
    """What events, clocks, files and links of an order are filed under."""
    return Subject("order", order.pk)


_LOCKED: Final = Prepared[Order](
    lambda uid: Order.objects.select_related(
        "region", "customer", "site", "machine__model__family", "engineer__person", "fault_class", "owner", "repeat_of"
    )
    .select_for_update(of=("self",))
    .filter(uid=uid)
)
_LIVE_VISIT: Final = Prepared[Visit](
    lambda order: Visit.objects.select_for_update().filter(order=order, state__in=sorted(LIVE_VISITS))
)


def locked(actor: Actor, uid: UUID, verb: str, at: datetime) -> Order:
    """The order, locked until the end of the change, with the state the verb leads to already set on the row.

    Refused when the actor may not see it, when the verb does not exist from its state, or when `at` cannot be.
    """
    order = _LOCKED.first(uid)
    if order is None or not sees(actor, order):
        raise NotFound("kernel.not_found")
    step = move(verb, State(order.state), process_of(order), suspended=order.is_suspended)
    if not step.exists or step.to is None:
        raise WrongState(step.because, state=state_words(order.state, order.order_type))
    require_moment(order, at)
    order.state = step.to
    return order


def locked_beside(uid: UUID) -> Order | None:
    """Another order that a verb changes along with its own, locked; whether the actor sees it, the verb asks."""
    return _LOCKED.first(uid)


def lock_in_order(*uids: UUID) -> None:
    """Lock several orders by their keys, so that two verbs never wait for each other in a ring."""
    list(Order.objects.filter(uid__in=uids).order_by("pk").select_for_update().values_list("pk", flat=True))


def require_authority(actor: Actor, order: Order, *texts: str) -> None:
    """Refuse a text for the customer that promises what none of the actor's posts may promise."""
    if actor.person_id is None:
        return
    listed, is_free = figures(order)(PROMISE_WORDS), order.is_free
    if not promised(texts, listed, is_free=is_free):
        return
    held = posts_in(actor.person_id, order.region_id)
    for each in promised(texts, listed, is_free=is_free):
        if not held & set(each.posts):
            raise NotAllowed("orders.beyond_promise", value_key=PROMISE_WORDS.key, promise=spoken(each.words))


def take_back(order: Order, at: datetime) -> None:
    """Nobody comes any more: the live visit ends without having been; part of the verb that ended the order."""
    if visit := live_visit(order):
        visit.state, visit.left_at = VisitState.RELEASED, at
        update(visit, {"state", "left_at"})
        release(subject=Subject("visit", visit.pk))


def go_on(order: Order, actor: Actor, at: datetime) -> frozenset[str]:
    """End a suspension as part of another verb; the fields that were written."""
    order.suspended_at, order.suspend_reason, order.suspended_until = None, "", None
    resume(subject_of(order), at=at, actor=actor)
    return frozenset({"suspended_at", "suspend_reason", "suspended_until"})


def require_moment(order: Order, at: datetime) -> None:
    """Refuse a moment that has not come yet, or in which the order was not there."""
    if at > now():
        raise Invalid("kernel.in_future", field="at")
    if at < order.opened_at:
        raise Invalid("orders.before_opening", field="at")
    if order.completed_at and order.state in AFTER_THE_WORK and at < order.completed_at:
        raise Invalid("orders.before_last_step", field="at")


def figures(order: Order) -> Reading:
    """The figures of the version the order was opened under."""
    return reading(order.version_id)


def begin(order: Order, kinds: Iterable[ClockKind], *, at: datetime, actor: Actor) -> None:
    """Start those of these clocks that a step of the order's process names."""
    named = process_of(order).clocks
    if wanted := [each for each in kinds if each in named]:
        start(case_of(order), wanted, at=at, actor=actor)


def tell(order: Order, fact: Event, *, actor: Actor, at: datetime) -> int:
    """Record a fact about the order; the event's id."""
    return record(fact, subject=subject_of(order), region_id=order.region_id, actor=actor, at=at).pk


def finish(order: Order, fields: Iterable[str], *, clocks_changed: bool = False) -> Order:
    """Write the order back; with its nearest deadline when clocks changed."""
    names = {"state", *fields}
    if clocks_changed:
        shown = shown_of(subject_of(order))
        order.next_due_at, order.next_clock, order.breached = shown.next_due_at, shown.next_clock, shown.breached
        names |= {"next_due_at", "next_clock", "breached"}
        if order.plan_id and shown.next_clock == ClockKind.APPROVAL and shown.next_due_at:
            set_due(kind=APPROVAL, subject=Subject("plan", order.plan_id), due_at=shown.next_due_at)
    update(order, names)
    return order


def live_visit(order: Order) -> Visit | None:
    """The visit that is proposed or under way, locked; there is one at most."""
    return _LIVE_VISIT.first(order.pk)


def require_engineer(actor: Actor, order: Order, verb: str) -> None:
    """Only whose part it is does the engineer's part; who dispatches may do it for them, recorded as themselves."""
    if actor.is_system or does_the_engineers_part(order, process_of(order), actor):
        return
    if not (actor.may("orders.act_for_engineer") and actor.kind is not ActorKind.LINK):
        raise NotAllowed("orders.not_the_engineer")


def require_reason(given: str, listed: Sequence[Reason], field: str = "reason") -> None:
    """Refuse a reason that the regulation does not list."""
    if not given:
        raise Invalid("orders.reason_missing", field=field)
    if given not in {each.code for each in listed}:
        raise Invalid("orders.unknown_reason", field=field, reason=given)


def required(text: str, code: str, field: str) -> str:
    """The text without its edges; refused when nothing is left."""
    if not (plain := text.strip()):
        raise Invalid(code, field=field)
    return plain


def reasons(order: Order, value: Value[tuple[Reason, ...]]) -> tuple[Reason, ...]:
    """The reasons the order's version lists."""
    return figures(order)(value)
