"""The portal's word for whose request it passes on.

Services see the portal's address on what it asks them, and limits count by address: without this all residents behind
it would be one. Anybody can write `X-Forwarded-For`; this, only who has `portal.key`. The word is given to services
alone and never shown to who is behind the portal.
"""

import hashlib
import hmac

HEADER = "X-Linli-For"


class Voucher:
    """Says and reads an address together with its HMAC-SHA-256 under `portal.key`."""

    def __init__(self, key: str) -> None:
        self._key = hashlib.sha256(f"voucher:{key}".encode()).digest()

    def said(self, address: str) -> str:
        """The header's value: `203.0.113.7 <64 hexadecimal digits>`."""
        return f"{address} {self._code(address)}"

    def read(self, said: str) -> str | None:
        """The address, or None where it is not the portal's word."""
        address, _, code = said.partition(" ")
        return address if hmac.compare_digest(self._code(address).encode(), code.encode()) else None

    def _code(self, address: str) -> str:
        return hmac.new(self._key, address.encode(), hashlib.sha256).hexdigest()
