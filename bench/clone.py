"""Copies of really played orders, made inside the database: new keys, new times, everything else as it was played.

Two things are not remade: ids inside the bodies of events still name the rows of the original, and hashes of copied
positions are no chain. Nothing that is measured reads either; `anxiu verify` would, so it is not run here.
"""

from dataclasses import dataclass, field
from typing import Any

import psycopg

from anxiu.kernel.ids import number

Connection = psycopg.Connection[Any]
NUMBER_PREFIX, NUMBER_WIDTH = "WX", 7  # as orders.actions.intake makes them
SPREAD_DAYS = 730  # two years of a company
BASE_COPIES = 9  # three hundred customers become three thousand


@dataclass(frozen=True)
class Table:
    """How a table is copied: whose copies its rows follow, and the columns that are not copied as they are.

    In expressions `t` is the original row, `p` its copy's keys (old, new, parent, copy, shift).
    """

    name: str
    parent: str
    join: str
    columns: dict[str, str] = field(default_factory=dict)


OF_ORDER = "q.old = t.order_id"
OF_SUBJECT = "t.subject_kind = 'order' and q.old = t.subject_id"
BASE = (
    Table("customers_site", "customers_customer", "q.old = t.customer_id", {"customer_id": "p.parent", "source": "''", "source_id": "''"}),
    Table(
        "customers_contact", "customers_customer", "q.old = t.customer_id",
        {"customer_id": "p.parent", "source": "''", "source_id": "''", "site_id": "(select m.new from copy_customers_site m where m.old = t.site_id and m.copy = p.copy)"},
    ),
    Table(
        "equipment_machine", "customers_customer", "q.old = t.customer_id",
        {
            "customer_id": "p.parent", "source": "''", "source_id": "''", "label_code": "'B' || p.new",
            "serial": "t.serial || '-' || p.copy", "serial_key": "t.serial_key || p.copy",
            "site_id": "(select m.new from copy_customers_site m where m.old = t.site_id and m.copy = p.copy)",
        },
    ),
)  # fmt: skip
ORDER = (
    Table("orders_request", "orders_order", OF_ORDER, {"order_id": "p.parent"}),
    Table("orders_visit", "orders_order", OF_ORDER, {"order_id": "p.parent"}),
    Table(
        "orders_entry", "orders_order", OF_ORDER,
        {"order_id": "p.parent", "corrects_id": "null", "visit_id": "(select m.new from copy_orders_visit m where m.old = t.visit_id and m.copy = p.copy)"},
    ),
    Table("orders_signoff", "orders_order", OF_ORDER, {"order_id": "p.parent"}),
    Table("orders_guarantee", "orders_order", OF_ORDER, {"order_id": "p.parent", "number": "'B' || p.new"}),
    Table("orders_document", "orders_order", OF_ORDER, {"order_id": "p.parent"}),
    Table("orders_question", "orders_order", OF_ORDER, {"order_id": "p.parent"}),
    Table("orders_handover", "orders_order", OF_ORDER, {"order_id": "p.parent"}),
    Table("feedback_rating", "orders_order", OF_ORDER, {"order_id": "p.parent"}),
    Table("sla_clock", "orders_order", OF_SUBJECT, {"subject_id": "p.parent"}),
    Table("sla_clockpause", "sla_clock", "q.old = t.clock_id", {"clock_id": "p.parent"}),
    Table("sla_escalation", "sla_clock", "q.old = t.clock_id", {"clock_id": "p.parent"}),
    Table("files_attachment", "orders_order", OF_SUBJECT, {"subject_id": "p.parent"}),
    Table(
        "accounts_link", "orders_order", OF_SUBJECT,
        {"subject_id": "p.parent", "digest": "encode(sha256((t.digest || p.new)::bytea), 'hex')"},
    ),
    Table("notify_notice", "orders_order", OF_SUBJECT, {"subject_id": "p.parent", "key": "left(t.key, 120) || ':' || p.new"}),
    Table(
        "workforce_occupancy", "orders_visit", "t.subject_kind = 'visit' and q.old = t.subject_id",
        {"subject_id": "p.parent", "live": "false"},
    ),
    Table("kernel_event", "orders_order", OF_SUBJECT, {"subject_id": "p.parent"}),
    Table("kernel_sealed", "kernel_event", "q.old = t.event_id", {"event_id": "p.parent"}),
)  # fmt: skip
STANDING = """
update orders_order o set sign_off_id = s.new
from copy_orders_order p join orders_order t on t.id = p.old join copy_orders_signoff s on s.old = t.sign_off_id
where o.id = p.new and s.parent = p.new
"""
PLACED = """
insert into kernel_position (position, event_id, hash)
select (select coalesce(max(position), 0) from kernel_position) + row_number() over (order by p.new), p.new,
       sha256(p.new::text::bytea)
from copy_kernel_event p
"""


def copy_base(connection: Connection) -> None:
    """More customers, sites, contacts and machines like those there are."""
    connection.execute(
        "create temp table copy_customers_customer as"
        " select t.id as old, nextval(pg_get_serial_sequence('customers_customer', 'id')) as new, 0::bigint as parent,"
        " copy, make_interval() as shift from customers_customer t cross join generate_series(1, %s) as copy",
        [BASE_COPIES],
    )
    _insert(connection, Table("customers_customer", "", "", {"code": "'B' || p.new", "source": "''", "source_id": "''"}))
    for table in BASE:
        _copy(connection, table)


def copy_orders(connection: Connection, ids: list[int], copies: int, *, spread: bool) -> None:
    """Copies of these orders with all that belongs to them: over the last two years, or at the same time."""
    newest = connection.execute("select max(id) from orders_order").fetchone()
    assert newest is not None
    connection.execute(
        "create temp table copy_orders_order (old bigint, new bigint, parent bigint, copy int, shift interval, number text)"
    )
    following = int(newest[0])
    with connection.cursor() as cursor, cursor.copy("copy copy_orders_order from stdin") as out:
        for made in range(copies):
            each, turn = ids[made % len(ids)], made // len(ids)
            following += 1
            hours = SPREAD_DAYS * 24 * (1 - made / copies) if spread else 0.0
            shift = f"{hours:.4f} hours"
            out.write_row((each, following, 0, turn + 1, shift, number(NUMBER_PREFIX, following, NUMBER_WIDTH)))
    connection.execute("select setval(pg_get_serial_sequence('orders_order', 'id'), %s)", [following])
    machines = "equipment_machine", "customers_customer", "customers_site", "customers_contact"
    keys = ("machine_id", "customer_id", "site_id", "contact_id")
    moved = {
        key: f"coalesce((select m.new from copy_{table} m where m.old = t.{key} and m.copy = p.copy %% {BASE_COPIES + 1}), t.{key})"
        for key, table in zip(keys, machines, strict=True)
        if _exists(connection, f"copy_{table}")
    }
    gone = dict.fromkeys(("repeat_of_id", "under_guarantee_id", "continues_id", "sign_off_id"), "null")
    _insert(connection, Table("orders_order", "", "", {"number": "p.number", **gone, **moved}))
    for table in ORDER:
        _copy(connection, table)
    connection.execute(STANDING)
    connection.execute(PLACED)
    # Projectors have folded what they were played; the copies tell them nothing new.
    connection.execute("update kernel_cursor set position = (select max(position) from kernel_position)")


def forget(connection: Connection) -> None:
    """Drop the lists of keys, so that more can be copied."""
    for table in ("orders_order", *(each.name for each in ORDER)):
        connection.execute(f"drop table if exists copy_{table}")


def _exists(connection: Connection, table: str) -> bool:
    row = connection.execute("select to_regclass(%s)", [f"pg_temp.{table}"]).fetchone()
    return row is not None and row[0] is not None


def _copy(connection: Connection, table: Table) -> None:
    """New keys for the rows that follow their parent's copies, then the rows."""
    key = f"nextval(pg_get_serial_sequence('{table.name}', 'id'))"
    connection.execute(
        f"create temp table copy_{table.name} as select t.id as old, {key} as new, q.new as parent, q.copy, q.shift"
        f" from {table.name} t join copy_{table.parent} q on {table.join} order by q.new, t.id"
    )
    _insert(connection, table)


def _insert(connection: Connection, table: Table) -> None:
    rows = connection.execute(
        "select attname, format_type(atttypid, null) from pg_attribute where attrelid = %s::regclass and attnum > 0"
        " and not attisdropped and attgenerated = '' order by attnum",
        [table.name],
    ).fetchall()
    values = {str(name): table.columns.get(str(name)) or _value(str(name), str(kind)) for name, kind in rows}
    connection.execute(f"create index on copy_{table.name} (old, copy)")
    connection.execute(f"analyze copy_{table.name}")
    names = ", ".join(f'"{name}"' for name in values)
    connection.execute(
        f"insert into {table.name} ({names}) select {', '.join(values.values())}"
        f" from copy_{table.name} p join {table.name} t on t.id = p.old order by p.new".replace("%%", "%")
    )


def _value(name: str, kind: str) -> str:
    if name == "id":
        return "p.new"
    if name == "uid":
        return "uuidv7()"
    if kind == "timestamp with time zone":
        return f't."{name}" - p.shift'
    if kind == "date":
        return f'(t."{name}" - p.shift)::date'
    return f't."{name}"'
