"""The body of one sample of every event, per version: `python -m tests.shape.golden` adds those that are new.

What was written once is never changed: events of that shape are stored somewhere, and have to be read for ever.
"""

import json
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

PATH = Path(__file__).with_name("golden_events.json")
SEALED = "sealed"


def sample(hint: Any) -> Any:
    """One value of a type."""
    from anxiu.kernel.events import Sealed

    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return sample(next(each for each in inner if each is not type(None)))
    if origin in (tuple, frozenset, list, Sequence):
        made = [sample(each) for each in inner if each is not Ellipsis]
        return origin(made) if origin in (tuple, frozenset, list) else tuple(made)
    if origin in (dict, Mapping):
        return {sample(inner[0]): sample(inner[1])}
    if origin is typing.Literal:
        return inner[0]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return next(iter(hint))
    simple = {
        int: 7, bool: True, str: "code", Sealed: Sealed("text"), datetime: datetime(2026, 5, 11, 1, 0, tzinfo=UTC),
        date: date(2026, 5, 11), timedelta: timedelta(minutes=30), UUID: UUID(int=7), Decimal: Decimal("1.5"),
    }  # fmt: skip
    return simple[hint]


def body_of(cls: type) -> str:
    """The canonical body of a sample of an event, digests of sealed texts replaced: they differ each time."""
    from anxiu.kernel.actor import SYSTEM, Subject
    from anxiu.kernel.events import Fact, _row, canonical

    hints = typing.get_type_hints(cls)
    fact = cls(**{each.name: sample(hints[each.name]) for each in fields(cls)})
    at = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)
    row, sealed = _row(Fact(fact, Subject("order", 7), 3, at), SYSTEM, at)
    body = json.loads(row.body)
    for text in sealed:
        body[text.field] = {SEALED: ""}
    return canonical(body)


def present() -> dict[str, dict[str, str]]:
    """Every event of the program, by kind and present version."""
    from anxiu.kernel.events import KINDS

    ours = {kind: cls for kind, cls in KINDS.items() if cls.__module__.startswith("anxiu.")}
    return {kind: {str(cls.version): body_of(cls)} for kind, cls in sorted(ours.items())}


def stored() -> dict[str, dict[str, str]]:
    """What was written so far."""
    kept: dict[str, dict[str, str]] = json.loads(PATH.read_text(encoding="utf-8")) if PATH.exists() else {}
    return kept


def main() -> None:
    """Add what is new."""
    kept = stored()
    for kind, versions in present().items():
        for version, body in versions.items():
            kept.setdefault(kind, {}).setdefault(version, body)
    PATH.write_text(json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anxiu.project.settings")
    django.setup()
    main()
