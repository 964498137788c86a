"""Pure decisions of the customer pages: how often somebody may come, and who counts as one visitor."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final


@dataclass(frozen=True, slots=True)
class Limit:
    """So many times within a window; windows follow one another without overlap."""

    name: str
    most: int
    window: timedelta

    def window_at(self, at: datetime) -> datetime:
        """The beginning of the window that holds a moment."""
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        return at - (at - epoch) % self.window


# source: own choice. An office or a hospital reports through one address; one machine does not break ten times an hour.
REPORTS_OF_ADDRESS: Final = Limit("reports", 20, timedelta(hours=1))
REPORTS_OF_MACHINE: Final = Limit("machine", 6, timedelta(hours=1))
# source: own choice. Forms that are sent again and again cost us the checking of their pictures.
FORMS_OF_ADDRESS: Final = Limit("forms", 60, timedelta(minutes=10))
# source: own choice. Codes and secrets are beyond guessing; this keeps the guessing off the database.
MISSES_OF_ADDRESS: Final = Limit("misses", 30, timedelta(minutes=10))
# source: own choice. What one customer asks and adds on one order.
WORDS_OF_LINK: Final = Limit("link", 20, timedelta(hours=1))

IPV6_HOUSEHOLD: Final = 64  # source: RFC 6177; the part of an IPv6 address that one household or office has to itself


def visitor(address: str) -> str:
    """Who counts as one visitor: an IPv4 address, or the network of an IPv6 one."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ip_network((found, IPV6_HOUSEHOLD), strict=False))
    return str(found)
