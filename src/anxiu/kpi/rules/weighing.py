"""One score of several indicators: each gives points of a hundred, and counts by its weight in the regulation.

A share gives as many points as it has percent, one that should not happen those that are left of a hundred. A mean time
gives a hundred points within its target, and beyond it as many as the target is of the time. What cannot be said (not
measured, no cases, too few of them, no target) gives nothing and takes nothing: the others count by their weights, and
how much of the whole they are is said beside the score.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from anxiu.kpi.choices import Better, Missing, Rank, ScorePart, ShareCode, TimeCode, Unit
from anxiu.kpi.rules.figures import Figure

WHOLE: Final = 100.0  # source: arithmetic; points and weights are of a hundred
MEASURED_BY: Final[Mapping[ScorePart, str]] = {
    ScorePart.SATISFACTION: ShareCode.SATISFACTION,
    ScorePart.SATISFIED: ShareCode.SATISFIED,
    ScorePart.FIRST_FIX: ShareCode.FIRST_FIX,
    ScorePart.REPEAT: ShareCode.REPEAT,
    ScorePart.RESOLUTION: ShareCode.RESOLUTION,
    ScorePart.RESPONSE: TimeCode.RESPONSE,
    ScorePart.HANDLING: TimeCode.HANDLING,
    ScorePart.ON_TIME: ShareCode.ON_TIME,
    ScorePart.CLOCKS: ShareCode.CLOCKS,
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """A part with its weight: its figure, and its points or why it has none."""

    part: ScorePart
    weight: int
    figure: Figure | None
    points: float | None
    missing: Missing | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """The score of the parts that can be said, None of nothing; `covered` is how much of the whole weight they are."""

    points: float | None
    covered: int
    parts: tuple[Weighed, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every part counts."""
        return self.covered == WHOLE


def score(weights: Mapping[ScorePart, int], figures: Mapping[str, Figure]) -> Score:
    """The score of these figures by these weights (percent, which add up to a hundred)."""
    parts = tuple(_weighed(part, weight, figures) for part, weight in weights.items() if weight)
    counted = [(each.weight, each.points) for each in parts if each.points is not None]
    covered = sum(weight for weight, _ in counted)
    points = sum(weight * points for weight, points in counted) / covered if covered else None
    return Score(points, covered, parts)


def _weighed(part: ScorePart, weight: int, figures: Mapping[str, Figure]) -> Weighed:
    if part not in MEASURED_BY:
        return Weighed(part, weight, None, None, Missing.NOT_MEASURED)
    figure = figures[MEASURED_BY[part]]
    if figure.rank is Rank.NO_DATA or figure.value is None:
        return Weighed(part, weight, figure, None, Missing.NO_DATA)
    if figure.rank is Rank.TOO_FEW:
        return Weighed(part, weight, figure, None, Missing.TOO_FEW)
    points = _points(figure, figure.value)
    return Weighed(part, weight, figure, points, Missing.NO_TARGET if points is None else None)


def _points(figure: Figure, value: float) -> float | None:
    if figure.indicator.unit is not Unit.TIME:
        return WHOLE * (1 - value if figure.indicator.better is Better.LESS else value)
    if figure.target is None:
        return None
    return WHOLE if value <= figure.target else WHOLE * figure.target / value
