"""Closed lists of the hooks app."""

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a delivery stands."""

    QUEUED = "queued"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"


WAITING: Final = frozenset({State.QUEUED, State.SENDING})


class Reason(StrEnum):
    """Why an attempt did not deliver."""

    ANSWER = "answer"
    REDIRECT = "redirect"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    UNKNOWN_HOST = "unknown_host"
    INSIDE = "inside"
    CERTIFICATE = "certificate"
    BAD_ADDRESS = "bad_address"
    INTERRUPTED = "interrupted"
    SWITCHED_OFF = "switched_off"


class Off(StrEnum):
    """By whom a target was switched off: a person, or the program after it failed too long."""

    PERSON = "person"
    FAILING = "failing"
