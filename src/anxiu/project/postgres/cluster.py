"""One PostgreSQL cluster on disk: made once, configured at every start, asked whether it really answers."""

import json
import os
import re
import secrets
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from anxiu.project.postgres.place import MAJOR, Place
from anxiu.project.postgres.process import command_of, is_alive

DATABASE = "anxiu"
ADMIN, OWNER, APP = "anxiu_admin", "anxiu_owner", "anxiu_app"
PORT = 5432  # names the socket file only: nothing listens on the network

CONFIGURATION = """\
# Written by Anxiu at every start. Your own settings go into local.conf beside this file.
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 256MB
max_wal_size = 2GB
random_page_cost = 1.1
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = on
log_directory = 'log'
log_filename = 'server-%a.log'
log_rotation_age = 1d
log_truncate_on_rotation = on
include_if_exists = 'local.conf'
"""
# The same order of text on every system; Chinese is ordered by a stored key, never by the database's locale.
LOCALE = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
ACCESS = "# Only the socket, only with a password.\nlocal all all scram-sha-256\n"


class ServerError(RuntimeError):
    """The embedded server could not be started; the text says why, with the end of its log."""


@dataclass(frozen=True)
class Server:
    """A running server: addresses for the application, for migrations, and for its own upkeep."""

    app_url: str
    owner_url: str
    admin_url: str
    pid: int
    socket: Path
    cluster: Path


def create(place: Place) -> None:
    """Make the cluster, unless it is there. A half-made one is never mistaken for a whole one."""
    if place.cluster.exists():
        return
    passwords = _passwords(place, may_create=True)
    fresh = place.home / f"{MAJOR}.new"
    if fresh.exists():
        shutil.rmtree(fresh)
    fresh.mkdir(mode=0o700)
    place.give(fresh)
    descriptor, name = tempfile.mkstemp(dir=place.home)
    password_file = Path(name)
    try:
        os.write(descriptor, passwords[ADMIN].encode())
        os.close(descriptor)
        place.give(password_file)
        access = ["--auth", "scram-sha-256", "--username", ADMIN, "--pwfile", password_file]
        code, said = place.run([place.binaries / "initdb", "--pgdata", fresh, *access, *LOCALE])
    finally:
        password_file.unlink()
    if code:
        raise ServerError(f"The database folder could not be made:\n{said[-2000:]}")
    (fresh / "pg_hba.conf").write_text(ACCESS)
    with (fresh / "postgresql.conf").open("a") as configuration:
        configuration.write("\ninclude = 'anxiu.conf'\n")
    fresh.rename(place.cluster)


def configure(place: Place) -> None:
    """Write the settings for this start.

    A socket's path may have about 100 characters, so the socket cannot live in the data folder, which may be anywhere.
    Its folder stays the same over a restart: the application knows the server by it.
    """
    path = place.cluster / "anxiu.conf"
    socket = _own_socket_folder(place)
    if socket is None:
        socket = Path(tempfile.mkdtemp(prefix="anxiu-", dir="/tmp"))
        place.give(socket)
    path.write_text(CONFIGURATION.format(socket=socket, port=PORT))
    path.chmod(0o600)
    place.give(path)
    own = place.cluster / "local.conf"
    if own.exists():  # written by root with a narrow umask, the server could not read it and would pass over it
        place.give(own)


def remove_socket_folder(place: Place) -> None:
    """Clear up after a server that has ended."""
    if socket := _own_socket_folder(place):
        shutil.rmtree(socket, ignore_errors=True)


def _sweep_socket_folder(place: Place) -> None:
    """Remove what a killed server left: its lock file names it, and counts as long as nobody has reaped the dead."""
    if running_pid(place) is None and (socket := _own_socket_folder(place)):
        for leftover in socket.iterdir():
            leftover.unlink()


def _own_socket_folder(place: Place) -> Path | None:
    """The folder we made for the socket, if it still is a real one, the server user's own, closed to everybody else."""
    try:
        written = re.search(r"unix_socket_directories = '([^']+)'", (place.cluster / "anxiu.conf").read_text())
        found = Path(written[1]).lstat() if written else None
    except FileNotFoundError:
        return None
    owner = os.geteuid() if place.uid is None else place.uid
    if not written or not found or not stat.S_ISDIR(found.st_mode):
        return None
    return Path(written[1]) if found.st_uid == owner and stat.S_IMODE(found.st_mode) == 0o700 else None


def launch(place: Place) -> "subprocess.Popen[str]":
    """Start the server program itself, as a child of the caller: no shell in between, and reaped when it dies."""
    _take_over_stale_pid(place)
    _sweep_socket_folder(place)
    with place.log.open("w") as log:
        return place.popen(
            [place.binaries / "postgres", "-D", place.cluster],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def running_pid(place: Place) -> int | None:
    """The server process named in postmaster.pid, if it lives and really is a server of this folder."""
    lines = _pid_file(place)
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    command = command_of(pid)
    if not is_alive(pid) or not command or Path(command[0]).name != "postgres":
        return None
    return pid if str(place.cluster) in " ".join(command) else None


def socket_folder(place: Place) -> Path | None:
    """The folder of the running server's socket, as the server itself has written it down."""
    lines = _pid_file(place)
    return Path(lines[4].strip()) if len(lines) > 4 and lines[4].strip() else None


def answer(place: Place) -> Server | None:
    """The server, if it answers a real query from the right folder; None while it does not."""
    pid, socket = running_pid(place), socket_folder(place)
    if pid is None or socket is None:
        return None
    server = _server(place, pid, socket)
    try:
        with psycopg.connect(server.admin_url, connect_timeout=3) as connection:
            row = connection.execute("select current_setting('data_directory')").fetchone()
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise ServerError(f"The passwords in {place.folder} do not fit the database in {place.cluster}.") from error
        return None
    return server if row and Path(row[0]).resolve() == place.cluster.resolve() else None


def prepare(place: Place, server: Server) -> None:
    """Make the roles and the database, whatever an interrupted first start left undone."""
    passwords = _passwords(place)
    with psycopg.connect(server.admin_url, autocommit=True) as connection:
        roles = {row[0] for row in connection.execute("select rolname from pg_roles")}
        for role, rights in ((OWNER, "createdb"), (APP, "nocreatedb")):
            if role not in roles:
                statement = sql.SQL("create role {} login {} password {}")
                connection.execute(statement.format(sql.Identifier(role), sql.SQL(rights), passwords[role]))
        if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
            name, owner = sql.Identifier(DATABASE), sql.Identifier(OWNER)
            connection.execute(sql.SQL("create database {} owner {}").format(name, owner))


def last_words(place: Place) -> str:
    """The end of what the server said, for the person who has to find out why it does not start."""
    logs = sorted((place.cluster / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)[-1:]
    texts = [path.read_text("utf-8", "replace")[-1500:] for path in (place.log, *logs) if path.exists()]
    return "\n".join(text.strip() for text in texts if text.strip())


def _server(place: Place, pid: int, socket: Path) -> Server:
    passwords = _passwords(place)

    def url(role: str, database: str) -> str:
        return f"postgresql://{role}:{quote(passwords[role])}@/{database}?host={quote(str(socket))}&port={PORT}"

    return Server(url(APP, DATABASE), url(OWNER, DATABASE), url(ADMIN, "postgres"), pid, socket, place.cluster)


def _passwords(place: Place, *, may_create: bool = False) -> dict[str, str]:
    path = place.folder / "passwords.json"
    if path.exists():
        passwords: dict[str, str] = json.loads(path.read_text())
        return passwords
    if not may_create:
        raise ServerError(f"{path} is missing: without it nobody can log in to the database in {place.cluster}.")
    passwords = {role: secrets.token_urlsafe(24) for role in (ADMIN, OWNER, APP)}
    with _whole_file(path) as partial:
        partial.write_text(json.dumps(passwords))
    return passwords


@contextmanager
def _whole_file(path: Path) -> Iterator[Path]:
    """Write a private file so that it is there whole or not at all."""
    partial = path.with_suffix(".part")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    yield partial
    with partial.open("rb") as stream:
        os.fsync(stream.fileno())
    partial.rename(path)


def _pid_file(place: Place) -> list[str]:
    try:
        return (place.cluster / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []


def _take_over_stale_pid(place: Place) -> None:
    """After a crash the number in postmaster.pid may belong to somebody else by now, and PostgreSQL would wait for it.

    The file is not removed: its last line lets PostgreSQL find server processes still using the shared memory. Only
    the number is changed to one that is certainly free.
    """
    lines = _pid_file(place)
    if not lines or running_pid(place) is not None:
        return
    ended = subprocess.Popen(["true"])
    ended.wait()
    with (place.cluster / "postmaster.pid").open("r+") as stream:
        stream.write("\n".join([str(ended.pid), *lines[1:]]) + "\n")
        stream.truncate()
