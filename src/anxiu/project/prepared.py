"""Remembers that everything was prepared, so that the next start need not load the whole program to find out.

Two things must be as they were: the program's files, and the database's own list of migrations.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import psycopg

from anxiu.project.environment import ROOT, env

PACKAGE = Path(__file__).resolve().parents[1]
SKIPPED = {"__pycache__", "node_modules"}


def remember(database_url: str, logins: list[list[str]], *, with_demo: bool) -> None:
    """Write down what was prepared, and the demo logins to show again."""
    known = {"program": _program(), "database": _database(database_url), "with_demo": with_demo, "logins": logins}
    partial = _path().with_suffix(".part")
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(known))
    partial.rename(_path())


def recall(database_url: str, *, with_demo: bool) -> list[list[str]] | None:
    """The demo logins if nothing has changed since; None if it has to be prepared again."""
    try:
        known = json.loads(_path().read_text())
    except (FileNotFoundError, ValueError):
        return None
    if known["program"] != _program() or known["database"] != _database(database_url):
        return None
    if with_demo and not known["with_demo"]:
        return None
    logins: list[list[str]] = known["logins"]
    return logins


def _path() -> Path:
    return env.data_dir / "prepared.json"


def _program() -> str:
    """One hash over the names, sizes and times of our files, the built front end and the installed packages."""
    lines = [f"{each.name} {each.version}" for each in distributions()]
    lines += _files(PACKAGE)
    lines += _files(ROOT / "frontend/dist")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _files(folder: Path) -> Iterator[str]:
    for path, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in SKIPPED]
        for name in names:
            stat = os.stat(os.path.join(path, name))
            yield f"{path}/{name} {stat.st_size} {stat.st_mtime_ns}"


def _database(url: str) -> str:
    """Which migrations the database says it has had, and when the last of them."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            row = connection.execute("select count(*), max(id), max(applied) from django_migrations").fetchone()
    except psycopg.Error:
        return ""
    return " ".join(map(str, row or []))
