"""Who owes which version, by when, and when a quiz is passed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from anxiu.regulation.rules.quiz import Situation, draw, is_right

_DAY: Final = timedelta(days=1)
HUNDRED: Final = 100  # source: what a percentage is of


@dataclass(frozen=True, slots=True)
class Standing:
    """A version as far as whom it binds: region and order type (none: all), from when, and whether it is on trial.

    One on trial binds in each of its places, before what holds there else.
    """

    id: int
    region_id: int | None
    order_type: str
    begins: datetime | None
    on_trial: bool = False


def holding(versions: Iterable[Standing], region_id: int | None, at: datetime) -> frozenset[int]:
    """The versions that hold for somebody of a home region at a moment: the most specific for each kind of service.

    As the version of an order is found: region before kind of service, the later before the earlier.
    """
    begun = [each for each in versions if each.begins is None or each.begins <= at]
    theirs = [each for each in begun if each.region_id in (None, region_id)]
    found = set()
    for order_type in {"", *(each.order_type for each in theirs)}:
        fits = [each for each in theirs if each.order_type in ("", order_type)]
        if fits:
            found.add(max(fits, key=_weight).id)
    return frozenset(found)


def _weight(each: Standing) -> tuple[bool, bool, bool, bool, float, int]:
    """What is more specific, later and newer weighs more."""
    begins = each.begins.timestamp() if each.begins else 0
    where = (each.region_id is not None, bool(each.order_type), each.on_trial)
    return (*where, each.begins is not None, begins, each.id)


def owed(versions: Sequence[Standing], region_id: int | None, at: datetime) -> frozenset[int]:
    """The versions somebody of a home region has to know: those that hold, and those that will."""
    coming = {
        each.id for each in versions
        if each.begins and each.begins > at and each.id in holding(versions, region_id, each.begins)
    }  # fmt: skip
    return holding(versions, region_id, at) | coming


def due_at(begins: datetime | None, told_at: datetime, within: timedelta) -> datetime:
    """By when somebody has to have acknowledged: so long after it holds, or after they were told of it."""
    return max(begins or told_at, told_at) + within


def reminder(due: datetime, at: datetime, days: Iterable[int], reminded: int | None) -> int | None:
    """How many days before the due date somebody is reminded of now; nothing when that was said already."""
    near = [each for each in sorted(days) if at < due <= at + each * _DAY]
    if not near or (reminded is not None and reminded <= near[0]):
        return None
    return near[0]


# ---- the quiz --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Person:
    """Who sits: their posts, and the clauses that changed since they last acknowledged."""

    posts: frozenset[str]
    changed: frozenset[str]


def sitting(asked: Sequence[Situation], person: Person, count: int, seed: str) -> tuple[Situation, ...]:
    """The questions of one sitting; those about clauses that changed come first."""
    return draw(asked, person.posts, count, seed, person.changed)


@dataclass(frozen=True, slots=True)
class Answer:
    """A question as it was answered: the chosen places, and whether that was right."""

    code: str
    chosen: tuple[int, ...]
    right: bool


@dataclass(frozen=True, slots=True)
class Marked:
    """A sitting as it was marked."""

    answers: tuple[Answer, ...]
    needed: int

    @property
    def right(self) -> int:
        """How many were answered rightly."""
        return sum(each.right for each in self.answers)

    @property
    def passed(self) -> bool:
        """Whether that is enough."""
        return self.right >= self.needed


def needed(asked: int, pass_mark: int) -> int:
    """How many right answers pass: the share of the questions, rounded up."""
    return -(-asked * pass_mark // HUNDRED)


def mark(drawn: Sequence[Situation], chosen: Mapping[str, Collection[int]], pass_mark: int) -> Marked:
    """Mark the answers to the questions of a sitting."""
    answers = tuple(
        Answer(each.code, tuple(sorted(chosen[each.code])), is_right(each, chosen[each.code])) for each in drawn
    )
    return Marked(answers, needed(len(drawn), pass_mark))
