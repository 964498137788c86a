"""Search words: Chinese is cut into words, codes and phone numbers into the fragments people type.

PostgreSQL is used without extensions and without a Chinese dictionary, so the words are ours: stored as a `simple`
tsvector, asked for as a tsquery whose every part must occur.
"""

import re
from collections.abc import Iterable
from typing import Final

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Value

_WORD = re.compile(r"\w+", re.UNICODE)
_CODE = re.compile(r"[0-9a-z]+")
SHORTEST_FRAGMENT: Final = 3  # source: own choice; shorter fragments of a serial number find too much
LONGEST: Final = 40  # source: own choice; longer runs are not typed by hand
PHONE_TAIL: Final = 4  # source: callers name the last four digits


def words(text: str) -> set[str]:
    """The words of a text, Chinese ones cut, all in lower case."""
    import rjieba  # its dictionary takes 32 MB and an eighth of a second: with the first text, not with the process

    found: set[str] = set()
    for run in _WORD.findall(text.lower()):
        found.add(run[:LONGEST])
        found.update(each for each in rjieba.cut_for_search(run) if each.strip())
    return found


def fragments(code: str) -> set[str]:
    """Every suffix of a code from which people start typing: a prefix search on suffixes finds any fragment."""
    plain = "".join(_CODE.findall(code.lower()))[:LONGEST]
    return {plain[start:] for start in range(max(1, len(plain) - SHORTEST_FRAGMENT + 1))} if plain else set()


def pairs(name: str) -> set[str]:
    """Every two neighbouring characters of a Chinese name, so that any part of it finds it."""
    plain = "".join(_WORD.findall(name.lower()))[:LONGEST]
    return {plain[i : i + 2] for i in range(max(1, len(plain) - 1))} if plain else set()


def vector(*, texts: Iterable[str] = (), codes: Iterable[str] = (), names: Iterable[str] = ()) -> SearchVector:
    """What to store for a row, as an expression for an insert or update."""
    found: set[str] = set()
    for text in texts:
        found |= words(text)
    for code in codes:
        found |= fragments(code)
    for name in names:
        found |= pairs(name) | words(name)
    return SearchVector(Value(" ".join(sorted(found))), config="simple")


def query(typed: str) -> SearchQuery | None:
    """What somebody typed, as a query: every part must begin a stored word; None when nothing can be searched."""
    import rjieba  # as above

    parts: list[str] = []
    for run in _WORD.findall(typed.lower()):
        if run.isascii():
            parts.append(f"{run[:LONGEST]}:*")
        else:
            cut = [each for each in rjieba.cut(run) if each.strip()]
            parts.extend(f"{each}:*" for each in cut)
    return SearchQuery(" & ".join(parts), config="simple", search_type="raw") if parts else None
