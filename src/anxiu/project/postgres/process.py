"""What the operating system says about processes, read the same way on Linux and macOS."""

import os
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")


def command_of(pid: int) -> list[str]:
    """The command line of a living process; empty for one that is gone, dead but not reaped, or of the system."""
    if PROC.joinpath("self/cmdline").exists():
        try:
            return [part for part in (PROC / str(pid) / "cmdline").read_text("utf-8", "replace").split("\0") if part]
        except OSError:
            return []
    said = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return _split(said.stdout.strip())


def all_commands() -> Iterator[tuple[int, list[str]]]:
    """Every process we may see with its command line."""
    if PROC.joinpath("self/cmdline").exists():
        for entry in PROC.iterdir():
            if entry.name.isdigit() and (command := command_of(int(entry.name))):
                yield int(entry.name), command
        return
    said = subprocess.run(["ps", "-axww", "-o", "pid=,command="], capture_output=True, text=True, check=False)
    for line in said.stdout.splitlines():
        pid, _, command_line = line.strip().partition(" ")
        yield int(pid), _split(command_line)


def is_alive(pid: int) -> bool:
    """A process that still runs; a zombie does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return bool(command_of(pid))


def _split(command_line: str) -> list[str]:
    try:
        return shlex.split(command_line)
    except ValueError:
        return command_line.split()
