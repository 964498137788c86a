"""Coming back from a backup: nothing is touched before the whole backup was read and the database was looked at."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from anxiu.project.backup import programs
from anxiu.project.backup.checking import require_whole
from anxiu.project.backup.manifest import DUMP, KEYS, MEDIA, BackupError, Manifest, digest_of, read_manifest, read_sums

# Somebody has worked here as soon as there is one of these; what `anxiu prepare` writes by itself is no loss.
WORKED = ("accounts_person", "customers_customer", "orders_order")
OURS = "kernel_event"

Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True)
class Target:
    """A database as it was found."""

    name: str
    server: int
    tables: int
    ours: bool
    used: bool


@dataclass(frozen=True)
class Restored:
    """What was done."""

    manifest: Manifest
    files_written: int
    files_there: int
    migrated: list[str]


def look(connection: Connection) -> Target:
    """What is in the database that a backup shall go into; refuses one that somebody works with."""
    row = connection.execute(
        "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        " and usename is not null"
    ).fetchone()
    if row and row[0]:
        raise BackupError(f"{row[0]} connections to this database are open: stop `anxiu run`, web and workers first.")
    found = connection.execute(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
    )
    tables = {str(name) for (name,) in found}
    used = False
    for table in tables.intersection(WORKED):
        held = connection.execute(sql.SQL("select exists (select from {})").format(sql.Identifier(table))).fetchone()
        used = used or bool(held and held[0])
    return Target(connection.info.dbname, connection.info.server_version, len(tables), OURS in tables, used)


def require_fit(manifest: Manifest, target: Target, known: set[str]) -> None:
    """Refuse what cannot go together: an older server, an older program, a database of something else."""
    if target.server // programs.MAJOR < manifest.server // programs.MAJOR:
        raise BackupError(
            f"The backup is of PostgreSQL {manifest.server // programs.MAJOR}, this server is "
            f"{target.server // programs.MAJOR}: restore into the same version or a later one."
        )
    strange = sorted(set(manifest.migrations) - known)
    if strange:
        raise BackupError(
            f"The backup was made by a later release of Anxiu ({manifest.anxiu}; {strange[0]} is not known here): "
            "install that release first."
        )
    if target.tables and not target.ours:
        raise BackupError(f"The database {target.name} holds tables that are not Anxiu's: give it one of its own.")


def restore(backup: Path, *, owner_url: str, may_clear: Callable[[Target], bool]) -> Restored:
    """Put a backup into a database: check, files, tables, then migrate forward."""
    require_whole(backup)
    manifest = read_manifest(backup)
    with psycopg.connect(owner_url, autocommit=True) as connection:
        target = look(connection)
    require_fit(manifest, target, _known_migrations())
    program, _ = programs.find(
        "pg_restore", at_least=manifest.dumped_with, best=max(manifest.dumped_with, target.server // programs.MAJOR)
    )
    if target.used and not may_clear(target):
        raise BackupError(f"The database {target.name} holds data and was left as it is.")
    written, there = put_files(backup)
    if target.tables:
        with psycopg.connect(owner_url) as connection:
            clear(connection)
    _load(program, owner_url, backup / DUMP)
    migrated = _prepare(owner_url, set(manifest.migrations))
    return Restored(manifest, written, there, migrated)


def clear(connection: Connection) -> None:
    """Take everything out of the database's one schema, in one transaction; the schema itself may belong to others."""
    public = "'public'::regnamespace"
    relations = connection.execute(
        f"select relname, relkind::text from pg_class where relnamespace = {public}"
        " and relkind in ('r', 'p', 'v', 'm', 'S') order by relkind = 'S'"  # a table takes its own sequences along
    ).fetchall()
    kinds = {"r": "table", "p": "table", "v": "view", "m": "materialized view", "S": "sequence"}
    for name, kind in relations:
        statement = sql.SQL("drop {} if exists public.{} cascade")
        connection.execute(statement.format(sql.SQL(kinds[str(kind)]), sql.Identifier(str(name))))
    routines = connection.execute(
        f"select oid::regprocedure::text from pg_proc where pronamespace = {public}"
    ).fetchall()
    for (signature,) in routines:
        connection.execute(f"drop routine if exists {signature} cascade".encode())
    types = connection.execute(
        f"select typname from pg_type where typnamespace = {public} and typtype in ('e', 'd', 'c')"
    ).fetchall()
    for (name,) in types:
        connection.execute(sql.SQL("drop type if exists public.{} cascade").format(sql.Identifier(str(name))))


def put_files(backup: Path) -> tuple[int, int]:
    """Put the files where the program keeps them; how many were written, and how many were there already."""
    from django.core.files.storage import default_storage

    from anxiu.files import storage

    written = there = 0
    for path, digest in _files(backup):
        if default_storage.exists(path) and _stored_digest(path) == digest:
            there += 1
            continue
        with (backup / MEDIA / path).open("rb") as file:
            storage.write(path, file)
        written += 1
    return written, there


def files_fault(backup: Path) -> list[str]:
    """Files of the backup that are not in storage as they should be; asked at the end."""
    return [path for path, digest in _files(backup) if _stored_digest(path) != digest]


def _files(backup: Path) -> Iterator[tuple[str, str]]:
    """Path in storage and digest of every file."""
    for name, digest in read_sums(backup).items():
        if name.startswith(f"{MEDIA}/"):
            yield name.removeprefix(f"{MEDIA}/"), digest


def _stored_digest(path: str) -> str:
    from hashlib import sha256

    from django.core.files.storage import default_storage

    total = sha256()
    try:
        with default_storage.open(path) as file:
            for piece in file.chunks():
                total.update(piece)
    except FileNotFoundError:
        return ""
    return total.hexdigest()


def _known_migrations() -> set[str]:
    from django.db.migrations.loader import MigrationLoader

    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or {}}


def _load(program: Path, url: str, dump: Path) -> None:
    """All of it or nothing: one transaction."""
    address, environment = programs.reach(url)
    command: list[str | Path] = [program, "--no-owner", "--no-privileges", "--no-password"]
    done = subprocess.run(
        [*command, "--exit-on-error", "--single-transaction", "--dbname", address, dump],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"pg_restore failed, nothing of the database was restored: {done.stderr.strip()[-3000:]}")


def _prepare(url: str, before: set[str]) -> list[str]:
    """Migrate forward and give the application its rights, as after an upgrade; which migrations were new."""
    command = [sys.executable, "-m", "anxiu.project.cli", "prepare"]
    if subprocess.run(command, check=False).returncode:
        raise BackupError("The tables are restored, but `anxiu prepare` failed; the reason is above.")
    with psycopg.connect(url) as connection:
        now = {str(name) for (name,) in connection.execute("select app || '.' || name from django_migrations")}
    return sorted(now - before)


def put_keys(backup: Path, data_dir: Path) -> tuple[list[str], list[str]]:
    """Put private keys where there are none; a different one that is there is left, and named.

    Before Django is loaded, which makes a secret key where it finds none.
    """
    require_whole(backup)
    put: list[str] = []
    other: list[str] = []
    for source in sorted((backup / KEYS).glob("*")):
        target = data_dir / source.name
        if not target.exists():
            data_dir.mkdir(parents=True, exist_ok=True)
            target.touch(mode=0o600)
            target.write_bytes(source.read_bytes())
            put.append(source.name)
        elif digest_of(target) != digest_of(source):
            other.append(source.name)
    return put, other
