"""The steps of a large import, once Django is set up: tried, taken in, tried again, taken back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
from django.db import connection

from anxiu.accounts.actions import add_region
from anxiu.catalogue.actions import NewFamily, NewModel, add_family, add_model
from anxiu.equipment.actions import Columns, NewFile, map_import, open_import, start_import, undo_import
from anxiu.equipment.choices import ImportKind
from anxiu.equipment.importing.mapping import Layout
from anxiu.equipment.importing.tables import Table, head_of
from anxiu.equipment.models import ImportFile
from anxiu.equipment.queries import offered_columns
from anxiu.equipment.tasks import take_import, try_import
from anxiu.equipment.tasks import undo_import as undo_later
from anxiu.kernel.actor import SYSTEM
from bench.imports import AT, MACHINES_A_SITE, MB, MODELS, ImportsFound, _step, write_machines, write_places
from bench.place import Place


def company() -> None:
    """A region and forty models, that the files speak of."""
    given: dict[str, Any] = {"actor": SYSTEM, "at": AT}
    add_region(**given, code="east", name_zh="华东", name_en="East")
    family = add_family(**given, new=NewFamily("PUMP", "水泵", "Pumps", 12))
    for n in range(MODELS):
        add_model(**given, new=NewModel(family.pk, "安泰", f"AT-{n}", f"循环水泵 {n}"))


def walk(place: Place, found: ImportsFound, say: Callable[[str], None]) -> None:
    """Both files tried and taken in, the second tried again, both taken back."""
    places, path = place.folder / "places.csv", place.folder / "machines.csv"
    sites = max(1, found.rows // MACHINES_A_SITE)
    write_places(places, sites)
    write_machines(path, found.rows, sites)
    found.file_mb = path.stat().st_size / MB
    found.before_mb = psutil.Process().memory_info().rss / MB
    say(f"{found.rows:,} rows, {found.file_mb:.0f} MB, {sites:,} sites; {found.before_mb:.0f} MB resident before")
    given: dict[str, Any] = {"actor": SYSTEM, "at": AT}
    whose = _opened(places, ImportKind.CUSTOMERS)
    _took(whose, found, say, "customers and sites: ", sites)
    row = _opened(path, ImportKind.MACHINES)
    _took(row, found, say, "", found.rows)
    with connection.cursor() as cursor:
        cursor.execute("select pg_database_size(current_database())")
        found.disk_mb = cursor.fetchone()[0] / MB
    say(f"the database: {found.disk_mb:.0f} MB")
    again = _opened(path, ImportKind.MACHINES)
    with _step("trial of the same file", found, say):
        try_import(file_id=again.pk)
    again.refresh_from_db()
    assert (again.accepted, again.unchanged) == (0, found.rows), (again.state, again.accepted, again.failure)
    for name, each in (("undo", row), ("customers and sites: undo", whose)):
        assert each.batch is not None
        with _step(name, found, say, each.accepted):
            if undo_import(**given, batch_uid=each.batch.uid).is_under_way:
                undo_later(batch_id=each.batch.pk, actor_kind=SYSTEM.kind, actor_id=None)
        each.batch.refresh_from_db()
        assert (each.batch.undone_at is not None, each.batch.kept) == (True, 0)
    path.unlink()
    places.unlink()


def _opened(path: Path, kind: ImportKind) -> ImportFile:
    given: dict[str, Any] = {"actor": SYSTEM, "at": AT}
    head = head_of(path, 3)
    digest = Table(path, Layout(kind), "CNY").facts().digest
    with path.open("rb") as content:
        new = NewFile(kind, "bench", path.name, digest, path.stat().st_size, content, head.header, head.rows)
        row = open_import(**given, new=new)
    map_import(**given, file_uid=row.uid, to=Columns(offered_columns(row)))
    return row


def _took(row: ImportFile, found: ImportsFound, say: Callable[[str], None], what: str, rows: int) -> None:
    with _step(f"{what}trial", found, say, rows):
        try_import(file_id=row.pk)
    start_import(actor=SYSTEM, at=AT, file_uid=row.uid)
    with _step(f"{what}import", found, say, rows):
        take_import(file_id=row.pk)
    row.refresh_from_db()
    assert (row.state, row.accepted) == ("taken", rows), (row.state, row.accepted, row.failure)
