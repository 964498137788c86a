"""Ten thousand clocks due at once, four workers, and what a kill -9 leaves of it: each escalates exactly once."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from anxiu.project.postgres import Server, ensure_running
from anxiu.project.postgres.keeper import release
from tests.sla.drill import PATIENCE

pytestmark = pytest.mark.processes
ROOT = Path(__file__).resolve().parents[2]
CLOCKS = 10_000
COUNTS = """
select (select count(*) from sla_escalation), (select count(distinct clock_id) from sla_escalation where level = 1),
  (select count(*) from kernel_event where kind = 'sla.escalated'),
  (select count(distinct subject_id) from kernel_event where kind = 'sla.escalated'),
  (select count(*) from kernel_event where kind = 'sla.clock_broken'),
  (select count(distinct subject_id) from kernel_event where kind = 'sla.clock_broken'),
  (select count(*) from sla_clock where level = 1 and breached_at is not null and failed_at is null)
"""


@pytest.fixture
def server() -> Iterator[Server]:
    """A database server of this test's own, so that killing it disturbs nobody."""
    folder = Path(tempfile.mkdtemp(prefix="anxiu-clocks-"))
    folder.chmod(0o755)
    started = ensure_running(folder / "data")
    yield started
    release(folder / "data")
    deadline = time.monotonic() + 30
    while started.socket.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    shutil.rmtree(folder)


def python(server: Server, *arguments: str) -> "subprocess.Popen[bytes]":
    environment = {
        **os.environ, "DATABASE_URL": server.owner_url, "DJANGO_SETTINGS_MODULE": "anxiu.project.settings",
        "ANXIU_TEST": "1",
    }  # fmt: skip
    return subprocess.Popen([sys.executable, *arguments], env=environment, cwd=ROOT)


def filled(server: Server) -> None:
    assert python(server, "-m", "django", "migrate", "-v", "0").wait() == 0
    assert python(server, "-m", "tests.sla.drill", "fill", str(CLOCKS)).wait() == 0


def counts(server: Server) -> tuple[int, ...]:
    with psycopg.connect(server.owner_url) as connection:
        found = connection.execute(COUNTS).fetchone()
        assert found is not None
        return tuple(found)


def escalated(server: Server) -> int:
    return counts(server)[0]


@pytest.mark.requirement("SLA-05", "SLA-06")
def test_ten_thousand_clocks_due_at_once_each_escalate_exactly_once_on_four_workers(server: Server) -> None:
    filled(server)
    workers = [python(server, "-m", "tests.sla.drill", "work") for _ in range(4)]
    assert [worker.wait(timeout=PATIENCE) for worker in workers] == [0, 0, 0, 0]
    assert set(counts(server)) == {CLOCKS}


@pytest.mark.requirement("SLA-06")
def test_each_escalates_exactly_once_when_a_worker_and_the_database_are_killed(server: Server) -> None:
    filled(server)
    workers = [python(server, "-m", "tests.sla.drill", "work") for _ in range(4)]
    deadline = time.monotonic() + PATIENCE
    while escalated(server) < CLOCKS // 10:
        assert time.monotonic() < deadline, [worker.poll() for worker in workers]
        time.sleep(0.02)
    workers[0].send_signal(signal.SIGKILL)
    os.kill(server.pid, signal.SIGKILL)
    again = ensure_running(server.cluster.parents[1])
    assert again.pid != server.pid
    before = escalated(again)
    assert 0 < before < CLOCKS
    assert [worker.wait(timeout=PATIENCE) for worker in workers] == [-signal.SIGKILL, 0, 0, 0]
    assert set(counts(again)) == {CLOCKS}
