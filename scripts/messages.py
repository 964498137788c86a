"""Which texts of the program have no Chinese, or a Chinese with other placeholders. Nothing is written.

    .venv/bin/python scripts/messages.py [folder of src/anxiu ...]

A .po keeps its place beside the app whose texts it holds; `anxiu.project.catalogues` compiles it when Anxiu starts.
"""

import ast
import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from anxiu.project.catalogues import compiled

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "anxiu"
LANGUAGE = "zh_Hans"
CONTEXT_END = "\x04"
PLURAL_END = "\0"
PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
TAG = re.compile(
    r"""\{%\s*(?:trans|translate)\s+(?:"([^"]*)"|'([^']*)')"""
    r"""(?:[^%]|%(?!\}))*?(?:context\s+["']([^"']*)["'][^%]*)?%\}"""
)
BLOCK = re.compile(r"\{%\s*(blocktrans(?:late)?)\b([^%]*)%\}(.*?)\{%\s*end\1\s*%\}", re.DOTALL)
BLOCK_PLURAL = re.compile(r"\{%\s*plural\s*%\}")
VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


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
    """Key to translation of one .po, as Django will find it in the compiled form."""
    data = compiled(path.read_text(encoding="utf-8"))
    count, keys, values = struct.unpack_from("<3I", data, 8)

    def text(table: int, row: int) -> str:
        length, offset = struct.unpack_from("<II", data, table + 8 * row)
        return data[offset : offset + length].decode()

    return {text(keys, row): text(values, row) for row in range(count)}


def catalogues() -> list[Path]:
    """Every Chinese .po of the program."""
    return sorted(SOURCE.glob(f"**/locale/{LANGUAGE}/LC_MESSAGES/*.po"))


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
    for path in catalogues():
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
    singular, *plural = key.rsplit(CONTEXT_END, maxsplit=1)[-1].split(PLURAL_END)
    wanted = {frozenset(PLACEHOLDER.findall(each)) for each in (singular, *plural)}
    return all(frozenset(PLACEHOLDER.findall(form)) in wanted for form in value.split(PLURAL_END))


def main(folders: list[str]) -> int:
    """The command line: all of it, or what lies below some folders."""
    wanted = tuple(f"src/anxiu/{folder.strip('/')}/" for folder in folders) or ("",)
    found = [line for line in problems() if line.startswith(wanted)]
    print("\n".join(found) if found else "every text has its Chinese")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
