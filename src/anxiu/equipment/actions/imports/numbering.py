"""Orders without a number are told apart by what they say, and those that say the same by how often it was said."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace

from anxiu.equipment.actions.imports.lines import Line, OrderLine, Problem, digest_of_line


def numbered(lines: Iterable[Line | Problem]) -> Iterator[Line | Problem]:
    """The lines, each order without a number with how many like it came so far.

    The counts lie in a private file that SQLite removes by itself: a file may have more lines than memory holds.
    """
    with closing(sqlite3.connect("")) as counts:
        counts.execute("create table said (digest blob primary key, n integer not null) without rowid")
        for line in lines:
            if isinstance(line, OrderLine) and not line.key:
                found = counts.execute(
                    "insert into said values (?, 1) on conflict (digest) do update set n = n + 1 returning n",
                    [bytes.fromhex(digest_of_line(line))],
                )
                yield replace(line, nth=found.fetchone()[0])
            else:
                yield line
