"""Which column of a file holds what: known headings in Chinese and English, or a mapping for another layout."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from anxiu.equipment.choices import ImportKind
from anxiu.equipment.importing.headings import HEADINGS
from anxiu.kernel.errors import Invalid
from anxiu.kernel.grams import folded

BUILT_IN: Final = Path(__file__).parent / "mappings"

NEEDED: Final[dict[ImportKind, frozenset[str]]] = {
    ImportKind.CUSTOMERS: frozenset({"key", "name", "region"}),
    ImportKind.MACHINES: frozenset({"model", "customer", "site"}),
    ImportKind.ORDERS: frozenset({"machine", "date"}),
    ImportKind.MODELS: frozenset({"model", "maker", "name", "family"}),
    ImportKind.PARTS: frozenset({"key", "name", "unit"}),
    ImportKind.PEOPLE: frozenset({"name", "email"}),
    ImportKind.QUALIFICATIONS: frozenset({"engineer", "valid_from"}),
}
# Of these one is enough.
EITHER: Final[dict[ImportKind, frozenset[str]]] = {ImportKind.MACHINES: frozenset({"key", "serial"})}
_REMARK: Final = re.compile(r"[(（\[【].*?[)）\]】]")  # "客户编号（必填）"
_MARKS: Final = re.compile(r"[\s*＊:：_\-./#]+")


@dataclass(frozen=True, slots=True)
class Layout:
    """A file's layout. `columns` names the column of each field; fields left out are looked for by their headings.

    Where `is_whole` nothing is looked for: what `columns` does not name is not in the file.
    """

    kind: ImportKind
    source: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    currency: str = ""
    is_whole: bool = False


def read_layout(name: str) -> Layout:
    """A layout from a file, or one of the built-in ones by name."""
    path = Path(name) if name.endswith(".toml") else BUILT_IN / f"{name}.toml"
    said = tomllib.loads(path.read_text("utf-8"))
    return Layout(ImportKind(said["kind"]), said.get("source", ""), said.get("columns", {}), said.get("currency", ""))


def bare(heading: str) -> str:
    """A heading as it is compared: without remarks in brackets, stars, blanks and case."""
    return _MARKS.sub("", folded(_REMARK.sub("", heading) or heading))


def guess(kind: ImportKind, header: Sequence[str]) -> dict[str, str]:
    """The likely column of each field by its heading; the better known a heading, the earlier; each column once."""
    by_name: dict[str, str] = {}
    for column in header:
        by_name.setdefault(bare(column), column)
    wanted = HEADINGS[kind]
    chances = [
        (rank, name, bare(heading))
        for name, headings in wanted.items()
        for rank, heading in enumerate((*headings, name))
    ]
    found: dict[str, str] = {}
    for _, name, heading in sorted(chances, key=lambda each: each[0]):
        likely = by_name.get(heading)
        if likely is not None and name not in found and likely not in found.values():
            found[name] = likely
    return {name: found[name] for name in wanted if name in found}


def digest_of_header(header: Sequence[str]) -> str:
    """What a set of headings is known by, in whatever order they stand."""
    return sha256("\n".join(sorted(map(bare, header))).encode()).hexdigest()


def lacking(kind: ImportKind, columns: Mapping[str, str]) -> list[str]:
    """Fields that need a column and have none."""
    wanted = NEEDED[kind]
    found = [name for name in HEADINGS[kind] if name in wanted and not columns.get(name)]
    either = EITHER.get(kind, frozenset())
    if either and not any(columns.get(name) for name in either):
        found.append(next(name for name in HEADINGS[kind] if name in either))
    return found


def places(layout: Layout, header: Sequence[str]) -> dict[str, int]:
    """The place of each field in a row, by the file's first line; refuses a file without a column that is needed."""
    at = {folded(name): place for place, name in reversed(list(enumerate(header)))}
    guessed = {} if layout.is_whole else guess(layout.kind, header)
    found: dict[str, int] = {}
    for name, headings in HEADINGS[layout.kind].items():
        column = layout.columns.get(name) or guessed.get(name)
        if column is not None and folded(column) in at:
            found[name] = at[folded(column)]
        elif name in NEEDED[layout.kind] or name in layout.columns:
            raise Invalid("equipment.column_missing", given=column or headings[0])
    return found
