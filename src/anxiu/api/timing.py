"""Moments, days and keys as the API takes them: within what the database and the calendar can hold."""

from datetime import date
from typing import Annotated

from ninja import Path as InPath
from pydantic import AfterValidator, StringConstraints

from anxiu.api.order_schemas.asked import Moment

LARGEST_KEY = (1 << 63) - 1
FIRST_YEAR, LAST_YEAR = 2000, 2100


def _near(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("a day between the years 2000 and 2100")
    return day


Day = Annotated[date, AfterValidator(_near)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
RowKey = Annotated[int, InPath(ge=1, le=LARGEST_KEY)]
Year = Annotated[int, InPath(ge=FIRST_YEAR, le=LAST_YEAR)]
SlugInPath = Annotated[str, InPath(max_length=32, pattern=r"^[A-Za-z0-9_-]+$")]

__all__ = ["Clock", "Day", "Moment", "RowKey", "SlugInPath", "Year"]
