"""The embedded server with real processes: who starts it, who stops it, what a kill -9 leaves."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import sysconfig
from pathlib import Path

import psycopg
import pytest

from anxiu.project.postgres import ServerError, Stray, ensure_running, find_strays, place, status, stop
from anxiu.project.postgres.keeper import release
from anxiu.project.postgres.process import is_alive
from tests.project.conftest import Holder, eventually

pytestmark = pytest.mark.processes
ROOT = Path(__file__).resolve().parents[2]
nobody = pwd.getpwnam("nobody")
NOBODY = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone()[0]


def keeper_of(data_dir: Path) -> int:
    return int((data_dir / "postgres/keeper").read_text())


def test_start_gives_two_roles_on_a_private_socket(data_dir: Path) -> None:
    server = ensure_running(data_dir)
    assert ask(server.app_url, "select current_user || ' ' || current_database()") == "anxiu_app anxiu"
    assert ask(server.owner_url, "select rolcreatedb and not rolsuper from pg_roles where rolname = current_user") is True
    assert ask(server.app_url, "select rolcreatedb or rolsuper from pg_roles where rolname = current_user") is False
    assert ask(server.app_url, "select current_setting('listen_addresses')") == ""
    assert ask(server.app_url, "select current_setting('fsync') || current_setting('full_page_writes')") == "onon"
    assert ask(server.app_url, "select current_setting('server_version_num')::int / 10000") == 18
    assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700
    assert stat.S_IMODE((data_dir / "postgres/passwords.json").stat().st_mode) == 0o600
    wrong = server.app_url.replace("anxiu_app:", "anxiu_owner:")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        ask(wrong, "select 1")
    release(data_dir)
    assert eventually(lambda: status(data_dir).state == "stopped" and not server.socket.exists())


def test_data_and_addresses_survive_a_killed_server(data_dir: Path) -> None:
    server = ensure_running(data_dir)
    with psycopg.connect(server.owner_url) as connection:
        connection.execute("create table kept as select 7 as seven")
    os.kill(server.pid, signal.SIGKILL)
    again = ensure_running(data_dir)
    assert again.pid != server.pid
    assert ask(server.owner_url, "select seven from kept") == 7
    stop(data_dir)
    assert status(data_dir).state == "stopped"
    third = ensure_running(data_dir)
    assert ask(third.owner_url, "select seven from kept") == 7


def test_keeper_restarts_a_killed_server_for_those_who_use_it(data_dir: Path) -> None:
    server = ensure_running(data_dir)
    os.kill(server.pid, signal.SIGKILL)
    assert eventually(lambda: status(data_dir).state == "running" and status(data_dir).pid != server.pid)
    assert ask(server.app_url, "select 1") == 1


def test_server_stops_with_its_last_user_even_a_killed_one(data_dir: Path) -> None:
    first, second = Holder(data_dir), Holder(data_dir)
    assert first.server["pid"] == second.server["pid"]
    pid = int(first.server["pid"])
    first.kill()
    assert ask(second.server["app_url"], "select 1") == 1
    second.kill()
    assert eventually(lambda: not is_alive(pid))
    assert status(data_dir).state == "stopped"


def test_a_server_without_keeper_is_a_stray_and_is_adopted(data_dir: Path) -> None:
    holder = Holder(data_dir)
    pid = int(holder.server["pid"])
    os.kill(keeper_of(data_dir), signal.SIGKILL)
    holder.kill()
    assert eventually(lambda: Stray(pid, data_dir / "postgres/18") in find_strays())
    assert is_alive(pid)
    assert ensure_running(data_dir).pid == pid
    assert Stray(pid, data_dir / "postgres/18") not in find_strays()
    release(data_dir)
    assert eventually(lambda: not is_alive(pid))


def test_stale_pid_file_with_somebody_elses_number_is_taken_over(data_dir: Path) -> None:
    holder = Holder(data_dir)
    pid = int(holder.server["pid"])
    os.kill(keeper_of(data_dir), signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)
    holder.kill()
    path = data_dir / "postgres/18/postmaster.pid"
    owner = path.stat()
    # A living process of the very user the server runs as: PostgreSQL alone would refuse to start.
    other = subprocess.Popen(["sleep", "60"], user=owner.st_uid if os.geteuid() == 0 else None)
    try:
        path.write_text("\n".join([str(other.pid), *path.read_text().splitlines()[1:]]) + "\n")
        assert ask(ensure_running(data_dir).app_url, "select 1") == 1
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_many_starters_get_one_server(data_dir: Path) -> None:
    holders = [Holder(data_dir) for _ in range(4)]
    assert len({holder.server["pid"] for holder in holders}) == 1
    for holder in holders:
        holder.leave()
    assert eventually(lambda: status(data_dir).state == "stopped")


def test_two_folders_side_by_side_one_with_a_long_path(data_dir: Path, open_folder: Path) -> None:
    long = open_folder / ("a long name " * 9).strip() / "中文" / "data"
    for folder in (long.parent.parent, long.parent):
        folder.mkdir()
        folder.chmod(0o755)
    first, second = ensure_running(data_dir), ensure_running(long)
    try:
        assert first.pid != second.pid
        assert ask(second.admin_url, "select current_setting('data_directory')") == str(long / "postgres/18")
    finally:
        stop(long)


def test_a_start_that_fails_says_why(data_dir: Path) -> None:
    ensure_running(data_dir)
    stop(data_dir)
    (data_dir / "postgres/18/local.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(ServerError, match="no_such_setting"):
        ensure_running(data_dir)


def ordinary_python() -> tuple[str, dict[str, str]] | None:
    """A Python that user nobody can run, with our packages on its path."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = f"{ROOT / 'src'}:{sysconfig.get_path('purelib')}"
    for candidate in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        command = [candidate, "-c", "import psycopg"]
        try:
            subprocess.run(command, env={"PYTHONPATH": packages}, capture_output=True, check=True, cwd="/", **NOBODY)
        except (OSError, subprocess.CalledProcessError):
            continue
        return candidate, {"PYTHONPATH": packages, "HOME": "/nonexistent"}
    return None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_as_an_ordinary_user(data_dir: Path, open_folder: Path) -> None:
    found = ordinary_python()
    if found is None:
        pytest.skip("no Python here that an ordinary user can run")
    python, env = found
    os.chown(open_folder, nobody.pw_uid, nobody.pw_gid)
    holder = Holder(data_dir, python=python, user=NOBODY, **env)
    assert ask(holder.server["app_url"], "select 1") == 1
    assert (data_dir / "postgres/18").stat().st_uid == nobody.pw_uid
    assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700
    holder.leave()
    assert eventually(lambda: not is_alive(int(holder.server["pid"])))


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user reaches what is their own")
def test_root_behind_a_closed_folder_moves_the_database_and_opens_nothing(
    tmp_path: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "SYSTEM_FOLDER", open_folder / "lib")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    found = place.find(closed / "data")
    assert found.home.parent == open_folder / "lib"
    assert place.find(closed / "data").home == found.home
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert (found.uid, found.gid) != (0, 0)


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user reaches what is their own")
def test_root_with_programs_in_a_closed_folder_uses_a_copy(
    tmp_path: Path, data_dir: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install = tmp_path / "closed/pginstall18"
    shutil.copytree(place.find(data_dir).binaries.parent, install, ignore=shutil.ignore_patterns("include", "pg_*"))
    install.parent.chmod(0o700)
    monkeypatch.setattr(place, "SYSTEM_FOLDER", open_folder / "lib")
    monkeypatch.setattr(place, "_wheel_binaries", lambda: install / "bin")
    found = place.find(data_dir)
    assert found.binaries.is_relative_to(open_folder / "lib")
    assert found.run([found.binaries / "postgres", "--version"])[0] == 0
