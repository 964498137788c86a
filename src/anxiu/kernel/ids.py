"""Identifiers: UUIDv7 outside (made anywhere, ordered by time) and numbers with a check digit for people."""

import os
import time
from typing import Final
from uuid import UUID

# source: RFC 9562, section 5.7 (layout of version 7)
_VERSION, _VARIANT = 0x7, 0b10
_RANDOM_BYTES = 10
_MILLISECONDS = 1_000_000

# source: H. M. Damm, "Total anti-symmetrische Quasigruppen", 2004: finds every single error and adjacent swap
_DAMM: Final = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def uuid7() -> UUID:
    """A new time-ordered identifier; real time on purpose, so that moved clocks never collide."""
    milliseconds = time.time_ns() // _MILLISECONDS
    noise = int.from_bytes(os.urandom(_RANDOM_BYTES), "big")
    high, low = noise >> 64 & 0xFFF, noise & (1 << 62) - 1
    return UUID(int=(milliseconds & (1 << 48) - 1) << 80 | _VERSION << 76 | high << 64 | _VARIANT << 62 | low)


def check_digit(digits: str) -> str:
    """The digit that makes `digits` a valid number."""
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)


def number(prefix: str, sequence: int, width: int) -> str:
    """`WX` and 421 become `WX00004213`: prefix, sequence padded to `width`, check digit."""
    digits = str(sequence).zfill(width)
    return f"{prefix}{digits}{check_digit(digits)}"


def is_number(text: str, prefix: str) -> bool:
    """Whether `text` is a number of this prefix without a typing error."""
    digits = text.removeprefix(prefix)
    return text.startswith(prefix) and digits.isascii() and digits.isdigit() and check_digit(digits) == "0"
