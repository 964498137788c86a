"""Reading who has taken up the regulation, what is said of it, and its reviews."""

from anxiu.uptake.queries.reading import (
    VIEW,
    Sitting,
    base_of,
    changed_since,
    counts,
    mine,
    my_reading,
    overdue_versions,
    readings,
    sitting,
)
from anxiu.uptake.queries.remarks import VIEW_NAMES, VIEW_REMARKS, author_of, remarks, remarks_on
from anxiu.uptake.queries.reviews import VIEW_REVIEWS, FigureChange, decisions, figures_changed, reviews
from anxiu.uptake.queries.sessions import sessions

__all__ = [
    "VIEW",
    "VIEW_NAMES",
    "VIEW_REMARKS",
    "VIEW_REVIEWS",
    "FigureChange",
    "Sitting",
    "author_of",
    "base_of",
    "changed_since",
    "counts",
    "decisions",
    "figures_changed",
    "mine",
    "my_reading",
    "overdue_versions",
    "readings",
    "remarks",
    "remarks_on",
    "reviews",
    "sessions",
    "sitting",
]
