"""What a pilot is compared by: its weeks and those before, part by part, the parts that tried it beside the rest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from anxiu.kpi.choices import Unit
from anxiu.kpi.rules.comparing import Compared, Part, compare
from anxiu.kpi.rules.figures import value_of
from anxiu.kpi.rules.indicators import INDICATORS, Indicator

# A number of requests says nothing of how the work was done; all else may be compared.
COMPARED: Final = tuple(code for code, each in INDICATORS.items() if each.unit is not Unit.COUNT)
Sum = tuple[int, int]  # how much, over how many cases
_WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Weeks:
    """Whole weeks from the first whole day of a pilot on, and before it."""

    first: date
    before: int
    after: int

    @property
    def since(self) -> date:
        """The first day that counts."""
        return self.first - self.before * _WEEK

    @property
    def until(self) -> date:
        """The first day that counts no more."""
        return self.first + self.after * _WEEK

    @property
    def days(self) -> list[date]:
        """The first day of each week."""
        return [self.since + number * _WEEK for number in range(self.before + self.after)]


def weeks(first: date, end: date, least: int) -> Weeks:
    """The whole weeks from `first` until before `end`, and as many before, at least `least`."""
    after = max(0, (end - first) // _WEEK)
    return Weeks(first, max(after, least), after)


@dataclass(frozen=True, slots=True)
class Cell:
    """What the cases of a part add up to in a week, counted from the first that counts."""

    region: int
    tried: bool
    week: int
    much: int
    many: int


@dataclass(frozen=True, slots=True)
class Side:
    """The parts that tried it, or the rest: week by week, and all together before and after."""

    weeks: tuple[Sum, ...]
    before: Sum
    after: Sum


@dataclass(frozen=True, slots=True)
class PartSums:
    """One part. With fewer cases than the regulation's minimum on a side it does not count."""

    region: int
    tried: bool
    before: Sum
    after: Sum
    counts: bool


@dataclass(frozen=True, slots=True)
class Found:
    """One indicator compared, of the parts that count; where none does, the sides add up what there is."""

    indicator: Indicator
    compared: Compared
    tried: Side
    rest: Side
    parts: tuple[PartSums, ...]

    def left_out(self, *, tried: bool) -> tuple[int, ...]:
        """The regions whose cases a side does not hold, because they are too few."""
        if not any(each.counts for each in self.parts):
            return ()
        return tuple(each.region for each in self.parts if each.tried is tried and not each.counts)


def found(indicator: Indicator, cells: Iterable[Cell], span: Weeks, minimum: int, seed: int, *, paired: bool) -> Found:
    """Compare one indicator. `paired`: both sides are in every region, and each region is compared with itself."""
    many = span.before + span.after
    sums: dict[tuple[int, bool], list[Sum]] = {}
    for each in cells:
        row = sums.setdefault((each.region, each.tried), [(0, 0)] * many)
        row[each.week] = _added((row[each.week], (each.much, each.many)))
    parts = [_part(key, row, span, minimum) for key, row in sorted(sums.items())]
    counting = [
        Part(
            f"{each.region} {each.tried}", each.tried, _values(indicator, row[: span.before]),
            _values(indicator, row[span.before :]), str(each.region) if paired else "",
        )
        for each, (_, row) in zip(parts, sorted(sums.items()), strict=True)
        if each.counts
    ]  # fmt: skip
    left_out = {(each.region, each.tried) for each in parts if not each.counts} if counting else set()
    used = {key: row for key, row in sums.items() if key not in left_out}
    sides = [_side([row for (_, tried), row in used.items() if tried is which], span) for which in (True, False)]
    return Found(indicator, compare(counting, seed), sides[0], sides[1], tuple(parts))


def _part(key: tuple[int, bool], row: Sequence[Sum], span: Weeks, minimum: int) -> PartSums:
    before, after = _added(row[: span.before]), _added(row[span.before :])
    return PartSums(*key, before, after, min(before[1], after[1]) >= minimum)


def _values(indicator: Indicator, row: Sequence[Sum]) -> tuple[float, ...]:
    """The figure of each week that had cases."""
    return tuple(value for much, many in row if (value := value_of(indicator, much, many)) is not None)


def _side(rows: Sequence[Sequence[Sum]], span: Weeks) -> Side:
    together = tuple(_added(each) for each in zip(*rows, strict=True)) or ((0, 0),) * (span.before + span.after)
    return Side(together, _added(together[: span.before]), _added(together[span.before :]))


def _added(sums: Iterable[Sum]) -> Sum:
    much = many = 0
    for each in sums:
        much, many = much + each[0], many + each[1]
    return much, many
