"""Reading a figure of the regulation: how long it takes, and how many statements it costs after the first."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean
from typing import Any

ROUNDS = 2000
MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class ValuesFound:
    """Microseconds of one reading: of all values on average, and of the slowest; statements of the first and after."""

    values: int
    mean_us: float
    slowest_us: float
    first: int
    after: int


def measure() -> ValuesFound:
    """Every value of the version in force, as a request asks for it: the port each time, then the figure."""
    from django.db import connection

    from anxiu.kernel.values import REGISTRY, forget, reading
    from anxiu.regulation.choices import VersionState
    from anxiu.regulation.models import Version

    version = Version.objects.filter(state=VersionState.IN_FORCE).latest("pk").pk
    noted: list[str] = []

    def note(execute: Callable[..., Any], sql: Any, *rest: Any) -> Any:
        noted.append(str(sql))
        return execute(sql, *rest)

    forget()
    with connection.execute_wrapper(note):
        for value in REGISTRY.values():
            reading(version)(value)
        first = len(noted)
        took = {value.key: _once(lambda value=value: reading(version)(value)) for value in REGISTRY.values()}
    return ValuesFound(len(took), fmean(took.values()), max(took.values()), first, len(noted) - first)


def _once(read: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(ROUNDS):
        read()
    return (time.perf_counter() - began) / ROUNDS * MICROSECONDS
