"""Files as tables: text or workbook, by what is in them and not by their name; read as a stream, as often as needed."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Final

import filetype

from anxiu.equipment.actions import FileFacts, Line, Problem
from anxiu.equipment.importing import delimited
from anxiu.equipment.importing.cells import Bad, Cell, is_empty
from anxiu.equipment.importing.delimited import BLOCK
from anxiu.equipment.importing.mapping import Layout, places
from anxiu.equipment.importing.parsing import PARSERS, texts_of
from anxiu.kernel.errors import Invalid, Refusal

EXAMPLES: Final = 3  # source: own choice; enough to tell columns apart
HEAD: Final = 8192  # source: the filetype package asks for 8192
ARCHIVE: Final = b"PK\x03\x04"  # source: PKWARE APPNOTE, 4.3.7; a workbook is one
OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"  # source: MS-CFB 2.2; also a workbook locked with a password
TAKEN: Final = frozenset({None, "application/gzip"})  # pictures, PDFs and the like are named for what they are


def rows_of(path: Path) -> Iterator[tuple[int, list[Cell]]]:
    """Rows that say something, with their number in the file; the first is the headings."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise Invalid("equipment.empty_file", field="file")
    if head.startswith(OLD_EXCEL):
        raise Invalid("equipment.old_excel", field="file")
    if head.startswith(ARCHIVE):
        from anxiu.equipment.importing import workbooks  # loads Pillow with it: with the first workbook

        found = workbooks.rows(path)
    elif b"\0" in head and filetype.guess_mime(head) not in TAKEN:
        raise Invalid("equipment.not_a_table", field="file")
    else:
        found = delimited.rows(path)
    return ((number, row) for number, row in found if not all(map(is_empty, row)))


def names_of(row: list[Cell]) -> list[str]:
    """The headings, each another: one that stands twice gets a number, an empty one its place."""
    names: list[str] = []
    for place, each in enumerate(row, 1):
        name = each if isinstance(each, str) and each else f"#{place}"
        count, plain = 1, name
        while name in names:
            count += 1
            name = f"{plain} ({count})"
        names.append(name)
    return names


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a file: its headings, and what the first rows say."""

    header: list[str]
    rows: list[list[str]]


def head_of(path: Path, count: int) -> Head:
    """The headings and the first rows; refuses a file that is no table."""
    found = rows_of(path)
    first = next(found, None)
    if first is None:
        raise Invalid("equipment.empty_file", field="file")
    rows = [["" if isinstance(each, Bad) else str(each) for each in row] for _, row in islice(found, count)]
    return Head(names_of(first[1]), rows)


@dataclass(frozen=True, slots=True)
class Table:
    """A file whose lines can be read as often as needed."""

    path: Path
    layout: Layout
    currency: str
    name: str = ""

    def __iter__(self) -> Iterator[Line | Problem]:
        parse = PARSERS[self.layout.kind]
        found = rows_of(self.path)
        _, first = next(found, (0, []))
        where, width = places(self.layout, names_of(first)), len(first)
        for number, row in found:
            try:
                yield parse(number, texts_of(row, where, width), self.currency)
            except Refusal as refusal:
                yield Problem(number, refusal)

    def facts(self) -> FileFacts:
        """The file's name and the digest of its bytes."""
        digest = sha256()
        with self.path.open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
        return FileFacts(self.name or self.path.name, digest.hexdigest())
