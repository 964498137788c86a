"""What kinds of to-dos there are. The app that opens a kind declares its words here."""

from typing import Final

from django.utils.functional import Promise

WORDS: Final[dict[str, Promise | str]] = {}


def declare(kind: str, words: Promise | str) -> str:
    """Make a kind known, with what people call it."""
    if kind in WORDS:
        raise ValueError(f"duty kind {kind} is declared twice")
    WORDS[kind] = words
    return kind
