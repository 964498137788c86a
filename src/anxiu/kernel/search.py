"""Search words: Chinese is cut into pairs of neighbours, codes and phone numbers into the fragments people type.

PostgreSQL is used without extensions and without a Chinese dictionary, so the words are ours: stored as a `simple`
tsvector, asked for as a tsquery whose every part must occur. Pairs find any part of a text, also across what a
dictionary would call two words, and new words of the trade need no entry anywhere.
"""

import re
from collections.abc import Collection, Iterable
from typing import Final

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Value

_CHINESE: Final = "\u3400-\u9fff\uf900-\ufaff"
_RUN: Final = re.compile(rf"[{_CHINESE}]+|[^\W_{_CHINESE}]+")
_CODE: Final = re.compile(r"[0-9a-z]+")
_IS_CHINESE: Final = re.compile(rf"[{_CHINESE}]")
SHORTEST_FRAGMENT: Final = 3  # source: own choice; shorter fragments of a serial number find too much
LONGEST: Final = 40  # source: own choice; longer runs are not typed by hand
PAIR: Final = 2
REGION: Final = "龘"  # begins the word that says where a row belongs; nobody types it


def words(text: str) -> set[str]:
    """The words of a text in lower case; of Chinese each character with the next one, the last one by itself."""
    found: set[str] = set()
    for run in _RUN.findall(text.lower()):
        if _IS_CHINESE.match(run):
            found.update(run[start : start + PAIR] for start in range(len(run)))
        else:
            found.add(run[:LONGEST])
    return found


def fragments(code: str) -> set[str]:
    """Every suffix of a code from which people start typing: a prefix search on suffixes finds any fragment."""
    plain = "".join(_CODE.findall(code.lower()))[:LONGEST]
    return {plain[start:] for start in range(max(1, len(plain) - SHORTEST_FRAGMENT + 1))} if plain else set()


def stored(*, texts: Iterable[str] = (), codes: Iterable[str] = (), region_id: int | None = None) -> str:
    """The words of a row, each once, as a tsvector is made of them."""
    found: set[str] = set() if region_id is None else {f"{REGION}{region_id}"}
    for text in texts:
        found |= words(text)
    for code in codes:
        found |= fragments(code)
    return " ".join(sorted(found))


def vector(*, texts: Iterable[str] = (), codes: Iterable[str] = (), region_id: int | None = None) -> SearchVector:
    """What to store for a row, as an expression for an insert or update."""
    return SearchVector(Value(stored(texts=texts, codes=codes, region_id=region_id)), config="simple")


def parts_of(typed: str) -> list[str]:
    """What somebody typed as the words that all have to be there, those with `:*` as beginnings.

    A single letter or digit beside a longer word is left out: nearly everything holds a word that begins with it, and
    to look through them all takes longer than all else.
    """
    parts: list[str] = []
    runs = _RUN.findall(typed.lower())
    is_alone = all(len(run) == 1 for run in runs)
    for run in runs:
        if len(run) == 1 and not is_alone and not _IS_CHINESE.match(run):
            continue
        if not _IS_CHINESE.match(run):
            parts.append(f"{run[:LONGEST]}:*")
        elif len(run) < PAIR:
            parts.append(f"{run}:*")
        else:
            parts.extend(run[start : start + PAIR] for start in range(len(run) - 1))
    return parts


def query(typed: str, regions: Collection[int] | None = None) -> SearchQuery | None:
    """What somebody typed, as a query; None when nothing can be searched. With `regions`, only what is stored there."""
    parts = parts_of(typed)
    if not parts:
        return None
    if regions is not None:
        parts.append(f"({' | '.join(f'{REGION}{each}' for each in sorted(regions)) or REGION})")
    return SearchQuery(" & ".join(parts), config="simple", search_type="raw")
