"""Jobs: rows in our own database, deferred in the caller's transaction, run at least once by any worker."""

import json
import logging
import time
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections, connection
from procrastinate import BaseRetryStrategy, RetryDecision, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

P = ParamSpec("P")
R = TypeVar("R")

log = logging.getLogger("anxiu.job")
MILLISECONDS: Final = 1000  # source: of a second
FAULT: Final = RetryStrategy(max_attempts=3, exponential_wait=5)  # source: own choice; 4 runs over about two minutes
SOON: Final = 5  # seconds; source: own choice
LONGEST: Final = 300  # seconds; source: own choice
MOST: Final = 300  # runs; source: own choice; about a day
OUTAGES: Final = (OperationalError, InterfaceError, OSError)
# For a job that nobody repeats by itself, yet whose work a sweep would do again: only a database that is away counts.
AWAY: Final = RetryStrategy(max_attempts=5, wait=5, retry_exceptions=[OperationalError, InterfaceError])


class Patient(BaseRetryStrategy):
    """A fault in the program is tried a few times, then a person decides on the failures page. A database that is away,
    a disk that is full or a network that is down passes by itself, and what waits for it must not need a person each.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to run again, if at all."""
        if isinstance(exception, OUTAGES) and job.attempts < MOST:
            return RetryDecision(retry_in={"seconds": min(SOON * (job.attempts + 1) ** 2, LONGEST)})
        return FAULT.get_retry_decision(exception=exception, job=job)


RETRY: Final = Patient()


def job(
    name: str, *, queue: str = "default", retry: BaseRetryStrategy | bool = RETRY, **options: Any
) -> Callable[[Callable[P, R]], Any]:
    """Declare a job by a name that is never changed. It may run more than once: its effect must be made single."""

    def declare(function: Callable[P, R]) -> Any:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            close_old_connections()
            began, outcome = time.perf_counter(), "failed"
            try:
                answer = function(*args, **kwargs)
                outcome = "done"
                return answer
            finally:
                close_old_connections()
                _tell(name, queue, outcome, time.perf_counter() - began)

        return app.task(name=name, queue=queue, retry=retry, **options)(run)  # type: ignore[no-untyped-call]

    return declare


def _tell(name: str, queue: str, outcome: str, seconds: float) -> None:
    """One line a job; those that run every few seconds and did what they should are only for who looks closely."""
    level = logging.WARNING if outcome == "failed" else logging.DEBUG if queue == "tick" else logging.INFO
    fields = {"job": name, "queue": queue, "outcome": outcome, "ms": round(seconds * MILLISECONDS, 1)}
    log.log(level, "job", extra={"fields": fields})


def periodic(cron: str, name: str, *, queue: str = "tick") -> Callable[[Callable[[int], object]], Any]:
    """Declare a job that every worker may start and the database starts once per tick. Six-field cron: seconds last."""

    def declare(function: Callable[[int], object]) -> Any:
        return app.periodic(cron=cron)(job(name, queue=queue, retry=False, queueing_lock=name, lock=name)(function))

    return declare


def defer_many(name: str, queue: str, arguments: Sequence[dict[str, object]], *, lock: str | None = None) -> None:
    """Defer many jobs of one name with one statement, in the caller's transaction."""
    if not arguments:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, lock, args)"
            " select %s, %s, %s, each::jsonb from unnest(%s::text[]) as each",
            [queue, name, lock, [json.dumps(each) for each in arguments]],
        )
