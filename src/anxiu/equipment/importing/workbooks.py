"""Excel workbooks as tables: the first sheet, read as a stream, with nothing in it carried out.

A workbook is an archive of XML. Its declared sizes are looked at before anything is unpacked, and Python's unpacker
reads no more than is declared. Entities are refused by `defusedxml`, which openpyxl uses where it is installed.
"""

import logging
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile, ZipInfo

import openpyxl
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.utils.datetime import from_excel

from anxiu.equipment.importing.cells import Bad, Cell, Counted, cell
from anxiu.kernel.errors import Invalid

log = logging.getLogger(__name__)
BOOK: Final = "xl/workbook.xml"
STRINGS: Final = "xl/sharedStrings.xml"
MOST_PARTS: Final = 5000  # source: own choice; a workbook of a hundred sheets has some hundreds
LARGEST: Final = 3 << 29  # source: own choice; a full sheet of a million rows and twenty columns, unpacked
LARGEST_STRINGS: Final = 256 << 20  # source: own choice; these are held in memory while the file is read
MOST_TIMES: Final = 200  # source: measured; sheets shrink by 5 to 40 times, bombs by 1,000
SMALL: Final = 1 << 20  # below this no ratio is a danger
SHEET_ROWS: Final = 1_048_576  # source: Excel's own limit, and the most blank rows one may be made to count
MOST_COLUMNS: Final = 256  # source: own choice; a list with more is no list of things
EXACT: Final = 10**15  # source: Excel keeps 15 digits of a number
LAST_DAY: Final = 2_958_465  # source: Excel's number of 9999-12-31
ZEROS: Final = re.compile(r"0+")


def rows(path: Path) -> Iterator[tuple[int, list[Cell]]]:
    """Rows of the first sheet with their number, blank ones too; every row as wide as the first that says something."""
    _require_harmless(path)
    width = blank = 0
    for number, row in _cells(path):
        found = [_told(each) for each in (row[:width] if width else row)]
        if not width:
            while found and found[-1] == "":
                found.pop()
            width = len(found)
        elif _says(row[width:]):
            found.append("…")  # right of the last heading
        blank = 0 if any(each != "" for each in found) else blank + 1
        if blank > SHEET_ROWS:
            raise Invalid("equipment.unreadable", field="file")
        yield number, found


def _says(rest: tuple[Any, ...]) -> bool:
    """Whether anything stands in these cells."""
    if rest.count(EMPTY_CELL) == len(rest):  # nearly always, and for every row
        return False
    return any(each is not EMPTY_CELL and each.value not in (None, "") for each in rest)


def _cells(path: Path) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Rows as openpyxl reads them; whatever it stumbles over, the file is at fault."""
    try:
        with path.open("rb") as file:  # by its name openpyxl would judge it
            book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
            sheet: Any = book.worksheets[0]
            sheet.reset_dimensions()  # what a file says of its own size is not always so
            yield from enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1)
    except Exception as error:
        log.info("a workbook could not be read: %r", error)
        raise Invalid("equipment.unreadable", field="file") from error


def _require_harmless(path: Path) -> None:
    """Refuse what is no workbook, is locked, or would grow beyond measure when unpacked."""
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
    except BadZipFile as error:
        raise Invalid("equipment.unreadable", field="file") from error
    if BOOK not in {each.filename for each in parts}:
        raise Invalid("equipment.not_a_table", field="file")
    if any(each.flag_bits & 1 for each in parts):
        raise Invalid("equipment.locked", field="file")
    if len(parts) > MOST_PARTS or sum(each.file_size for each in parts) > LARGEST or any(map(_swells, parts)):
        raise Invalid("equipment.too_large", field="file")


def _swells(part: ZipInfo) -> bool:
    if part.filename == STRINGS and part.file_size > LARGEST_STRINGS:
        return True
    return part.file_size > SMALL and part.file_size > part.compress_size * MOST_TIMES


def _told(found: Any) -> Cell:
    """A cell as text: numbers as they are shown, days year first; no formula, and no error of one."""
    value = found.value
    if value is None or value == "":
        return ""
    match found.data_type:
        case "f":
            return Bad("equipment.formula_cell")
        case "e":
            return Bad("equipment.error_cell", {"given": str(value)[:SHOWN]})
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(value, found)
    return cell(str(value))


SHOWN: Final = 40  # of what a cell says, in a refusal


def _number(value: float, found: Any) -> Cell:
    """A number without an exponent or a needless point; with the zeros in front that its format shows."""
    if value != int(value):
        return f"{Decimal(repr(value)):f}"
    if abs(value) >= EXACT:
        return Bad("equipment.digits_lost")
    whole = int(value)
    text = str(whole)
    if ZEROS.fullmatch(found.number_format):
        return text.zfill(len(found.number_format))
    if 0 < whole <= LAST_DAY:
        day = from_excel(whole, found.parent.parent.epoch)
        if isinstance(day, datetime):
            return Counted.of(text, day.date())
    return text
