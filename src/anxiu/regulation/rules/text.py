"""The text of a clause: sentences with placeholders where the figure is said in words.

`{sla.first_response}` stands for a whole figure, `{sla.first_response:urgent}` for one row or part of it.
"""

import re
from dataclasses import dataclass
from typing import Final

_PLACEHOLDER: Final = re.compile(r"\{(?P<key>[a-z_]+\.[a-z_0-9]+)(?::(?P<row>[a-z_0-9]+))?\}")
_BRACE: Final = re.compile(r"[{}]")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Where a figure, or one row of it, is said in a sentence."""

    key: str
    row: str = ""

    @property
    def written(self) -> str:
        """As it stands in the text."""
        return f"{{{self.key}:{self.row}}}" if self.row else f"{{{self.key}}}"


def pieces(text: str) -> tuple[str | Placeholder, ...]:
    """A text cut at its placeholders, in order; the plain pieces are as written."""
    found: list[str | Placeholder] = []
    start = 0
    for match in _PLACEHOLDER.finditer(text):
        if match.start() > start:
            found.append(text[start : match.start()])
        found.append(Placeholder(match["key"], match["row"] or ""))
        start = match.end()
    if start < len(text):
        found.append(text[start:])
    return tuple(found)


def placed(text: str) -> frozenset[str]:
    """The value keys a text says."""
    return frozenset(each.key for each in pieces(text) if isinstance(each, Placeholder))


def stray_braces(text: str) -> bool:
    """Whether a brace is left that belongs to no well-formed placeholder: a slip of the writer."""
    return any(isinstance(each, str) and _BRACE.search(each) for each in pieces(text))


def paragraphs(text: str) -> tuple[str, ...]:
    """A text cut at empty lines; a line break inside a paragraph joins."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return tuple(_joined(block) for block in blocks if block.strip())


def _joined(block: str) -> str:
    """Chinese lines join without a space, others with one."""
    joined = ""
    for line in (each.strip() for each in block.splitlines()):
        gap = " " if joined and joined[-1].isascii() and line[:1].isascii() else ""
        joined += gap + line
    return joined
