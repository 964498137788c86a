"""The folder that holds backups: their names, which are whole, and which are old enough to go."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from anxiu.project.backup.manifest import MANIFEST, SUMS, BackupError

NAME = re.compile(r"anxiu-\d{8}T\d{6}Z(-\d+)?")
PART = ".part"


def whole(folder: Path) -> list[Path]:
    """The whole backups in a folder, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(each for each in folder.iterdir() if NAME.fullmatch(each.name) and (each / SUMS).exists())


def named(path: Path) -> Path:
    """The backup somebody means: this very one, or the newest in this folder."""
    if path.name.endswith(PART):
        raise BackupError(f"{path} was not finished: it is no backup.")
    if (path / MANIFEST).exists():
        return path
    found = whole(path)
    if not found:
        raise BackupError(f"There is no whole backup in {path}.")
    return found[-1]


def new_name(folder: Path) -> str:
    """A name for a backup that begins now."""
    name = f"anxiu-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    taken = sum(each.name.startswith(name) for each in whole(folder))
    return f"{name}-{taken}" if taken else name


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Let nobody else back up into this folder; what a killed backup left half done is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(f"Another backup into {folder} is under way.") from error
        for left in folder.glob(f"anxiu-*{PART}"):
            shutil.rmtree(left)
        yield
    finally:
        os.close(lock)


def finish(part: Path) -> Path:
    """Give a backup its name, now that all of it is safely on the disk."""
    os.sync()
    target = part.with_name(part.name.removesuffix(PART))
    part.rename(target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return target


def rotate(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest; which went. One that is half removed is not mistaken for a whole one."""
    gone = whole(folder)[:-keep]
    for each in gone:
        part = each.with_name(each.name + PART)
        each.rename(part)
        shutil.rmtree(part)
    return gone
