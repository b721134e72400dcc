"""A credential under a key that is made of the cookie's token (AES-GCM, NIST SP 800-38D)."""

import hashlib
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_PURPOSE = b"linli portal session"
_NONCE = 12


def new_token() -> str:
    """256 bits at random, as a cookie holds them."""
    return secrets.token_urlsafe(32)


def id_of(token: str) -> str:
    """What a session is kept under."""
    return hashlib.sha256(token.encode()).hexdigest()


def sealed(token: str, credential: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(_key(token)).encrypt(nonce, credential.encode(), _PURPOSE)


def opened(token: str, content: bytes) -> str:
    """Raises cryptography's InvalidTag for another token's."""
    return AESGCM(_key(token)).decrypt(content[:_NONCE], content[_NONCE:], _PURPOSE).decode()


def _key(token: str) -> bytes:
    return hashlib.sha256(_PURPOSE + b"\0" + token.encode()).digest()
