"""One machine of the soak: `python -m soak.machine CLOCK-FILE web --port …` is `anxiu web …` with a clock of its own.

The kernel's clock cannot be shifted for one process. So every place that asks it for the present is given a clock that
adds what stands in a small file: the soak writes there, and the machine's clock jumps. Timeouts go on by the monotonic
clock, as they do on a real machine.
"""

import datetime as of_the_library
import mmap
import struct
import sys
import time
import types
from collections.abc import Callable
from pathlib import Path

SHAPE = "dd"  # how far this machine's clock is ahead; how far all of the installation is, its database included
SIZE = struct.calcsize(SHAPE)


def write(path: Path, seconds: float, all_ahead: float = 0.0) -> None:
    """Let a machine's clock be so much ahead from now on; at once, also while it runs."""
    told = struct.pack(SHAPE, seconds, all_ahead)
    if path.exists():
        with path.open("r+b") as file:
            file.write(told)
        return
    path.write_bytes(told)


def wind(path: Path) -> None:
    """Replace the clocks of this process: ours, Django's, the job engine's, and what `time.time` says."""
    with path.open("rb") as file:
        kept = mmap.mmap(file.fileno(), SIZE, access=mmap.ACCESS_READ)
    true_time = time.time

    def ahead() -> float:
        return float(sum(struct.unpack(SHAPE, kept[:SIZE])))

    def all_ahead() -> float:
        return float(struct.unpack(SHAPE, kept[:SIZE])[1])

    time.time = lambda: true_time() + ahead()
    import django.utils.timezone as djangos
    import procrastinate.utils as engines

    import anxiu.kernel.time as ours

    # Ours goes by the database's clock. Set ahead for all, what the database says is taken for so much later.
    true_set = ours.set_to

    def set_to(at: of_the_library.datetime, began: float, ended: float) -> None:
        true_set(at + of_the_library.timedelta(seconds=all_ahead()), began, ended)

    ours.set_to = set_to
    moved = _moved(ahead)
    ours.datetime = djangos.datetime = moved  # type: ignore[attr-defined,misc,assignment]
    module = types.ModuleType("datetime")
    module.__dict__.update({**of_the_library.__dict__, "datetime": moved})
    engines.datetime = module


def _moved(ahead: Callable[[], float]) -> type[of_the_library.datetime]:
    class Moved(of_the_library.datetime):
        """A moment; `now` is that of this machine."""

        @classmethod
        def now(cls, tz: of_the_library.tzinfo | None = None) -> of_the_library.datetime:  # type: ignore[override]
            return of_the_library.datetime.now(tz) + of_the_library.timedelta(seconds=ahead())

    return Moved


if __name__ == "__main__":
    wind(Path(sys.argv[1]))
    from anxiu.project.cli import main

    sys.exit(main(sys.argv[2:]))
