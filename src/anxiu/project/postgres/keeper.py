"""Who starts and stops the server: a keeper process, and shared locks of everybody who needs it.

The kernel drops a lock when its holder dies in any way, so nothing has to be cleaned up after a kill -9. Three files:
`mutex` is held while somebody starts or stops, `users` is shared by everybody who uses the server, `keeper` is held
by the one keeper. A keeper that was killed leaves the server running; the next start adopts it.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from anxiu.project.postgres import cluster
from anxiu.project.postgres.cluster import Server, ServerError
from anxiu.project.postgres.place import Place, PlaceError, find
from anxiu.project.postgres.process import is_alive
from anxiu.project.terminal import words

START_SECONDS = 600  # recovery after a crash in a bulk load was measured at 16 s on a quiet machine
STOP_SECONDS = 60
SURE_SECONDS = 2
PATIENCE_SECONDS = 10
MOST_STARTS = 6  # within RETRY_SECONDS: a server that dies more often needs a person
RETRY_SECONDS = 60  # orphans of a killed server may hold its shared memory for a while
POLL_SECONDS = 0.1

_held: dict[Path, int] = {}  # the descriptors that keep our shared locks, for as long as this process lives
_children: list["subprocess.Popen[bytes]"] = []  # keepers we started: kept, so that they are reaped


@dataclass(frozen=True)
class Status:
    """What is known of the server of one data folder."""

    state: Literal["running", "starting", "stopped"]
    pid: int | None
    kept: bool
    cluster: Path


def ensure_running(data_dir: Path) -> Server:
    """Start the server of this data folder, or join it. It runs on until this process and all other users have ended.

    Safe to call from many processes at once and again in the same one.
    """
    try:
        place = find(data_dir)
    except PlaceError as error:
        raise ServerError(str(error)) from error
    with _locked(place.folder / "mutex"):
        if place.folder not in _held:
            _held[place.folder] = _open(place.folder / "users")
            fcntl.flock(_held[place.folder], fcntl.LOCK_SH)
        cluster.create(place)
        _ensure_keeper(place)
        server = _wait_until_it_answers(place)
        cluster.prepare(place, server)
    return server


def release(data_dir: Path) -> None:
    """Give up this process's claim; the last one to do so lets the keeper stop the server."""
    descriptor = _held.pop(data_dir.absolute() / "postgres", None)
    if descriptor is not None:
        os.close(descriptor)


def status(data_dir: Path) -> Status:
    """Whether the server runs, without starting it or making any folder."""
    if not (data_dir / "postgres").exists():
        return Status("stopped", None, kept=False, cluster=data_dir / "postgres")
    place = find(data_dir)
    pid = cluster.running_pid(place)
    kept = is_kept(place.folder)
    if pid is None:
        return Status("stopped", None, kept, place.cluster)
    return Status("running" if cluster.answer(place) else "starting", pid, kept, place.cluster)


def stop(data_dir: Path) -> None:
    """Stop the server now, whoever uses it."""
    place = find(data_dir)
    release(data_dir)
    with _locked(place.folder / "mutex"):
        keeper = _keeper_pid(place)
        if keeper is not None:
            os.kill(keeper, signal.SIGTERM)
            _wait_for(lambda: not is_kept(place.folder), STOP_SECONDS + 30)
        _end_server(place)


def is_kept(folder: Path) -> bool:
    """Whether a keeper looks after the server whose locks are in this folder."""
    return (folder / "keeper").exists() and not _try(folder / "keeper", fcntl.LOCK_SH)


def keep(data_dir: Path) -> int:
    """The keeper's whole life: start or adopt the server, restart it when it dies, stop it when nobody is left."""
    place = find(data_dir)
    lock = _open(place.folder / "keeper")
    if not _wait_for(lambda: _take(lock), 5):  # somebody looking at the lock holds it for a moment
        return 0
    os.truncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    told_to_stop: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: told_to_stop.append(received))
    process: subprocess.Popen[str] | None = None
    starts: list[float] = []
    while not told_to_stop:
        if not _is_well(place, process):
            _end_server(place, process, for_good=False)
            starts = [at for at in starts if time.monotonic() - at < RETRY_SECONDS]
            if len(starts) >= MOST_STARTS or not place.cluster.exists():
                raise ServerError(cluster.last_words(place))
            time.sleep(len(starts) * 0.5)
            starts.append(time.monotonic())
            process = _start(place)
        time.sleep(POLL_SECONDS)
        with _last_one_out(place) as alone:
            if alone:
                _end_server(place, process)
                return 0
    _end_server(place, process)
    return 0


def _is_well(place: Place, process: "subprocess.Popen[str] | None") -> bool:
    """The server process lives, and nobody has swept its socket's folder away."""
    alive = process.poll() is None if process else cluster.running_pid(place) is not None
    socket = cluster.socket_folder(place)
    return alive and (socket is None or socket.exists())


def _start(place: Place) -> "subprocess.Popen[str]":
    """Launch the server, again and again while remains of a killed one still hold its lock or its memory."""
    began = time.monotonic()
    while True:
        cluster.configure(place)
        process = cluster.launch(place)
        if _holds_the_folder(place, process):
            return process
        said = cluster.last_words(place)
        passing = any(words in said for words in ("lock file", "shared memory block"))
        # The first seconds count as passing too: the reason may not have reached the log yet.
        if time.monotonic() - began > (RETRY_SECONDS if passing else SURE_SECONDS):
            raise ServerError(said)
        time.sleep(0.5)


def _holds_the_folder(place: Place, process: "subprocess.Popen[str]") -> bool:
    """Whether a launched server got as far as taking the folder for itself; a refused one ends at once."""
    _wait_for(lambda: process.poll() is not None or cluster.running_pid(place) == process.pid, 30)
    return process.poll() is None


@contextlib.contextmanager
def _last_one_out(place: Place) -> Iterator[bool]:
    """True when nobody uses the server, with everything locked so that nobody can come in meanwhile."""
    if not _try(place.folder / "users", fcntl.LOCK_EX):
        yield False
        return
    with _locked(place.folder / "mutex", wait=False) as mine:
        yield mine and _try(place.folder / "users", fcntl.LOCK_EX)


def _ensure_keeper(place: Place) -> None:
    _children[:] = [child for child in _children if child.poll() is None]
    if is_kept(place.folder):
        return
    with (place.folder / "keeper.log").open("wb") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "anxiu.project.postgres", str(place.folder.parent)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C at our terminal is not meant for the database
        )
    _children.append(keeper)
    _wait_for(lambda: keeper.poll() is not None or is_kept(place.folder), 30)


def _wait_until_it_answers(place: Place) -> Server:
    began = time.monotonic()
    told = restarted = False
    while (waited := time.monotonic() - began) < START_SECONDS:
        if server := cluster.answer(place):
            return server
        if not is_kept(place.folder):
            said = (place.folder / "keeper.log").read_text("utf-8", "replace")
            if said or restarted:
                raise ServerError(f"{_did_not_start(place)}\n{said[-3000:]}")
            restarted = True  # the keeper we joined was on its way out
            _ensure_keeper(place)
        if waited > PATIENCE_SECONDS and not told:
            told = True
            print(words("The database is recovering from a crash.", "数据库正在从异常中断中恢复。"), file=sys.stderr)
        time.sleep(0.02)
    raise ServerError(f"{_did_not_start(place)}\n{cluster.last_words(place)}")


def _did_not_start(place: Place) -> str:
    return words(f"PostgreSQL in {place.cluster} did not start:", f"{place.cluster} 中的 PostgreSQL 未能启动：")


def _end_server(place: Place, process: "subprocess.Popen[str] | None" = None, *, for_good: bool = True) -> None:
    """Fast shutdown; if that hangs, an immediate one, which only means recovery at the next start."""
    pid = process.pid if process and process.poll() is None else cluster.running_pid(place)
    if pid is not None:
        for number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 20)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            if _wait_for(lambda: process.poll() is not None if process else not is_alive(pid), seconds):
                break
    if for_good:
        cluster.remove_socket_folder(place)


def _keeper_pid(place: Place) -> int | None:
    path = place.folder / "keeper"
    text = path.read_text().strip() if is_kept(place.folder) else ""
    return int(text) if text else None


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@contextlib.contextmanager
def _locked(path: Path, *, wait: bool = True) -> Iterator[bool]:
    descriptor = _open(path)
    try:
        if wait:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield wait or _take(descriptor)
    finally:
        os.close(descriptor)


def _try(path: Path, kind: int) -> bool:
    """Whether this lock could be had now; it is given back at once."""
    descriptor = _open(path)
    try:
        return _take(descriptor, kind)
    finally:
        os.close(descriptor)


def _take(descriptor: int, kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False
