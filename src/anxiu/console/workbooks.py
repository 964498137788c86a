"""Rows of text as an Excel workbook: days and moments as such, figures as numbers, all else as text never run."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import IO, Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from anxiu.console.sheets import Figure, is_armed

SHEET_ROWS: Final = 1_048_576  # source: Excel's own limit
LONGEST: Final = 32_767  # source: Excel's own limit of a cell
WIDE: Final = 22  # source: own choice; a name, a moment
BOLD: Final = Font(bold=True)
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
NUMBER: Final = re.compile(r"([+-]?[\d,]+(?:\.\d+)?)(\s?%)?")


class Book:
    """A workbook that is written row by row; further sheets are begun where one is full."""

    def __init__(self) -> None:
        self.book = Workbook(write_only=True)
        self.sheet: Any = None
        self.head: Sequence[str] = ()
        self.rows = 0

    def add(self, lines: Sequence[Sequence[str]]) -> None:
        """Further rows; the first of all is the heading, which every sheet repeats."""
        for line in lines:
            if self.sheet is None:
                self.head = line
                self._begin()
                continue
            if self.rows == SHEET_ROWS:
                self._begin()
            self._write([self._cell(each) for each in line])

    def _begin(self) -> None:
        self.sheet = self.book.create_sheet()
        self.sheet.freeze_panes = "A2"
        for place in range(1, len(self.head) + 1):
            self.sheet.column_dimensions[get_column_letter(place)].width = WIDE
        self.rows = 0
        cells = [self._cell(each) for each in self.head]
        for each in cells:
            each.font = BOLD
        self._write(cells)

    def _write(self, cells: Sequence[object]) -> None:
        self.sheet.append(cells)
        self.rows += 1

    def _cell(self, text: str) -> Any:
        value, shape = valued(text)
        cell: Any = WriteOnlyCell(self.sheet, value)
        if shape:
            cell.number_format = shape
        elif isinstance(value, str):
            cell.data_type = "s"  # never a formula, whatever it begins with
            cell.quotePrefix = is_armed(text)
        return cell

    def save(self, file: IO[bytes]) -> None:
        """Write it all; a list without rows is a workbook with an empty sheet."""
        if self.sheet is None:
            self.book.create_sheet()
        self.book.save(file)


def valued(text: str) -> tuple[Any, str]:
    """What a cell holds, and how Excel is to show it."""
    try:
        if MOMENT.fullmatch(text):
            return datetime.strptime(text, "%Y-%m-%d %H:%M"), "yyyy-mm-dd hh:mm"  # noqa: DTZ007 -- Excel knows no zones
        if DAY.fullmatch(text):
            return date.fromisoformat(text), "yyyy-mm-dd"
    except ValueError:
        pass
    if isinstance(text, Figure) and (found := NUMBER.fullmatch(text)):
        number = float(found[1].replace(",", ""))
        if found[2]:
            return number / 100, "0.0%"
        return (int(number), "#,##0") if "." not in found[1] else (number, "#,##0.##")
    return ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST], ""
