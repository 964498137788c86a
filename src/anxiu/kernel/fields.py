"""Form of closed lists in tables."""

from enum import StrEnum


def choices(enum: type[StrEnum]) -> list[tuple[str, str]]:
    """A closed list as Django wants it; labels live in templates, not in tables."""
    return [(each.value, each.value) for each in enum]
