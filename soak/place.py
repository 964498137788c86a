"""Where a soak happens: its database server, its machines, its small disk, and the processes that are started again."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import httpx
import psutil
import psycopg

from anxiu.project.postgres import Server, ServerError, ensure_running, status, stop
from soak import machine

ROOT = Path(__file__).resolve().parents[1]
DISK_MB = 256  # half an hour of photos and documents is about sixty
AGAIN_SECONDS = 0.5  # a service manager's pause before it starts a dead process again
STOP_SECONDS = 30
OWN = {"DATABASE_URL", "DATABASE_OWNER_URL", "ANXIU_TEST_SUFFIX", "ANXIU_DATA_DIR", "ANXIU_TEST"}


class Disk:
    """The media folder: a small file system of its own where that can be had, so that it can be full."""

    def __init__(self, folder: Path, megabytes: int = DISK_MB) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self.is_small = False
        if os.geteuid() == 0 and sys.platform == "linux":
            done = subprocess.run(
                ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "anxiu-soak", str(folder)], check=False
            )
            self.is_small = done.returncode == 0
        self.media = folder / "media"
        self.media.mkdir(mode=0o700)

    def fill(self) -> None:
        """Leave no byte."""
        with (self.folder / "filler").open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(b"\0" * 65536):
                pass
            while file.write(b"\0" * 512):
                pass

    def empty(self) -> None:
        """Give the room back."""
        (self.folder / "filler").unlink(missing_ok=True)

    def leave(self) -> None:
        """Let go of the file system."""
        if self.is_small:
            subprocess.run(["umount", "-l", str(self.folder)], check=False)


@dataclass
class Service:
    """One process of one machine, started again whenever it ends, as a service manager does."""

    name: str
    arguments: list[str]
    environment: dict[str, str]
    log: Path
    clock: Path
    lifeline: int
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None
    starts: int = 0
    wanted: bool = True
    ended: list[tuple[float, int]] = field(default_factory=list)
    memory: list[tuple[float, int, float]] = field(default_factory=list)  # when, which start, MB

    def start(self) -> None:
        """Start it now."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "soak.machine", str(self.clock), *self.arguments], cwd=ROOT,
                env={**self.environment, "ANXIU_LIFELINE": str(self.lifeline)}, pass_fds=[self.lifeline],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.starts += 1

    def look(self) -> None:
        """Start it again if it has ended, and weigh it."""
        if self.process is not None and (code := self.process.poll()) is not None:
            self.ended.append((time.time(), code))
            self.process = None
            if self.wanted:
                time.sleep(AGAIN_SECONDS)
                self.start()
        elif self.process is not None:
            with contextlib.suppress(psutil.Error):
                weight = psutil.Process(self.process.pid).memory_info().rss / 1e6
                self.memory.append((time.time(), self.starts, weight))

    def signal(self, number: int) -> None:
        """Send it a signal, if it lives."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def end(self) -> None:
        """Stop it as an administrator does, and do not start it again."""
        self.wanted = False
        process = self.process
        if process is None:
            return
        process.send_signal(signal.SIGCONT)
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def answers(self, path: str = "/healthz") -> bool:
        """Whether this web machine answers."""
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=3).status_code == httpx.codes.OK
        return False


class Place:
    """One soak's folder with everything in it."""

    def __init__(self, folder: Path, smtp: int, ports: tuple[int, ...]) -> None:
        self.folder = folder
        self.data = folder / "database"
        self.server: Server = ensure_running(self.data)
        self.disk = Disk(folder / "disk")
        self.smtp, self.ports = smtp, ports
        self._lifeline, self._held = os.pipe()
        self.webs: list[Service] = []
        self.workers: list[Service] = []
        self._stop = threading.Event()
        self._watch = threading.Thread(target=self._look_after, daemon=True)

    def environment(self, name: str) -> dict[str, str]:
        """What the processes of one machine are told."""
        folder = self.folder / name
        (folder / "tmp").mkdir(parents=True, exist_ok=True)
        return {
            **{key: value for key, value in os.environ.items() if key not in OWN},
            "ANXIU_DATA_DIR": str(folder), "ANXIU_MEDIA_DIR": str(self.disk.media), "TMPDIR": str(folder / "tmp"),
            "ANXIU_SECRET_KEY": "soak" * 12, "DATABASE_URL": self.server.app_url, "LANG": "C.UTF-8",
            "DATABASE_OWNER_URL": self.server.owner_url, "ANXIU_SMTP_URL": f"smtp://127.0.0.1:{self.smtp}",
            "ANXIU_HOOKS_TO_LOOPBACK": "1", "ANXIU_TRUSTED_PROXIES": "1", "ANXIU_LOG": "json",
            "ANXIU_PUBLIC_URL": f"http://127.0.0.1:{self.ports[0]}", "ANXIU_LANGUAGE": "en",
            "DJANGO_SETTINGS_MODULE": "anxiu.project.settings", "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        }  # fmt: skip

    def add(self, name: str, arguments: list[str], *, ahead: float = 0, port: int = 0) -> Service:
        """A machine with one process on it."""
        environment = self.environment(name)
        machine.write(self.folder / name / "clock", ahead)
        key = self.folder / "web1" / "head-key.pem"
        if key.exists() and name != "web1":
            shutil.copy(key, self.folder / name / "head-key.pem")
        made = Service(
            name,
            arguments,
            environment,
            self.folder / f"{name}.log",
            self.folder / name / "clock",
            self._lifeline,
            port,
        )
        (self.webs if port else self.workers).append(made)
        return made

    def start(self) -> None:
        """Start every machine and look after them from now on."""
        for each in self.services:
            each.start()
        self._watch.start()

    @property
    def services(self) -> list[Service]:
        """All of them."""
        return [*self.webs, *self.workers]

    def _look_after(self) -> None:
        while not self._stop.wait(0.2):
            for each in self.services:
                each.look()

    def shift(self, service: Service, seconds: float, all_ahead: float = 0.0) -> None:
        """Let one machine's clock be so much ahead, or let it believe that the database's is too."""
        machine.write(service.clock, seconds, all_ahead)

    def command(self, *arguments: str, name: str = "web1", module: str = "anxiu.project.cli", check: bool = True,
                log: IO[bytes] | None = None, **more: str) -> "subprocess.CompletedProcess[str]":  # fmt: skip
        """Run a command on one of the machines to its end."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments], cwd=ROOT, env={**self.environment(name), **more},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if check and done.returncode:
            raise RuntimeError(f"{module} {' '.join(arguments)}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def sql(self, statement: str, *values: object, database: str = "") -> list[tuple]:
        """Ask the database, as its owner."""
        url = self.server.owner_url
        if database:
            url = url.replace("/anxiu?", f"/{database}?")
        with psycopg.connect(url, autocommit=True) as connection:
            found = connection.execute(statement, values)
            return found.fetchall() if found.description else []

    def admin(self, statement: str, *values: object) -> list[tuple]:
        """Ask the server, as its administrator."""
        with psycopg.connect(self.server.admin_url, autocommit=True) as connection:
            found = connection.execute(statement, values)
            return found.fetchall() if found.description else []

    def database_pid(self) -> int | None:
        """Of the server's first process."""
        return status(self.data).pid

    def stop_machines(self) -> None:
        """Stop web and workers."""
        self._stop.set()
        if self._watch.is_alive():
            self._watch.join(10)
        for each in self.services:
            each.end()

    def leave(self) -> None:
        """Stop all of it."""
        self.stop_machines()
        self.disk.leave()
        with contextlib.suppress(ServerError):
            stop(self.data)


def eventually(condition: Callable[[], bool], seconds: float, pause: float = 0.1) -> float | None:
    """How long it took until something was true; none when it was not by then. What fails to answer is not true yet."""
    began = time.monotonic()
    while (took := time.monotonic() - began) < seconds:
        with contextlib.suppress(psycopg.Error, httpx.HTTPError):
            if condition():
                return took
        time.sleep(pause)
    return None
