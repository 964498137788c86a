"""What differs between two versions: words by word or Chinese character, figures by line, clause by clause."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

_TOKEN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9'’.,:%-]*[A-Za-z0-9%]|[A-Za-z0-9]|\s+|.", re.DOTALL)


class Mark(StrEnum):
    """Whether a piece is in both, was there, or came."""

    SAME = "same"
    OLD = "old"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words."""

    text: str
    mark: Mark = Mark.SAME


def words_differing(old: str, new: str) -> tuple[Piece, ...]:
    """One text with what went and what came marked; Chinese by character, other scripts by word."""
    if old == new:
        return (Piece(old),) if old else ()
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    pieces: list[Piece] = []
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece("".join(before[a:b])))
            continue
        if a < b:
            pieces.append(Piece("".join(before[a:b]), Mark.OLD))
        if c < d:
            pieces.append(Piece("".join(after[c:d]), Mark.NEW))
    return tuple(pieces)


def side(pieces: Sequence[Piece], which: Mark) -> tuple[Piece, ...]:
    """Only what one side says: without what the other one has alone."""
    other = Mark.NEW if which is Mark.OLD else Mark.OLD
    return tuple(each for each in pieces if each.mark is not other)


def differing_lines(old: Sequence[str], new: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The lines that went (`-`) and that came (`+`), in order."""
    found: list[tuple[str, str]] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            found += [("-", each) for each in old[a:b]] + [("+", each) for each in new[c:d]]
    return tuple(found)


# ---- whole versions --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Sheet:
    """A clause of one version in one language: figures are in words inside the text, and by key in lines."""

    number: str
    chapter: int
    chapter_title: str
    place: int
    title: str
    text: str
    held: str
    figures: Mapping[str, Sequence[str]]


class Status(StrEnum):
    """What became of a clause from the left version to the right one."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class FigurePair:
    """A figure on both sides, in words."""

    key: str
    old: Sequence[str]
    new: Sequence[str]
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A clause on both sides."""

    number: str
    chapter: int
    chapter_title: str
    place: int
    status: Status
    title: tuple[Piece, ...]
    text: tuple[Piece, ...]
    held: tuple[Piece, ...]
    figures: tuple[FigurePair, ...]


_NOTHING: Final = Sheet("", 0, "", 0, "", "", "", {})


def compare(left: Sequence[Sheet], right: Sequence[Sheet]) -> tuple[Pair, ...]:
    """Clause by clause, by number, in the order of the document."""
    old, new = {each.number: each for each in left}, {each.number: each for each in right}
    pairs = [_pair(old.get(number), new.get(number)) for number in {**old, **new}]
    return tuple(sorted(pairs, key=lambda each: (each.chapter, each.place)))


def _pair(left: Sheet | None, right: Sheet | None) -> Pair:
    before, after = left or _NOTHING, right or _NOTHING
    here = right or left or _NOTHING
    keys = list(dict.fromkeys([*before.figures, *after.figures]))
    figures = tuple(_figure(key, before.figures.get(key, ()), after.figures.get(key, ())) for key in keys)
    words = [(before.title, after.title), (before.text, after.text), (before.held, after.held)]
    if left is None or right is None:
        status = Status.ADDED if left is None else Status.REMOVED
    else:
        same = all(a == b for a, b in words) and not any(each.lines for each in figures)
        status = Status.SAME if same else Status.CHANGED
    title, text, held = (words_differing(a, b) for a, b in words)
    return Pair(here.number, here.chapter, here.chapter_title, here.place, status, title, text, held, figures)


def _figure(key: str, old: Sequence[str], new: Sequence[str]) -> FigurePair:
    return FigurePair(key, old, new, differing_lines(old, new))
