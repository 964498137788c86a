"""Finding orders by words: within what an actor sees, and the newest first whatever the word is.

A word that is in a third of all orders and one that is in a single one want different ways: reading backwards from the
newest, or asking the index. The database has to guess which, and a wrong guess reads a million rows. So we look among
the newest few thousand first, then among more, and ask for all the rest only where that did not fill the page: each
way is short then, whichever it takes.
"""

import time
from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet

from anxiu.kernel.actor import Actor, ActorKind
from anxiu.kernel.ids import is_number
from anxiu.kernel.search import query as search_query
from anxiu.orders.choices import NUMBER_PREFIX
from anxiu.orders.models import Order
from anxiu.orders.queries.lists import named

NEAR: Final = 2048  # source: measured, docs/decisions/0025
FAR: Final = 65_536  # source: measured, docs/decisions/0025
KEPT_SECONDS: Final = 60  # source: own choice; a process remembers so long about which order is the newest
_newest: list[float] = [0, 0.0]  # its key, and when it was looked up


def searched(rows: QuerySet[Order], actor: Actor, typed: str) -> QuerySet[Order]:
    """Those of the orders an actor sees that hold every word; all of them without one.

    Where an actor sees some regions only, the region is one of the words: the index finds no others.
    """
    if not typed.strip():
        return rows
    if (exactly := _numbered(rows, typed)) is not None:
        return exactly
    anywhere = search_query(typed)
    if anywhere is None:
        return rows.none()
    if actor.regions is None or actor.kind is ActorKind.LINK:
        return rows.filter(search=anywhere)
    here = Q(search=search_query(typed, actor.regions))
    if actor.person_id is None:
        return rows.filter(here)
    return rows.filter(here | Q(named(actor.person_id), search=anywhere))


def _numbered(rows: QuerySet[Order], typed: str) -> QuerySet[Order] | None:
    """The order whose whole number was typed, if there is one among those: who knows the number wants no other."""
    number = typed.strip().upper()
    if not is_number(number, NUMBER_PREFIX):
        return None
    found = rows.filter(number=number)
    return found if found.exists() else None


def newest(rows: QuerySet[Order], size: int, below: int | None = None) -> list[Order]:
    """The newest so many of what a search found, before the one with the key `below`; two statements."""
    if rows.query.is_empty():
        return []
    top = _top() if below is None else below
    near, far = rows.filter(pk__gt=top - NEAR), rows.filter(pk__gt=top - FAR, pk__lte=top - NEAR)
    # Only the nearest are read backwards. Asked for a few, the database would read the others backwards as well.
    parts = near.order_by("-pk")[:size], far.order_by(), rows.filter(pk__lte=top - FAR).order_by()
    texts, values = zip(*(each.values_list("id").query.sql_with_params() for each in parts), strict=True)
    near_values, far_values, rest_values = values
    given = [*near_values, *far_values, size, *rest_values, size, size]
    with connection.cursor() as cursor:
        # Not prepared: a plan that is kept is one for words it does not know.
        found = cursor.connection.execute(_STEPS.format(*texts), given, prepare=False).fetchall()
    return list(rows.filter(pk__in=[row[0] for row in found]).order_by("-pk"))


# The later steps are not run where the ones before them filled the page.
_STEPS: Final = """
with near as materialized ({}), far as materialized (
    select id from ({}) as further where (select count(*) from near) < %s
), rest as materialized (
    select id from ({}) as everywhere where (select count(*) from near) + (select count(*) from far) < %s
)
select id from (select id from near union all select id from far union all select id from rest) as found
order by id desc limit %s
"""


def _top() -> int:
    """About the newest order: those opened since are beyond it, and near as well."""
    key, looked_at = _newest
    if not key or time.monotonic() - looked_at > KEPT_SECONDS:
        key = Order.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        _newest[:] = [key, time.monotonic()]
    return int(key)
