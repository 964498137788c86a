"""Gates: a question a higher app answers before a step. Pure, a constant number of queries, answerable for the past."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Verdict:
    """Open, or shut with what is missing; `value_key` is the regulation's key that put the gate there.

    `yields` says that whoever knows what is missing may go on all the same.
    """

    missing: tuple[Refusal, ...] = ()
    value_key: str = ""
    yields: bool = False

    @property
    def is_open(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


Gate = Callable[[Sequence[Any], str, Actor, datetime], Mapping[int, Verdict]]
_GATES: Final[dict[str, Gate]] = {}


def gate(name: str) -> Callable[[Gate], Gate]:
    """Register a gate: `(things, step, actor, at) -> {id: Verdict}`; a thing it says nothing of may pass."""

    def declare(function: Gate) -> Gate:
        if name in _GATES:
            raise ValueError(f"gate {name} is declared twice")
        _GATES[name] = function
        return function

    return declare


def names() -> frozenset[str]:
    """Every gate there is."""
    return frozenset(_GATES)


def ask(things: Sequence[Any], step: str, actor: Actor, at: datetime) -> dict[int, tuple[Verdict, ...]]:
    """Every shut verdict for each thing before a step."""
    shut: dict[int, tuple[Verdict, ...]] = {thing.id: () for thing in things}
    for each in _GATES.values():
        for key, verdict in each(things, step, actor, at).items():
            if not verdict.is_open:
                shut[key] = (*shut[key], verdict)
    return shut
