"""Reading a backup to its last byte, to know that it could be restored."""

from collections.abc import Iterator
from pathlib import Path

from anxiu.project.backup import programs
from anxiu.project.backup.manifest import DUMP, MANIFEST, MEDIA, SUMS, BackupError, digest_of, read_manifest, read_sums


def faults(backup: Path) -> Iterator[str]:
    """What is wrong with a backup, each with the file's name; nothing when it is whole."""
    sums = read_sums(backup)
    for path, digest in sums.items():
        file = backup / path
        if ".." in Path(path).parts or Path(path).is_absolute():
            yield f"{path}: leads out of the backup"
        elif not file.is_file():
            yield f"{path}: missing"
        elif digest_of(file) != digest:
            yield f"{path}: changed"
    there = {str(each.relative_to(backup)) for each in backup.rglob("*") if each.is_file()}
    yield from (f"{path}: not named in {SUMS}" for path in sorted(there - {SUMS, *sums}))
    yield from (f"{path}: not named in {SUMS}" for path in (DUMP, MANIFEST) if path not in sums)
    try:
        manifest = read_manifest(backup)
    except BackupError as error:
        yield str(error)
        return
    files = sum(path.startswith(f"{MEDIA}/") for path in sums)
    if files != manifest.files:
        yield f"{SUMS}: names {files} files, {MANIFEST} {manifest.files}"
    try:
        programs.listing(backup / DUMP, manifest.dumped_with)
    except BackupError as error:
        yield str(error)


def require_whole(backup: Path) -> None:
    """Refuse a backup that is not what it was when it was made."""
    read_manifest(backup)
    found = list(faults(backup))
    if found:
        shown = "\n  ".join(found[:20])
        raise BackupError(f"{backup} is damaged:\n  {shown}")
