"""Closed lists of the mail app."""

from enum import StrEnum
from typing import Final


class Security(StrEnum):
    """How the connection to a mail server is kept private."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class Strangers(StrEnum):
    """What becomes of a mail from an address we do not know."""

    OPEN = "open"
    ASIDE = "aside"


class MailState(StrEnum):
    """What became of a mail: an order was opened, it joined one, it lies aside, or somebody dismissed it."""

    OPENED = "opened"
    JOINED = "joined"
    ASIDE = "aside"
    DISMISSED = "dismissed"


TAKEN: Final = frozenset({MailState.OPENED, MailState.JOINED})


class Reason(StrEnum):
    """Why a mail was set aside."""

    AUTOMATIC = "automatic"
    BULK = "bulk"
    BOUNCE = "bounce"
    OWN = "own"
    TOO_MANY = "too_many"
    STRANGER = "stranger"
    TOO_LARGE = "too_large"
    TOO_MANY_PARTS = "too_many_parts"
    BROKEN = "broken"
    EMPTY = "empty"
    REFUSED = "refused"


class Fault(StrEnum):
    """Why a mailbox could not be read."""

    UNKNOWN_HOST = "unknown_host"
    INSIDE = "inside"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    CERTIFICATE = "certificate"
    NO_TLS = "no_tls"
    LOGIN = "login"
    FOLDER = "folder"
    PROTOCOL = "protocol"
    NO_SECRET = "no_secret"  # noqa: S105 - a code
