"""Copies of really played orders, made inside the database: new keys, new times, everything else as it was played.

Two things are not remade: ids inside the bodies of events still name the rows of the original, and hashes of copied
positions are no chain. `anxiu verify` says so of such a database; it is one to measure on, not to work in.
"""

from dataclasses import dataclass, field
from typing import Any

import psycopg

from anxiu.kernel.ids import number
from anxiu.orders.choices import NUMBER_PREFIX

Connection = psycopg.Connection[Any]
NUMBER_WIDTH = 7  # as orders.actions.intake makes them
ANOTHER_ORDERS = ("repeat_of_id", "under_guarantee_id", "continues_id", "sign_off_id", "merged_into_id")
SPREAD_DAYS = 730  # two years of a company
# What is left out of a thinned order: everything but the way of the order itself and its rating, twelve events as a
# rule; of messages and links only one in four. A million whole ones take 70 GB, thinned ones a third of it.
MAIN_EVENTS = (
    "orders.opened", "orders.customer_contacted", "orders.visit_booked", "orders.visit_accepted", "orders.departed",
    "orders.arrived", "orders.assessed", "orders.repair_completed", "orders.signed_off", "orders.followed_up",
    "orders.archived", "orders.cancelled", "feedback.rated",
)  # fmt: skip
THINNED = {
    "kernel_event": f"t.kind in {MAIN_EVENTS!r}",
    "notify_notice": "t.id % 4 = 0",
    "accounts_link": "t.id % 4 = 0",
    "files_attachment": "t.id % 2 = 0",
    "sla_escalation": "t.id % 4 = 0",
}


@dataclass(frozen=True)
class Table:
    """How a table is copied: whose copies its rows follow, and the columns that are not copied as they are.

    In expressions `t` is the original row, `p` its copy's keys (old, new, parent, copy, shift).
    """

    name: str
    parent: str
    join: str
    columns: dict[str, str] = field(default_factory=dict)


COPY_OF = "(select m.new from copy_{table} m where m.old = t.{key} and m.copy = {turn})"
SITE = COPY_OF.format(table="customers_site", key="site_id", turn="p.copy")
VISIT = COPY_OF.format(table="orders_visit", key="visit_id", turn="p.copy")
OUR_OWN = {"source": "''", "source_id": "''"}  # not of the file its original came in
OF_ORDER = "q.old = t.order_id"
OF_SUBJECT = "t.subject_kind = 'order' and q.old = t.subject_id"
BASE = (
    Table("customers_site", "customers_customer", "q.old = t.customer_id", {"customer_id": "p.parent", **OUR_OWN}),
    Table(
        "customers_contact", "customers_customer", "q.old = t.customer_id",
        {"customer_id": "p.parent", "site_id": SITE, **OUR_OWN},
    ),
    Table(
        "equipment_machine", "customers_customer", "q.old = t.customer_id",
        {
            "customer_id": "p.parent", "site_id": SITE, "label_code": "'B' || p.new",
            "serial": "t.serial || '-' || p.copy", "serial_key": "t.serial_key || p.copy", **OUR_OWN,
        },
    ),
)  # fmt: skip
ORDER = (
    Table("orders_request", "orders_order", OF_ORDER, {"order_id": "p.parent"}),
    Table("orders_visit", "orders_order", OF_ORDER, {"order_id": "p.parent"}),
    Table(
        "orders_entry", "orders_order", OF_ORDER,
        {"order_id": "p.parent", "corrects_id": "null", "visit_id": VISIT},
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
    Table(
        "notify_notice", "orders_order", OF_SUBJECT,
        {"subject_id": "p.parent", "key": "left(t.key, 120) || ':' || p.new"},
    ),
    Table(
        "workforce_occupancy", "orders_visit", "t.subject_kind = 'visit' and q.old = t.subject_id",
        {"subject_id": "p.parent", "live": "false"},
    ),
    Table("kernel_event", "orders_order", OF_SUBJECT, {"subject_id": "p.parent"}),
    Table("kernel_sealed", "kernel_event", "q.old = t.event_id", {"event_id": "p.parent"}),
)  # fmt: skip
# Facts have the keys of what they tell of, so they follow its copies row by row.
FACTS = (
    Table(
        "kpi_orderfact", "", "copy_orders_order p join {originals} t on t.order_id = p.old",
        {
            "order_id": "p.new", "repeat_of": "null", "followed_by": "null", "pauses": "'{}'",
            "weekday": "extract(isodow from (t.opened_at - p.shift) at time zone current_setting('anxiu.zone'))",
            "hour": "extract(hour from (t.opened_at - p.shift) at time zone current_setting('anxiu.zone'))",
        },
    ),
    Table(
        "kpi_visitfact", "", "copy_orders_visit p join {originals} t on t.visit_id = p.old",
        {"visit_id": "p.new", "order_id": "p.parent"},
    ),
    Table(
        "kpi_casefact", "", "copy_orders_order p join {originals} t on t.order_id = p.old",
        {
            "id": "nextval(pg_get_serial_sequence('kpi_casefact', 'id'))", "order_id": "p.new",
            "source": "left(t.source, 60) || ':' || p.new",
            "week": "date_trunc('week', (t.at - p.shift) at time zone current_setting('anxiu.zone'))::date",
        },
    ),
)  # fmt: skip
# As kernel.search makes them, so that a copy is found by its own number and its own machine's.
FRAGMENTS = """
create or replace function pg_temp.fragments(code text) returns text[] language sql immutable as $$
  select coalesce(array_agg(substr(plain, start)), '{}')
  from (select left(regexp_replace(lower(code), '[^0-9a-z]', '', 'g'), 40) as plain) c,
    generate_series(1, greatest(1, length(plain) - 2)) as start
  where plain <> '' $$
"""
SERIAL = "(select m.serial from equipment_machine m where m.id = {key})"
SEARCH = (
    f"ts_delete(t.search, pg_temp.fragments(t.number) || pg_temp.fragments({SERIAL.format(key='t.machine_id')}))"
    f" || array_to_tsvector(pg_temp.fragments(p.number) || pg_temp.fragments({SERIAL.format(key='{machine}')}))"
)
STANDING = """
update orders_order o set sign_off_id = s.new
from copy_orders_order p join {originals} t on t.id = p.old join copy_orders_signoff s on s.old = t.sign_off_id
where o.id = p.new and s.parent = p.new
"""
PLACED = """
insert into kernel_position (position, event_id, hash)
select (select coalesce(max(position), 0) from kernel_position) + row_number() over (order by p.new), p.new,
       sha256(p.new::text::bytea)
from copy_kernel_event p
"""


def set_originals_aside(connection: Connection) -> None:
    """What there is now is copied from a place of its own: the tables themselves grow meanwhile, without an index."""
    for name in ("orders_order", *(each.name for each in (*ORDER, *FACTS))):
        connection.execute(f"create temp table original_{name} as select * from {name}")
        connection.execute(f"analyze original_{name}")


def _originals(connection: Connection, name: str) -> str:
    return f"original_{name}" if _exists(connection, f"original_{name}") else name


def copy_base(connection: Connection, copies: int) -> None:
    """So many times the customers, sites, contacts and machines there are, like them."""
    connection.execute(
        "create temp table copy_customers_customer as"
        " select t.id as old, nextval(pg_get_serial_sequence('customers_customer', 'id')) as new, 0::bigint as parent,"
        " copy, make_interval() as shift from customers_customer t cross join generate_series(1, %s) as copy",
        [copies],
    )
    _insert(connection, Table("customers_customer", "", "", {"code": "'B' || p.new", **OUR_OWN}))
    for table in BASE:
        _copy(connection, table)


@dataclass(frozen=True)
class Span:
    """Which copies to make of the orders with these ids: the ones from `since` to `until`, of `whole` in all.

    They are spread over two years, the last ones now; without `whole` all are at the time of their originals.
    """

    ids: list[int]
    since: int
    until: int
    whole: int = 0


def copy_orders(connection: Connection, span: Span, *, base: int, thinned: bool = False) -> None:
    """Copies of orders with all that belongs to them, about the machines of the `base` copies of customers in turn."""
    _list_copies(connection, span)
    machines = "equipment_machine", "customers_customer", "customers_site", "customers_contact"
    keys = ("machine_id", "customer_id", "site_id", "contact_id")
    moved = {
        key: f"coalesce({COPY_OF.format(table=table, key=key, turn=f'p.copy % {base + 1}')}, t.{key})"
        for key, table in zip(keys, machines, strict=True)
        if _exists(connection, f"copy_{table}")
    }
    gone = dict.fromkeys(ANOTHER_ORDERS, "null")
    connection.execute(FRAGMENTS)
    found = SEARCH.format(machine=moved.get("machine_id", "t.machine_id"))
    _insert(connection, Table("orders_order", "", "", {"number": "p.number", "search": found, **gone, **moved}))
    for table in ORDER:
        _copy(connection, table, THINNED.get(table.name, "") if thinned else "")
    connection.execute(STANDING.format(originals=_originals(connection, "orders_order")))
    connection.execute(PLACED)
    for table in FACTS:
        _insert(connection, table)
    # Projectors have folded what they were played; the copies tell them nothing new.
    connection.execute("update kernel_cursor set position = (select max(position) from kernel_position)")


def _list_copies(connection: Connection, span: Span) -> None:
    """The keys of the copies, their times and numbers."""
    newest = connection.execute("select max(id) from orders_order").fetchone()
    assert newest is not None
    connection.execute(
        "create temp table copy_orders_order"
        " (old bigint, new bigint, parent bigint, copy int, shift interval, number text)"
    )
    following = int(newest[0])
    with connection.cursor() as cursor, cursor.copy("copy copy_orders_order from stdin") as out:
        for made in range(span.since, span.until):
            each, turn = span.ids[made % len(span.ids)], made // len(span.ids)
            following += 1
            hours = SPREAD_DAYS * 24 * (1 - made / span.whole) if span.whole else 0.0
            shift = f"{hours:.4f} hours"
            out.write_row((each, following, 0, turn + 1, shift, number(NUMBER_PREFIX, following, NUMBER_WIDTH)))
    connection.execute("select setval(pg_get_serial_sequence('orders_order', 'id'), %s)", [following])


def forget(connection: Connection) -> None:
    """Drop the lists of keys, so that more can be copied."""
    for table in ("orders_order", *(each.name for each in ORDER)):
        connection.execute(f"drop table if exists copy_{table}")


def _exists(connection: Connection, table: str) -> bool:
    row = connection.execute("select to_regclass(%s)", [f"pg_temp.{table}"]).fetchone()
    return row is not None and row[0] is not None


def _copy(connection: Connection, table: Table, only: str = "") -> None:
    """New keys for the rows that follow their parent's copies, then the rows; of some tables only some rows."""
    key = f"nextval(pg_get_serial_sequence('{table.name}', 'id'))"
    connection.execute(
        f"create temp table copy_{table.name} as select t.id as old, {key} as new, q.new as parent, q.copy, q.shift"
        f" from {_originals(connection, table.name)} t join copy_{table.parent} q on {table.join}"
        f" where {only or 'true'} order by q.new, t.id"
    )
    _insert(connection, table)


def _insert(connection: Connection, table: Table) -> None:
    """The rows, in the order of their new keys; a table of facts says itself how it is joined with them."""
    rows = connection.execute(
        "select attname, format_type(atttypid, null) from pg_attribute where attrelid = %s::regclass and attnum > 0"
        " and not attisdropped and attgenerated = '' order by attnum",
        [table.name],
    ).fetchall()
    values = {str(name): table.columns.get(str(name)) or _value(str(name), str(kind)) for name, kind in rows}
    originals = _originals(connection, table.name)
    source = table.join.format(originals=originals)
    if table not in FACTS:
        source = f"copy_{table.name} p join {originals} t on t.id = p.old"
        connection.execute(f"create index on copy_{table.name} (old, copy)")
        connection.execute(f"analyze copy_{table.name}")
    names = ", ".join(f'"{name}"' for name in values)
    connection.execute(
        f"insert into {table.name} ({names}) select {', '.join(values.values())} from {source} order by p.new"
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
