"""Pure decisions about machines: whether the warranty holds, and until when."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, date
from typing import Final

from anxiu.equipment.choices import CoverBasis

YEAR_MONTHS: Final = 12  # source: the calendar


@dataclass(frozen=True, slots=True)
class Cover:
    """Whether a machine is in warranty, the last day of it, and what that follows from."""

    in_warranty: bool
    until: date | None
    because: CoverBasis


def months_later(start: date, months: int) -> date:
    """The last day of a period of months: the corresponding day, or the end of a month that has none.

    Source: Civil Code of the People's Republic of China, articles 201 and 202.
    """
    index = start.year * YEAR_MONTHS + start.month - 1 + months
    year, month = divmod(index, YEAR_MONTHS)
    if year > MAXYEAR:
        return date.max
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def warranty(
    *, months: int, installed_on: date | None, on: date, sold_on: date | None = None, override: date | None = None
) -> Cover:
    """Whether the warranty holds on a day. What was agreed goes first, then the installation, then the sale.

    A machine of which none is known has no warranty that could be relied on. The last day belongs to the warranty.
    """
    if override is not None:
        until, because = override, CoverBasis.AGREED
    elif installed_on is not None:
        until, because = months_later(installed_on, months), CoverBasis.INSTALLATION
    elif sold_on is not None:
        until, because = months_later(sold_on, months), CoverBasis.SALE
    else:
        return Cover(in_warranty=False, until=None, because=CoverBasis.UNKNOWN)
    return Cover(in_warranty=on <= until, until=until, because=because)
