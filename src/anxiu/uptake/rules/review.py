"""When the regulation is reviewed next."""

from calendar import monthrange
from datetime import datetime, tzinfo

MONTHS = 12  # source: the calendar


def next_review(last: datetime, months: int, zone: tzinfo) -> datetime:
    """So many calendar months after the last review, at the same hour; a day that is not there is the month's last."""
    there = last.astimezone(zone)
    count = there.month - 1 + months
    year, month = there.year + count // MONTHS, count % MONTHS + 1
    return there.replace(year=year, month=month, day=min(there.day, monthrange(year, month)[1]))
