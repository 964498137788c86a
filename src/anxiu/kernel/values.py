"""Typed keys of the regulation. The figure is data, written by users; the key, its type and its scope are code.

`Reading` is one version's figures, parsed once and kept: a version in force never changes. Whoever stores versions
answers through `use_source` (the read port), so that lower apps can read without knowing where regulations live.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, Generic, Protocol, TypeVar

from anxiu.kernel.errors import Invalid

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
K = TypeVar("K", bound=StrEnum)


class Scope(StrEnum):
    """What picks the version that is read: the order's, the person's home region's on the day, or the company's."""

    ORDER = "order"
    PERSON = "person"
    COMPANY = "company"


class Kind(Protocol[T]):
    """The type of a value: reads what a person wrote, refuses what is out of range, and writes it back."""

    @property
    def name(self) -> str: ...
    def parse(self, raw: object) -> T: ...
    def dump(self, value: T) -> object: ...


_UNITS: Final = {
    "s": timedelta(seconds=1), "min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1),
}  # fmt: skip
_DURATION = re.compile(r"(?P<n>[0-9]{1,6}) (?P<working>working )?(?P<unit>s|min|h|d)")


def _refuse(expected: str, raw: object) -> Invalid:
    return Invalid("kernel.value_expected", expected=expected, given=str(raw))


@dataclass(frozen=True, slots=True)
class Target:
    """How long something may take, and whether the time runs round the clock or in working hours only."""

    duration: timedelta
    working: bool = False


@dataclass(frozen=True, slots=True)
class TargetKind:
    """`30 min`, `2 h`, `3 d`; `8 working h` counts working hours only."""

    name: str = "target"

    def parse(self, raw: object) -> Target:
        match = _DURATION.fullmatch(raw) if isinstance(raw, str) else None
        if not match:
            raise _refuse("30 min, 2 h, 3 d, 8 working h", raw)
        return Target(int(match["n"]) * _UNITS[match["unit"]], bool(match["working"]))

    def dump(self, value: Target) -> str:
        for unit in ("d", "h", "min"):
            count, rest = divmod(value.duration, _UNITS[unit])
            if not rest:
                return f"{count} {'working ' if value.working else ''}{unit}"
        return f"{int(value.duration.total_seconds())} {'working ' if value.working else ''}s"


@dataclass(frozen=True, slots=True)
class DurationKind:
    """A plain span: `30 min`, `2 h`, `30 d`."""

    name: str = "duration"

    def parse(self, raw: object) -> timedelta:
        target = TargetKind().parse(raw)
        if target.working:
            raise _refuse("30 min, 2 h, 3 d", raw)
        return target.duration

    def dump(self, value: timedelta) -> str:
        return TargetKind().dump(Target(value))


@dataclass(frozen=True, slots=True)
class IntegerKind:
    """A whole number within bounds, both included; `unit` is shown behind it."""

    least: int
    most: int
    unit: str = ""
    name: str = "integer"

    def parse(self, raw: object) -> int:
        if not isinstance(raw, int) or isinstance(raw, bool) or not self.least <= raw <= self.most:
            raise _refuse(f"{self.least} … {self.most}", raw)
        return raw

    def dump(self, value: int) -> int:
        return value


def percent() -> IntegerKind:
    """A share of a hundred."""
    return IntegerKind(0, 100, "%", "percent")


@dataclass(frozen=True, slots=True)
class FlagKind:
    """Yes or no."""

    name: str = "flag"

    def parse(self, raw: object) -> bool:
        if not isinstance(raw, bool):
            raise _refuse("true, false", raw)
        return raw

    def dump(self, value: bool) -> bool:  # noqa: FBT001  the value itself
        return value


@dataclass(frozen=True, slots=True)
class ChoiceKind(Generic[K]):
    """One of a closed list."""

    choices: type[K]
    name: str = "choice"

    def parse(self, raw: object) -> K:
        try:
            return self.choices(str(raw))
        except ValueError:
            raise _refuse(", ".join(self.choices), raw) from None

    def dump(self, value: K) -> str:
        return value.value


@dataclass(frozen=True, slots=True)
class ListKind(Generic[T]):
    """Several of one kind, in order."""

    item: Kind[T]
    name: str = "list"

    def parse(self, raw: object) -> tuple[T, ...]:
        if not isinstance(raw, list | tuple):
            raise _refuse("[ … ]", raw)
        return tuple(self.item.parse(each) for each in raw)

    def dump(self, value: tuple[T, ...]) -> list[object]:
        return [self.item.dump(each) for each in value]


C = TypeVar("C", bound=str)


def _added_up(figures: dict[C, T], total: int | None) -> dict[C, T]:
    """The figures, refused unless they add up to the total that is asked for."""
    if total is not None and (given := sum(each for each in figures.values() if isinstance(each, int))) != total:
        raise _refuse(f"Σ {total}", f"Σ {given}")
    return figures


@dataclass(frozen=True, slots=True)
class TableKind(Generic[K, T]):
    """One figure for each row of a closed list (each severity, each grade); none may be missing.

    With a `total` the figures are weights that add up to it.
    """

    rows: type[K]
    cell: Kind[T]
    name: str = "table"
    total: int | None = None

    def parse(self, raw: object) -> Mapping[K, T]:
        if not isinstance(raw, Mapping) or raw.keys() != {row.value for row in self.rows}:
            raise _refuse(", ".join(self.rows), raw)
        return _added_up({row: self.cell.parse(raw[row.value]) for row in self.rows}, self.total)

    def dump(self, value: Mapping[K, T]) -> dict[str, object]:
        return {row.value: self.cell.dump(cell) for row, cell in value.items()}


@dataclass(frozen=True, slots=True)
class MapKind(Generic[T]):
    """Figures by a code that is itself data (a grade, a post, a fault class); with a `total` they add up to it."""

    cell: Kind[T]
    name: str = "map"
    total: int | None = None

    def parse(self, raw: object) -> Mapping[str, T]:
        if not isinstance(raw, Mapping):
            raise _refuse("{ … }", raw)
        return _added_up({str(code): self.cell.parse(cell) for code, cell in raw.items()}, self.total)

    def dump(self, value: Mapping[str, T]) -> dict[str, object]:
        return {code: self.cell.dump(cell) for code, cell in value.items()}


@dataclass(frozen=True, slots=True)
class TextKind:
    """A code or a word, not empty, at most 200 characters."""

    name: str = "text"

    def parse(self, raw: object) -> str:
        if not isinstance(raw, str) or not raw.strip() or len(raw) > 200:
            raise _refuse("text", raw)
        return raw

    def dump(self, value: str) -> str:
        return value


_HOURS: Final = re.compile(r"(?P<opens>([01]\d|2[0-3]):[0-5]\d)-(?P<closes>([01]\d|2[0-3]):[0-5]\d|24:00)")


@dataclass(frozen=True, slots=True)
class HoursKind:
    """A stretch of a day, `09:00-12:00`; `24:00` closes a day, a close before its open is on the next."""

    name: str = "hours"

    def parse(self, raw: object) -> str:
        match = _HOURS.fullmatch(raw) if isinstance(raw, str) else None
        if not match or match["opens"] == match["closes"]:
            raise _refuse("09:00-12:00", raw)
        return str(raw)

    def dump(self, value: str) -> str:
        return value


@dataclass(frozen=True, slots=True)
class Words:
    """A text that people read, in both languages."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """The text for a language code such as `zh-hans` or `en`."""
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class WordsKind:
    """`{ zh = "…", en = "…" }`, both present."""

    name: str = "words"

    def parse(self, raw: object) -> Words:
        if not isinstance(raw, Mapping) or raw.keys() != {"zh", "en"}:
            raise _refuse("{ zh, en }", raw)
        text = TextKind()
        return Words(text.parse(raw["zh"]), text.parse(raw["en"]))

    def dump(self, value: Words) -> dict[str, str]:
        return {"zh": value.zh, "en": value.en}


@dataclass(frozen=True, slots=True)
class RecordKind(Generic[T]):
    """A small row with named, typed parts, read into a frozen dataclass."""

    record: Callable[..., T]
    parts: Mapping[str, Kind[Any]]
    name: str = "record"

    def parse(self, raw: object) -> T:
        if not isinstance(raw, Mapping) or raw.keys() != self.parts.keys():
            raise _refuse(", ".join(self.parts), raw)
        return self.record(**{part: kind.parse(raw[part]) for part, kind in self.parts.items()})

    def dump(self, value: T) -> dict[str, object]:
        return {part: kind.dump(getattr(value, part)) for part, kind in self.parts.items()}


@dataclass(frozen=True)
class Value(Generic[T_co]):
    """A typed key of the regulation. Declaring it registers it; every version must hold a figure for it."""

    key: str
    kind: Kind[T_co]  # frozen, and only read from outside
    scope: Scope = field(kw_only=True)
    # What makes a readable figure whole, with the version's other figures at hand: every fault, or nothing.
    check: "Callable[[Any, Reading], Sequence[Invalid]] | None" = field(kw_only=True, default=None)
    # What becomes of the figure a new release ships, from the company's own figures under keys that are gone.
    carry: "Callable[[Mapping[str, Any], Any], Any] | None" = field(kw_only=True, default=None)

    def __post_init__(self) -> None:
        if self.key in REGISTRY:
            raise ValueError(f"value {self.key} is declared twice")
        REGISTRY[self.key] = self


REGISTRY: Final[dict[str, Value[Any]]] = {}


class Reading:
    """The figures of one version. `reading(VALUE)` gives the parsed figure; `used` lists the keys asked for."""

    __slots__ = ("_parsed", "_raw", "used", "version_id")

    def __init__(self, version_id: int, raw: Mapping[str, object], parsed: dict[str, object] | None = None) -> None:
        self.version_id = version_id
        self._raw = raw
        self._parsed: dict[str, object] = {} if parsed is None else parsed
        self.used: set[str] = set()

    def __call__(self, value: Value[T]) -> T:
        self.used.add(value.key)
        if value.key not in self._parsed:
            self._parsed[value.key] = value.kind.parse(self._raw[value.key])
        return self._parsed[value.key]  # type: ignore[return-value]  # parsed by this very value's kind

    def fresh(self) -> "Reading":
        """The same figures with an empty list of used keys; parsed figures are shared."""
        return Reading(self.version_id, self._raw, self._parsed)


_kept: dict[int, Reading] = {}
_source: Callable[[int], Mapping[str, object]] | None = None


def use_source(source: Callable[[int], Mapping[str, object]]) -> None:
    """Name whoever stores versions: version id in, raw figures by key out."""
    global _source  # noqa: PLW0603  set once, when the apps are loaded
    _source = source
    _kept.clear()


def reading(version_id: int) -> Reading:
    """The figures of a version; one query the first time in this process, none afterwards."""
    if version_id not in _kept:
        if _source is None:
            raise RuntimeError("no app answers for the regulation")
        _kept[version_id] = Reading(version_id, _source(version_id))
    return _kept[version_id].fresh()


def forget(version_id: int | None = None) -> None:
    """Drop what is kept of one version (a draft that was edited) or of all."""
    if version_id is None:
        _kept.clear()
    else:
        _kept.pop(version_id, None)
