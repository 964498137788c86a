"""Gives committed events their one gap-free order and hash, tells listeners, runs projectors, defers reactors.

Writers commit in any order, so ids are no order: a cursor over ids would lose rows. One sequencer at a time, elected
by an advisory lock that ends with its transaction, appends positions; everything that follows events follows these.
"""

import logging
import threading
import time
from typing import Final

from django.db import close_old_connections, connection, transaction

from anxiu.kernel.chain import START, link, text_of
from anxiu.kernel.jobs import defer_many
from anxiu.kernel.models import EventRow, Position
from anxiu.kernel.subscribers import PROJECTORS, frame, project, reaction_jobs
from anxiu.kernel.time import set_by_database

log = logging.getLogger(__name__)

LOCK: Final = 0x616E_7869_7500  # "anxiu": any fixed number that no other program uses on this database
BATCH: Final = 1000  # source: measured, kernel figures in bench/README.md
IDLE_SECONDS: Final = 0.05  # source: an event reaches its reactor within 300 ms at p99
# A process that hangs in the middle of its turn, as one on a frozen machine does, is cut off: the others wait for it.
HANGS_AFTER: Final = "15s"  # source: own choice; a turn takes milliseconds
TAKE: Final = "select pg_try_advisory_xact_lock(%s), set_config('idle_in_transaction_session_timeout', %s, true)"
LOOK_SECONDS: Final = 5  # source: own choice; a projector whose process died is taken up again this soon
FRAME_EVENTS: Final = 60  # source: PostgreSQL refuses a notification of 8000 bytes or more


def sequence() -> int:
    """Append positions to one batch of committed events; how many. Nothing while another sequencer is at it."""
    within = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TAKE, [LOCK, "0" if within else HANGS_AFTER])
        if not cursor.fetchone()[0]:
            return 0
        rows = list(
            EventRow.objects.raw(
                "select e.* from kernel_pending p join kernel_event e on e.id = p.event_id"
                " order by p.event_id limit %s",
                [BATCH],
            )
        )
        if not rows:
            return 0
        last = Position.objects.order_by("-position").first()
        position, previous = (last.position, bytes(last.hash)) if last else (0, START)
        placed: list[tuple[int, EventRow]] = []
        hashes: list[bytes] = []
        for row in rows:
            position += 1
            previous = link(previous, position, text_of(row))
            placed.append((position, row))
            hashes.append(previous)
        _append(placed, hashes)
        defer_many("kernel.react", "react", reaction_jobs(placed))
        for start in range(0, len(placed), FRAME_EVENTS):
            cursor.execute("select pg_notify('anxiu_live', %s)", [frame(placed[start : start + FRAME_EVENTS])])
        return len(rows)


def _append(placed: list[tuple[int, EventRow]], hashes: list[bytes]) -> None:
    """Write positions and take the events off the pending list."""
    ids = [row.id for _, row in placed]
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into kernel_position (position, event_id, hash)"
            " select * from unnest(%s::bigint[], %s::bigint[], %s::bytea[])",
            [[position for position, _ in placed], ids, hashes],
        )
        cursor.execute("delete from kernel_pending where event_id = any(%s)", [ids])


def is_pending() -> bool:
    """Whether an event waits for its position; what an idle sequencer asks, over and over."""
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from kernel_pending)")
        return bool(cursor.fetchone()[0])


def behind() -> list[str]:
    """The projectors that have not read all positions; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select this.name from unnest(%s::text[]) with ordinality as this (name, place)"
            " left join kernel_cursor c on c.name = this.name"
            " where coalesce(c.position, 0) < (select max(position) from kernel_position) order by this.place",
            [list(PROJECTORS)],
        )
        return [name for (name,) in cursor.fetchall()]


def catch_up() -> int:
    """Sequence and project until nothing is left; how many events were placed."""
    total = 0
    while placed := sequence():
        total += placed
    for name in behind():
        while project(name):
            pass
    return total


def run_forever(stop: threading.Event) -> None:
    """Follow the events until told to stop; a lost database connection is made anew.

    While nothing happens this costs one statement a turn. Projectors follow what was placed here; every few seconds
    those are looked for that fell behind, because they failed or because the process that placed the events died.
    """
    looked_at = float("-inf")
    while not stop.is_set():
        try:
            placed = 0
            if is_pending() or time.monotonic() - looked_at > LOOK_SECONDS:
                set_by_database(connection)
                placed = catch_up()
                looked_at = time.monotonic()
            if not placed:
                stop.wait(IDLE_SECONDS)
        except Exception:
            log.exception("sequencer: trying again")
            close_old_connections()
            connection.close()
            stop.wait(1)
