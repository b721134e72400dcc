"""Which addresses a webhook may go to, in whatever form they are written.

Notify decides on the address that it then connects to, not on a name. If a URL contains an address, `fault_of` can
reject it already when the URL is entered.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

EVERY_NETWORK: tuple[Network, ...] = (IPv4Network("0.0.0.0/0"), IPv6Network("::/0"))
"""For who does not know which networks the operator named: only what no network can mend is a fault then."""
_NAT64 = IPv6Network("64:ff9b::/96")
"""RFC 6052: an IPv4 address in the last 32 bits."""
_COMPATIBLE = IPv6Network("::/96")
"""RFC 4291, 2.5.5.1: the same; given up, but still understood here and there."""
_TRANSLATED = IPv6Network("::ffff:0:0:0/96")
"""RFC 2765: the same, for SIIT."""
_GIVEN_OUT = IPv6Network("2000::/3")
"""All that IANA has given out of IPv6 for the Internet (RFC 4291, 2.5.4); the rest is for something else."""
_NOBODY_THERE = (
    IPv6Network("64:ff9b:1::/48"),  # local NAT64 (RFC 8215)
    IPv6Network("2002::/16"),  # 6to4
    IPv6Network("2001::/32"),  # Teredo
    IPv6Network("fec0::/10"),  # site-local, given up by RFC 3879
    IPv6Network("100::/64"),  # discarded (RFC 6666)
    IPv6Network("5f00::/16"),  # segment routing (RFC 9602)
)
"""No webhook lives there, and what lies behind a tunnel cannot be told."""
_ISATAP = (0x00005EFE, 0x02005EFE)
"""RFC 5214: an IPv4 address in the last 32 bits, after one of these."""


def is_allowed(address: str, networks: Iterable[Network]) -> bool:
    """Whether the operator named a network that this address lies in."""
    seen = _plain(ip_address(address.partition("%")[0]))
    return any(seen.version == network.version and seen in network for network in networks)


def is_public(address: str) -> bool:
    """Whether anybody on the Internet could be meant: no private, loopback, link-local, shared or reserved address.

    An IPv4 address that hides within an IPv6 one is judged for itself.
    """
    seen = _plain(ip_address(address.partition("%")[0]))
    if isinstance(seen, IPv6Address) and (seen not in _GIVEN_OUT or any(seen in each for each in _NOBODY_THERE)):
        return False
    return seen.is_global and not seen.is_multicast and not seen.is_reserved


def fault_of(url: str, networks: Sequence[Network] = ()) -> str | None:
    """Why notify would never deliver to a URL, as far as the URL itself tells; None when nothing speaks against it.

    `networks` are those that the operator named for it.
    """
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return "it is no address of the web; write it like https://office.example/hook"
    if parts.username is not None or parts.password is not None:
        return "a name or password in it would be readable to many; what is sent is signed, check the signature instead"
    if parts.fragment:
        return "what stands behind # is never sent; leave it out"
    if parts.scheme not in {"http", "https"} or not host:
        return "it is no address of the web; write it like https://office.example/hook"
    return _fault_of_host(host, parts.scheme, networks)


def _fault_of_host(host: str, scheme: str, networks: Sequence[Network]) -> str | None:
    address = literal(host)
    if address is None:
        return _fault_of_name(host, scheme, networks)
    if str(address) != _written(host):
        return f"its host is {address} in disguise; write an address in its usual form"
    if is_allowed(str(address), networks):
        return None
    if not is_public(str(address)):
        return f"{address} is no address of the Internet; {_NAME_IT}"
    return _PLAIN_HTTP if scheme == "http" else None


def _fault_of_name(name: str, scheme: str, networks: Sequence[Network]) -> str | None:
    if _ends_in_number(name):
        return "its host is neither a name nor an address"
    if networks:  # which of them a name leads to is seen when it is connected to
        return None
    if name == "localhost" or name.endswith((".localhost", ".internal", ".local")):
        return f"only this machine or network knows '{name}'; {_NAME_IT}"
    return f"{_PLAIN_HTTP}, or {_NAME_IT}" if scheme == "http" else None


_PLAIN_HTTP = "plain HTTP goes nowhere but to private networks; write https://"
_NAME_IT = "if it is meant, name its network in LINLI_WEBHOOK_ALLOWED_NETWORKS"


def literal(host: str) -> Address | None:
    """The address that a host is, in every form that some resolver takes for one; None for a name.

    `127.1`, `0x7f000001`, `017700000001` and `2130706433` are all 127.0.0.1 (https://url.spec.whatwg.org/#ipv4-parser).
    """
    plain = unicodedata.normalize("NFKC", host).replace("。", ".").strip("[]").rstrip(".").partition("%")[0]
    try:
        return ip_address(plain)
    except ValueError:
        return _of_numbers(plain) if ":" not in plain else None


def _of_numbers(host: str) -> IPv4Address | None:
    numbers = [_number(part) for part in host.split(".")]
    if len(numbers) > 4 or None in numbers:
        return None
    *bytes_, rest = (number or 0 for number in numbers)
    if any(byte > 255 for byte in bytes_) or rest >= 256 ** (4 - len(bytes_)):
        return None
    return IPv4Address(sum(byte << 8 * (3 - place) for place, byte in enumerate(bytes_)) + rest)


def _number(part: str) -> int | None:
    """In base 16 after 0x, in base 8 after 0, else in base 10."""
    digits, base = (part[2:] or "0", 16) if part[:2].lower() == "0x" else (part, 8 if part[:1] == "0" else 10)
    if not part or len(part) > 40 or not digits.isascii() or not digits.isalnum():
        return None
    try:
        return int(digits, base)
    except ValueError:
        return None


def _ends_in_number(host: str) -> bool:
    """No name ends so: the last label would be taken for a part of an address."""
    last = unicodedata.normalize("NFKC", host).rsplit(".", 1)[-1]
    return last.isdigit() or (last[:2].lower() == "0x" and _number(last) is not None) or ":" in host


def _written(host: str) -> str:
    try:
        return str(ip_address(host))
    except ValueError:
        return ""


def _plain(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    last = int(address) & 0xFFFFFFFF
    if any(address in network for network in (_NAT64, _COMPATIBLE, _TRANSLATED)) and int(address) > 1:
        return IPv4Address(last)
    return IPv4Address(last) if int(address) >> 32 & 0xFFFFFFFF in _ISATAP else address
