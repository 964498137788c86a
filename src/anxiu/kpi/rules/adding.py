"""What facts add to the sums of a day: the same reckoning for keeping the sums up and for adding facts up directly."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from anxiu.kpi.choices import Source, Verdict
from anxiu.kpi.rules.indicators import CLOCK_OF, OPENED, columns

Cell = tuple[date, int, int, str]  # day, region, product family (0: not known), severity
Adds = tuple[Cell, str, int]  # where, which column, how much; each is one case
Day = Callable[[datetime], date]
Spot = tuple[date, int, str]  # day, region, severity
Under = tuple[date, int, str, int]  # day, region, value of the regulation, version

# A cell of all families has this one, a cell of all severities no severity: pages without a filter read few rows.
ALL_FAMILIES, ALL_SEVERITIES = -1, ""
_ORDER: Final = columns(Source.ORDER)
_VISIT: Final = columns(Source.VISIT)


def of_order_fact(row: Any, day: Day) -> Iterator[Adds]:
    """What an order's fact adds."""
    key = (row.region_id, row.family_id or 0, row.severity)
    yield (day(row.opened_at), *key), OPENED, 1
    yield from _columns(row, _ORDER, key, day)


def asked_at(row: Any, day: Day) -> tuple[Spot, int, int]:
    """Where and when an order was asked for: the hour, and the class of fault (0: none was named)."""
    return (day(row.opened_at), row.region_id, row.severity), row.hour, row.fault_class_id or 0


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
        self.hours: Counter[tuple[Spot, int]] = Counter()
        self.faults: Counter[tuple[Spot, int]] = Counter()
        self.verdicts: Counter[tuple[Under, str]] = Counter()

    def request(self, row: Any, day: Day, sign: int = 1) -> None:
        """Count an order's fact whole: its sums, its hour and its class of fault."""
        self.add(of_order_fact(row, day), sign)
        spot, hour, fault = asked_at(row, day)
        self.hours[spot, hour] += sign
        self.faults[spot, fault] += sign

    def case(self, row: Any, day: Day, sign: int = 1) -> None:
        """Count a case: under its value, and in the sums of its clock."""
        self.add(of_case_fact(row, day), sign)
        self.verdicts[(day(row.at), row.region_id, row.value_key, row.version_id), str(row.verdict)] += sign

    def add(self, adds: Iterable[Adds], sign: int = 1) -> None:
        """Count what facts add; with -1 take it back."""
        for cell, column, value in adds:
            sums = self.cells[cell].setdefault(column, [0, 0])
            sums[0] += sign * value
            sums[1] += sign

    def changed(self) -> Mapping[Cell, Mapping[str, list[int]]]:
        """The cells that do change, those of all families or severities with them, in one order: two writers never wait
        for each other in a ring.
        """
        found: dict[Cell, dict[str, list[int]]] = defaultdict(dict)
        for (day, region, family, severity), sums in self.cells.items():
            moved = {column: pair for column, pair in sums.items() if any(pair)}
            for kind in (family, ALL_FAMILIES) if moved else ():
                for level in (severity, ALL_SEVERITIES):
                    _sum_up(found[day, region, kind, level], moved)
        return {cell: found[cell] for cell in sorted(found)}


def judged(verdicts: Mapping[tuple[Under, str], int]) -> dict[Under, list[int]]:
    """How counts of cases change, by verdict in the order of `Verdict`; in one order, as above."""
    found: dict[Under, list[int]] = defaultdict(lambda: [0] * len(Verdict))
    for at, verdict in enumerate(Verdict):
        for (under, given), number in verdicts.items():
            if given == verdict:
                found[under][at] += number
    return {under: found[under] for under in sorted(found) if any(found[under])}


def of_all_severities(counted: Mapping[tuple[Spot, int], int]) -> dict[tuple[Spot, int], int]:
    """Counts that do change, and those of all severities with them; in one order, as above."""
    found: Counter[tuple[Spot, int]] = Counter()
    for ((day, region, severity), kind), number in counted.items():
        found[(day, region, severity), kind] += number
        found[(day, region, ALL_SEVERITIES), kind] += number
    return {key: number for key, number in sorted(found.items()) if number}


def _sum_up(into: dict[str, list[int]], sums: Mapping[str, list[int]]) -> None:
    for column, (much, many) in sums.items():
        held = into.setdefault(column, [0, 0])
        held[0] += much
        held[1] += many
