"""Which addresses a program may connect to when somebody else named them: those outside, not what lies within."""

import ipaddress
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Reached from inside a provider's network at an address that looks public.
# source: Azure, "What is IP address 168.63.129.16?"; RFC 6890 (192.0.0.0/24, where Oracle keeps its metadata)
METADATA: Final = ("168.63.129.16/32", "192.0.0.0/24")

# IPv6 addresses that carry an IPv4 one: the network they are in, and how many bits stand behind it.
# source: RFC 6052 (64:ff9b::/96), RFC 4291 (::/96, the old form)
EMBEDDING: Final = ("64:ff9b::/96", "::/96")
LAST_32_BITS: Final = 0xFFFF_FFFF  # source: RFC 4291, section 2.5.5: an IPv4 address stands in the last 32 bits


def innermost(ip: str) -> Address:
    """An address, or the IPv4 one that it stands for: what is asked in the end."""
    found = ipaddress.ip_address(ip)
    if isinstance(found, ipaddress.IPv4Address) or found.is_loopback or found.is_unspecified:
        return found
    inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
    if inner is None and is_in(found, EMBEDDING):
        inner = ipaddress.IPv4Address(int(found) & LAST_32_BITS)
    return inner or found


def is_in(found: Address, networks: tuple[str, ...]) -> bool:
    """Whether an address is in one of the networks."""
    return any(found in ipaddress.ip_network(each) for each in networks)


def is_outside(found: Address) -> bool:
    """Whether an address is on the internet, and no provider's back door."""
    return found.is_global and not found.is_multicast and not is_in(found, METADATA)
