"""Which addresses a webhook may go to. Decided on the address that is then connected to, not on a name."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64 = IPv6Network("64:ff9b::/96")
"""RFC 6052: an IPv4 address in the last 32 bits."""
_COMPATIBLE = IPv6Network("::/96")
"""RFC 4291, 2.5.5.1: the same; given up, but still understood here and there."""
_TUNNELS = (IPv6Network("64:ff9b:1::/48"), IPv6Network("2002::/16"), IPv6Network("2001::/32"))
"""Local NAT64 (RFC 8215), 6to4, Teredo: no webhook lives there, and what lies behind cannot be told."""


def is_allowed(address: str, networks: Iterable[Network]) -> bool:
    """Whether the operator named a network that this address lies in."""
    seen = _plain(ip_address(address.partition("%")[0]))
    return any(seen.version == network.version and seen in network for network in networks)


def is_public(address: str) -> bool:
    """Whether anybody on the Internet could be meant: no private, loopback, link-local, shared or reserved address.

    An IPv4 address that hides within an IPv6 one is judged for itself.
    """
    seen = _plain(ip_address(address.partition("%")[0]))
    if isinstance(seen, IPv6Address) and any(seen in network for network in _TUNNELS):
        return False
    return seen.is_global and not seen.is_multicast and not seen.is_reserved


def _plain(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if (address in _NAT64 or address in _COMPATIBLE) and int(address) > 1:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address
