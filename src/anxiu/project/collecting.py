"""When Python looks for garbage in a process that answers pages: seldom, and never among what is loaded."""

import ctypes
import gc
from contextlib import suppress
from typing import Final

COLLECT_AFTER: Final = 10_000  # new objects; Python's 700 are fewer than the rows of one list hold


def settle() -> None:
    """What is loaded by now stays: the collector need not go through it again in the middle of a page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
    with suppress(AttributeError, OSError):  # no glibc
        ctypes.CDLL(None).malloc_trim(0)  # loading leaves holes that no page fills
