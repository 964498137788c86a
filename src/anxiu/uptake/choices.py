"""Closed lists of the uptake app."""

from enum import StrEnum


class ReadingState(StrEnum):
    """Where somebody stands with a version. Lifted: it is not theirs to read any more."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    LIFTED = "lifted"


class RemarkKind(StrEnum):
    """What somebody says of a clause."""

    REMARK = "remark"
    PROPOSAL = "proposal"
    QUESTION = "question"
    MISTAKE = "mistake"


class RemarkState(StrEnum):
    """What became of it."""

    OPEN = "open"
    ANSWERED = "answered"
    TAKEN_UP = "taken_up"


class Decision(StrEnum):
    """What a review decides about a clause."""

    KEEP = "keep"
    AMEND = "amend"
    DROP = "drop"
