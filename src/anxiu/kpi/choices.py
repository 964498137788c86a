"""Codes of measuring."""

from enum import StrEnum


class Verdict(StrEnum):
    """What became of a case under a clause. Exempt: the regulation itself says that it does not count."""

    KEPT = "kept"
    BROKEN = "broken"
    EXEMPT = "exempt"


class Whose(StrEnum):
    """Whose part of the work a case is."""

    OWNER = "owner"
    ENGINEER = "engineer"


class Standing(StrEnum):
    """What can be said of a clause from its cases."""

    KEPT = "kept"
    PARTLY = "partly"
    BROKEN = "broken"
    NO_CASES = "no_cases"
    BY_PEOPLE = "by_people"
    BY_SYSTEM = "by_system"


class Finding(StrEnum):
    """What a comparison found."""

    CHANGED = "changed"
    NOT_DISTINGUISHABLE = "not_distinguishable"
    TOO_FEW = "too_few"
    NO_DATA = "no_data"
