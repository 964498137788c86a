"""Hours in which nobody is called. Deadlines pass in them as at any other time; only the call waits."""

from collections.abc import Sequence
from datetime import datetime

from anxiu.sla.rules.calendar import ONE_DAY, WorkingCalendar, utc


def heard_at(quiet: Sequence[WorkingCalendar], at: datetime) -> datetime:
    """The first instant not before `at` at which no calendar of `quiet` counts.

    Hours that leave no such instant within a day are a mistake, and then nobody is kept from being called.
    """
    at = moment = utc(at)
    while (end := max((_end(each, moment) for each in quiet), default=moment)) > moment:
        if end >= at + ONE_DAY:
            return at
        moment = end
    return moment


def _end(quiet: WorkingCalendar, at: datetime) -> datetime:
    """When the quiet hours that hold at an instant are over; the instant itself where it is not quiet."""
    today = quiet.local_date(at)
    for day in (today - ONE_DAY, today):
        for window in quiet.windows(day):
            if window.opens <= at < window.closes:
                return window.closes
    return at
