"""The origin of a request: the network that limits count by, and a pseudonym of it for storage."""

import hashlib
import hmac
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.requests import HTTPConnection

from linli.application.settings import Settings
from linli.web.vouching import HEADER, Voucher

Address = IPv4Address | IPv6Address
Networks = tuple[IPv4Network | IPv6Network, ...]
UNKNOWN = "unknown"
PORTAL_KEY = "portal.key"
"""What the portal and the services alone have, so that they believe it whose requests it passes on."""
MOST_FORWARDED = 1_000
"""Letters of `X-Forwarded-For` that are looked at, from its end: more than proxies in a row write."""


class Origins:
    """Reads a client's address: as the portal says it, or as proxies do that are named, and nobody else."""

    def __init__(self, trusted: Networks, key: str, portal: Voucher | None = None) -> None:
        self._trusted, self._portal = trusted, portal
        self._key = hashlib.sha256(f"origins:{key}".encode()).digest()

    @classmethod
    def from_settings(cls, settings: Settings) -> "Origins":
        """The pseudonyms hang from the service key, which all services have. Raises `SettingsError`."""
        portal = settings.secret_if_there(PORTAL_KEY)
        return cls(settings.trusted_proxies, settings.secret("service.key"), Voucher(portal) if portal else None)

    def of(self, request: HTTPConnection) -> str:
        """An IPv4 address, or the /64 that an IPv6 address lies in: who has one address there has all of them."""
        if self._portal and (said := request.headers.get(HEADER)) and (address := self._portal.read(said)):
            return network_of(address)
        peer = request.client.host if request.client else UNKNOWN
        forwarded = ",".join(request.headers.getlist("x-forwarded-for")) if self._trusted else ""
        if len(forwarded) > MOST_FORWARDED:  # a client may have sent any number of hops of its own
            forwarded = forwarded[-MOST_FORWARDED:].partition(",")[2]
        return _network(peer, forwarded, self._trusted)

    def pseudonym(self, origin: str) -> str:
        """The same for the same origin, and no address: 16 hexadecimal digits."""
        return hmac.new(self._key, origin.encode(), hashlib.sha256).hexdigest()[:16]


def network_of(peer: str) -> str:
    """What a connection from this address counts for."""
    return _network(peer, "", ())


def is_of(peer: str, networks: Networks) -> bool:
    """Whether an address lies in one of them."""
    address = _address(peer) if networks else None
    return address is not None and _within(address, networks)


@lru_cache(maxsize=4_096)
def _network(peer: str, forwarded: str, trusted: Networks) -> str:
    address = _address(peer)
    if address is None:
        return UNKNOWN
    for hop in reversed(forwarded.split(",")):  # the last hop was written by the proxy that is nearest
        if not _within(address, trusted) or (before := _address(hop.strip())) is None:
            break
        address = before
    return str(address) if isinstance(address, IPv4Address) else str(IPv6Network((address, 64), strict=False))


def _address(text: str) -> Address | None:
    bare = text.removeprefix("[").partition("]")[0] if text.startswith("[") else text
    if bare.count(":") == 1:  # IPv4 with a port
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def _within(address: Address, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    return any(address in network for network in networks)
