"""One cell of a file: what it says as text, or why it is not taken."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Self, TypeAlias

from anxiu.kernel.errors import Invalid

# What a spreadsheet carries out when it opens the file again: =…, @SUM(…), +cmd|' /C calc'!A0. A minus or a plus before
# a number or a word is no formula here; exports disarm it.
FORMULA: Final = re.compile(r"[=＝]|[@＠]\s*[A-Za-z][\w.]*\(|[+\-＋－][^|\n]*\|[^!\n]*!")
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
INVISIBLE: Final = "\ufeff\u200b\u200e\u200f\u2060"  # what copying from chat and web pages leaves at the ends
SHORTENED: Final = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bad:
    """A cell that is not taken: the code of the reason, and what fills its sentence."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def refused(self, name: str) -> Invalid:
        """The refusal at the field that this cell was to fill."""
        return Invalid(self.code, field=name, **self.params)


class Counted(str):
    """A whole number of a workbook; where a day is asked for it is the day that the workbook counts so."""

    day: date
    __slots__ = ("day",)

    @classmethod
    def of(cls, text: str, day: date) -> Self:
        """The number as text, and the day."""
        made = cls(text)
        made.day = day
        return made


Cell: TypeAlias = str | Bad


def cell(text: str) -> Cell:
    """A text without blanks around it; not taken is one that a program would carry out or that no one can see."""
    clean = text.strip().strip(INVISIBLE).strip()
    if found := CONTROL.search(clean):
        return Bad("equipment.control_character", {"sign": f"U+{ord(found[0]):04X}"})
    if FORMULA.match(clean):
        return Bad("equipment.formula")
    return clean


def is_empty(each: Cell) -> bool:
    """Whether a cell says nothing."""
    return each == ""
