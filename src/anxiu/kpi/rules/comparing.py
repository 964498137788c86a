"""Whether a change made a difference: the parts of the company that tried it beside the rest, before and after.

A part (a region, a team) counts once, by how much its figure changed; so whatever moves all weeks of a part together
moves one number and not many. Had the change done nothing, any other choice of parts could have tried it as well: the
difference that was found is judged by the differences all those choices would have shown (randomisation inference).
Where parts stand in blocks (the kinds of service of one region), the choices are made within each block, so that what
moves a whole block moves both sides of it.
Source: Fisher, The Design of Experiments (1935), chapter 2; for parts with shocks of their own, MacKinnon and Webb,
Randomization inference for difference-in-differences with few treated clusters, J. of Econometrics 218 (2020).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, combinations, product
from math import comb, floor, inf, isfinite, prod
from random import Random
from statistics import fmean

from anxiu.kpi.choices import Finding

ALLOWED = 0.05  # source: convention; how often a change that does nothing may look as if it did something
EVERY_CHOICE = 5000  # source: own choice; up to so many choices are all tried, beyond them as many are drawn
KEPT = 32  # source: own choice; the choices of so many comparisons are kept, for every indicator asks the same ones
NEAR = 1e-9  # source: arithmetic; differences that are equal on paper may differ so much in floats


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the company, whether it tried the change, and its figure in each week that had cases.

    Parts of one `block` are compared with each other; all are of one unless said.
    """

    code: str
    tried: bool
    before: tuple[float, ...]
    after: tuple[float, ...]
    block: str = ""

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
    whole = [each for each in parts if each.counts]
    sides = {(each.block, each.tried) for each in whole}
    counted = [each for each in whole if (each.block, not each.tried) in sides]
    tried = [number for number, each in enumerate(counted) if each.tried]
    count, rest = len(tried), len(counted) - len(tried)
    if not count or not rest:
        of_those = sum(each.tried for each in whole)
        return Compared(Finding.NO_DATA, of_those, len(whole) - of_those)
    choices = _Choices(counted, tried, seed)
    effect = choices.seen
    if choices.chance_at_least() > ALLOWED:
        return Compared(Finding.TOO_FEW, count, rest, effect)
    chance = choices.chance()
    low, high = choices.bound(-1.0), choices.bound(1.0)
    finding = Finding.CHANGED if chance <= ALLOWED else Finding.NOT_DISTINGUISHABLE
    return Compared(finding, count, rest, effect, chance, low, high)


class _Choices:
    """Every choice of as many parts, the real one among them, with the difference each would have shown."""

    def __init__(self, parts: Sequence[Part], tried: Sequence[int], seed: int) -> None:
        changes = [each.change for each in parts]
        total, count = sum(changes), len(tried)
        others = len(changes) - count

        def difference(choice: Sequence[int]) -> float:
            inside = sum(changes[each] for each in choice)
            return inside / count - (total - inside) / others

        self.seen = difference(tried)
        self.shown = [(difference(choice), held) for choice, held in _choices(_blocks(parts), tuple(tried), seed)]
        self.spread = max(NEAR, *(abs(each) for each, _ in self.shown))

    def chance(self) -> float:
        """How often a choice differs at least as much as the real one, if the change had done nothing."""
        bar = abs(self.seen) - NEAR * self.spread
        return sum(abs(shown) >= bar for shown, _ in self.shown) / len(self.shown)

    def chance_at_least(self) -> float:
        """The smallest chance that any figures could have shown with these parts."""
        return sum(abs(held) >= 1.0 - NEAR for _, held in self.shown) / len(self.shown)

    def bound(self, side: float) -> float | None:
        """The furthest effect on one side that agrees with what was seen: so far more choices than are allowed differ
        at least as much from what they would have shown as the real one does; none where there is no end.
        """
        seen = side * self.seen
        reaches = sorted((_reach(side * shown, held, seen) for shown, held in self.shown), reverse=True)
        furthest = reaches[floor(ALLOWED * len(reaches))]
        return side * furthest if isfinite(furthest) else None


def _reach(shown: float, held: float, seen: float) -> float:
    """Up to which effect, from the one seen on, a choice differs from it at least as much as the real one does.

    With an effect e the choice differs by |shown - e held| and the real one by e - seen: solved for e.
    """
    ends = [
        numerator / slope if slope > NEAR else inf if numerator >= -NEAR else -inf
        for numerator, slope in ((shown + seen, 1.0 + held), (seen - shown, 1.0 - held))
    ]
    return max(ends)


Blocks = tuple[tuple[tuple[int, ...], int], ...]  # of each block its parts, and how many of them tried


def _blocks(parts: Sequence[Part]) -> Blocks:
    found: dict[str, list[int]] = {}
    for number, each in enumerate(parts):
        found.setdefault(each.block, []).append(number)
    return tuple((tuple(numbers), sum(parts[each].tried for each in numbers)) for numbers in found.values())


@lru_cache(maxsize=KEPT)
def _choices(blocks: Blocks, real: tuple[int, ...], seed: int) -> tuple[tuple[tuple[int, ...], float], ...]:
    """All choices where they are few, else the real one and as many as may be tried, drawn by the seed; each with the
    share of an effect that it would show.
    """
    count, tried = len(real), set(real)
    others = sum(len(numbers) for numbers, _ in blocks) - count

    def held(choice: tuple[int, ...]) -> float:
        common = len(tried.intersection(choice))
        return common / count - (count - common) / others

    return tuple((each, held(each)) for each in _drawn(blocks, real, seed))


def _drawn(blocks: Blocks, real: tuple[int, ...], seed: int) -> Iterator[tuple[int, ...]]:
    if prod(comb(len(numbers), count) for numbers, count in blocks) <= EVERY_CHOICE:
        for choice in product(*(combinations(numbers, count) for numbers, count in blocks)):
            yield tuple(chain.from_iterable(choice))
        return
    yield real
    drawn = Random(seed)  # noqa: S311  not for secrets: the same seed must draw the same
    for _ in range(EVERY_CHOICE):
        yield tuple(each for numbers, count in blocks for each in drawn.sample(numbers, count))
