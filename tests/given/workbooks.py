"""Files as people have them: real workbooks, and text in the encodings that programs write."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904


def a_workbook(path: Path, rows: Sequence[Sequence[Any]], *, mac: bool = False, formats: dict[str, str] | None = None) -> Path:
    """A workbook with these rows on its first sheet."""
    book = Workbook()
    if mac:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for place, shown in (formats or {}).items():
        sheet[place].number_format = shown
    book.save(path)
    return path
