"""Closed lists of the regulation app."""

from enum import StrEnum
from typing import Final


class VersionState(StrEnum):
    """Where a version stands. A draft may be changed; from its review on the text stays as it is.

    A version is in force from its moment on, which may lie ahead; then it is only withdrawn. On trial it holds in some
    places only, until it is rolled out or withdrawn. What never came into force is discarded, and kept on record.
    """

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    ON_TRIAL = "on_trial"
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


UNDER_WAY: Final = frozenset({VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.APPROVED})
BEGUN: Final = frozenset({VersionState.IN_FORCE, VersionState.WITHDRAWN})  # what may have a beginning of its own
HELD: Final = BEGUN | {VersionState.ON_TRIAL}  # holds somewhere, or once did


class PilotOutcome(StrEnum):
    """What was decided of a pilot."""

    ROLLED_OUT = "rolled_out"
    WITHDRAWN = "withdrawn"


class GroupRole(StrEnum):
    """What somebody does in a working group."""

    LEAD = "lead"
    MEMBER = "member"


class Control(StrEnum):
    """What holds a clause: a figure the system enforces, a gate, an indicator, or a person who checks."""

    VALUE = "value"
    GATE = "gate"
    INDICATOR = "indicator"
    MANUAL = "manual"


class Origin(StrEnum):
    """Where a figure comes from: a published regulation, the makers of this preset, or the company itself."""

    PUBLISHED = "published"
    OURS = "ours"
    COMPANY = "company"


class Severity(StrEnum):
    """How much hangs on a fault; figures by severity are tables over this list, worst first."""

    URGENT = "urgent"
    NORMAL = "normal"
    MINOR = "minor"


class OrderType(StrEnum):
    """What kind of service is ordered; a version of the regulation may hold for one of them."""

    REPAIR = "repair"
    INSTALLATION = "installation"
    MAINTENANCE = "maintenance"
    INSPECTION = "inspection"
    TRAINING = "training"
    REMOTE = "remote"
