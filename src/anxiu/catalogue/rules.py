"""Pure decisions about the catalogue: which faults a description speaks of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """A fault class as a description is compared with it: its key and the words people use for it."""

    id: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A fault class that a description may mean; `because` are the words found."""

    id: int
    because: tuple[str, ...]


def suggest(description: str, known: Iterable[Known]) -> Sequence[Match]:
    """Fault classes whose words stand in the description, those with more and longer words first."""
    text = description.casefold()
    found = (Match(each.id, tuple(word for word in each.words if word and word.casefold() in text)) for each in known)
    return sorted((each for each in found if each.because), key=lambda match: (-sum(map(len, match.because)), match.id))
