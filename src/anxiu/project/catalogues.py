"""Compiles the translations: `.po` texts into the `.mo` files that Django reads. Needs nothing but Python.

The compiled files are not kept in the repository; `anxiu run`, the container build and the tests make those that are
missing or older than their text.
"""

import ast
import os
import struct
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
MAGIC = 0x950412DE


@dataclass
class _Entry:
    """One message while it is read."""

    fuzzy: bool = False
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        context, plural = self.parts.get("msgctxt"), self.parts.get("msgid_plural")
        key = self.parts.get("msgid", "") if context is None else f"{context}\x04{self.parts.get('msgid', '')}"
        return key if plural is None else f"{key}\x00{plural}"

    @property
    def text(self) -> str:
        return "\x00".join(text for name, text in sorted(self.parts.items()) if name.startswith("msgstr"))


def compile_all(root: Path = PACKAGE) -> int:
    """Compile what is missing or out of date below a folder; how many files were written."""
    stale = [path for path in root.rglob("LC_MESSAGES/*.po") if not _is_current(path)]
    for path in stale:
        _write(path.with_suffix(".mo"), compiled(path.read_text("utf-8")))
    return len(stale)


def compiled(text: str) -> bytes:
    """The binary catalogue of one `.po` text. Untranslated and fuzzy messages are left out: English shows instead."""
    messages = {
        entry.key.encode(): entry.text.encode()
        for entry in _entries(text)
        if entry.text.strip("\x00") and (not entry.fuzzy or not entry.key)
    }
    keys = sorted(messages)
    count, offset = len(keys), 28 + 16 * len(keys)
    tables: list[bytes] = []
    for strings in (keys, [messages[key] for key in keys]):
        for string in strings:
            tables.append(struct.pack("<II", len(string), offset))
            offset += len(string) + 1
    head = struct.pack("<7I", MAGIC, 0, count, 28, 28 + 8 * count, 0, 0)
    texts = [*keys, *(messages[key] for key in keys)]
    return head + b"".join(tables) + b"".join(text + b"\x00" for text in texts)


def _entries(text: str) -> Iterator[_Entry]:
    entry, current = _Entry(), ""
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if line.startswith("#"):
            if any(name.startswith("msgstr") for name in entry.parts):
                yield entry
                entry, current = _Entry(), ""
            entry.fuzzy |= line.startswith("#,") and "fuzzy" in line
        elif line.startswith("msg"):
            keyword, _, quoted = line.partition(" ")
            if keyword in ("msgid", "msgctxt") and any(name.startswith("msgstr") for name in entry.parts):
                yield entry
                entry = _Entry()
            current = keyword
            entry.parts[current] = _unquoted(quoted, number)
        elif line.startswith('"'):
            entry.parts[current] += _unquoted(line, number)
        elif line:
            raise ValueError(f"line {number} is not part of a message: {line}")
    if entry.parts:
        yield entry


def _unquoted(quoted: str, number: int) -> str:
    try:
        text = ast.literal_eval(quoted.strip())
    except (SyntaxError, ValueError) as error:
        raise ValueError(f"line {number} is not a quoted text: {quoted}") from error
    return str(text)


def _is_current(path: Path) -> bool:
    target = path.with_suffix(".mo")
    return target.exists() and target.stat().st_mtime_ns >= path.stat().st_mtime_ns


def _write(target: Path, data: bytes) -> None:
    """Put the file in place at once: a reader sees the old one or the new one."""
    descriptor, name = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
    os.chmod(name, 0o644)
    os.replace(name, target)
