"""Many orders with their facts at once: copies of one order that was played by the verbs, measured by the rules.

For what needs more cases than can be played; days and sums are reckoned as the projector does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from anxiu.accounts.models import Region
from anxiu.kernel.ids import uuid7
from anxiu.kpi.models import OrderFact
from anxiu.kpi.rules.adding import Changes, of_order_fact
from anxiu.kpi.rules.measures import of_order
from anxiu.kpi.subscribers import _add_up, local_day
from anxiu.orders.models import Order

SATISFIED_FROM = 80
_count = count(1)


@dataclass(frozen=True, slots=True)
class Told:
    """One order: where, of which kind, when it came in, how long until somebody answered, and whether it was fixed."""

    region: Region
    opened_at: datetime
    minutes: float
    fixed: bool = True
    order_type: str = "repair"


def many(pattern: Order, told: Iterable[Told]) -> None:
    """Write them."""
    orders, rows = [], list(told)
    fact = OrderFact.objects.get(order=pattern)
    kept = Order.objects.get(pk=pattern.pk)
    for each in rows:
        made = _copy(kept)
        made.pk, made.uid, made.number, made.sign_off = None, uuid7(), f"B{next(_count)}", None
        made.region, made.order_type, made.opened_at = each.region, each.order_type, each.opened_at
        orders.append(made)
    changes, facts = Changes(), []
    for order, each in zip(Order.objects.bulk_create(orders), rows, strict=True):
        facts.append(_fact(fact, order, each))
        changes.add(of_order_fact(facts[-1], local_day))
    OrderFact.objects.bulk_create(facts)
    _add_up(changes)


def _copy(row: Order) -> Order:
    return Order(**{each.attname: getattr(row, each.attname) for each in Order._meta.concrete_fields if each.attname != "id"})


def _fact(pattern: OrderFact, order: Order, each: Told) -> OrderFact:
    arrived = each.opened_at + timedelta(hours=2)
    row = OrderFact(
        order=order, version_id=pattern.version_id, region=each.region, channel=pattern.channel, severity=pattern.severity,
        owner_id=pattern.owner_id, engineer_id=pattern.engineer_id, opened_at=each.opened_at, weekday=1, hour=9,
        responded_at=each.opened_at + timedelta(minutes=each.minutes), arrived_at=arrived, arrivals=1,
        completed_at=arrived + timedelta(hours=1), ended_at=arrived + timedelta(hours=1), resolved=each.fixed,
    )  # fmt: skip
    for column, value in of_order(row, SATISFIED_FROM).items():
        setattr(row, column, value)
    return row
