"""The data that is measured on: the demo company with a hundred thousand orders, and the floor's copy of its rows."""

import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from anxiu.demo.bulk import copies
from bench.place import FLOOR, KEPT, OURS, Place

TODAY = {"opened": 500, "booked": 2500}  # orders standing there when a run begins
SLOT = timedelta(hours=2)
SEARCH_DAYS = 14
SEARCHED = 500
BASE_COPIES = 9  # three hundred customers become three thousand


@dataclass
class Known:
    """What requests are made of."""

    token: str = ""
    session: str = ""
    floor_token: str = ""
    machines: list[str] = field(default_factory=list)
    archived: list[str] = field(default_factory=list)
    booked: list[tuple[str, str]] = field(default_factory=list)  # order, token of its engineer
    prepared: list[str] = field(default_factory=list)  # codes of the checklist
    numbers: list[str] = field(default_factory=list)  # of orders, and below serial numbers of machines: typed to search
    serials: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def keep(place: Place, orders: int, say: Callable[[str], None], *, fresh: bool) -> None:
    """Play the demo company and copy its finished orders, unless an earlier run has left them here."""
    marker = place.folder / "kept"
    if not fresh and KEPT in place.databases() and marker.exists() and marker.read_text() == str(orders):
        return
    say("playing the demo company (minutes)")
    place.recreate(OURS)
    (place.folder / "prepared.json").unlink(missing_ok=True)
    place.run("anxiu.project.cli", "prepare", "--demo")
    say(f"copying its finished orders until there are {orders}")
    with place.admin(OURS) as connection:
        connection.execute("set session_replication_role = replica")
        ended = [
            row[0] for row in connection.execute("select id from orders_order where ended_at is not null order by id")
        ]
        there = connection.execute("select count(*) from orders_order").fetchone()
        assert there is not None
        _in_zone(connection)
        copies.copy_base(connection, BASE_COPIES)
        wanted = orders - sum(TODAY.values()) - int(str(there[0]))
        copies.copy_orders(connection, copies.Span(ended, 0, wanted, wanted), base=BASE_COPIES)
        connection.execute("vacuum analyze")
    place.recreate(KEPT, OURS)
    marker.write_text(str(orders))


def _in_zone(connection: copies.Connection) -> None:
    """Say what days and hours copied facts are of."""
    connection.execute("select set_config('anxiu.zone', 'Asia/Shanghai', false)")


def stage(place: Place, say: Callable[[str], None], *, copied: bool = True) -> Known:
    """Orders of today, and the floor filled with the same rows: in a copy of what was kept, or in what is there."""
    say("today's orders, and the floor's rows")
    if copied:
        place.recreate(OURS, KEPT)
    place.run("anxiu.project.cli", "prepare")
    known = _today(place)
    place.recreate(FLOOR)
    place.run("django", "migrate", "--run-syncdb", "--verbosity", "0", environment={
        **place.environment, "DJANGO_SETTINGS_MODULE": "bench.floor.settings",
    })  # fmt: skip
    known.floor_token = _fill_floor(place)
    with place.admin(OURS) as connection, place.admin(FLOOR) as other:
        for table in ("orders_order", "kernel_event", "customers_customer", "equipment_machine"):
            row = connection.execute(f"select count(*) from {table}").fetchone()
            known.counts[table] = int(str(row[0])) if row else 0
        other.execute("vacuum analyze")
        connection.execute("checkpoint")
    return known


def set_up(place: Place) -> None:
    """Let this process work on the data as the owner does."""
    os.environ.update(place.environment)
    os.environ["DATABASE_URL"] = place.server.owner_url
    os.environ["ANXIU_TEST"] = "1"
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def _today(place: Place) -> Known:
    """Play orders of this hour by the real verbs, copy them, and give those who act their keys."""
    set_up(place)
    from django.conf import settings
    from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from anxiu.accounts.actions import issue_token
    from anxiu.accounts.models import Person
    from anxiu.equipment.models import Machine
    from anxiu.kernel.actor import SYSTEM
    from anxiu.kernel.time import now
    from anxiu.orders.models import Order

    people = Person.objects.filter(holdings__post__code="supervisor", region__isnull=False).order_by("id")
    person, at = people[0], now()
    session = SessionStore()
    session[SESSION_KEY], session["_auth_user_backend"] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    seen = Order.objects.filter(region_id=person.region_id, state="archived").order_by("-id")
    known = Known(
        token=issue_token(actor=SYSTEM, at=at, person_id=person.pk, label="bench")[1], session=str(session.session_key),
        machines=[str(uid) for uid in Machine.objects.filter(region_id=person.region_id).values_list("uid", flat=True)],
        archived=[str(uid) for uid in seen.values_list("uid", flat=True)[:5000]],
        numbers=[str(number) for number in seen.values_list("number", flat=True)[:SEARCHED]],
        serials=[str(each) for each in Machine.objects.filter(region_id=person.region_id).values_list("serial", flat=True)[:SEARCHED]],
    )  # fmt: skip
    _play(place, known, person, at)
    return known


def _play(place: Place, known: Known, person: Any, at: datetime) -> None:
    from anxiu.accounts.actions import issue_token
    from anxiu.kernel.actor import SYSTEM
    from anxiu.kernel.sequencer import catch_up
    from anxiu.orders.choices import State
    from anxiu.orders.models import Order
    from anxiu.orders.queries import items_at

    played = {name: [opened(known, person, at, number) for number in range(10)] for name in TODAY}
    for order in played["booked"]:
        booked(person, order, at)
    catch_up()
    with place.admin(OURS) as connection:
        connection.execute("set session_replication_role = replica")
        _in_zone(connection)
        for name, orders in played.items():
            copies.copy_orders(connection, copies.Span([order.pk for order in orders], 0, TODAY[name]), base=0)
            copies.forget(connection)
        connection.execute("delete from procrastinate_jobs where status = 'todo'")
        connection.execute("analyze")
    known.prepared = [each.code for each in items_at(played["booked"][0], State.PREPARING)]
    tokens: dict[int, str] = {}
    rows = Order.objects.filter(state="booked", engineer__isnull=False, opened_at__gte=at - timedelta(hours=1))
    for uid, engineer in rows.values_list("uid", "engineer__person_id"):
        if engineer not in tokens:
            tokens[engineer] = issue_token(actor=SYSTEM, at=at, person_id=engineer, label="bench")[1]
        known.booked.append((str(uid), tokens[engineer]))


def reported(known: Known, number: int) -> Any:
    """A fault reported by phone."""
    from anxiu.catalogue.models import FaultClass
    from anxiu.equipment.models import Machine
    from anxiu.orders.actions import Report
    from anxiu.orders.choices import Channel

    machine = Machine.objects.select_related("model").get(uid=known.machines[number * 7 % len(known.machines)])
    fault = FaultClass.objects.filter(family_id=machine.model.family_id).first()
    return Report(
        channel=Channel.PHONE, words="电梯停梯，轿厢门反复开合，报警灯亮", caller_name="王小明", caller_phone="13812345678",
        machine_id=machine.pk, fault_class_id=fault.pk if fault else None,
    )  # fmt: skip


def opened(known: Known, person: Any, at: datetime, number: int) -> Any:
    """An order of a quarter of an hour ago, with its customer called back."""
    from anxiu.accounts.queries import actor_of
    from anxiu.kernel.time import moved_to
    from anxiu.orders import actions
    from anxiu.orders.choices import ContactResult

    actor, then = actor_of(person), at - timedelta(minutes=15)
    with moved_to(then):
        order = actions.open_order(actor=actor, at=then, report=reported(known, number)).order
    called = then + timedelta(minutes=3)
    with moved_to(called):
        actions.contact_customer(
            actor=actor, at=called, order_uid=order.uid, result=ContactResult.REACHED, note="已电话联系客户"
        )
    return order


def booked(person: Any, order: Any, at: datetime) -> None:
    """Book the first engineer who may go, at the first time there is."""
    from anxiu.accounts.queries import actor_of
    from anxiu.kernel.time import moved_to
    from anxiu.orders import actions
    from anxiu.orders.queries import need_of
    from anxiu.orders.queries import order as one_order
    from anxiu.workforce.queries import candidates
    from anxiu.workforce.queries import figures as figures_of_people
    from anxiu.workforce.rules import Slot

    actor, then = actor_of(person), at - timedelta(minutes=5)
    row = one_order(actor, order.uid)
    figures = figures_of_people(row.region_id, then)
    for hours in range(1, 24 * SEARCH_DAYS):
        starts_at = at + timedelta(hours=hours)
        found = candidates(actor, need_of(row, Slot(starts_at, starts_at + SLOT)), then, figures)
        if found and found[0].eligibility.may:
            with moved_to(then):
                actions.book_visit(
                    actor=actor, at=then, order_uid=order.uid, engineer_id=found[0].engineer.pk,
                    starts_at=starts_at, ends_at=starts_at + SLOT,
                )  # fmt: skip
            return
    raise RuntimeError("no engineer may take the order within two weeks")


FLOOR_ROWS: Iterable[tuple[str, str]] = (
    ("floor_region (id, name)", "select id, name_zh from accounts_region"),
    ("floor_person (id, name, region_id)", "select id, name, region_id from accounts_person"),
    ("floor_engineer (id, person_id)", "select id, person_id from workforce_engineer"),
    ("floor_customer (id, name)", "select id, name from customers_customer"),
    (
        "floor_machine (id, uid, serial, model, customer_id, region_id)",
        "select m.id, m.uid, m.serial, k.name, m.customer_id, m.region_id from equipment_machine m"
        " join catalogue_model k on k.id = m.model_id",
    ),
    (
        "floor_order (id, uid, number, state, severity, summary, words, channel, caller_name, caller_phone, cause,"
        " solution, opened_at, responded_at, completed_at, ended_at, next_due_at, version, region_id, customer_id,"
        " machine_id, owner_id, engineer_id, search)",
        "select o.id, o.uid, o.number, o.state, o.severity, o.summary, r.words, r.channel, r.caller_name,"
        " r.caller_phone, o.cause, o.solution, o.opened_at, o.responded_at, o.completed_at, o.ended_at, o.next_due_at,"
        " 1, o.region_id, o.customer_id, o.machine_id, o.owner_id, o.engineer_id, o.search"
        " from orders_order o join orders_request r on r.order_id = o.id order by o.id",
    ),
    (
        "floor_event (id, order_id, kind, person_id, at, body)",
        "select id, subject_id, kind, case when actor_kind = 'person' then actor_id end, occurred_at, body"
        " from kernel_event where subject_kind = 'order' order by id",
    ),
)  # fmt: skip


def _fill_floor(place: Place) -> str:
    """Copy our rows into the floor's tables; the secret of its one token."""
    secret = secrets.token_urlsafe(24)
    with place.admin(OURS) as source, place.admin(FLOOR) as target:
        target.execute("set session_replication_role = replica")
        for table, rows in FLOOR_ROWS:
            with (
                source.cursor().copy(f"copy ({rows}) to stdout") as out,
                target.cursor().copy(f"copy {table} from stdin") as into,
            ):
                for block in out:
                    into.write(block)
        row = source.execute(
            "select p.id from accounts_person p join accounts_holding h on h.person_id = p.id"
            " join accounts_post k on k.id = h.post_id where k.code = 'supervisor' and p.region_id is not null"
            " order by p.id limit 1"
        ).fetchone()
        assert row is not None
        target.execute(
            "insert into floor_token (digest, person_id) values (%s, %s)",
            [sha256(secret.encode()).hexdigest(), row[0]],
        )
        for table in ("order", "event"):
            target.execute(f"select setval(pg_get_serial_sequence('floor_{table}', 'id'), max(id)) from floor_{table}")
    return secret
