"""Documents made from data: typst templates, our own fonts, the same bytes for the same data.

A template reads `/data.json` and the pictures it names, inside a private folder, and nothing else: text in the data is
never taken for markup. A font that is missing is an error, because typst would draw empty boxes and call it done.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, cast
from zoneinfo import ZoneInfo

from django.conf import settings

from anxiu.kernel.money import Money
from anxiu.kernel.values import Words

if TYPE_CHECKING:
    import typst

FAMILY: Final = "Noto Sans SC"
WEIGHTS: Final = frozenset({400, 700})
SHARED: Final = Path(__file__).parent / "typeset"
SIGNS: Final = {"CNY": "¥", "HKD": "HK$", "USD": "US$", "EUR": "€", "JPY": "JP¥"}
_ENDINGS: Final = (
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"RIFF", "webp"),
    (b"<?xml", "svg"),
    (b"<svg", "svg"),
)
MINUTE: Final = timedelta(minutes=1)


class DocumentFailed(RuntimeError):
    """A template, its fonts or its pictures are wrong; a mistake of ours, not of the person who asked."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture inside a document's data: PNG, JPEG, WebP or SVG."""

    content: bytes


@dataclass(frozen=True, slots=True)
class Style:
    """For whom a document is written: the language of its words, the time zone of its times."""

    language: str
    time_zone: str

    @property
    def chinese(self) -> bool:
        return self.language.startswith("zh")


@cache
def _fonts() -> "typst.Fonts":
    import typst  # 7 MB that a process needs with its first document

    folder = Path(settings.DOCUMENT_FONTS)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
    found = {font.weight for font in fonts.fonts() if font.family == FAMILY}
    if not found >= WEIGHTS:
        raise DocumentFailed(f"{folder} lacks {FAMILY} in weights {sorted(WEIGHTS - found)}; build the front end first")
    return fonts


def render(template: Path, data: object, *, style: Style) -> bytes:
    """A PDF of a template and its data: a dataclass or a mapping, of texts, numbers, dates, money and pictures.

    The template's folder may hold further `.typ` files; `/shared/` holds what all documents have in common.
    """
    with TemporaryDirectory(prefix="anxiu-document-") as name:
        root = Path(name)
        (root / "shared").mkdir()
        for source, target in ((template.parent, root), (SHARED, root / "shared")):
            for each in source.glob("*.typ"):
                copyfile(each, target / each.name)
        body = json.dumps(_Writer(root, style).plain(data), ensure_ascii=False)
        (root / "data.json").write_text(body, encoding="utf-8")
        return _compile(root / template.name, root, style)


def _compile(main: Path, root: Path, style: Style) -> bytes:
    import typst  # as above

    compiler = typst.Compiler(
        str(main), root=str(root), font_paths=_fonts(), ignore_system_fonts=True,
        sys_inputs={"language": "zh" if style.chinese else "en"},
    )  # fmt: skip
    try:
        content, warnings = compiler.compile_with_warnings(format="pdf", timestamp=0)
    except typst.TypstError as error:
        raise DocumentFailed(f"{main.name}: {error.message} {error.diagnostic}") from error
    if warnings:
        raise DocumentFailed(f"{main.name}: {'; '.join(each.message for each in warnings)}")
    return cast("bytes", content)


class _Writer:
    """Turns data into what JSON knows, in the reader's form, and lays pictures beside it."""

    def __init__(self, root: Path, style: Style) -> None:
        self._root, self._style, self._count = root, style, 0

    def plain(self, value: object) -> object:
        match value:
            case None | bool() | int() | str():
                return value.value if isinstance(value, StrEnum) else value
            case datetime():
                return value.astimezone(ZoneInfo(self._style.time_zone)).strftime("%Y-%m-%d %H:%M")
            case date():
                return f"{value.year} 年 {value.month} 月 {value.day} 日" if self._style.chinese else value.isoformat()
            case timedelta():
                return span(value, self._style)
            case Money():
                return amount(value)
            case Words():
                return value.in_language(self._style.language)
            case Picture():
                return self._picture(value.content)
            case Mapping():
                return {str(key): self.plain(each) for key, each in value.items()}
            case list() | tuple():
                return [self.plain(each) for each in value]
            case _ if is_dataclass(value):
                return {each.name: self.plain(getattr(value, each.name)) for each in fields(value)}
        raise TypeError(f"a document cannot show {type(value).__name__}")

    def _picture(self, content: bytes) -> str:
        ending = next((ending for mark, ending in _ENDINGS if content.startswith(mark)), None)
        if ending is None:
            raise DocumentFailed("a picture is neither PNG, JPEG, WebP nor SVG")
        self._count += 1
        path = self._root / f"picture-{self._count}.{ending}"
        path.write_bytes(content)
        return f"/{path.name}"


def amount(money: Money) -> str:
    """`¥1,234.50`; a minus goes first."""
    value = money.amount
    return f"{'−' if value < 0 else ''}{SIGNS[money.currency]}{abs(value):,}"


def span(value: timedelta, style: Style) -> str:
    """`1 小时 30 分` or `1 h 30 min`; whole minutes, as people keep time."""
    hours, minutes = divmod(round(value / MINUTE), 60)
    hour, minute = ("小时", "分") if style.chinese else ("h", "min")
    parts = [f"{hours} {hour}"] if hours else []
    return " ".join([*parts, f"{minutes} {minute}"] if minutes or not hours else parts)
