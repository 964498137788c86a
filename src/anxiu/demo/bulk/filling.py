"""A demo company grown to a million orders: what it played, copied until there are so many, spread over two years."""

import time
from collections.abc import Callable
from typing import Final

import psycopg

from anxiu.demo.bulk import copies, sums
from anxiu.kernel.errors import Invalid

AT_ONCE: Final = 50_000  # orders that are copied in one go: their lists of keys fit into memory
CUSTOMERS_A_COPY: Final = 10_000  # so many orders stand behind each copy of the demo's three hundred customers
MEMORY: Final = ("set maintenance_work_mem = '1GB'", "set work_mem = '256MB'", "set synchronous_commit = off")
# Dropped while rows come in, made again in one go after: their definitions wait here, should we be stopped.
TOLD: Final = 10  # after so many indexes
PUT_ASIDE: Final = "demo_bulk_indexes"
GROWN: Final = (
    "orders_order", "orders_request", "orders_entry", "orders_visit", "sla_clock", "sla_escalation", "files_attachment",
    "accounts_link", "notify_notice", "kernel_event", "kernel_sealed", "kpi_orderfact", "kpi_visitfact", "kpi_casefact",
    "workforce_occupancy", "orders_guarantee", "orders_document", "feedback_rating",
)  # fmt: skip


def fill(address: str, database: str, orders: int, zone: str, say: Callable[[str], None]) -> int:
    """Grow the company that was played until it has so many orders; how many there are then.

    `address` is a superuser's, whatever database it names: what happens when an event is recorded must not happen for
    copies. The copies are thinned (copies.py) and have no chain. Not to be taken up again when it was stopped.
    """
    with psycopg.connect(address, dbname=database, autocommit=True) as connection:
        _prepare(connection, zone)
        there = _count(connection)
        wanted = orders - there
        if wanted <= 0:
            raise Invalid("demo.enough_orders", found=there)
        ended = connection.execute("select id from orders_order where ended_at is not null order by id").fetchall()
        ids = [int(row[0]) for row in ended]
        base = max(1, orders // CUSTOMERS_A_COPY - 1)
        with connection.transaction():
            copies.copy_base(connection, base)
            copies.set_originals_aside(connection)
            indexes = _put_aside(connection)
        began = time.monotonic()
        for since in range(0, wanted, AT_ONCE):
            until = min(since + AT_ONCE, wanted)
            copies.copy_orders(connection, copies.Span(ids, since, until, wanted), base=base, thinned=True)
            copies.forget(connection)
            say(f"{there + until:,} / {orders:,}, {time.monotonic() - began:.0f} s")
        _make_again(connection, indexes, say)
        for each in sums.statements(zone):
            connection.execute(each)
        connection.execute("vacuum full kpi_daycell")  # written once for each of its columns
        connection.execute("vacuum analyze")
        return _count(connection)


def _prepare(connection: copies.Connection, zone: str) -> None:
    row = connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchone()
    if not row or not row[0]:
        raise Invalid("demo.needs_superuser")
    if connection.execute("select to_regclass(%s)", [PUT_ASIDE]).fetchone() != (None,):
        raise Invalid("demo.was_stopped")
    connection.execute("set session_replication_role = replica")
    connection.execute("select set_config('anxiu.zone', %s, false)", [zone])
    for each in MEMORY:
        connection.execute(each)


def _count(connection: copies.Connection) -> int:
    row = connection.execute("select count(*) from orders_order").fetchone()
    return int(row[0]) if row else 0


def _put_aside(connection: copies.Connection) -> list[str]:
    """Drop the indexes that are no constraints; how to make them again. A run that fails leaves a table of them."""
    connection.execute(
        f"create table {PUT_ASIDE} as"
        " select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as made from pg_index i"
        " where i.indrelid::regclass::text = any(%s) and not i.indisunique"
        " and not exists (select from pg_constraint c where c.conindid = i.indexrelid)",
        [list(GROWN)],
    )
    rows = connection.execute(f"select name, made from {PUT_ASIDE} order by name").fetchall()
    for name, _ in rows:
        connection.execute(f"drop index {name}")
    return [str(made) for _, made in rows]


def _make_again(connection: copies.Connection, indexes: list[str], say: Callable[[str], None]) -> None:
    for number, made in enumerate(indexes, 1):
        connection.execute(made)
        if number % TOLD == 0:
            say(f"index {number} / {len(indexes)}")
    connection.execute(f"drop table {PUT_ASIDE}")
