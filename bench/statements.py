"""How many statements a request costs: the same requests through the whole program, counted in this process.

Counted is what goes to the database between `begin` and `commit`, savepoints included; those two themselves are not.
"""

from collections import Counter
from collections.abc import Callable
from itertools import islice
from typing import Any

from bench.operations import Stream

ASKED = 20
WARM = 5


def count(make: Callable[[], Stream]) -> int:
    """The most that one of a number of requests cost, after a few that fill what a process keeps."""
    return max(len(each) for each in texts(make))


def texts(make: Callable[[], Stream]) -> list[list[str]]:
    """The statements of each request."""
    from django.db import connection
    from django.test import Client

    client, asked = Client(), []
    for number, request in enumerate(islice(make(), WARM + ASKED)):
        noted: list[str] = []

        def note(execute: Callable[..., Any], sql: Any, *rest: Any, noted: list[str] = noted) -> Any:
            noted.append(str(sql))
            return execute(sql, *rest)

        method, path, headers, body = _parts(request)
        with connection.execute_wrapper(note):
            answer = client.generic(method, path, body, content_type="application/json", headers=headers)
        if not 200 <= answer.status_code < 300:
            raise RuntimeError(f"{answer.status_code} for {method} {path}: {answer.content[:500]!r}")
        if number >= WARM:
            asked.append(noted)
    return asked


def often(make: Callable[[], Stream]) -> list[tuple[str, int]]:
    """Which statements they were, and in how many requests; to see what could be saved."""
    return Counter(each for one in texts(make) for each in one).most_common()


def _parts(request: bytes) -> tuple[str, str, dict[str, str], bytes]:
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    named = (line.partition(": ") for line in lines)
    skipped = {"Host", "Content-Type", "Content-Length"}
    return method, path, {name: value for name, _, value in named if name not in skipped}, body
