"""The statements that cost most where a million orders are, with the plans the database ran them by.

`make bench ARGS="million"` notes every statement of the pages and searches it asks for, and writes the ten heaviest to
`plans.md`; `make bench ARGS="plans"` asks the pages and searches only.
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

MOST = 10
LEAST = 3  # times asked: the first one may have read from the disk
WIDTH = 150
WRITTEN = Path(__file__).parent / "plans.md"
_LIST = re.compile(r"(%s, )+%s")


@dataclass
class Seen:
    """A statement, what it was last asked with, how long it took each time in milliseconds, and by which pages."""

    text: str
    values: Any
    spent: list[float] = field(default_factory=list)
    pages: dict[str, int] = field(default_factory=dict)


class Watch:
    """Notes what is asked of the database, while it looks."""

    def __init__(self) -> None:
        self.page = ""
        self.seen: dict[str, Seen] = {}

    @contextmanager
    def of(self, page: str) -> Iterator[None]:
        """Note the statements of a page."""
        from django.db import connection

        self.page = page
        with connection.execute_wrapper(self._note):
            yield

    def _note(self, execute: Callable[..., Any], sql: Any, values: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        answer = execute(sql, values, many, context)
        if isinstance(sql, str) and sql.lstrip().upper().startswith(("SELECT", "WITH")) and "FOR UPDATE" not in sql:
            known = self.seen.setdefault(_LIST.sub("…", sql), Seen(sql, values))
            known.text, known.values = sql, values
            known.spent.append((time.perf_counter() - began) * 1000)
            known.pages[self.page] = known.pages.get(self.page, 0) + 1
        return answer

    def heaviest(self) -> list[Seen]:
        """Those that take longest, the longest first."""
        often = [each for each in self.seen.values() if len(each.spent) >= LEAST]
        return sorted(often, key=lambda each: median(each.spent), reverse=True)[:MOST]


def write(found: Sequence[Seen], facts: str) -> None:
    """Ask each once more, to be told how it was run, and write all of it down."""
    lines = [
        "# Plans of the ten heaviest statements", "",
        "Written by `make bench ARGS=\"million\"` (bench/plans.py): of all statements of the pages and searches, those with the",
        f"longest median, each explained with the values it was last asked with. {facts}", "",
    ]  # fmt: skip
    for number, each in enumerate(found, 1):
        pages = sorted(each.pages, key=lambda page: -each.pages[page])
        more = f" and {len(pages) - 3} more" if len(pages) > 3 else ""
        lines += [
            f"## {number}. {median(each.spent):.0f} ms: {', '.join(pages[:3])}{more}",
            f"Asked {len(each.spent)} times, {min(each.spent):.0f} to {max(each.spent):.0f} ms.", "",
            "```sql", *_folded(_without_columns(each.text)), "```", "",
            "```", *_plan(each), "```", "",
        ]  # fmt: skip
    WRITTEN.write_text("\n".join(lines), encoding="utf-8")


def _plan(each: Seen) -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, buffers, settings) {each.text}", each.values)
        return [line if len(line) <= WIDTH else line[:WIDTH] + " …" for (line,) in cursor.fetchall()]


def _without_columns(text: str) -> str:
    """A statement from its outermost FROM on; what it reads is long and says little."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if not depth and text.startswith(" FROM ", place):
            return f"select …{text[place:]}"
    return text


def _folded(text: str) -> Iterator[str]:
    """A statement in lines; it stands in the program otherwise, so that its end is enough."""
    said = " ".join(text.split())
    said = said if len(said) <= 12 * WIDTH else said[: 12 * WIDTH] + " …"
    while said:
        end = len(said) if len(said) <= WIDTH else max(said.rfind(" ", 0, WIDTH), 1)
        yield said[:end].strip()
        said = said[end:]
