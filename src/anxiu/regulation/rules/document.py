"""A version as people read it: chapters and clauses with the figures inside the sentences."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from anxiu.kernel.values import Value
from anxiu.regulation.choices import Origin
from anxiu.regulation.rules.text import Placeholder, paragraphs, pieces, placed
from anxiu.regulation.rules.words import Grid, Terms, as_stored, grid, in_words, is_long, row_in_words

SEARCH_LENGTH: Final = 60  # source: own choice; longer than any word people look for


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch of a sentence; with a `key` it is a figure in words. `found` marks what a search hit."""

    text: str
    key: str = ""
    origin: str = ""
    found: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A stored clause in one language."""

    number: str
    chapter_number: int
    chapter_title: str
    title: str
    text: str
    values: tuple[str, ...]
    control: str
    manual: str
    addendum_at: datetime | None
    origin: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored figure."""

    key: str
    raw: object
    origin: str
    addendum_at: datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure below the text of a clause, as a small table."""

    key: str
    origin: str
    addendum_at: datetime | None
    grid: Grid


@dataclass(frozen=True, slots=True)
class ClauseText:
    """A clause to read. `keys` are those it governs, `said` those of them that only its sentences say."""

    number: str
    title: tuple[Said, ...]
    paragraphs: tuple[tuple[Said, ...], ...]
    shown: tuple[Shown, ...]
    keys: tuple[str, ...]
    said: tuple[str, ...]
    control: str
    manual: str
    addendum_at: datetime | None
    origin: str


@dataclass(frozen=True, slots=True)
class ChapterText:
    """A chapter to read."""

    number: int
    title: str
    clauses: tuple[ClauseText, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole version to read. `loose` are figures that no clause says, as an upgrade may bring them.

    `contents` lists every chapter by number and title, also those in which a search found nothing. `published` and
    `published_figures` count what a publication says itself, `general` the clauses that are ours.
    """

    contents: tuple[tuple[int, str], ...]
    chapters: tuple[ChapterText, ...]
    loose: tuple[Shown, ...]
    figures: int
    clauses: int
    found: int
    published: int
    general: int
    published_figures: int


@dataclass(frozen=True, slots=True)
class Reader:
    """Says stored figures in one language, marks what is searched for; with `origin`, only clauses of that origin."""

    figures: Mapping[str, Stored]
    registry: Mapping[str, Value[Any]]
    terms: Terms
    language: str
    search: str = ""
    origin: str = ""
    _pattern: re.Pattern[str] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if sought := self.search.strip()[:SEARCH_LENGTH]:
            object.__setattr__(self, "_pattern", re.compile(re.escape(sought), re.IGNORECASE))

    def parsed(self, key: str) -> Any:
        """The figure, read by its own kind."""
        return self.registry[key].kind.parse(self.figures[key].raw)

    def say(self, at: Placeholder) -> str:
        """The figure, or one row of it, in words; one of an older release as it is stored."""
        if at.key not in self.registry:
            return as_stored(self.figures[at.key].raw if at.key in self.figures else None, self.language)
        kind, value = self.registry[at.key].kind, self.parsed(at.key)
        if at.row:
            return row_in_words(kind, value, at.row, self.language, self.terms)
        return in_words(kind, value, self.language, self.terms)

    def show(self, key: str) -> Shown:
        """The figure as rows and columns."""
        stored = self.figures[key]
        table = grid(self.registry[key].kind, self.parsed(key), self.language, self.terms)
        return Shown(key, stored.origin, stored.addendum_at, table)

    def sentence(self, text: str) -> tuple[Said, ...]:
        """A paragraph with its figures in words."""
        said: list[Said] = []
        for each in pieces(text):
            if isinstance(each, Placeholder):
                words = self.say(each)
                origin = self.figures[each.key].origin if each.key in self.figures else ""
                said.append(Said(words, each.key, origin, self._hits(words) or self._hits(each.key)))
            else:
                said += self.marked(each)
        return tuple(said)

    def marked(self, text: str) -> tuple[Said, ...]:
        """Plain words, cut where the search hits."""
        if self._pattern is None:
            return (Said(text),) if text else ()
        cut: list[Said] = []
        start = 0
        for match in self._pattern.finditer(text):
            cut += [Said(text[start : match.start()]), Said(match[0], found=True)]
            start = match.end()
        return tuple(each for each in (*cut, Said(text[start:])) if each.text)

    def _hits(self, text: str) -> bool:
        return self._pattern is not None and bool(self._pattern.search(text))

    def finds(self, clause: ClauseText) -> bool:
        """Whether a clause is of the origin asked for and holds what is searched for; without a search all do."""
        if self.origin and clause.origin != self.origin:
            return False
        if self._pattern is None:
            return True
        said = (*clause.title, *(each for paragraph in clause.paragraphs for each in paragraph))
        cells = (cell for shown in clause.shown for row in shown.grid.rows for cell in row)
        return (
            any(each.found for each in said)
            or self._hits(" ".join(clause.keys))
            or any(self._hits(self.terms.figure(key, self.language)) for key in clause.keys)
            or clause.number.startswith(self.search.strip())
            or any(map(self._hits, cells))
            or self._hits(clause.manual)
        )


def compose(clauses: tuple[Written, ...], reader: Reader) -> Document:
    """Put clauses and figures together, in order; with a search, only the clauses that hold it."""
    texts = [(each, _clause(each, reader)) for each in clauses]
    found = [(written, text) for written, text in texts if reader.finds(text)]
    contents = tuple(sorted({written.chapter_number: written.chapter_title for written in clauses}.items()))
    of_chapter = {
        number: tuple(text for written, text in found if written.chapter_number == number) for number, _ in contents
    }
    chapters = tuple(ChapterText(number, title, of_chapter[number]) for number, title in contents if of_chapter[number])
    governed = {key for written in clauses for key in written.values}
    known = [key for key in reader.figures if key in reader.registry]
    whole = not (reader.search.strip() or reader.origin)
    loose = tuple(reader.show(key) for key in sorted(set(known) - governed)) if whole else ()
    published, general = (sum(each.origin == of for each in clauses) for of in (Origin.PUBLISHED, Origin.OURS))
    figures = sum(reader.figures[key].origin == Origin.PUBLISHED for key in known)
    return Document(contents, chapters, loose, len(known), len(clauses), len(found), published, general, figures)


def _clause(written: Written, reader: Reader) -> ClauseText:
    said = placed(written.text)
    keys = tuple(key for key in written.values if key in reader.registry)  # an older release knew others
    below = [key for key in keys if key not in said or is_long(reader.registry[key].kind)]
    return ClauseText(
        number=written.number,
        title=reader.marked(written.title),
        paragraphs=tuple(reader.sentence(each) for each in paragraphs(written.text)),
        shown=tuple(reader.show(key) for key in below),
        keys=keys,
        said=tuple(key for key in keys if key not in below),
        control=written.control,
        manual=written.manual,
        addendum_at=written.addendum_at,
        origin=written.origin,
    )
