"""Which mail servers may be asked."""

from anxiu.kernel.network import METADATA, innermost, is_in, is_outside


def may_connect(ip: str, *, to_inside: bool) -> bool:
    """Whether an address may be asked: one on the internet, or with the operator's word one of the own network.

    Providers' back doors (link-local addresses, metadata) are asked never.
    """
    found = innermost(ip)
    if found.is_link_local or found.is_multicast or found.is_unspecified or is_in(found, METADATA):
        return False
    return to_inside or is_outside(found)
