"""Numbers that the database knows: what waits, for how long, what failed. Asked anew at every reading."""

from collections.abc import Iterator, Sequence
from typing import Final

from django.db import DatabaseError, connection
from prometheus_client.core import GaugeMetricFamily

from anxiu.kernel.subscribers import PROJECTORS
from anxiu.notify.choices import WAITING, State
from anxiu.project.health import HEARTBEAT_SECONDS

Rows = Sequence[tuple[object, ...]]

EVENTS: Final = """
select count(*), coalesce(extract(epoch from now() - min(e.recorded_at)), 0)
from kernel_pending p join kernel_event e on e.id = p.event_id
"""
PROJECTED: Final = """
select this.name, greatest(coalesce((select max(position) from kernel_position), 0) - coalesce(c.position, 0), 0),
       (c.failed_at is not null)::int
from unnest(%s::text[]) as this (name) left join kernel_cursor c on c.name = this.name order by 1
"""
REACTIONS: Final = """
select args->>'name', count(*) from procrastinate_jobs
where task_name = 'kernel.react' and status in ('todo', 'doing') group by 1 order by 1
"""
JOBS: Final = """
select j.queue_name, count(*), coalesce(extract(epoch from now() - min(greatest(e.at, j.scheduled_at))), 0)
from procrastinate_jobs j left join procrastinate_events e on e.job_id = j.id and e.type = 'deferred'
where j.status = 'todo' and (j.scheduled_at is null or j.scheduled_at <= now()) group by 1 order by 1
"""
FAILED: Final = "select task_name, count(*) from procrastinate_jobs where status = 'failed' group by 1 order by 1"
NOTICES: Final = "select medium, state, count(*) from notify_notice where state = any(%s) group by 1, 2 order by 1, 2"
CLOCKS: Final = """
select count(*) filter (where failed_at is null and next_at <= now()),
       coalesce(extract(epoch from now() - min(next_at) filter (where failed_at is null and next_at <= now())), 0),
       count(*) filter (where failed_at is not null)
from sla_clock where next_at <= now() or failed_at is not null
"""
WORKERS: Final = "select count(*) from procrastinate_workers where last_heartbeat > now() - make_interval(secs => %s)"


class Standing:
    """A collector of prometheus_client's. When the database does not answer it says that, and nothing else."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            found = list(_found())
        except DatabaseError:
            found = []
        yield GaugeMetricFamily("anxiu_database_up", "Whether the database answers", value=float(bool(found)))
        yield from found


def _found() -> Iterator[GaugeMetricFamily]:
    waiting, age = _one(EVENTS)
    yield _plain("anxiu_events_waiting", "Events without a position", waiting)
    yield _plain("anxiu_events_oldest_seconds", "Age of the oldest of them", age)
    projected = _all(PROJECTED, [list(PROJECTORS)])
    behind = [row[:2] for row in projected]
    yield _by("anxiu_projector_behind_events", "Positions not folded yet", ["projector"], behind)
    failing = [(row[0], row[2]) for row in projected]
    yield _by("anxiu_projector_failing", "Whether its last batch failed", ["projector"], failing)
    yield _by("anxiu_reactor_waiting", "Reactions not carried out yet", ["reactor"], _all(REACTIONS))
    jobs = _all(JOBS)
    yield _by("anxiu_jobs_waiting", "Jobs that could run now", ["queue"], [row[:2] for row in jobs])
    ages = [(row[0], row[2]) for row in jobs]
    yield _by("anxiu_jobs_oldest_seconds", "How long the oldest of them could have run", ["queue"], ages)
    yield _by("anxiu_jobs_failed", "Jobs that a person has to look at", ["job"], _all(FAILED))
    states = [each.value for each in (*WAITING, State.FAILED)]
    yield _by("anxiu_notices", "Notices that are not sent", ["medium", "state"], _all(NOTICES, [states]))
    due, oldest, aside = _one(CLOCKS)
    yield _plain("anxiu_clocks_due", "Service clocks that are due and were not ticked", due)
    yield _plain("anxiu_clocks_oldest_seconds", "How long the oldest of them is due", oldest)
    yield _plain("anxiu_clocks_set_aside", "Service clocks that could not be evaluated", aside)
    yield _plain("anxiu_workers", "Workers that live", _one(WORKERS, [HEARTBEAT_SECONDS])[0])


def _all(statement: str, given: Sequence[int | list[str]] = ()) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())


def _one(statement: str, given: Sequence[int | list[str]] = ()) -> tuple[object, ...]:
    return _all(statement, given)[0]


def _plain(name: str, what: str, value: object) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value=float(str(value)))


def _by(name: str, what: str, labels: Sequence[str], rows: Rows) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, what, labels=list(labels))
    for *values, number in rows:
        family.add_metric([str(value) for value in values], float(str(number)))
    return family
