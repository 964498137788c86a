"""A large file of machines: how long the trial and the import by parts take, and how much memory their process needs.

The files are CSV, made here: customers with their sites, one for so many machines, then the machines, of which every
second has a serial number that people write in several ways. All of it goes the way of the console: the file is opened, its
columns are named, the two jobs run in this process. The database is the bench's own and is dropped at the end.
"""

import csv
import os
import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psutil

from bench.place import Place

IMPORTS = "anxiu_bench_imports"
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MODELS = 40
MACHINES_A_SITE, SITES_A_CUSTOMER = 50, 10
MB = 1024 * 1024
WATCHED_SECONDS = 0.2
MOST_MB = 400
PLACES_HEAD = ("客户编号", "客户名称", "区域", "站点", "地址", "联系人", "手机号")
HEAD = ("资产编号", "S/N", "型号", "客户编码", "使用单位", "设备名称", "投用日期")


@dataclass
class ImportsFound:
    """Seconds, rows, and the largest resident memory of each step; `server_mb` is the most one backend had of its own.

    `cpu` is processor seconds of this process and of the database server: what a loaded machine does not change.
    """

    rows: int = 0
    file_mb: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)
    peak_mb: dict[str, float] = field(default_factory=dict)
    server_mb: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, tuple[float, float]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    server: int = 0
    before_mb: float = 0.0
    disk_mb: float = 0.0


def measure(place: Place, rows: int, say: Callable[[str], None]) -> ImportsFound:
    """Make a file, try it, take it in, try it again, take it back."""
    place.recreate(IMPORTS)
    os.environ.update(place.environment)
    os.environ["DATABASE_URL"] = place.url(place.server.owner_url, IMPORTS)
    os.environ["DATABASE_OWNER_URL"] = os.environ["DATABASE_URL"]
    os.environ["ANXIU_TEST"] = "1"
    place.run("django", "migrate", "--verbosity", "0", environment=dict(os.environ))
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from django.db import connection

    from bench.taken import company, walk

    found = ImportsFound(rows, server=place.server.pid)
    try:
        company()
        walk(place, found, say)
    finally:
        connection.close()
        with place.admin("postgres") as admin:
            admin.execute(f'drop database if exists "{IMPORTS}" with (force)')
    return found


def write_places(path: Path, sites: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(PLACES_HEAD)
        for n in range(sites):
            customer, site = divmod(n, SITES_A_CUSTOMER)
            name, phone = f"华东机电 {customer}", f"138{n:08}"
            out.writerow([f"K-{customer}", name, "east", f"{site} 号厂房", f"新路 {n} 号", f"王工 {n}", phone])


def write_machines(path: Path, rows: int, sites: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(HEAD)
        for n in range(rows):
            serial = f"SN {n:08}" if n % 2 else ""
            day = date(2015, 1, 1) + timedelta(days=n % 4000)
            customer, site = divmod(n % sites, SITES_A_CUSTOMER)
            place = (f"K-{customer}", f"{site} 号厂房")
            out.writerow([f"A-{n}", serial, f"AT-{n % MODELS}", *place, f"循环水泵 {n}", day])


@contextmanager
def _step(name: str, found: ImportsFound, say: Callable[[str], None], rows: int = 0) -> Iterator[None]:
    """Time of a step and the most memory its process had in it."""
    process, stop, peak = psutil.Process(), threading.Event(), [0, 0]

    def watch() -> None:
        while not stop.wait(WATCHED_SECONDS):
            peak[0] = max(peak[0], process.memory_info().rss)
            peak[1] = max(peak[1], *_own(found.server))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    began, used = time.perf_counter(), (_cpu(process), _server_cpu(found.server))
    try:
        yield
    finally:
        stop.set()
        watcher.join()
    found.seconds[name] = time.perf_counter() - began
    found.counts[name] = rows or found.rows
    found.server_mb[name] = peak[1] / MB
    found.cpu[name] = (_cpu(process) - used[0], _server_cpu(found.server) - used[1])
    found.peak_mb[name] = max(peak[0], process.memory_info().rss) / MB
    whole = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(
        f"{name}: {found.seconds[name]:.1f} s, at most {found.peak_mb[name]:.0f} MB ({whole:.0f} MB so far), "
        f"a backend {found.server_mb[name]:.0f} MB of its own; "
        f"processor {found.cpu[name][0]:.1f} s here, {found.cpu[name][1]:.1f} s in the database"
    )


def _cpu(process: psutil.Process) -> float:
    """Processor seconds so far; none of a process that has gone."""
    try:
        used = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return used.user + used.system


def _server_cpu(server: int) -> float:
    """Processor seconds of the database server: its processes, and those it has buried."""
    if not server:
        return 0.0
    main = psutil.Process(server)
    buried = main.cpu_times()
    return sum(map(_cpu, [main, *main.children()])) + buried.children_user + buried.children_system


def _own(server: int) -> list[int]:
    """What each process of the database server has for itself, beside the buffers they share."""
    found = [0]
    for each in psutil.Process(server).children() if server else ():
        try:
            memory = each.memory_info()
        except psutil.NoSuchProcess:
            continue
        found.append(memory.rss - getattr(memory, "shared", 0))
    return found
