"""Fills in what lower apps ask of whoever has orders: who sees an order's files, and who shows its deadlines."""

from collections.abc import Collection, Iterable, Sequence

from django.apps import AppConfig
from django.db import connection

from anxiu.kernel.actor import Actor
from anxiu.sla.ports import Change


def _visible(actor: Actor, ids: Iterable[int]) -> set[int]:
    from anxiu.orders.queries import visible

    return set(visible(actor).filter(pk__in=list(ids)).values_list("pk", flat=True))


def _lock(ids: Collection[int], *, wait: bool) -> Collection[int]:
    from anxiu.orders.models import Order

    rows = Order.objects.select_for_update(skip_locked=not wait, no_key=True).filter(pk__in=ids).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def _told(changes: Sequence[Change]) -> None:
    """Write many orders' next deadlines with one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update orders_order as o set next_due_at = c.due, next_clock = c.clock, breached = c.breached"
            " from unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::bool[]) as c(id, due, clock, breached)"
            " where o.id = c.id",
            [
                [each.subject_id for each in changes], [each.next_due_at for each in changes],
                [each.next_clock for each in changes], [each.breached for each in changes],
            ],
        )  # fmt: skip


class OrdersConfig(AppConfig):
    """Registers at start; models are loaded only when asked."""

    name = "anxiu.orders"

    def ready(self) -> None:
        """Answer for orders where files and clocks ask."""
        from anxiu.accounts.queries import read_along
        from anxiu.files.queries import register_visibility
        from anxiu.kernel import append_only
        from anxiu.orders.queries import ANY
        from anxiu.sla.ports import on_change

        append_only.TABLES.extend(["orders_document", "orders_superseded"])
        register_visibility("order", _visible)
        read_along("works_already", ANY)
        on_change("order", _told, lock=_lock)
