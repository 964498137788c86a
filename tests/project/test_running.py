"""`anxiu run` as a user meets it: one start, one address, Ctrl-C; and what happens when parts are killed."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import psutil
import psycopg
import pytest

from anxiu.project.postgres.process import command_of, is_alive
from tests.project.conftest import anxiu, end, eventually
from tests.project.test_serving import EVENT

# django_db: pytest-django makes the test database, which ours is a copy of, only if a test asks for it.
pytestmark = [pytest.mark.processes, pytest.mark.django_db]


@dataclass
class Run:
    """A running `anxiu run`, its environment, and where it says it is."""

    process: "subprocess.Popen[str]"
    env: dict[str, str]
    address: str

    def children(self) -> dict[str, int]:
        """Pids of the `anxiu` processes below it, by command."""
        below = [(each.pid, command_of(each.pid)) for each in psutil.Process(self.process.pid).children()]
        return {command[command.index("anxiu.project.cli") + 1]: pid for pid, command in below if command}


@pytest.fixture(scope="module")
def env(own_database: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The application's role where there are two, for everything a person would do."""
    application = os.environ.get("ANXIU_TEST_APP_URL")
    url = urlsplit(application)._replace(path=urlsplit(own_database).path).geturl() if application else own_database
    folder = tmp_path_factory.mktemp("run") / "data"
    return {"DATABASE_URL": url, "DATABASE_OWNER_URL": own_database, "ANXIU_DATA_DIR": str(folder), "ANXIU_TEST": "1"}


def start(env: dict[str, str]) -> Run:
    process = anxiu("run", "--no-demo", **env)
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl-C" in line:
            break
    found = re.search(r"http://\S+", said)
    assert found, said
    return Run(process, env, found[0])


@pytest.fixture(scope="module")
def run(env: dict[str, str]) -> Iterator[Run]:
    """One start for the tests in their order here; the last of them ends it."""
    started = start(env)
    yield started
    if started.process.poll() is None:
        end(started.process, number=signal.SIGINT)


def test_second_start_says_where_the_first_one_is(run: Run) -> None:
    assert httpx.get(f"{run.address}healthz").status_code == 200
    second = anxiu("run", "--no-demo", **run.env)
    assert f"already running here: {run.address} (pid {run.process.pid})" in end(second, number=0)
    assert second.returncode == 1


def test_application_role_cannot_change_what_is_append_only(run: Run) -> None:
    if "ANXIU_TEST_APP_URL" not in os.environ:
        pytest.skip("this database was given with one role for everything")
    with psycopg.connect(run.env["DATABASE_URL"], autocommit=True) as connection:
        assert connection.execute("select current_user").fetchone()[0] == "anxiu_app"
        connection.execute(EVENT, [uuid4(), 1, None])
        for statement in (
            "update kernel_event set kind = 'x'",
            "delete from kernel_event",
            "truncate kernel_position",
            "delete from django_migrations",
            "create table intruder (id int)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
        connection.execute("update django_session set expire_date = expire_date")


def test_worker_is_started_again_however_it_ends_and_ctrl_c_ends_all(run: Run) -> None:
    before = run.children()
    assert set(before) == {"web", "worker"}
    os.kill(before["worker"], signal.SIGTERM)  # a polite end with exit code 0, as after a restart of the database
    assert eventually(lambda: run.children().get("worker", before["worker"]) != before["worker"])
    os.kill(before["web"], signal.SIGKILL)
    assert eventually(lambda: run.children().get("web", before["web"]) != before["web"])
    pids = run.children().values()
    began = time.monotonic()
    end(run.process, number=signal.SIGINT)
    assert run.process.returncode == 0
    assert time.monotonic() - began < 10
    assert not any(is_alive(pid) for pid in pids)


def test_nothing_is_left_when_the_supervisor_is_killed(env: dict[str, str]) -> None:
    run = start(env)
    pids = run.children().values()
    run.process.kill()
    run.process.communicate()
    assert eventually(lambda: not any(is_alive(pid) for pid in pids))


def test_doctor_says_what_is_wrong(env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("x")
    (tmp_path / "secret-key").chmod(0o644)
    open_key = {**env, "ANXIU_DATA_DIR": str(tmp_path)}
    english = anxiu("doctor", **open_key)
    said = end(english, number=0)
    assert english.returncode == 1
    assert f"✗ Others can read {tmp_path / 'secret-key'}: chmod 600 it." in said
    assert "✗ No worker has given a sign of life" in said
    assert "✓ All migrations are done." in said
