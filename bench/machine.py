"""What the figures were measured on, without saying whose machine it is."""

import os
import platform
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import django
import psutil

from bench.place import OURS, Place

GIGA = 1 << 30


def describe(place: Place) -> dict[str, str]:
    """Processor, memory, system, versions."""
    with place.admin(OURS) as connection:
        return describe_any(lambda statement: connection.execute(statement).fetchall())


def describe_any(ask: Callable[[str], Sequence[tuple[object, ...]]]) -> dict[str, str]:
    """The same of any PostgreSQL that can be asked."""
    [row] = ask(
        "select current_setting('server_version'), current_setting('shared_buffers'), current_setting('fsync'),"
        " current_setting('synchronous_commit')"
    )
    return {
        "processor": f"{os.cpu_count()} x {_processor()}",
        "memory": f"{psutil.virtual_memory().total / GIGA:.0f} GiB",
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "django": django.get_version(),
        "postgresql": f"{row[0]}, shared_buffers {row[1]}, fsync {row[2]}, synchronous_commit {row[3]}",
        "commit": _commit(),
    }


def load() -> float:
    """What else keeps the machine busy: the share of all cores used in the second before."""
    return psutil.cpu_percent(1.0)


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    if known.exists():
        for line in known.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _commit() -> str:
    found = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return found.stdout.strip()
