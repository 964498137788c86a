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

__all__ = [
    "VIEW",
    "Sitting",
    "base_of",
    "changed_since",
    "counts",
    "mine",
    "my_reading",
    "overdue_versions",
    "readings",
    "sitting",
]
