import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from pytest_django import DjangoDbBlocker

from anxiu.project.postgres import ServerError, stop
from tests.given.databases import database

HOLD = """
import dataclasses, json, sys
from pathlib import Path
from anxiu.project.postgres import ensure_running
server = ensure_running(Path(sys.argv[1]))
print(json.dumps(dataclasses.asdict(server), default=str), flush=True)
sys.stdin.read()
"""


class Holder:
    """Another process that needs the embedded server, and what it was told about it."""

    def __init__(self, data_dir: Path, *, python: str = sys.executable, user: dict[str, object] | None = None, **env: str) -> None:
        self.process = subprocess.Popen(
            [python, "-c", HOLD, str(data_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **env},
            cwd="/",
            **(user or {}),
        )
        self._server: dict[str, str] | None = None

    @property
    def server(self) -> dict[str, str]:
        if self._server is None:
            self._server = json.loads(self.process.stdout.readline())
        return self._server

    def leave(self) -> None:
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(30)
        self.process.stdin.close()
        self.process.stdout.close()


def eventually(condition: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether it comes true. Only a failure takes as long; a loaded machine is slow, not wrong."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A temporary folder that an ordinary user may pass through; pytest's own is closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="anxiu test ", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def data_dir(open_folder: Path) -> Iterator[Path]:
    """A data folder of its own, with a space in its path; its server is stopped at the end."""
    folder = open_folder / "data"
    yield folder
    with contextlib.suppress(ServerError):
        stop(folder)


@contextlib.contextmanager
def _copied(blocker: DjangoDbBlocker, name: str) -> Iterator[str]:
    """The address of a copy of the migrated test database."""
    from django.db import connection

    with blocker.unblock():
        source = connection.settings_dict["NAME"]
        connection.close()
    with database(os.environ["DATABASE_URL"], f"{source}_{name}", template=source) as address:
        yield address


@pytest.fixture(scope="session")
def own_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy for real processes to write in."""
    with _copied(django_db_blocker, "processes") as address:
        yield address


@pytest.fixture
def untouched_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy that no other test has written in; not for a test that uses Django's connection as well."""
    with _copied(django_db_blocker, "untouched") as address:
        yield address


def anxiu(*arguments: str, **env: str) -> "subprocess.Popen[str]":
    """A real `anxiu` process."""
    return subprocess.Popen(
        [sys.executable, "-m", "anxiu.project.cli", *arguments],
        env={**os.environ, "LANG": "C.UTF-8", **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def end(process: "subprocess.Popen[str]", *, number: int = signal.SIGTERM, seconds: float = 30) -> str:
    """Stop a process and read what it said; 0 only waits."""
    if process.poll() is None:
        process.send_signal(number)
    try:
        said, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        said, _ = process.communicate()
        raise AssertionError(f"did not stop within {seconds} s:\n{said}") from None
    return said


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    return False
