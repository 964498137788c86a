"""How far each clause is lived: its cases put beside its words, and what nothing measures named as such."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from anxiu.kpi.choices import Standing


@dataclass(frozen=True, slots=True)
class Tally:
    """How many cases were kept, broken and exempt; all together, and week by week from the first."""

    kept: int = 0
    broken: int = 0
    exempt: int = 0
    weeks: Sequence[tuple[date, int, int]] = ()

    @property
    def cases(self) -> int:
        """All cases, the exempt ones too."""
        return self.kept + self.broken + self.exempt

    @property
    def share(self) -> float | None:
        """Kept of those that count, from 0 to 1; None when none counts."""
        counted = self.kept + self.broken
        return self.kept / counted if counted else None

    def __add__(self, other: "Tally") -> "Tally":
        weeks: dict[date, list[int]] = {}
        for week, kept, broken in (*self.weeks, *other.weeks):
            sums = weeks.setdefault(week, [0, 0])
            sums[0], sums[1] = sums[0] + kept, sums[1] + broken
        return Tally(
            self.kept + other.kept, self.broken + other.broken, self.exempt + other.exempt,
            tuple((week, *sums) for week, sums in sorted(weeks.items())),  # type: ignore[misc]
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clause:
    """What the board needs of a clause."""

    number: str
    chapter_number: int
    chapter: str
    title: str
    control: str
    manual: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A clause with its cases; `because` says where they come from or why there are none."""

    clause: Clause
    tally: Tally
    standing: Standing


@dataclass(frozen=True, slots=True)
class Board:
    """Every clause in force, and the whole at a glance."""

    lines: tuple[Line, ...]
    total: Tally

    @property
    def measured(self) -> int:
        """How many clauses had a case."""
        return sum(1 for line in self.lines if line.tally.cases)

    @property
    def unmeasured(self) -> int:
        """How many clauses nothing in this system counts."""
        return sum(1 for line in self.lines if line.standing in (Standing.BY_PEOPLE, Standing.BY_SYSTEM))


def board(clauses: Iterable[Clause], tallies: Mapping[str, Tally], measurable: frozenset[str], low: float) -> Board:
    """Put cases beside clauses. `measurable`: the value keys that events speak of; below `low` a clause is broken.

    A clause without such a key is held by the system itself (a gate that cannot be passed otherwise) or by people.
    """
    lines = tuple(_line(each, tallies, measurable, low) for each in clauses)
    total = sum((line.tally for line in lines), Tally())
    return Board(lines, total)


def _line(clause: Clause, tallies: Mapping[str, Tally], measurable: frozenset[str], low: float) -> Line:
    tally = sum((tallies[key] for key in clause.keys if key in tallies), Tally())
    return Line(clause, tally, _standing(clause, tally, measurable, low))


def standing_of(share: float, low: float) -> Standing:
    """What a share of kept cases amounts to."""
    return Standing.KEPT if share == 1 else Standing.BROKEN if share < low else Standing.PARTLY


def _standing(clause: Clause, tally: Tally, measurable: frozenset[str], low: float) -> Standing:
    if tally.share is not None:
        return standing_of(tally.share, low)
    if clause.control == "indicator":
        return Standing.BY_FIGURES
    if measurable & set(clause.keys):
        return Standing.NO_CASES
    return Standing.BY_PEOPLE if clause.control == "manual" else Standing.BY_SYSTEM
