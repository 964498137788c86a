"""Whether a change made a difference: the parts of the company that tried it beside the rest, before and after.

A part (a region, a team) counts once, by how much its figure changed; so whatever moves all weeks of a part together
moves one number and not many. Had the change done nothing, any other choice of parts could have tried it as well: the
difference that was found is judged by the differences all those choices would have shown (randomisation inference).
Source: Fisher, The Design of Experiments (1935), chapter 2; for parts with shocks of their own, MacKinnon and Webb,
Randomization inference for difference-in-differences with few treated clusters, J. of Econometrics 218 (2020).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from random import Random
from statistics import fmean

from anxiu.kpi.choices import Finding

ALLOWED = 0.05  # source: convention; how often a change that does nothing may look as if it did something
EVERY_CHOICE = 5000  # source: own choice; up to so many choices are all tried, beyond them as many are drawn
HALVINGS = 60  # source: arithmetic; halves an interval below what a float can tell apart
DOUBLINGS = 40  # source: arithmetic; a bound beyond a million millionfold of the figures is none
NEAR = 1e-9  # source: arithmetic; differences that are equal on paper may differ so much in floats


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the company, whether it tried the change, and its figure in each week that had cases."""

    code: str
    tried: bool
    before: tuple[float, ...]
    after: tuple[float, ...]

    @property
    def counts(self) -> bool:
        """Whether there is anything to compare."""
        return bool(self.before and self.after)

    @property
    def change(self) -> float:
        """How much its figure changed, each week weighing the same."""
        return fmean(self.after) - fmean(self.before)


@dataclass(frozen=True, slots=True)
class Compared:
    """What can be said. `effect`: how much more the figure changed where the change was tried, in the figure's unit.

    `low` and `high`: the effects that agree with what was seen; none where there are too few parts to say. `chance`:
    how often a change that does nothing would look at least like this. `tried` and `rest`: how many parts counted.
    """

    finding: Finding
    tried: int
    rest: int
    effect: float | None = None
    chance: float | None = None
    low: float | None = None
    high: float | None = None


def compare(parts: Sequence[Part], seed: int) -> Compared:
    """Compare the parts that tried a change with the rest; `seed` picks the choices drawn where there are too many."""
    counted = [each for each in parts if each.counts]
    tried = [number for number, each in enumerate(counted) if each.tried]
    count, rest = len(tried), len(counted) - len(tried)
    if not count or not rest:
        return Compared(Finding.NO_DATA, count, rest)
    choices = _Choices([each.change for each in counted], tried, seed)
    effect = choices.seen
    if choices.chance_at_least() > ALLOWED:
        return Compared(Finding.TOO_FEW, count, rest, effect)
    chance = choices.chance(0.0)
    low, high = choices.bound(-1.0), choices.bound(1.0)
    finding = Finding.CHANGED if chance <= ALLOWED else Finding.NOT_DISTINGUISHABLE
    return Compared(finding, count, rest, effect, chance, low, high)


class _Choices:
    """Every choice of as many parts, the real one among them, with the difference each would have shown."""

    def __init__(self, changes: Sequence[float], tried: Sequence[int], seed: int) -> None:
        total, count, real = sum(changes), len(tried), tuple(tried)
        others = len(changes) - count

        def difference(choice: tuple[int, ...]) -> float:
            inside = sum(changes[each] for each in choice)
            return inside / count - (total - inside) / others

        def held(choice: tuple[int, ...]) -> float:
            common = len(set(real).intersection(choice))
            return common / count - (count - common) / others

        self.seen = difference(real)
        self.shown = [(difference(each), held(each)) for each in _choices(len(changes), real, seed)]
        self.spread = max(NEAR, *(abs(each) for each, _ in self.shown))

    def chance(self, effect: float) -> float:
        """How often a choice differs at least as much as the real one, if the change had done exactly `effect`."""
        bar = abs(self.seen - effect) - NEAR * self.spread
        return sum(abs(shown - effect * held) >= bar for shown, held in self.shown) / len(self.shown)

    def chance_at_least(self) -> float:
        """The smallest chance that any figures could have shown with these parts."""
        return sum(abs(held) >= 1.0 - NEAR for _, held in self.shown) / len(self.shown)

    def bound(self, side: float) -> float | None:
        """The furthest effect on one side that agrees with what was seen."""
        near, step = self.seen, self.spread
        for _ in range(DOUBLINGS):
            far = self.seen + side * step
            if self.chance(far) <= ALLOWED:
                break
            near, step = far, step + step
        else:
            return None
        for _ in range(HALVINGS):
            middle = fmean((near, far))
            if self.chance(middle) <= ALLOWED:
                far = middle
            else:
                near = middle
        return near


def _choices(parts: int, real: tuple[int, ...], seed: int) -> Iterator[tuple[int, ...]]:
    """All choices where they are few; else the real one and as many as may be tried, drawn by the seed."""
    if comb(parts, len(real)) <= EVERY_CHOICE:
        yield from combinations(range(parts), len(real))
        return
    yield real
    drawn = Random(seed)  # noqa: S311  not for secrets: the same seed must draw the same
    for _ in range(EVERY_CHOICE):
        yield tuple(drawn.sample(range(parts), len(real)))
