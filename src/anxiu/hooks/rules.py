"""Pure decisions about webhooks: which addresses may be asked, when to try again, and what a signature is."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from urllib.parse import SplitResult, urlsplit

from anxiu.kernel.errors import Invalid
from anxiu.kernel.network import innermost, is_outside

# source: RFC 9110, section 4.2: the ports of the two schemes
PORTS: Final = {"https": 443, "http": 80}

# source: own choice; soon after the first failure, then ever later, a day in all
FIRST_WAIT: Final = timedelta(seconds=30)
FACTOR: Final = 2
LONGEST_WAIT: Final = timedelta(hours=4)
GIVE_UP_AFTER: Final = timedelta(days=1)
JITTER: Final = 0.25  # source: own choice; targets that fell together do not come back together

# source: own choice; a long weekend passes before a target is given up
SWITCH_OFF_AFTER: Final = timedelta(days=3)
# source: own choice; the receiver changes its secret within a working day
OLD_SECRET_SIGNS_FOR: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a target is: taken apart once, so that what was checked is what is asked."""

    host: str
    port: int
    path: str
    is_tls: bool


def place_of(url: str, *, to_loopback: bool) -> Place:
    """Take an address apart, or refuse it: another scheme than https, a login in it, no host, a bad port.

    `to_loopback` allows plain http too, for trying out; where it leads is checked when the name is resolved.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Invalid("hooks.bad_address", field="url") from None
    if parts.scheme != "https" and not (to_loopback and parts.scheme == "http"):
        raise Invalid("hooks.https_only", field="url")
    host = _plain_host(parts)
    if not host or not url.isascii() or any(each <= " " for each in url) or port == 0:
        raise Invalid("hooks.bad_address", field="url")
    if parts.username is not None or parts.password is not None:
        raise Invalid("hooks.login_in_address", field="url")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(host, port or PORTS[parts.scheme], path, parts.scheme == "https")


def _plain_host(parts: SplitResult) -> str:
    return (parts.hostname or "").rstrip(".")


def may_connect(ip: str, place: Place, *, to_loopback: bool) -> bool:
    """Whether a resolved address may be asked: a public one, or with the setting for trying out a loopback one."""
    found = innermost(ip)
    if found.is_loopback:
        return to_loopback
    return place.is_tls and is_outside(found)


def next_try(first_at: datetime, attempts: int, at: datetime, chance: float) -> datetime | None:
    """When a delivery that failed `attempts` times is tried again; never, once a day has passed since the first.

    `chance` between 0 and 1 spreads the waits by a quarter to either side.
    """
    doubled = FIRST_WAIT * FACTOR ** min(attempts - 1, (LONGEST_WAIT // FIRST_WAIT).bit_length())
    wait = min(doubled, LONGEST_WAIT) * (1 + JITTER * (chance + chance - 1))
    return at + wait if at + wait <= first_at + GIVE_UP_AFTER else None


def is_given_up(failing_since: datetime, at: datetime) -> bool:
    """Whether a target failed so long, without one delivery between, that nothing more is sent to it."""
    return at - failing_since >= SWITCH_OFF_AFTER


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over the timestamp (seconds since 1970), a full stop and the body, in hexadecimal digits."""
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + body, sha256).hexdigest()
