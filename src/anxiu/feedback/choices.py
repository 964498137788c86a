"""Closed lists of the feedback app."""

from enum import StrEnum


class Via(StrEnum):
    """How a rating reached us."""

    LINK = "link"
    AGENT = "agent"


class RecoveryOutcome(StrEnum):
    """How a recovery ended."""

    CONTENT = "content"
    NEW_ORDER = "new_order"
    NOT_REACHED = "not_reached"
    NOT_CONTENT = "not_content"
