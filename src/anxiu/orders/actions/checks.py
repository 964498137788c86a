"""Ticking the checklists of the regulation: each tick is a line of the work record, with its author and time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, ActorKind
from anxiu.kernel.errors import Invalid
from anxiu.kernel.events import Sealed
from anxiu.kernel.time import now
from anxiu.orders.actions.moves import finish, live_visit, locked, require_engineer, required, tell
from anxiu.orders.choices import UNTICKED, EntryKind
from anxiu.orders.events import ItemsChecked, ItemUnchecked
from anxiu.orders.models import Entry, Order
from anxiu.orders.processes import CheckItem
from anxiu.orders.queries import items_of, process_of, ticked


@action(posts={"engineer", "partner", "agent"})
def check_items(*, actor: Actor, at: datetime, order_uid: UUID, checked: tuple[str, ...]) -> Order:
    """Tick items of the order's checklists; the customer ticks by their link what they are asked to.

    Records: ItemsChecked. Refuses: anybody but the engineer, the owner and the customer, an item that is on no list
    of this process, nothing at all.
    """
    order = locked(actor, order_uid, "check_items", at)
    by_customer = actor.kind is ActorKind.LINK
    if not by_customer and actor.person_id != order.owner_id:
        require_engineer(actor, order, "check_items")
    steps = process_of(order).steps
    items = [each for step in steps for each in items_of(order, step) if each.customer or not by_customer]
    if not checked:
        raise Invalid("orders.nothing_checked", field="checked")
    done = ticked([order], by_customer=by_customer).get(order.pk, {})
    new = tuple(each for each in dict.fromkeys(checked) if not done.get(each, False))
    write_checks(order, checked, done, items, actor, at)
    if new:
        tell(order, ItemsChecked(new, by_customer), actor=actor, at=at)
    return finish(order, ())


@action(posts={"engineer", "partner", "agent"})
def uncheck_item(*, actor: Actor, at: datetime, order_uid: UUID, item: str, reason: str) -> Order:
    """Take back a tick of ours that should not have been. The line stays; a further one sets it right and says why.

    Records: ItemUnchecked. Refuses: anybody but the engineer and the owner, no reason, an item that is not ticked.
    """
    order = locked(actor, order_uid, "uncheck_item", at)
    if actor.person_id != order.owner_id:
        require_engineer(actor, order, "uncheck_item")
    why = required(reason, "orders.reason_missing", "reason")
    ticks = Entry.objects.filter(order=order, kind=EntryKind.CHECK, code=item, by_customer=False, corrections=None)
    tick = ticks.order_by("-id").first()
    if tick is None:
        raise Invalid("orders.not_ticked", field="item")
    line = Entry.objects.create(
        order=order, visit=live_visit(order), kind=EntryKind.NOTE, code=UNTICKED, text=why, corrects=tick,
        author_id=actor.person_id, at=at, recorded_at=now(),
    )  # fmt: skip
    tell(order, ItemUnchecked(item, line.pk, Sealed(why)), actor=actor, at=at)
    return finish(order, ())


def write_checks(
    order: Order, checked: Iterable[str], done: Mapping[str, bool], items: Sequence[CheckItem], actor: Actor,
    at: datetime,
) -> None:  # fmt: skip
    """Write a line for each ticked item that is not done yet; part of a caller's change. Two statements at most."""
    codes = list(dict.fromkeys(checked))
    if unknown := set(codes) - {each.code for each in items}:
        raise Invalid("orders.unknown_item", field="checked", item=sorted(unknown)[0])
    codes = [each for each in codes if not done.get(each)]
    if not codes:
        return
    visit, recorded_at = live_visit(order), now()
    lines = [
        Entry(
            order=order, visit=visit, kind=EntryKind.CHECK, code=code, author_id=actor.person_id, at=at,
            recorded_at=recorded_at, by_customer=actor.kind is ActorKind.LINK,
        )
        for code in codes
    ]  # fmt: skip
    Entry.objects.bulk_create(lines)
