"""What facts add to the sums of a day: the same reckoning for keeping the sums up and for adding facts up directly."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from anxiu.kpi.choices import Source, Verdict
from anxiu.kpi.rules.indicators import CLOCK_OF, OPENED, columns

Cell = tuple[date, int, int, str]  # day, region, product family (0: not known), severity
Adds = tuple[Cell, str, int]  # where, which column, how much; each is one case
Day = Callable[[datetime], date]

_ORDER: Final = columns(Source.ORDER)
_VISIT: Final = columns(Source.VISIT)


def of_order_fact(row: Any, day: Day) -> Iterator[Adds]:
    """What an order's fact adds."""
    key = (row.region_id, row.family_id or 0, row.severity)
    yield (day(row.opened_at), *key), OPENED, 1
    yield from _columns(row, _ORDER, key, day)


def of_visit_fact(row: Any, day: Day) -> Iterator[Adds]:
    """What a visit's fact adds."""
    return _columns(row, _VISIT, (row.region_id, row.family_id or 0, row.severity), day)


def of_case_fact(row: Any, day: Day) -> Iterator[Adds]:
    """What a case adds, where it is one of a clock that counts."""
    clock = CLOCK_OF.get(row.value_key)
    if clock is not None and row.verdict != Verdict.EXEMPT:
        cell = (day(row.at), row.region_id, row.family_id or 0, row.severity)
        yield cell, clock.column, int(row.verdict == Verdict.KEPT)


def _columns(row: Any, names: Iterable[tuple[str, str]], key: tuple[int, int, str], day: Day) -> Iterator[Adds]:
    for column, moment in names:
        if (value := getattr(row, column)) is not None and (at := getattr(row, moment)) is not None:
            yield (day(at), *key), column, value


class Changes:
    """How the sums of cells change: what facts add now, less what they added before."""

    def __init__(self) -> None:
        self.cells: dict[Cell, dict[str, list[int]]] = defaultdict(dict)

    def add(self, adds: Iterable[Adds], sign: int = 1) -> None:
        """Count what facts add; with -1 take it back."""
        for cell, column, value in adds:
            sums = self.cells[cell].setdefault(column, [0, 0])
            sums[0] += sign * value
            sums[1] += sign

    def changed(self) -> Mapping[Cell, Mapping[str, list[int]]]:
        """The cells that do change, in one order, so that two writers never wait for each other in a ring."""
        found = {
            cell: {column: pair for column, pair in sums.items() if any(pair)} for cell, sums in self.cells.items()
        }
        return {cell: found[cell] for cell in sorted(found) if found[cell]}
