"""The tables of a page as rows of text, read from the very HTML that people see, and rows as CSV.

What a file says is what the page says, in the same words and order: no list is written down twice. Left out are
buttons, ticks and pictures; a cell's lines are put side by side; a dash for nothing becomes nothing.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import StringIO
from typing import Final

BOM: Final = "\ufeff"
NOTHING: Final = frozenset({"–", "·"})
BETWEEN: Final = " · "
# Spreadsheets take a cell that begins like this for a formula; the wide ones where Chinese is typed.
ARMED: Final = frozenset("=+-@＝＋－＠\t\r")
NUMBER: Final = re.compile(r"[+-]?\d[\d,.]*\s?%?")
PICTURES: Final = re.compile(r"<svg.*?</svg>", re.DOTALL)
VOID: Final = frozenset({"br", "hr", "img", "input", "link", "meta", "col", "source", "use", "wbr"})
APART: Final = frozenset({"small", "br", "li", "div", "p", "dt", "dd", "tr"})
MARKS: Final = frozenset({"x-chip", "x-sev", "x-count", "x-person", "x-skill", "x-clock"})
NO_TEXT: Final = frozenset({"button", "select", "script", "template", "progress"})
NO_DATA: Final = frozenset({"is-actions", "is-pick"})


class Figure(str):
    """The text of a cell whose column holds numbers."""

    __slots__ = ()


@dataclass(slots=True)
class Table:
    """A table of a page: the heading above it, its columns, its rows."""

    heading: str
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def tables(html: str) -> list[Table]:
    """Every table with rows, in the order of the page."""
    reader = _Reader()
    reader.feed(PICTURES.sub("", html))
    reader.close()
    return [each for each in reader.found if each.rows]


class _Reader(HTMLParser):
    """Collects headings, column names and cells; what carries no data is passed over whole."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Table] = []
        self._heading = ""
        self._in_head = False
        self._row: list[str] = []
        self._chunks: list[list[str]] | None = None  # of the cell or heading at hand; none outside of one
        self._is_figure = False  # whether the cell at hand stands in a column of numbers
        self._wide = 1  # over how many columns the cell at hand goes
        self._passed = 0  # how deep in something that is passed over

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        kinds = frozenset((given.get("class") or "").split())
        if self._passed or _passed_over(tag, given, kinds):
            self._passed += tag not in VOID
            if self._chunks is not None and self._passed == 1 and (words := _said_instead(given, kinds)):
                self._chunks.append([words])
            return
        match tag:
            case "table":
                self.found.append(Table(self._heading))
            case "thead":
                self._in_head = True
            case "tr":
                self._row = []
            case "td" | "th" | "h2":
                self._chunks, self._wide = [[]], int(given.get("colspan") or 1)
                self._is_figure = tag == "td" and "is-num" in kinds
            case _ if self._chunks is not None and (tag in APART or kinds & MARKS):
                self._chunks.append([])

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self._passed:
            self._passed -= 1
            return
        match tag:
            case "thead":
                self._in_head = False
            case "tr" if self.found and self._row:
                self._keep()
            case "td" | "th":
                said = self._text()
                self._row += [Figure(said) if self._is_figure else said, *[""] * (self._wide - 1)]
            case "h2":
                self._heading = self._text()
            case "small" | "span" if self._chunks is not None:
                self._chunks.append([])

    def handle_data(self, data: str) -> None:
        if not self._passed:
            self._say(data)

    def _say(self, text: str) -> None:
        if self._chunks is not None and text:
            self._chunks[-1].append(text)

    def _text(self) -> str:
        chunks, self._chunks = self._chunks or [], None
        said = (" ".join("".join(each).split()) for each in chunks)
        return BETWEEN.join(dict.fromkeys(each for each in said if each and each not in NOTHING))

    def _keep(self) -> None:
        table, row = self.found[-1], self._row
        if self._in_head:
            table.head = row
        elif any(row):
            table.rows.append(row)


def _passed_over(tag: str, given: dict[str, str | None], kinds: frozenset[str]) -> bool:
    is_picture = given.get("aria-hidden") == "true" or given.get("role") == "img"
    return tag in NO_TEXT or is_picture or bool(kinds & NO_DATA) or "x-more" in kinds


def _said_instead(given: dict[str, str | None], kinds: frozenset[str]) -> str:
    """A drawn level says itself in words; "+2" names the two."""
    if given.get("role") == "img":
        return given.get("aria-label") or ""
    return (given.get("title") or "") if "x-more" in kinds else ""


# ---- as a file -------------------------------------------------------------------------------------------------------
def together(found: Sequence[Table], section: str) -> list[list[str]]:
    """One table as it is; tables of the same columns as one, with their headings in front; others below each other."""
    if len(found) == 1:
        return [*_heads(found[0]), *found[0].rows]
    if all(each.head == found[0].head for each in found):
        return [[section, *found[0].head], *([each.heading, *row] for each in found for row in each.rows)]
    lines: list[list[str]] = []
    for each in found:
        lines += [*([[]] if lines else []), [each.heading], *_heads(each), *each.rows]
    return lines


def _heads(table: Table) -> list[list[str]]:
    """The columns, without the nameless last one of the buttons."""
    head = list(table.head)
    while head and not head[-1]:
        head.pop()
    return [head] if head else []


def is_armed(text: str) -> bool:
    """Whether a spreadsheet would take the cell for a formula; a plain number it may."""
    return text[:1] in ARMED and not NUMBER.fullmatch(text)


def disarmed(text: str) -> str:
    """A cell that would be taken for a formula begins with an apostrophe; a plain number stays a number."""
    return f"'{text}" if is_armed(text) else text


def written(lines: Iterable[Sequence[str]]) -> str:
    """Lines as CSV, every cell quoted and disarmed."""
    kept = StringIO()
    writer = csv.writer(kept, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([disarmed(each) for each in line] for line in lines)
    return kept.getvalue()
