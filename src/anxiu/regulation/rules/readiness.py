"""Whether a version can be put in force: each clause must be held by something, and what is missing is named."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from anxiu.kernel.values import Words
from anxiu.regulation.choices import Control
from anxiu.regulation.rules.quiz import Unfit


class Lack(StrEnum):
    """What a clause has none of."""

    VALUE = "value"
    FIGURE = "figure"
    GATE = "gate"
    UNKNOWN_GATE = "unknown_gate"
    INDICATOR = "indicator"
    UNKNOWN_INDICATOR = "unknown_indicator"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Known:
    """What clauses may rest on: keys with a figure, verbs, gates and guards, and what is measured."""

    figures: frozenset[str]
    enforcers: frozenset[str]
    indicators: frozenset[str]


@dataclass(frozen=True, slots=True)
class Held:
    """A clause as far as what holds it."""

    number: str
    title: Words
    control: Control
    values: tuple[str, ...]
    enforced_by: tuple[str, ...]
    indicators: tuple[str, ...]
    manual: Words


@dataclass(frozen=True, slots=True)
class Line:
    """A clause on the readiness list: what holds it, or what it lacks; `names` are the codes it fails by."""

    number: str
    title: Words
    control: Control
    holds: tuple[str, ...]
    manual: Words
    lack: Lack | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnfitLine:
    """A question that nobody can be asked, and why."""

    code: str
    number: str
    unfit: Unfit


@dataclass(frozen=True, slots=True)
class Readiness:
    """The list, clause by clause, and the questions that cannot be asked."""

    lines: tuple[Line, ...]
    unfit: tuple[UnfitLine, ...] = ()

    @property
    def lacking(self) -> tuple[Line, ...]:
        """The clauses that keep the version from taking effect."""
        return tuple(each for each in self.lines if each.lack)

    @property
    def is_ready(self) -> bool:
        """Whether nothing is missing."""
        return bool(self.lines) and not self.lacking and not self.unfit


def readiness(clauses: Iterable[Held], known: Known, unfit: Iterable[UnfitLine] = ()) -> Readiness:
    """The readiness list of a version, in the order of its clauses."""
    return Readiness(tuple(_line(each, known) for each in clauses), tuple(unfit))


def _line(clause: Held, known: Known) -> Line:
    holds: tuple[str, ...] = ()
    match clause.control:
        case Control.VALUE:
            holds = clause.values
            lack, names = _of_codes(holds, known.figures, Lack.VALUE, Lack.FIGURE)
        case Control.GATE:
            holds = clause.enforced_by
            lack, names = _of_codes(holds, known.enforcers, Lack.GATE, Lack.UNKNOWN_GATE)
        case Control.INDICATOR:
            holds = clause.indicators
            lack, names = _of_codes(holds, known.indicators, Lack.INDICATOR, Lack.UNKNOWN_INDICATOR)
        case Control.MANUAL:
            named = clause.manual.zh.strip() and clause.manual.en.strip()
            lack, names = (None if named else Lack.MANUAL), ()
    return Line(clause.number, clause.title, clause.control, holds, clause.manual, lack, names)


def _of_codes(
    codes: tuple[str, ...], known: frozenset[str], none: Lack, unknown: Lack
) -> tuple[Lack | None, tuple[str, ...]]:
    if not codes:
        return none, ()
    missing = tuple(each for each in codes if each not in known)
    return (unknown if missing else None), missing
