"""Facts with real processes: writers in any order, and an installation whose parts are killed while it takes orders."""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import httpx
import psutil
import psycopg
import pytest

from anxiu.project.postgres import Server, ServerError, ensure_running, status, stop
from anxiu.project.postgres.process import command_of
from tests.project.conftest import answers, end, eventually, free_port

pytestmark = pytest.mark.processes
ROOT = Path(__file__).resolve().parents[2]
WRITERS, EVENTS, SEQUENCERS = 8, 150, 2
ORDERS, CLIENTS = 200, 6
REVIVED_SECONDS = 45


@dataclass
class Installation:
    """A data folder with its own database server, filled by `anxiu prepare`."""

    folder: Path
    server: Server
    env: dict[str, str] = field(default_factory=dict)

    def command(self, *arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env={**self.env, **env}, capture_output=True, text=True, check=False
        )

    def drill(self, *arguments: str) -> str:
        done = self.command("-m", "tests.kernel.drill", *arguments, DATABASE_URL=self.server.app_url)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def sql(self, statement: str, *values: object) -> list[tuple]:
        with psycopg.connect(self.server.owner_url, autocommit=True) as connection:
            return connection.execute(statement, values).fetchall()


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    folder = Path(tempfile.mkdtemp(prefix="anxiu-killed-", dir="/tmp"))
    folder.chmod(0o755)
    own = {"DATABASE_URL", "DATABASE_OWNER_URL", "ANXIU_TEST_SUFFIX", "ANXIU_DATA_DIR"}
    env = {key: value for key, value in os.environ.items() if key not in own}
    env |= {"ANXIU_DATA_DIR": str(folder / "data"), "ANXIU_TEST": "1", "LANG": "C.UTF-8",
            "DJANGO_SETTINGS_MODULE": "anxiu.project.settings"}  # fmt: skip
    made = Installation(folder, ensure_running(folder / "data"), env)
    try:
        prepared = made.command("-m", "anxiu.project.cli", "prepare")
        assert prepared.returncode == 0, prepared.stderr
        yield made
    finally:
        with contextlib.suppress(ServerError):
            stop(folder / "data")
        shutil.rmtree(folder, ignore_errors=True)


# ---- writers ---------------------------------------------------------------------------------------------------------
@pytest.mark.requirement("TR-01")
def test_late_commits_and_rollbacks_lose_and_reorder_nothing(installation: Installation) -> None:
    installation.drill("write", str(WRITERS), str(EVENTS), str(SEQUENCERS))
    assert installation.sql("select count(*) from kernel_pending") == [(0,)]
    [(count, first, last)] = installation.sql("select count(*), min(position), max(position) from kernel_position")
    [(events,)] = installation.sql("select count(*) from kernel_event")
    assert (count, first, last) == (events, 1, events)
    placed = installation.sql(
        "select e.subject_id, (e.body::json->>'number')::int, e.id from kernel_position p"
        " join kernel_event e on e.id = p.event_id where e.subject_kind = 'drill' order by p.position"
    )
    for writer in range(WRITERS):
        numbers = [number for each, number, _ in placed if each == writer]
        assert numbers == sorted(set(numbers))
        assert EVENTS * 0.8 < len(numbers) <= EVENTS
    assert len(placed) < WRITERS * EVENTS  # some were rolled back
    ids = [key for _, _, key in placed]
    # Otherwise nothing was shown: a later place with a smaller id is what a cursor over ids would have lost.
    assert sum(later < earlier for earlier, later in pairwise(ids)) > EVENTS // 10
    verified(installation)


def verified(installation: Installation) -> None:
    done = installation.command("-m", "anxiu.project.cli", "verify", "--language", "en")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The chain holds" in done.stdout


# ---- a running installation ------------------------------------------------------------------------------------------
@dataclass
class Running:
    """`anxiu run`: web and worker of one installation, started again by their supervisor when they are killed."""

    installation: Installation
    port: int
    process: "subprocess.Popen[bytes]"
    token: str
    machine: str
    contact: str

    def pid(self, name: str) -> int:
        """Of the web or the worker, once there is one."""
        found: list[int] = []

        def look() -> bool:
            for child in psutil.Process(self.process.pid).children():
                command = command_of(child.pid)
                if "anxiu.project.cli" in command and command[command.index("anxiu.project.cli") + 1] == name:
                    found.append(child.pid)
            return bool(found)

        assert eventually(look, 40), f"no {name}"
        return found[-1]

    def kill(self, name: str) -> None:
        pid = status(self.installation.folder / "data").pid if name == "database" else self.pid(name)
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def report(self, key: str, number: int, client: httpx.Client) -> httpx.Response:
        """One request; whatever a killed server does to it is for the caller to bear."""
        body = {"words": f"Lift {number} stands still", "machine": self.machine, "contact": self.contact}
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        return client.post(f"http://127.0.0.1:{self.port}/api/v1/orders", json=body, headers=headers, timeout=20)

    def insist(self, key: str, number: int, client: httpx.Client, seconds: float = 60) -> httpx.Response:
        """Ask with the same key until it is answered, as a phone does."""
        deadline = time.monotonic() + seconds
        said: object = None
        while time.monotonic() < deadline:
            try:
                answer = self.report(key, number, client)
            except httpx.HTTPError as error:
                said = error
            else:
                if answer.status_code < 500:
                    return answer
                said = answer.status_code
            time.sleep(0.2)
        raise AssertionError(f"no answer to {key} within {seconds} s: {said!r}")


@pytest.fixture(scope="module")
def running(installation: Installation) -> Iterator[Running]:
    made = json.loads(installation.drill("company"))
    port = free_port()
    log = (installation.folder / "run.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "anxiu.project.cli", "run", "--no-demo", "--port", str(port)],
        env=installation.env, stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        assert eventually(lambda: answers(port), 60), (installation.folder / "run.log").read_text()
        yield Running(installation, port, process, made["token"], made["machine"], made["contact"])
    finally:
        end(process, seconds=60)
        log.close()


def settled(installation: Installation) -> bool:
    """Every event has its place and every reaction is over."""
    try:
        [(left,)] = installation.sql(
            "select (select count(*) from kernel_pending)"
            " + (select count(*) from procrastinate_jobs where task_name = 'kernel.react' and status in ('todo', 'doing'))"
        )
    except psycopg.Error:
        return False
    return left == 0


@pytest.mark.requirement("SLA-06", "PF-02")
def test_orders_are_whole_and_single_whatever_is_killed(running: Running) -> None:
    seed = random.SystemRandom().randrange(10**6)
    dice = random.Random(seed)
    sys.stdout.write(f"seed {seed}\n")
    keys = [uuid4().hex for _ in range(ORDERS)]
    answered: dict[str, str] = {}
    done = threading.Event()

    def killer() -> None:
        for number, name in enumerate(("worker", "database", "web", "worker", "database", "web"), start=1):
            threshold = number * ORDERS // 8
            eventually(lambda threshold=threshold: len(answered) >= threshold or done.is_set(), 60)
            time.sleep(dice.random() * 0.3)
            running.kill(name)

    def client(part: list[tuple[int, str]]) -> None:
        with httpx.Client() as http:
            for number, key in part:
                answer = running.insist(key, number, http)
                assert answer.status_code == 201, answer.text
                answered[key] = answer.text
                time.sleep(dice.random() * 0.1)

    killing = threading.Thread(target=killer)
    killing.start()
    pairs = list(enumerate(keys))
    with ThreadPoolExecutor(CLIENTS) as pool:
        for _ in pool.map(client, [pairs[start::CLIENTS] for start in range(CLIENTS)]):
            pass
    done.set()
    killing.join()

    with httpx.Client() as http:
        for number, key in pairs:
            again = running.insist(key, number, http)
            assert (again.status_code, again.text) == (201, answered[key])
            assert again.headers["Idempotent-Replayed"] == "true"
    assert eventually(lambda: settled(running.installation), 75)
    each_order_is_whole(running.installation)
    each_effect_is_single(running.installation)
    verified(running.installation)


def each_order_is_whole(installation: Installation) -> None:
    [(orders, numbers)] = installation.sql("select count(*), count(distinct number) from orders_order")
    assert (orders, numbers) == (ORDERS, ORDERS)
    parts = {
        "opened": "select count(*) from kernel_event e where e.kind = 'orders.opened' and e.subject_id = o.id",
        "request": "select count(*) from orders_request r where r.order_id = o.id",
        "clocks": "select count(*) from sla_clock c where c.subject_kind = 'order' and c.subject_id = o.id",
        "link": "select count(*) from accounts_link l where l.purpose = 'track' and l.subject_id = o.id and l.expires_at is not null",
    }
    for name, counted in parts.items():
        found = installation.sql(f"select distinct ({counted}) from orders_order o")
        assert len(found) == 1, f"{name}: {found}"
        assert found[0][0] >= 1, name
    # and nothing is there that belongs to no order
    strays = installation.sql(
        "select count(*) from kernel_event e where e.kind = 'orders.opened'"
        " and not exists (select from orders_order o where o.id = e.subject_id)"
    )
    assert strays == [(0,)]
    [(events, last)] = installation.sql("select (select count(*) from kernel_event), max(position) from kernel_position")
    assert events == last


def each_effect_is_single(installation: Installation) -> None:
    acted = installation.sql(
        "select d.reactor, count(*), count(distinct d.position) from kernel_done d"
        " join kernel_position p on p.position = d.position join kernel_event e on e.id = p.event_id"
        " where e.kind = 'orders.opened' group by d.reactor"
    )
    assert set(acted) == {("notify.receipt", ORDERS, ORDERS), ("notify.new_order", ORDERS, ORDERS)}
    notices = installation.sql("select kind, medium, count(*), count(distinct subject_id) from notify_notice group by 1, 2")
    assert ("receipt", "email", ORDERS, ORDERS) in notices
    assert ("new_order", "inapp", ORDERS, ORDERS) in notices


@pytest.mark.requirement("SLA-06")
def test_a_killed_workers_job_runs_again(running: Running) -> None:
    assert eventually(lambda: settled(running.installation), 60)
    with psycopg.connect(running.installation.server.owner_url) as connection, httpx.Client() as http:
        connection.execute("lock table kernel_done in exclusive mode")  # no reaction can be finished now
        assert running.insist(uuid4().hex, 0, http).status_code == 201
        doing = "select count(*) from procrastinate_jobs where task_name = 'kernel.react' and status = 'doing'"
        assert eventually(lambda: running.installation.sql(doing)[0][0] == 2, 30)
        running.kill("worker")
        connection.rollback()
    began = time.monotonic()
    newest = "(select max(p.position) from kernel_position p join kernel_event e on e.id = p.event_id where e.kind = 'orders.opened')"
    waiting = f"select reactor from kernel_done where position = {newest} order by reactor"
    assert eventually(lambda: len(running.installation.sql(waiting)) == 2, REVIVED_SECONDS)
    took = time.monotonic() - began
    assert running.installation.sql(waiting) == [("notify.new_order",), ("notify.receipt",)]
    sys.stdout.write(f"revived after {took:.1f} s\n")


@pytest.mark.requirement("SLA-06")
def test_jobs_are_revived_whichever_job_the_worker_was_killed_at(running: Running) -> None:
    """The reviver itself, and a periodic job whose next run has come to wait for its lock meanwhile."""
    put = (
        "insert into procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status)"
        " values ('tick', %s, %s, %s, '{\"timestamp\": 0}', %s::procrastinate_job_status) returning id"
    )
    name = "orders.chase_replies"
    left = [
        running.installation.sql(put, each, lock, lock, "doing")[0][0]
        for each, lock in (("kernel.revive", "revive"), (name, name))
    ]
    with contextlib.suppress(psycopg.errors.UniqueViolation):  # the minute's own may be there already
        running.installation.sql(put, name, name, name, "todo")
    gone = "select count(*) from procrastinate_jobs where id = any(%s) or (task_name = %s and status = 'todo')"
    assert eventually(lambda: running.installation.sql(gone, left, name)[0][0] == 0, REVIVED_SECONDS)
