"""Numbers of requests, counted in every web process and added up for whoever asks any one of them.

prometheus_client keeps them in files that all processes of one `anxiu web` share; without its folder they are this
process's alone.
"""

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

SHARED: Final = "PROMETHEUS_MULTIPROC_DIR"
SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@contextmanager
def shared() -> Iterator[None]:
    """Give the web processes that are started inside a folder for their common numbers."""
    with tempfile.TemporaryDirectory(prefix="anxiu-numbers-", ignore_cleanup_errors=True) as folder:
        os.environ[SHARED] = folder
        try:
            yield
        finally:
            del os.environ[SHARED]


class Numbers:
    """What is counted of requests and streams. The labels are names of routes, methods and statuses: few, of nobody."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Gauge, Histogram, Summary

        self.registry = CollectorRegistry()
        self.seconds = Histogram(
            "anxiu_request_seconds", "Time to answer a request", ["route", "method", "status"],
            buckets=SECONDS, registry=self.registry,
        )  # fmt: skip
        self.statements = Summary(
            "anxiu_request_statements", "Database statements of a request", ["route"], registry=self.registry
        )
        self.streams = Gauge(
            "anxiu_live_streams", "Open live streams of browsers", registry=self.registry, multiprocess_mode="livesum"
        )

    def request(self, route: str, method: str, status: int, seconds: float, statements: int) -> None:
        """Count one answered request."""
        self.seconds.labels(route, method, str(status)).observe(seconds)
        self.statements.labels(route).observe(statements)

    def readable(self) -> "CollectorRegistry":
        """The numbers of all processes together; streams of dead ones no longer count."""
        folder = os.environ.get(SHARED)
        if not folder:
            return self.registry
        from prometheus_client import CollectorRegistry
        from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

        from anxiu.project.postgres.process import is_alive

        for path in Path(folder).glob("gauge_live*_*.db"):
            pid = int(path.stem.rpartition("_")[2])
            if not is_alive(pid):
                mark_process_dead(pid, folder)  # type: ignore[no-untyped-call]
        together = CollectorRegistry()
        MultiProcessCollector(together, folder)  # type: ignore[no-untyped-call]
        return together


_one_at_a_time = threading.Lock()
_made = cache(Numbers)


def numbers() -> Numbers:
    """The numbers of this process; the library is loaded at the first request that is counted."""
    with _one_at_a_time:
        return _made()
