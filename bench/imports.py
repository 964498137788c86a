"""A large file of machines: how long the trial and the import by parts take, and how much memory their process needs.

The file is CSV, made here; half of the machines have serial numbers that people write in several ways. All of it goes
the way of the console: the file is opened, its columns are named, the two jobs run in this process.
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
from typing import Any

import psutil

from bench.place import Place

IMPORTS = "anxiu_bench_imports"
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SITES, MODELS = 200, 40
MB = 1024 * 1024
WATCHED_SECONDS = 0.2
MOST_MB = 400
HEAD = ("资产编号", "S/N", "型号", "客户编码", "使用单位", "设备名称", "投用日期")


@dataclass
class ImportsFound:
    """Seconds and the largest resident memory of each step."""

    rows: int = 0
    file_mb: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)
    peak_mb: dict[str, float] = field(default_factory=dict)


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
    path = place.folder / "machines.csv"
    found = ImportsFound(rows)
    _company()
    _write(path, rows)
    found.file_mb = path.stat().st_size / MB
    say(f"{rows:,} rows, {found.file_mb:.0f} MB")
    _walk(path, found, say)
    path.unlink()
    return found


def _company() -> None:
    from anxiu.accounts.actions import add_region
    from anxiu.catalogue.actions import NewFamily, NewModel, add_family, add_model
    from anxiu.customers.actions import NewCustomer, NewSite, add_customer, add_site
    from anxiu.kernel.actor import SYSTEM

    given: dict[str, Any] = {"actor": SYSTEM, "at": AT}
    region = add_region(**given, code="east", name_zh="华东", name_en="East")
    family = add_family(**given, new=NewFamily("PUMP", "水泵", "Pumps", 12))
    for n in range(MODELS):
        add_model(**given, new=NewModel(family.pk, "安泰", f"AT-{n}", f"循环水泵 {n}"))
    for n in range(SITES):
        customer = add_customer(**given, new=NewCustomer(f"华东机电 {n}", region.pk, code=f"K-{n}"))
        add_site(**given, customer_id=customer.pk, new=NewSite("一号厂房"))


def _write(path: Path, rows: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(HEAD)
        for n in range(rows):
            serial = f"SN {n:08}" if n % 2 else ""
            day = date(2015, 1, 1) + timedelta(days=n % 4000)
            out.writerow([f"A-{n}", serial, f"AT-{n % MODELS}", f"K-{n % SITES}", "一号厂房", f"循环水泵 {n}", day])


def _walk(path: Path, found: ImportsFound, say: Callable[[str], None]) -> None:
    from anxiu.equipment.actions import Columns, NewFile, map_import, open_import, start_import, undo_import
    from anxiu.equipment.choices import ImportKind
    from anxiu.equipment.importing.mapping import Layout
    from anxiu.equipment.importing.tables import Table, head_of
    from anxiu.equipment.models import ImportFile
    from anxiu.equipment.queries import offered_columns
    from anxiu.equipment.tasks import take_import, try_import
    from anxiu.kernel.actor import SYSTEM

    given: dict[str, Any] = {"actor": SYSTEM, "at": AT}

    def opened() -> ImportFile:
        head = head_of(path, 3)
        digest = Table(path, Layout(ImportKind.MACHINES), "CNY").facts().digest
        with path.open("rb") as content:
            new = NewFile(
                ImportKind.MACHINES, "bench", path.name, digest, path.stat().st_size, content, head.header, head.rows
            )
            row = open_import(**given, new=new)
        map_import(**given, file_uid=row.uid, to=Columns(offered_columns(row)))
        return row

    row = opened()
    with _step("trial", found, say):
        try_import(file_id=row.pk)
    start_import(**given, file_uid=row.uid)
    with _step("import", found, say):
        take_import(file_id=row.pk)
    row.refresh_from_db()
    assert (row.state, row.accepted) == ("taken", found.rows), (row.state, row.accepted, row.failure)
    again = opened()
    with _step("trial of the same file", found, say):
        try_import(file_id=again.pk)
    again.refresh_from_db()
    assert (again.accepted, again.unchanged) == (0, found.rows)
    with _step("undo", found, say):
        assert row.batch is not None
        assert undo_import(**given, batch_uid=row.batch.uid).removed == found.rows


@contextmanager
def _step(name: str, found: ImportsFound, say: Callable[[str], None]) -> Iterator[None]:
    """Time of a step and the most memory its process had in it."""
    process, stop, peak = psutil.Process(), threading.Event(), [0]

    def watch() -> None:
        while not stop.wait(WATCHED_SECONDS):
            peak[0] = max(peak[0], process.memory_info().rss)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    began = time.perf_counter()
    try:
        yield
    finally:
        stop.set()
        watcher.join()
    found.seconds[name] = time.perf_counter() - began
    found.peak_mb[name] = max(peak[0], process.memory_info().rss) / MB
    whole = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"{name}: {found.seconds[name]:.0f} s, at most {found.peak_mb[name]:.0f} MB ({whole:.0f} MB so far)")
