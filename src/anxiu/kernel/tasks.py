"""The kernel's own jobs: running reactors, reviving jobs of killed workers, forgetting old idempotency keys."""

import logging
from datetime import timedelta
from typing import Any, Final

from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Status

from anxiu.kernel.jobs import job, periodic
from anxiu.kernel.limits import forget
from anxiu.kernel.models import IdempotencyKey
from anxiu.kernel.subscribers import react
from anxiu.kernel.time import now

log = logging.getLogger(__name__)
STALLED_SECONDS: Final = 30  # source: the worker's heartbeat is 10 s; three missed ones
KEY_LIFE: Final = timedelta(days=30)  # source: longer than a phone stays in a drawer with unsent work


@job("kernel.react", queue="react")
def run_reactor(name: str, position: int) -> None:
    """Let one reactor act on one event, once."""
    react(name, position)


@app.periodic(cron="* * * * * */5")
@app.task(name="kernel.revive", queue="tick", queueing_lock="revive")
async def revive(timestamp: int) -> None:
    """Give the jobs of workers that stopped sending heartbeats to others.

    Without a lock: a worker killed in the middle of this would hold it, and nothing would be revived ever again. A run
    of a periodic job whose next run waits already is let go: it cannot wait beside it, and holds the lock it waits for.
    """
    manager = app.job_manager
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        try:
            await manager.retry_job(stalled, retry_at=now())
        except UniqueViolation:
            await manager.finish_job(stalled, Status.ABORTED, delete_job=True)
        except ConnectorException:  # another worker was faster
            log.warning("job %s was not revived", stalled.id, exc_info=True)


@periodic("17 3 * * *", "kernel.forget_keys")
def forget_keys(timestamp: int) -> int:
    """Drop idempotency keys that nobody will repeat any more, and counts of who came how often."""
    deleted: tuple[int, dict[str, Any]] = IdempotencyKey.objects.filter(created_at__lt=now() - KEY_LIFE).delete()
    return deleted[0] + forget(now())
