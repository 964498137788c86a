"""What an address or a plain field gives, read: a whole number, a day, a moment; nothing where it is no such thing.

Anybody may write an address. What comes out of here fits the columns it is compared with, and a day or a moment leaves
room for what is reckoned from it.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final, TypeVar

from django.utils.dateparse import parse_date, parse_datetime

DIGITS: Final = 18  # any number of so many digits fits a column of 8 bytes
FIRST_YEAR, LAST_YEAR = 1900, 2999  # source: own choice; nobody serves machines before or after

D = TypeVar("D", bound=date)


def number(text: str) -> int | None:
    """A whole number in the digits 0 to 9, without a sign."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None


def day(text: str) -> date | None:
    """A date as ISO 8601 writes it."""
    return _in_our_time(parse_date, text)


def moment(text: str) -> datetime | None:
    """A date and time with its offset, as ISO 8601 writes them."""
    found = datetime_in(text)
    return found if found and found.tzinfo else None


def datetime_in(text: str) -> datetime | None:
    """The same with or without an offset, as a field for a local time sends it."""
    return _in_our_time(parse_datetime, text)


def date_of(text: str) -> date | None:
    """A date of any year, as a column may hold one: a contract without an end runs to the last day there is."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def is_text(text: str) -> bool:
    """Whether a text column can hold it: no NUL, no half of a character."""
    return "\0" not in text and not any("\ud800" <= each <= "\udfff" for each in text)


def is_near(at: date) -> bool:
    """Whether a day or a moment is of a year that people may mean."""
    return FIRST_YEAR <= at.year <= LAST_YEAR


def _in_our_time(read: Callable[[str], D | None], text: str) -> D | None:
    try:
        found = read(text)
    except ValueError:
        return None
    return found if found and is_near(found) else None
