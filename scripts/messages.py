"""Translations without the gettext programs. Standard library only.

    python3 scripts/messages.py compile     every src/anxiu/**/locale/**/*.po to its .mo, where the .po is newer
    python3 scripts/messages.py check       texts of the program that have no Chinese, or whose placeholders differ

A .po keeps its place beside the app whose texts it holds; .mo files are built and never committed.
"""

import ast
import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "anxiu"
LANGUAGE = "zh_Hans"
MO_MAGIC = 0x950412DE
CONTEXT_END = "\x04"
PLURAL_END = "\0"
PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
TAG = re.compile(r"""\{%\s*(?:trans|translate)\s+(?:"([^"]*)"|'([^']*)')(?:[^%]|%(?!\}))*?(?:context\s+["']([^"']*)["'][^%]*)?%\}""")
BLOCK = re.compile(r"\{%\s*(blocktrans(?:late)?)\b([^%]*)%\}(.*?)\{%\s*end\1\s*%\}", re.DOTALL)
BLOCK_PLURAL = re.compile(r"\{%\s*plural\s*%\}")
VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class CatalogueError(ValueError):
    """A .po file that cannot be read; the text says where."""


@dataclass(frozen=True)
class Text:
    """A text of the program: its key in the catalogue and where it stands."""

    key: str
    place: str

    @property
    def shown(self) -> str:
        """The key as a person reads it."""
        return self.key.replace(CONTEXT_END, " | ").replace(PLURAL_END, " / ")


# ---- catalogues ------------------------------------------------------------------------------------------------------
def read(path: Path) -> dict[str, str]:
    """Key to translation of one .po; fuzzy, obsolete and empty ones are left out, a double one is an error."""
    found: dict[str, str] = {}
    for number, entry, fuzzy in _entries(path):
        ids = entry.get("msgid", "")
        if "msgid_plural" in entry:
            ids += PLURAL_END + entry["msgid_plural"]
        key = (entry["msgctxt"] + CONTEXT_END if "msgctxt" in entry else "") + ids
        forms = [entry[name] for name in sorted(entry) if name.startswith("msgstr")]
        if not all(forms) or (fuzzy and key):
            continue
        if key in found:
            raise CatalogueError(f"{path}:{number}: {key!r} is there twice")
        found[key] = PLURAL_END.join(forms)
    return found


def _entries(path: Path) -> Iterator[tuple[int, dict[str, str], bool]]:
    entry: dict[str, str] = {}
    fuzzy, name, start = False, "", 0
    for number, raw in enumerate([*path.read_text(encoding="utf-8").splitlines(), ""], 1):
        line = raw.strip()
        if line.startswith("#"):
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        if not line:
            if entry:
                yield start, entry, fuzzy
            entry, fuzzy, name = {}, False, ""
            continue
        match = re.fullmatch(r'(?:(msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)\s+)?(".*")', line)
        if not match or not (match[1] or name):
            raise CatalogueError(f"{path}:{number}: cannot read {raw!r}")
        if match[1] in {"msgid", "msgctxt"} and "msgstr" in "".join(entry):
            raise CatalogueError(f"{path}:{number}: an empty line is missing before this entry")
        name, start = match[1] or name, start if entry else number
        entry[name] = entry.get(name, "") + ast.literal_eval(match[2])


def pack(messages: dict[str, str]) -> bytes:
    """The .mo form: sorted keys, two tables of length and offset, then the texts."""
    rows = sorted((key.encode(), value.encode()) for key, value in messages.items())
    count, header = len(rows), 7 * 4
    at = header + 16 * count
    tables: list[bytes] = []
    for column in (0, 1):
        for row in rows:
            tables.append(struct.pack("<II", len(row[column]), at))
            at += len(row[column]) + 1
    texts = b"".join(row[column] + b"\0" for column in (0, 1) for row in rows)
    return struct.pack("<7I", MO_MAGIC, 0, count, header, header + 8 * count, 0, at) + b"".join(tables) + texts


def catalogues(language: str = "*") -> list[Path]:
    """Every .po of the program."""
    return sorted(SOURCE.glob(f"**/locale/{language}/LC_MESSAGES/*.po"))


def compile_all() -> int:
    """Build each .mo that is missing or older than its .po; how many were built."""
    built = 0
    for path in catalogues():
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        fresh = target.with_suffix(".mo.new")
        fresh.write_bytes(pack(read(path)))
        fresh.replace(target)
        built += 1
    return built


# ---- texts of the program --------------------------------------------------------------------------------------------
def texts() -> Iterator[Text]:
    """Every text that is marked for translation in code and templates."""
    for path in sorted(SOURCE.rglob("*.py")):
        yield from _in_python(path)
    for pattern in ("*.html", "*.txt"):
        for path in sorted(SOURCE.rglob(f"templates/**/{pattern}")):
            yield from _in_template(path)


def _in_python(path: Path) -> Iterator[Text]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        given = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        place = f"{path.relative_to(ROOT)}:{node.lineno}"
        if name in PLAIN and given:
            yield Text(given[0], place)
        elif name in PLURAL and len(given) > 1:
            yield Text(PLURAL_END.join(given[:2]), place)
        elif name in CONTEXT and len(given) > 1:
            yield Text(CONTEXT_END.join(given[:2]), place)


def _in_template(path: Path) -> Iterator[Text]:
    content = path.read_text(encoding="utf-8")

    def place(match: re.Match[str]) -> str:
        return f"{path.relative_to(ROOT)}:{content.count(chr(10), 0, match.start()) + 1}"

    for match in TAG.finditer(content):
        text = match[1] if match[1] is not None else match[2]
        yield Text((match[3] + CONTEXT_END if match[3] else "") + text, place(match))
    for match in BLOCK.finditer(content):
        options, body = match[2], match[3]
        parts = [_block_text(part, trimmed="trimmed" in options) for part in BLOCK_PLURAL.split(body)]
        yield Text(PLURAL_END.join(parts), place(match))


def _block_text(body: str, *, trimmed: bool) -> str:
    text = VARIABLE.sub(r"%(\1)s", body.replace("%", "%%"))
    return " ".join(line.strip() for line in text.strip().splitlines()) if trimmed else text


# ---- check -----------------------------------------------------------------------------------------------------------
def problems() -> list[str]:
    """What a reader of Chinese would stumble over, one line each."""
    known: dict[str, str] = {}
    found: list[str] = []
    for path in catalogues(LANGUAGE):
        for key, value in read(path).items():
            known.setdefault(key, value)
            if key and not _same_places(key, value):
                found.append(f"{path.relative_to(ROOT)}: placeholders differ: {key!r} -> {value!r}")
    missing: dict[str, Text] = {}
    for text in texts():
        if text.key and text.key not in known:
            missing.setdefault(text.key, text)
    return found + [f"{text.place}: no Chinese for {text.shown!r}" for text in missing.values()]


def _same_places(key: str, value: str) -> bool:
    singular, *plural = key.split(CONTEXT_END)[-1].split(PLURAL_END)
    wanted = {frozenset(PLACEHOLDER.findall(each)) for each in (singular, *plural)}
    return all(frozenset(PLACEHOLDER.findall(form)) in wanted for form in value.split(PLURAL_END))


def main(arguments: list[str]) -> int:
    """The command line."""
    if arguments == ["compile"]:
        print(f"{compile_all()} catalogues compiled")
        return 0
    if arguments == ["check"]:
        found = problems()
        print("\n".join(found) if found else "every text has its Chinese")
        return 1 if found else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
