"""Making a backup while the system works.

One read-only transaction sees the database at one moment and lends that view to pg_dump, so the dump, the list of
files, the chain's end and the migrations are of the same moment. Files are named by their content and never changed:
copied afterwards, they still are what the dump names. What the newest backup has already is linked, not copied.
"""

import importlib.metadata
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO

import psycopg

from anxiu.project.backup import folder, programs
from anxiu.project.backup.manifest import (
    DUMP,
    KEYS,
    MANIFEST,
    MEDIA,
    PIECE_BYTES,
    BackupError,
    Manifest,
    digest_of,
    read_sums,
    write_sums,
)

PRIVATE = ("secret-key", "head-key.pem")


@dataclass(frozen=True)
class Moment:
    """The database as one transaction sees it."""

    snapshot: str
    database: str
    server: int
    position: int
    hash: str
    migrations: list[str]
    files: dict[str, str]  # path in storage → digest; empty for small pictures, which have none of their own


@dataclass
class Copied:
    """What became of the files."""

    sums: dict[str, str] = field(default_factory=dict)
    bytes: int = 0
    linked: int = 0
    lost: list[str] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Taken:
    """A new backup, and what the maker did for it."""

    path: Path
    manifest: Manifest
    linked: int


def take(place: Path, *, url: str, data_dir: Path, head_key: str, with_keys: bool) -> Taken:
    """Back up into a folder of backups; the database is read as the owner of its tables."""
    with folder.held(place):
        before = folder.whole(place)[-1:]
        part = place / (folder.new_name(place) + folder.PART)
        part.mkdir(mode=0o700)
        made_at = datetime.now(UTC)
        with psycopg.connect(url) as connection:
            moment = look(connection)
            program, version = _pg_dump(moment.server)
            sums = {DUMP: dump(program, url, moment.snapshot, part / DUMP)}
        copied = copy_files(moment, part, before[0] if before else None, url)
        kept = _copy_keys(data_dir, part) if with_keys else {}
        manifest = Manifest(
            made_at=made_at.isoformat(timespec="seconds"), anxiu=importlib.metadata.version("anxiu"),
            database=moment.database, server=moment.server, dumped_with=version, position=moment.position,
            hash=moment.hash, head_key=head_key, migrations=moment.migrations, files=len(copied.sums),
            bytes=copied.bytes, lost=copied.lost, erased=copied.erased, keys=[Path(each).name for each in kept],
        )  # fmt: skip
        (part / MANIFEST).write_text(manifest.text(), "utf-8")
        write_sums(part, {**sums, **copied.sums, **kept, MANIFEST: digest_of(part / MANIFEST)})
        return Taken(folder.finish(part), manifest, copied.linked)


def look(connection: "psycopg.Connection[tuple[object, ...]]") -> Moment:
    """Begin the transaction whose view everything is of, and read what is small."""
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True

    def one(statement: str) -> tuple[object, ...]:
        return connection.execute(statement).fetchone() or ()

    (there,) = one("select to_regclass('public.kernel_position') is not null")
    if not there:
        raise BackupError("This database has no tables of Anxiu: there is nothing to back up.")
    (snapshot,) = one("select pg_export_snapshot()")
    end = one("select position, encode(hash, 'hex') from kernel_position order by position desc limit 1")
    position, digest = end or (0, "")
    (database,) = one("select current_database()")
    done = connection.execute("select app || '.' || name from django_migrations order by 1").fetchall()
    blobs = connection.execute("select digest, thumbnail_size is not null from files_blob where erased_at is null")
    files: dict[str, str] = {}
    for known, small in blobs:
        where = f"{str(known)[:2]}/{str(known)[2:4]}/{known}"
        files[where] = str(known)
        if small:
            files[f"thumbnails/{where}.webp"] = ""
    return Moment(
        str(snapshot), str(database), connection.info.server_version, int(str(position)), str(digest),
        [str(name) for (name,) in done], files,
    )  # fmt: skip


def _pg_dump(server: int) -> tuple[Path, int]:
    major = server // programs.MAJOR
    return programs.find("pg_dump", at_least=major, best=major)


def dump(program: Path, url: str, snapshot: str, target: Path) -> str:
    """Write the dump; its digest. It comes through a pipe, so pg_dump ends when we are killed."""
    address, environment = programs.reach(url)
    command: list[str | Path] = [program, "--format=custom", "--no-owner", "--no-privileges", "--no-password"]
    total = sha256()
    with tempfile.TemporaryFile("w+") as said, target.open("xb") as file:
        process = subprocess.Popen(
            [*command, f"--snapshot={snapshot}", "--dbname", address],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
        )
        assert process.stdout is not None
        with process.stdout as stream:
            while piece := stream.read(PIECE_BYTES):
                total.update(piece)
                file.write(piece)
        if process.wait():
            said.seek(0)
            raise BackupError(f"pg_dump failed: {said.read().strip()}")
    return total.hexdigest()


def copy_files(moment: Moment, part: Path, before: Path | None, url: str) -> Copied:
    """Every file the dump names, checked byte by byte: from the backup before where it is there, else from storage."""
    known = read_sums(before) if before else {}
    copied = Copied()
    missing: list[str] = []
    for path, digest in sorted(moment.files.items()):
        name = f"{MEDIA}/{path}"
        target = part / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        wanted = digest or known.get(name, "")
        if before and wanted and known.get(name) == wanted and _link(before / name, target, wanted):
            copied.linked += 1
            copied.sums[name] = wanted
        elif found := _copy(path, target, digest):
            copied.sums[name] = found
        else:
            missing.append(path)
            continue
        copied.bytes += target.stat().st_size
    erased = _erased(url, missing)
    copied.erased = [path for path in missing if path in erased]
    copied.lost = [path for path in missing if path not in erased]
    return copied


def _link(source: Path, target: Path, digest: str) -> bool:
    """Share a file with the backup before, if that one still is what it should be."""
    if not source.is_file() or digest_of(source) != digest:
        return False
    try:
        os.link(source, target)
    except OSError:  # a file system without links
        shutil.copyfile(source, target)
    return True


def _copy(path: str, target: Path, digest: str) -> str:
    """Copy a file out of storage; its digest, or nothing when it is not there or not what its name says."""
    from django.core.files.storage import default_storage

    try:
        with default_storage.open(path) as source, target.open("xb") as file:
            found = _pour(source, file)
    except FileNotFoundError:
        return ""
    if digest and found != digest:
        target.unlink()
        return ""
    return found


def _pour(source: IO[bytes], target: IO[bytes]) -> str:
    total = sha256()
    while piece := source.read(PIECE_BYTES):
        total.update(piece)
        target.write(piece)
    return total.hexdigest()


def _erased(url: str, paths: list[str]) -> set[str]:
    """Those of the missing files whose time of keeping ended meanwhile: they are gone by right."""
    if not paths:
        return set()
    digests = {path: Path(path).stem for path in paths}
    with psycopg.connect(url) as connection:
        statement = "select digest from files_blob where erased_at is not null and digest = any(%s)"
        gone = {str(digest) for (digest,) in connection.execute(statement, [list(digests.values())])}
    return {path for path, digest in digests.items() if digest in gone}


def _copy_keys(data_dir: Path, part: Path) -> dict[str, str]:
    """The installation's private keys; whoever has them can sign in its name."""
    (part / KEYS).mkdir(mode=0o700)
    kept: dict[str, str] = {}
    for name in PRIVATE:
        if (data_dir / name).exists():
            target = part / KEYS / name
            target.touch(mode=0o600)
            target.write_bytes((data_dir / name).read_bytes())
            kept[f"{KEYS}/{name}"] = digest_of(target)
    return kept
