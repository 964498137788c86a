"""Asking the API for a change twice with one key, as a program does whose first answer was lost."""

from itertools import count
from typing import Any

_count = count(1)


def twice(caller: Any, path: str, body: dict[str, Any] | None = None, status: int = 200) -> Any:
    """What is answered, once it is sure that the repetition gets the same and says so."""
    key = f"twice-{next(_count)}"
    first = caller.post(path, body, key=key)
    assert first.status_code == status, first.content
    again = caller.post(path, body, key=key)
    assert (again.status_code, again.content) == (status, first.content)
    assert again["Idempotent-Replayed"] == "true"
    return first.json()


def refused(answer: Any, status: int) -> str:
    """The code of a refusal, once it is sure that it is one, and a problem."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.content
    return str(answer.json()["code"])
