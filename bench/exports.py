"""A long list of orders as a file: how long the job takes, and how much memory its process needs.

One order is played in a database of its own and copied there; the job then goes through the pages of the list as
somebody of the company asked for it, once as CSV and once as a workbook.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bench.imports import ImportsFound, _step
from bench.place import Place

EXPORTS = "anxiu_bench_exports"
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
COPIED_AT_ONCE = 20_000
# Every column as it is, but for the keys; copies of one order that nobody works on.
COPIES = """
with made as (
  insert into orders_order ({columns}, uid, number)
  select {columns}, gen_random_uuid(), 'B' || lpad((%s + n)::text, 9, '0')
  from orders_order, generate_series(1, %s) n where id = %s returning id
)
insert into orders_request ({beside}, order_id) select {beside}, made.id from orders_request, made where order_id = %s
"""


def measure(place: Place, rows: int, say: Callable[[str], None]) -> ImportsFound:
    """Make the orders, then both files."""
    place.recreate(EXPORTS)
    os.environ.update(place.environment)
    os.environ["DATABASE_URL"] = place.url(place.server.owner_url, EXPORTS)
    os.environ["DATABASE_OWNER_URL"] = os.environ["DATABASE_URL"]
    os.environ["ANXIU_TEST"] = "1"
    place.run("django", "migrate", "--verbosity", "0", environment=dict(os.environ))
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    found = ImportsFound(rows)
    actor = _company(rows)
    say(f"{rows:,} orders")
    for wanted in ("csv", "xlsx"):
        _export(actor, wanted, found, say)
    return found


def _company(rows: int) -> Any:
    from anxiu.accounts.actions import NewPerson, add_person, add_region
    from anxiu.accounts.queries import actor_of
    from anxiu.customers.actions import NewCustomer, add_customer
    from anxiu.kernel.actor import SYSTEM
    from anxiu.kernel.time import moved_to
    from anxiu.orders.actions import Report, open_order
    from anxiu.orders.choices import Channel

    given: dict[str, Any] = {"actor": SYSTEM, "at": AT}
    with moved_to(AT):
        region = add_region(**given, code="east", name_zh="华东", name_en="East")
        agent = add_person(**given, new=NewPerson("王小明", "a@example.com", (("agent", None),), region_id=region.pk))
        post = (("supervisor", None),)
        boss = add_person(**given, new=NewPerson("李主管", "b@example.com", post, region_id=region.pk))
        customer = add_customer(**given, new=NewCustomer("华东机电", region.pk, code="K-1"))
        report = Report(
            Channel.PHONE, "电梯停梯，报警灯亮", caller_name="赵师傅", caller_phone="13812345678",
            region_id=region.pk, customer_id=customer.pk,
        )  # fmt: skip
        order = open_order(actor=actor_of(agent), at=AT, report=report).order
    _copy(order.pk, rows - 1)
    return actor_of(boss)


def _copy(order: int, rows: int) -> None:
    from django.db import connection

    from anxiu.orders.models import Order, Request

    def columns(model: Any, *besides: str) -> str:
        return ", ".join(each.column for each in model._meta.concrete_fields if each.column not in {"id", *besides})

    statement = COPIES.format(columns=columns(Order, "uid", "number"), beside=columns(Request, "order_id"))
    for start in range(0, rows, COPIED_AT_ONCE):
        with connection.cursor() as cursor:
            cursor.execute(statement, [start, min(COPIED_AT_ONCE, rows - start), order, order])
    with connection.cursor() as cursor:
        cursor.execute("analyze orders_order, orders_request")


def _export(actor: Any, wanted: str, found: ImportsFound, say: Callable[[str], None]) -> None:
    from anxiu.console.tasks import make_list
    from anxiu.trace.actions import ListAsked, export_lists
    from anxiu.trace.choices import Format

    asked = ListAsked("orders", "/orders/", "", Format(wanted), f"orders.{wanted}", "zh-hans", "Asia/Shanghai")
    row = export_lists(actor=actor, at=AT, asked=asked)
    with _step(wanted, found, say):
        make_list(export_id=row.pk)
    row.refresh_from_db()
    assert (row.state, row.total) == ("done", found.rows), (row.state, row.total, row.failure)
    say(f"{wanted}: {row.size / 1024 / 1024:.1f} MB")
