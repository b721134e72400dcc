"""Links by which photos of one order are sent for an hour, without a key: whoever is at the place need not have one."""

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

GOOD_FOR = timedelta(hours=1)
FOR = b"photos of an order"
"""What the key signs here, so that what it signs elsewhere opens nothing here."""


@dataclass(frozen=True, slots=True)
class UploadLink:
    """Which order's photos, and until when."""

    order_id: str
    expires_at: datetime


def sealed(link: UploadLink, key: bytes) -> str:
    """The link as part of an address."""
    until = f"{int(link.expires_at.timestamp()):x}"
    return ".".join((until, _encoded(link.order_id.encode()), _encoded(_seal(until, link.order_id, key))))


def opened(token: str, key: bytes) -> UploadLink | None:
    """What it is for; None for what was not signed with this key. Whether its time is over is for the caller."""
    until, _, rest = token.partition(".")
    order, _, seal = rest.partition(".")
    try:
        order_id, sent = _decoded(order).decode(), _decoded(seal)
        if not hmac.compare_digest(sent, _seal(until, order_id, key)):
            return None
        return UploadLink(order_id, datetime.fromtimestamp(int(until, 16), UTC))
    except (ValueError, binascii.Error, OverflowError, OSError):
        return None


def _seal(until: str, order_id: str, key: bytes) -> bytes:
    return hmac.new(key, b"\0".join((FOR, until.encode(), order_id.encode())), sha256).digest()


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.b64decode(f"{text}{'=' * (-len(text) % 4)}", altchars=b"-_", validate=True)
