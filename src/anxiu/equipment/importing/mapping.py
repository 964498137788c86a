"""Which column of a file holds what: known headings in Chinese and English, or a mapping file for another layout."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from anxiu.equipment.choices import ImportKind
from anxiu.kernel.errors import Invalid
from anxiu.kernel.grams import folded

BUILT_IN: Final = Path(__file__).parent / "mappings"

# Field, then the headings by which it is known, the first of which is written into templates.
HEADINGS: Final[dict[ImportKind, dict[str, tuple[str, ...]]]] = {
    ImportKind.CUSTOMERS: {
        "key": ("客户编号", "customer code", "customer"), "name": ("客户名称", "customer name", "name"),
        "region": ("区域", "region"), "tier": ("客户等级", "tier"), "language": ("语言", "language"),
        "site": ("站点", "site"), "address": ("地址", "address"), "latitude": ("纬度", "latitude"),
        "longitude": ("经度", "longitude"), "contact": ("联系人", "contact"), "phone": ("电话", "phone"),
        "email": ("邮箱", "email"), "role": ("职务", "role"),
    },
    ImportKind.MACHINES: {
        "key": ("设备编号", "machine code", "machine"), "serial": ("序列号", "serial number", "serial"),
        "model": ("型号", "model"), "maker": ("厂家", "maker"), "customer": ("客户编号", "customer code", "customer"),
        "site": ("站点", "site"), "name": ("设备名称", "machine name", "name"), "position": ("安装位置", "position"),
        "installed_on": ("安装日期", "installed on", "installation date"), "sold_on": ("销售日期", "sold on"),
        "warranty_until": ("保修至", "warranty until"), "parent": ("上级设备", "part of"),
    },
    ImportKind.ORDERS: {
        "key": ("单号", "order number", "order"), "machine": ("设备编号", "machine code", "machine", "serial"),
        "date": ("日期", "date"), "text": ("描述", "description", "text"), "kind": ("类型", "type"),
        "cost": ("费用", "cost"),
    },
}  # fmt: skip
NEEDED: Final[dict[ImportKind, frozenset[str]]] = {
    ImportKind.CUSTOMERS: frozenset({"key", "name", "region"}),
    ImportKind.MACHINES: frozenset({"model", "customer", "site"}),
    ImportKind.ORDERS: frozenset({"machine", "date"}),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """A file's layout. `columns` names the column of each field; fields left out are looked for by their headings."""

    kind: ImportKind
    source: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    currency: str = ""


def read_layout(name: str) -> Layout:
    """A layout from a file, or one of the built-in ones by name."""
    path = Path(name) if name.endswith(".toml") else BUILT_IN / f"{name}.toml"
    said = tomllib.loads(path.read_text("utf-8"))
    return Layout(ImportKind(said["kind"]), said.get("source", ""), said.get("columns", {}), said.get("currency", ""))


def places(layout: Layout, header: Sequence[str]) -> dict[str, int]:
    """The place of each field in a row, by the file's first line; refuses a file without a column that is needed."""
    at = {folded(name): place for place, name in reversed(list(enumerate(header)))}
    found: dict[str, int] = {}
    for name, headings in HEADINGS[layout.kind].items():
        wanted = (layout.columns[name],) if name in layout.columns else (*headings, name.replace("_", " "), name)
        for heading in wanted:
            if folded(heading) in at:
                found[name] = at[folded(heading)]
                break
        else:
            if name in NEEDED[layout.kind] or name in layout.columns:
                raise Invalid("equipment.column_missing", given=wanted[0])
    return found
