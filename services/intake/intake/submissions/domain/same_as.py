"""How somebody says of which earlier report theirs is a repetition, without learning its id.

A reference is the id under intake's own key. It is the same whoever asks, so that a form may be sent later.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from uuid import UUID

from linli.web.localized import Localized
from linli.web.problems import Problem

SAME_AS = "same_as"
"""The attribute of the event that has the earlier one's id, which is its case's too."""
_BYTES = 16


def reference_to(id: str, key: bytes) -> str:
    """43 characters. A synthetic initialisation vector (as in RFC 5297) hides the id and shows that it is unaltered."""
    plain = UUID(id).bytes
    mark = _mark(plain, key)
    return urlsafe_b64encode(mark + _crossed(plain, mark, key)).decode().rstrip("=")


def referred_to(reference: str, key: bytes) -> str:
    """The id. Raises `Problem` 422 for what is no reference of this office's."""
    try:
        raw = urlsafe_b64decode(reference + "=" * (-len(reference) % 4))
    except (Error, ValueError):  # ValueError: other letters than those of ASCII
        raw = b""
    mark, hidden = raw[:_BYTES], raw[_BYTES:]
    plain = _crossed(hidden, mark, key) if len(hidden) == _BYTES else b""
    if not plain or not hmac.compare_digest(_mark(plain, key), mark):
        message = Localized("is no reference that was given here", "不是这里给出的引用")
        detail = Localized("same_as {said}.", "same_as：{said}。", said=message)
        raise Problem("invalid", 422, detail, errors=[{"field": SAME_AS, "message": message}])
    return str(UUID(bytes=plain))


def _mark(plain: bytes, key: bytes) -> bytes:
    return hmac.digest(key, b"same as: mark\0" + plain, "sha256")[:_BYTES]


def _crossed(one: bytes, mark: bytes, key: bytes) -> bytes:
    """Hides what is plain, and shows what is hidden."""
    pad = hmac.digest(key, b"same as: pad\0" + mark, "sha256")[:_BYTES]
    return bytes(a ^ b for a, b in zip(one, pad, strict=True))
