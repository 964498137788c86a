"""What follows an event: how soon its reactors have acted on an idle system, and how many a sequencer and its projectors take."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from anxiu.demo.bulk.copies import Connection
from bench.company import Known, reported
from bench.place import FINISH_SECONDS, OURS, ROOT, Place

LOOK_SECONDS = 0.002
PAUSES = (0.15, 0.45)  # between two events: the worker is idle again, and not in step with us
PATIENCE_SECONDS = 20
SETTLE_SECONDS = 180
REACTORS = 2  # of an opened order: the customer's receipt and the owner's notice
SEED = 20261121


@dataclass(frozen=True)
class Rate:
    """How many events were followed, and how fast."""

    events: int
    sequenced: float
    projected: float

    @property
    def both(self) -> float:
        """Events per second when one process does one after the other."""
        return 1 / (1 / self.sequenced + 1 / self.projected)


@contextmanager
def worker(place: Place) -> Iterator[None]:
    """One worker, as `anxiu worker` starts it."""
    command = [sys.executable, "-m", "anxiu.project.cli", "worker"]
    process = subprocess.Popen(command, cwd=ROOT, env=place.environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait(FINISH_SECONDS)


def reactor_ms(place: Place, known: Known, events: int) -> list[float]:
    """From an order's commit until the last of its reactors has committed what it did."""
    from anxiu.accounts.models import ApiToken
    from anxiu.accounts.queries import actor_of, digest
    from anxiu.kernel.sequencer import catch_up
    from anxiu.kernel.time import now
    from anxiu.orders.actions import open_order

    actor = actor_of(ApiToken.objects.select_related("person").get(digest=digest(known.token)).person)
    dice, waited = Random(SEED), []
    catch_up()
    with place.admin(OURS) as connection:
        connection.execute("delete from procrastinate_jobs where status = 'todo'")
        # Thousands of copies have the same deadlines; an idle system is one where nobody is called just now.
        connection.execute("update sla_clock set next_at = next_at + interval '1 day' where next_at is not null")
    with worker(place), place.admin(OURS) as connection:
        _until(connection, "select count(*) from procrastinate_workers", [], 1)
        _until(connection, IDLE, [], 1, patience=SETTLE_SECONDS)
        for number in range(events):
            time.sleep(dice.uniform(*PAUSES))
            report = reported(known, number)
            order = open_order(actor=actor, at=now(), report=report).order
            began = time.perf_counter()
            _until(connection, ACTED, [order.pk], REACTORS)
            waited.append((time.perf_counter() - began) * 1000)
    return waited


# What was still to be done when the worker began is done.
IDLE = (
    "select (not exists (select from procrastinate_jobs where status in ('todo', 'doing') and queue_name <> 'tick')"
    " and not exists (select from kernel_pending))::int"
)
ACTED = (
    "select count(*) from kernel_done d join kernel_position p using (position) join kernel_event e on e.id = p.event_id"
    " where e.subject_kind = 'order' and e.subject_id = %s and e.kind = 'orders.opened'"
)
COPIED = (
    "insert into kernel_event (uid, kind, version, subject_kind, subject_id, region_id, actor_kind, actor_id,"
    " occurred_at, recorded_at, body)"
    " select uuidv7(), kind, version, subject_kind, subject_id, region_id, actor_kind, actor_id, occurred_at,"
    " recorded_at, body from kernel_event order by id desc limit %s"
)


HANDFULS = 10  # a second
REPEATED = (
    "with again as (insert into kernel_event (uid, kind, version, subject_kind, subject_id, region_id, actor_kind, actor_id,"
    " occurred_at, recorded_at, body)"
    " select uuidv7(), kind, version, subject_kind, subject_id, region_id, actor_kind, actor_id, now(), now(), body"
    " from kernel_event where id > %s and id <= %s order by id returning id) select max(id) from again"
)
REACHED = (
    "select max(p.event_id) from kernel_cursor c join kernel_position p on p.position <= c.position"
    " and p.position > c.position - 50 where c.name = 'kpi.facts'"
)


def rate(place: Place, events: int) -> Rate:
    """Events as they came last, once more: positions, hashes and reactors' jobs, then every projector."""
    from anxiu.kernel.sequencer import behind, catch_up, sequence
    from anxiu.kernel.subscribers import project

    catch_up()
    with place.admin(OURS) as connection:
        connection.execute(COPIED, [events])
        began = time.perf_counter()
        done = 0
        while placed := sequence():
            done += placed
        sequenced = time.perf_counter() - began
        began = time.perf_counter()
        for name in behind():
            while project(name):
                pass
        projected = time.perf_counter() - began
        connection.execute("delete from procrastinate_jobs where status = 'todo'")
    if done != events:
        raise RuntimeError(f"{done} of {events} events got a position")
    return Rate(events, events / sequenced, events / projected)


def lag_seconds(place: Place, a_second: int, seconds: int) -> list[float]:
    """How long events of a steady stream wait until they are facts: one worker, a handful of events each tenth of one.

    They are events as they came last, once more, under orders of their own; each handful is looked for by its last.
    """
    from anxiu.kernel.sequencer import catch_up

    catch_up()
    handful = a_second // HANDFULS
    waiting: list[tuple[int, float]] = []
    waited: list[float] = []
    with place.admin(OURS) as connection:
        connection.execute("delete from procrastinate_jobs where status = 'todo'")
        connection.execute("update sla_clock set next_at = next_at + interval '1 day' where next_at is not null")
    with worker(place), place.admin(OURS) as connection:
        _until(connection, "select count(*) from procrastinate_workers", [], 1)
        _until(connection, IDLE, [], 1, patience=SETTLE_SECONDS)
        first = connection.execute("select max(id) - %s from kernel_event", [a_second * seconds]).fetchone()
        assert first is not None
        start = time.monotonic()
        for number in range(seconds * HANDFULS):
            since = int(str(first[0])) + number * handful
            last = connection.execute(REPEATED, [since, since + handful]).fetchone()
            if last and last[0]:
                waiting.append((int(str(last[0])), time.monotonic()))
            while time.monotonic() < start + (number + 1) / HANDFULS:
                waited += _folded(connection, waiting)
                time.sleep(LOOK_SECONDS)
        until = time.monotonic() + PATIENCE_SECONDS
        while waiting and time.monotonic() < until:
            waited += _folded(connection, waiting)
            time.sleep(LOOK_SECONDS)
    if waiting:
        raise RuntimeError(f"{len(waiting)} handfuls never became facts")
    return waited


def _folded(connection: Connection, waiting: list[tuple[int, float]]) -> list[float]:
    """Those that the projector of facts has passed by now; how long each waited."""
    row = connection.execute(REACHED).fetchone()
    reached, found = int(str(row[0])) if row and row[0] else 0, []
    while waiting and waiting[0][0] <= reached:
        found.append(time.monotonic() - waiting.pop(0)[1])
    return found


def _until(
    connection: Connection, question: str, values: list[int], wanted: int, patience: float = PATIENCE_SECONDS
) -> None:
    until = time.monotonic() + patience
    while True:
        row = connection.execute(question, values).fetchone()
        if row and row[0] >= wanted:
            return
        if time.monotonic() > until:
            raise RuntimeError(f"not within {patience} s: {question} {values}")
        time.sleep(LOOK_SECONDS)
