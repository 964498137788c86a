"""Figures in words, Chinese and English: for the document people read and for explanations.

The words of codes (severities, reasons, parts of a record) come from `Terms`, so that one figure reads the same
everywhere. A code without a word is a KeyError: the preset's test finds it before a reader does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from anxiu.kernel.values import (
    ChoiceKind,
    DurationKind,
    FlagKind,
    HoursKind,
    IntegerKind,
    Kind,
    ListKind,
    MapKind,
    RecordKind,
    TableKind,
    Target,
    TargetKind,
    TextKind,
    Words,
    WordsKind,
)

_DAYS_FROM: Final = timedelta(days=4)  # source: own choice; people say 72 hours, but 7 days
_MINUTES_TO: Final = timedelta(minutes=100)  # source: own choice; people say 90 minutes, but 2 hours
_UNITS: Final = (
    (timedelta(days=1), "天", ("day", "days")),
    (timedelta(hours=1), "小时", ("hour", "hours")),
    (timedelta(minutes=1), "分钟", ("minute", "minutes")),
    (timedelta(seconds=1), "秒", ("second", "seconds")),
)


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of codes, by list: a closed list's or a record's class name, `units`, `figures` or `codes`."""

    lists: Mapping[str, Mapping[str, Words]]

    def word(self, name: str, code: str, language: str) -> str:
        """The word of a code that must have one."""
        return self.lists[name][code].in_language(language)

    def of(self, member: StrEnum, language: str) -> str:
        """The word of a closed list's member."""
        return self.word(type(member).__name__, member.value, language)

    def data(self, code: str, language: str) -> str:
        """A code that is itself data: its word where one is known, else the code as the company wrote it."""
        words = self.lists.get("codes", {}).get(code)
        return words.in_language(language) if words else code

    def figure(self, key: str, language: str) -> str:
        """What a figure is called; its key where nothing reads it any more."""
        words = self.lists["figures"].get(key)
        return words.in_language(language) if words else key

    def in_order(self, figures: Mapping[str, Any]) -> list[tuple[str, Any]]:
        """Figures by code in the order of our list, since the database does not keep one; unknown codes behind."""
        known = {code: place for place, code in enumerate(self.lists.get("codes", {}))}
        return sorted(figures.items(), key=lambda each: (known.get(each[0], len(known)), each[0]))


@dataclass(frozen=True, slots=True)
class Grid:
    """A figure of many parts as a small table: headings (none for a plain list) and rows of words."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def is_chinese(language: str) -> bool:
    """Whether a language code such as `zh-hans` asks for Chinese."""
    return language.startswith("zh")


def duration_in_words(duration: timedelta, language: str, *, working: bool = False) -> str:
    """A span in its most usual unit: 90 minutes, 72 hours, 7 days. Working time is always said in hours or less."""
    size, zh, en = _unit(abs(duration), working=working)
    count = duration // size
    if is_chinese(language):
        return f"{count} 个工作{zh}" if working else f"{count} {zh}"
    unit = en[0] if abs(count) == 1 else en[1]
    return f"{count} working {unit}" if working else f"{count} {unit}"


def _unit(span: timedelta, *, working: bool) -> tuple[timedelta, str, tuple[str, str]]:
    day, hour, minute, second = _UNITS
    if span % minute[0]:
        return second
    if span < _MINUTES_TO and span % hour[0]:
        return minute
    if span >= _DAYS_FROM and not working and not span % day[0]:
        return day
    return minute if span % hour[0] or not span else hour


def in_words(kind: Kind[Any], value: Any, language: str, terms: Terms) -> str:
    """A parsed figure as part of a sentence."""
    chinese = is_chinese(language)
    match kind:
        case TargetKind():
            assert isinstance(value, Target)
            return duration_in_words(value.duration, language, working=value.working)
        case DurationKind():
            return duration_in_words(value, language)
        case IntegerKind():
            return _number(kind, value, language, terms)
        case FlagKind():
            return ("是" if value else "否") if chinese else ("yes" if value else "no")
        case ChoiceKind():
            return terms.of(value, language)
        case TextKind() | HoursKind():
            return terms.data(value, language)
        case WordsKind():
            return str(value.in_language(language))
        case ListKind():
            return _listed([in_words(kind.item, each, language, terms) for each in value], kind.item, language)
        case TableKind():
            rows = [
                (terms.of(row, language), in_words(kind.cell, cell, language, terms)) for row, cell in value.items()
            ]
            return _tabled(rows, kind.cell, language)
        case MapKind():
            rows = [
                (terms.data(code, language), in_words(kind.cell, cell, language, terms))
                for code, cell in terms.in_order(value)
            ]
            return _tabled(rows, kind.cell, language)
        case RecordKind():
            parts = [f"{name} {words}" for name, words in _named_parts(kind, value, language, terms)]
            return ("，" if chinese else ", ").join(parts)
    raise TypeError(f"no words for a figure of kind {kind.name}")


def row_in_words(kind: Kind[Any], value: Any, row: str, language: str, terms: Terms) -> str:
    """One row of a table or map, or one part of a record, as part of a sentence; KeyError if there is none."""
    match kind:
        case TableKind() | MapKind():
            return in_words(kind.cell, value[row], language, terms)
        case RecordKind():
            return in_words(kind.parts[row], getattr(value, row), language, terms)
    raise KeyError(row)


def grid(kind: Kind[Any], value: Any, language: str, terms: Terms) -> Grid:
    """A parsed figure as rows and columns, for the place below a clause's text."""
    match kind:
        case TableKind():
            return _labelled(
                kind.cell, [(terms.of(row, language), cell) for row, cell in value.items()], language, terms
            )
        case MapKind():
            rows = [(terms.data(code, language), cell) for code, cell in terms.in_order(value)]
            return _labelled(kind.cell, rows, language, terms)
        case ListKind():
            head = _head(kind.item, language, terms)
            head = head if len(head) > 1 else ()  # one column needs no name
            return Grid(head, tuple(_cells(kind.item, each, language, terms) for each in value))
        case RecordKind():
            return Grid((), tuple(_named_parts(kind, value, language, terms)))
    return Grid((), ((in_words(kind, value, language, terms),),))


def lines_of(kind: Kind[Any], value: Any, language: str, terms: Terms) -> tuple[str, ...]:
    """A parsed figure as lines of words, one a row; a figure that fits a sentence is one line."""
    if not is_long(kind) and not isinstance(kind, TableKind | MapKind):
        return (in_words(kind, value, language, terms),)
    shown, filled, label = grid(kind, value, language, terms), [], ""
    for row in shown.rows:
        label = row[0] or label
        filled.append((label, *row[1:]))
    gap = "：" if is_chinese(language) else ": "
    return tuple(row[0] + (gap if row[1:] else "") + " · ".join(row[1:]) for row in filled)


def codes_used(kind: Kind[Any]) -> frozenset[tuple[str, str]]:
    """Every (list, code) that saying a figure of this kind may need a word for."""
    match kind:
        case ChoiceKind():
            return frozenset((kind.choices.__name__, each.value) for each in kind.choices)
        case IntegerKind():
            return frozenset({("units", kind.unit)}) if kind.unit not in ("", "%") else frozenset()
        case TableKind():
            return frozenset((kind.rows.__name__, each.value) for each in kind.rows) | codes_used(kind.cell)
        case MapKind():
            return codes_used(kind.cell)
        case ListKind():
            return codes_used(kind.item)
        case RecordKind():
            own = frozenset((_record_name(kind), part) for part in _parts(kind))
            return own.union(*(codes_used(each) for each in kind.parts.values()))
    return frozenset()


def as_stored(raw: object, language: str) -> str:
    """A figure of an older release, whose kind is gone: a number or plain text as it is stored, a dash for a table."""
    match raw:
        case bool():
            return in_words(FlagKind(), raw, language, Terms({}))
        case int() | float() | str():
            return str(raw)
    return "–"


def is_long(kind: Kind[Any]) -> bool:
    """Whether a figure has rows with parts of their own, too much for a sentence."""
    match kind:
        case RecordKind():
            return True
        case ListKind():
            return isinstance(kind.item, RecordKind | ListKind | TableKind | MapKind | WordsKind)
        case TableKind() | MapKind():
            return isinstance(kind.cell, RecordKind | ListKind | TableKind | MapKind | WordsKind)
    return False


def _number(kind: IntegerKind, value: int, language: str, terms: Terms) -> str:
    if kind.unit == "%":
        return f"{value}%" if is_chinese(language) else f"{value} %"
    if not kind.unit:
        return str(value)
    word = terms.word("units", kind.unit, language)
    one, _, many = word.partition("|")
    return f"{value} {one if abs(value) == 1 or not many else many}"


def _listed(words: list[str], item: Kind[Any], language: str) -> str:
    """Words in a row; a semicolon where the words themselves hold commas."""
    nested = isinstance(item, RecordKind | ListKind | TableKind | MapKind)
    if is_chinese(language):
        return ("；" if nested else "、").join(words) or "无"
    if nested or len(words) <= 1:
        return "; ".join(words) or "none"
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _tabled(rows: list[tuple[str, str]], cell: Kind[Any], language: str) -> str:
    """Figures with their rows behind them: 30 minutes (urgent), 2 hours (normal); said once where all are the same."""
    if rows and len({words for _label, words in rows}) == 1:
        return rows[0][1]
    opens, closes = ("（", "）") if is_chinese(language) else (" (", ")")
    return _listed([f"{words}{opens}{label}{closes}" for label, words in rows], cell, language)


def _record_name(kind: RecordKind[Any]) -> str:
    return kind.record.__name__


def _part_name(kind: RecordKind[Any], part: str, language: str, terms: Terms) -> str:
    return terms.word(_record_name(kind), part, language)


def _parts(kind: RecordKind[Any]) -> dict[str, Kind[Any]]:
    """The parts people read: a code that has words beside it is for machines."""
    has_words = any(isinstance(each, WordsKind) for each in kind.parts.values())
    return {part: of for part, of in kind.parts.items() if part != "code" or not has_words}


def _named_parts(kind: RecordKind[Any], value: Any, language: str, terms: Terms) -> list[tuple[str, str]]:
    return [
        (_part_name(kind, part, language, terms), in_words(of, getattr(value, part), language, terms))
        for part, of in _parts(kind).items()
    ]


def _head(item: Kind[Any], language: str, terms: Terms) -> tuple[str, ...]:
    if not isinstance(item, RecordKind):
        return ()
    return tuple(_part_name(item, part, language, terms) for part in _parts(item))


def _cells(item: Kind[Any], value: Any, language: str, terms: Terms) -> tuple[str, ...]:
    if not isinstance(item, RecordKind):
        return (_cell(item, value, language, terms),)
    return tuple(_cell(of, getattr(value, part), language, terms) for part, of in _parts(item).items())


def _cell(kind: Kind[Any], value: Any, language: str, terms: Terms) -> str:
    """As in a sentence, but a list is a bare list, and an empty one a dash."""
    if isinstance(kind, ListKind) and not value:
        return "–"
    if isinstance(kind, ListKind) and not is_long(kind) and value:
        return ("、" if is_chinese(language) else ", ").join(
            in_words(kind.item, each, language, terms) for each in value
        )
    return in_words(kind, value, language, terms)


def _labelled(cell: Kind[Any], rows: list[tuple[str, Any]], language: str, terms: Terms) -> Grid:
    """Rows with a label in front; a row that is itself a list of records takes several, the label on the first."""
    if isinstance(cell, ListKind) and isinstance(cell.item, RecordKind):
        several = [
            (label if first else "", *_cells(cell.item, each, language, terms))
            for label, listed in rows
            for first, each in zip((True, *(False for _ in listed)), listed, strict=False)
        ]
        return Grid(("", *_head(cell.item, language, terms)), tuple(several))
    head = _head(cell, language, terms)
    cells = tuple((label, *_cells(cell, each, language, terms)) for label, each in rows)
    return Grid(("", *head) if head else (), cells)
