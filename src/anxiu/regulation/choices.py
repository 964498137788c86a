"""Closed lists of the regulation app."""

from enum import StrEnum


class VersionState(StrEnum):
    """A draft may be changed; a version in force never, it is only withdrawn."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"


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
