"""From sums to figures: a mean, a share or points, held against its target where there are cases enough."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from anxiu.kpi.choices import Better, Rank, Unit
from anxiu.kpi.rules.indicators import CLOCKS, INDICATORS, OPENED, SUMMED, WHOLE_SCORE, Indicator

Sums = Mapping[str, tuple[int, int]]  # of each column how much, over how many cases
NOTHING: Final = (0, 0)
_POINTS: Final = 100  # source: net promoter score is told in points of a hundred


@dataclass(frozen=True, slots=True)
class Aims:
    """What the regulation aims at: targets by indicator in its unit (seconds, share); the fewest cases that judge."""

    targets: Mapping[str, float]
    minimum: int


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator over some cases. `value` is None without any; `beside` is the same time with, or without, pauses.

    `change` compares with the period before, in the indicator's unit; None where either has no cases.
    """

    indicator: Indicator
    value: float | None
    count: int
    total: int
    beside: float | None
    target: float | None
    rank: Rank
    before: float | None = None

    @property
    def change(self) -> float | None:
        """How much it moved since the period before."""
        return None if self.value is None or self.before is None else self.value - self.before

    @property
    def is_better(self) -> bool | None:
        """Whether it moved the good way; None where there is no good way, or it did not move."""
        if not self.change or self.indicator.better is Better.NEITHER:
            return None
        return (self.change < 0) == (self.indicator.better is Better.LESS)

    @property
    def is_judged(self) -> bool:
        """Whether there are cases enough to say something of it."""
        return self.rank not in (Rank.TOO_FEW, Rank.NO_DATA)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sums of a period: all together, by week from its Monday on, and by region."""

    total: Sums = field(default_factory=dict)
    weeks: Mapping[date, Sums] = field(default_factory=dict)
    regions: Mapping[int, Sums] = field(default_factory=dict)


def pair(indicator: Indicator, sums: Sums, column: str = "") -> tuple[int, int]:
    """How much and how many an indicator adds up to; the clocks of all kinds are theirs together."""
    if indicator.unit is Unit.COUNT:
        number = sums.get(OPENED, NOTHING)[1]
        return number, number
    if indicator.column not in SUMMED:
        pairs = [sums.get(each.column, NOTHING) for each in CLOCKS]
        return sum(much for much, _ in pairs), sum(many for _, many in pairs)
    return sums.get(column or indicator.column, NOTHING)


def value_of(indicator: Indicator, much: int, many: int) -> float | None:
    """The figure in its unit; None of nothing."""
    if not many:
        return None
    if indicator.unit is Unit.COUNT:
        return many
    scale = {Unit.SCORE: 1 / WHOLE_SCORE, Unit.POINTS: _POINTS}.get(indicator.unit, 1)
    return much / many * scale


def ranked(indicator: Indicator, value: float | None, count: int, aims: Aims) -> Rank:
    """How a figure stands to its target."""
    if value is None:
        return Rank.NO_DATA
    if count < aims.minimum and indicator.unit is not Unit.COUNT:
        return Rank.TOO_FEW
    target = aims.targets.get(indicator.code)
    if target is None:
        return Rank.NO_TARGET
    met = value <= target if indicator.better is Better.LESS else value >= target
    return Rank.MET if met else Rank.MISSED


def judged(indicator: Indicator, much: int, many: int, aims: Aims) -> Figure:
    """One indicator from how much and how many."""
    value = value_of(indicator, much, many)
    target, rank = aims.targets.get(indicator.code), ranked(indicator, value, many, aims)
    return Figure(indicator, value, many, much, None, target, rank)


def figure(indicator: Indicator, sums: Sums, aims: Aims, before: Sums | None = None) -> Figure:
    """One indicator from sums, beside the period before where that is given."""
    alone = judged(indicator, *pair(indicator, sums), aims)
    beside = value_of(indicator, *pair(indicator, sums, indicator.other)) if indicator.other else None
    return replace(alone, beside=beside, before=_earlier(indicator, before or {}, aims))


def _earlier(indicator: Indicator, before: Sums, aims: Aims) -> float | None:
    """The value of the period before; of too few cases it says nothing a change could be told by."""
    much, many = pair(indicator, before)
    is_enough = many >= aims.minimum or indicator.unit is Unit.COUNT
    return value_of(indicator, much, many) if is_enough else None


def every(sums: Sums, aims: Aims, before: Sums | None = None) -> dict[str, Figure]:
    """Every indicator from sums."""
    return {code: figure(each, sums, aims, before) for code, each in INDICATORS.items()}


def together(many: Iterable[Sums]) -> Sums:
    """Sums added up."""
    found: dict[str, tuple[int, int]] = {}
    for sums in many:
        for column, (much, cases) in sums.items():
            first, second = found.get(column, NOTHING)
            found[column] = (first + much, second + cases)
    return found


def mondays(since: date, until: date) -> list[date]:
    """The Mondays of all weeks that a period touches."""
    monday = since - timedelta(days=since.weekday())
    found = []
    while monday < until:
        found.append(monday)
        monday += timedelta(weeks=1)
    return found
