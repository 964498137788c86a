"""Where a run keeps its data and its database server, and the processes it starts."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import psutil
import psycopg

from anxiu.project.postgres import Server, ensure_running

ROOT = Path(__file__).resolve().parents[1]
OURS, KEPT, FLOOR = "anxiu", "anxiu_bench_kept", "anxiu_bench_floor"
START_SECONDS = 60
FINISH_SECONDS = 20
MILLION = 1_000_000


class Place:
    """One data folder with its database server. Nothing of an installation is touched."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server: Server = ensure_running(folder)

    def url(self, base: str, database: str) -> str:
        """One of the server's addresses, for another database."""
        name = base.rsplit("?", 1)[0].rsplit("/", 1)[1]
        return base.replace(f"/{name}?", f"/{database}?")

    @property
    def environment(self) -> dict[str, str]:
        """What our processes are told: as the application's role, in this folder."""
        return {
            **os.environ,
            "ANXIU_DATA_DIR": str(self.folder),
            "DATABASE_URL": self.server.app_url,
            "DATABASE_OWNER_URL": self.server.owner_url,
            "FLOOR_DATABASE_URL": self.url(self.server.owner_url, FLOOR),
            "DJANGO_SETTINGS_MODULE": "anxiu.project.settings",
        }

    def admin(self, database: str) -> "psycopg.Connection[tuple[object, ...]]":
        """A connection that may do anything, each statement at once."""
        return psycopg.connect(self.url(self.server.admin_url, database), autocommit=True)

    def databases(self) -> set[str]:
        """The databases there are."""
        with self.admin("postgres") as connection:
            return {str(row[0]) for row in connection.execute("select datname from pg_database")}

    def recreate(self, database: str, template: str = "template0") -> None:
        """Make a database anew, empty or as a copy."""
        with self.admin("postgres") as connection:
            connection.execute(f'drop database if exists "{database}" with (force)')
            connection.execute(
                f'create database "{database}" owner anxiu_owner template "{template}" strategy file_copy'
            )
            connection.execute(f'grant connect, temporary on database "{database}" to anxiu_app')

    def run(self, *arguments: str, environment: dict[str, str] | None = None) -> None:
        """Run a Python program to its end, with its output on ours."""
        command = [sys.executable, "-m", *arguments]
        subprocess.run(command, check=True, cwd=ROOT, env=environment or self.environment)

    def backends_ms(self) -> float:
        """CPU time of the database server's processes so far, in milliseconds."""
        total = 0.0
        for process in [psutil.Process(self.server.pid), *psutil.Process(self.server.pid).children()]:
            try:
                used = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += used.user + used.system
        return total * 1000


class Web:
    """A web server under measurement, of one process or several."""

    def __init__(self, place: Place, arguments: list[str], page: str, headers: dict[str, str]) -> None:
        self.place, self.port = place, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", *(each.format(port=self.port) for each in arguments)]
        began = time.perf_counter()
        self.process = subprocess.Popen(command, cwd=ROOT, env=place.environment)
        self.watched = psutil.Process(self.process.pid)
        self._wait(page, headers)
        self.start_seconds = time.perf_counter() - began

    def _wait(self, page: str, headers: dict[str, str]) -> None:
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                with urlopen(Request(self.address + page, headers=headers), timeout=START_SECONDS) as answer:
                    answer.read()
                    return
            except OSError as error:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"the web process did not answer: {error}") from error
                time.sleep(0.01)

    def cpu_ms(self) -> float:
        """CPU time of its processes so far, in milliseconds."""
        return sum(used.user + used.system for used in (each.cpu_times() for each in self._processes())) * 1000

    def memory_mb(self) -> tuple[float, float]:
        """Resident and proportional memory now, of the process that holds most."""
        found = [each.memory_full_info() for each in self._processes()]
        return max((full.rss / MILLION, full.pss / MILLION) for full in found)

    def _processes(self) -> list[psutil.Process]:
        return [self.watched, *self.watched.children(recursive=True)]

    def stop(self) -> None:
        """End the process."""
        self.process.terminate()
        self.process.wait(FINISH_SECONDS)


@contextmanager
def ours(place: Place, page: str, headers: dict[str, str], processes: int = 1) -> Iterator[Web]:
    """Anxiu's web server, as `anxiu web` starts it."""
    command = ["anxiu.project.cli", "web", "--port", "{port}", "--processes", str(processes)]
    yield from _while_running(Web(place, command, page, headers))


@contextmanager
def floor(place: Place, page: str, headers: dict[str, str], processes: int = 1) -> Iterator[Web]:
    """The floor's web server."""
    yield from _while_running(Web(place, ["bench.floor", "{port}", str(processes)], page, headers))


def _while_running(web: Web) -> Iterator[Web]:
    try:
        yield web
    finally:
        web.stop()


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
