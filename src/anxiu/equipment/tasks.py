"""Jobs of the equipment app: trying files and taking them in, and letting go of those nobody went on with."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.conf import settings
from django.core.files.storage import default_storage

from anxiu.equipment.actions.imports.running import forget, take_file, try_file
from anxiu.equipment.actions.imports.undoing import undo_later
from anxiu.equipment.choices import ImportKind, ImportState
from anxiu.equipment.importing.mapping import Layout
from anxiu.equipment.importing.tables import Table
from anxiu.equipment.models import ImportFile
from anxiu.kernel.jobs import job, periodic
from anxiu.kernel.time import now

KEPT: Final = timedelta(days=30)  # source: own choice; long enough to mend a file and come back to it


@job("equipment.try_import")
def try_import(file_id: int) -> None:
    """Say what would happen with a file; nothing is kept."""
    if file := _waiting(file_id, ImportState.TRYING):
        with _table(file) as table:
            try_file(file, table, now())


@job("equipment.take_import")
def take_import(file_id: int) -> None:
    """Take a file in, from where it stands."""
    if file := _waiting(file_id, ImportState.TAKING):
        with _table(file) as table:
            take_file(file, table, now())


@job("equipment.undo_import")
def undo_import(batch_id: int, actor_kind: str, actor_id: int | None) -> None:
    """Take a large import back."""
    undo_later(batch_id, (actor_kind, actor_id), now())


@periodic("25 3 * * *", "equipment.forget_imports")
def forget_imports(timestamp: int) -> int:
    """Erase files that were opened and left, and what was said of the rows of those taken in."""
    return forget(now() - KEPT, now())


def _waiting(file_id: int, state: ImportState) -> ImportFile | None:
    """A file that is still to be gone through: a job may come twice, or after the file was dropped."""
    rows = ImportFile.objects.select_related("batch", "model", "site__customer")
    return rows.filter(pk=file_id, state=state).first()


@contextmanager
def _table(file: ImportFile) -> Iterator[Table]:
    """The file as a table, its bytes beside the worker: they may lie in an object store."""
    with TemporaryDirectory(prefix="anxiu-import-") as folder:
        path = Path(folder) / "file"
        with default_storage.open(file.path) as kept, path.open("wb") as here:
            shutil.copyfileobj(kept, here)
        layout = Layout(ImportKind(file.kind), file.source, file.columns, settings.ENV.currency, is_whole=True)
        yield Table(path, layout, layout.currency, file.name)
