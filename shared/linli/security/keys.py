"""API keys: `linli_<id>_<secret>`. The id finds what is stored; the secret is compared by its hash."""

import hashlib
import hmac
import re
import secrets
import string
from datetime import datetime

from linli.contracts.workflow.key import KeyPublished
from linli.security.permissions import Role, declared
from linli.security.principals import Principal

_ID_LETTERS = string.digits + string.ascii_lowercase
_KEY = re.compile(r"linli_([0-9a-z]{10})_[A-Za-z0-9_-]{43}")


def new_key() -> tuple[str, str]:
    """An id, and the key with 256 random bits that begins with it."""
    id = "".join(secrets.choice(_ID_LETTERS) for _ in range(10))
    return id, f"linli_{id}_{secrets.token_urlsafe(32)}"


def id_in(key: str) -> str | None:
    """The id in what looks like one of our keys."""
    found = _KEY.fullmatch(key)
    return found[1] if found else None


def digest(key: str) -> str:
    """What is stored of a key: SHA-256, as 64 hexadecimal digits."""
    return hashlib.sha256(key.encode()).hexdigest()


def principal_by(key: str, known: KeyPublished | None, now: datetime) -> Principal | str:
    """Whose key it is, or why it is nobody's."""
    if not hmac.compare_digest(digest(key), known.sha256 if known else digest("")) or known is None:
        return "unknown key"
    if known.revoked_at is not None:
        return "revoked key"
    if known.expires_at <= now:
        return "expired key"
    ours = declared()  # a scope of a newer version means nothing here, and so allows nothing
    scopes = None if known.scopes is None else frozenset(ours[each] for each in known.scopes if each in ours)
    channels, communities = (None if each is None else frozenset(each) for each in (known.channels, known.communities))
    return Principal(
        f"key:{known.key_id}",
        Role(known.role),
        known.party,
        known.community,
        scopes,
        channels,
        communities,
        known.expires_at,
    )
