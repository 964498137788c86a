"""The quality guarantee on a repair: how long it runs, and what falls under it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Terms:
    """The period of a guarantee, both days included, and whose figure decided: the regulation's or the statute's."""

    days: int
    from_date: date
    until_date: date
    because: str


def guarantee_terms(regulation_days: int, statutory_days: int, completed: date) -> Terms:
    """The regulation's days, never fewer than the statute's minimum for the product; from the day of completion."""
    days = max(regulation_days, statutory_days)
    because = "regulation" if regulation_days >= statutory_days else "statutory"
    return Terms(days, completed, completed + timedelta(days=days), because)


@dataclass(frozen=True, slots=True)
class Claim:
    """A guarantee that a new fault may fall under."""

    guarantee_id: int
    order_id: int
    fault_class_id: int | None
    until_date: date


def claim(guarantees: Iterable[Claim], fault_class_id: int | None, on: date) -> Claim | None:
    """The guarantee that covers this class of fault on this day; the one that runs longest when there are several."""
    if fault_class_id is None:
        return None
    covering = [each for each in guarantees if each.fault_class_id == fault_class_id and on <= each.until_date]
    return max(covering, key=lambda each: each.until_date) if covering else None
