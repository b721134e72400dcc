"""The token that a form of who is signed in carries: the session's, under a mask of its own each time.

A compressed page's length tells what in it is alike; a secret that looks different each time is like nothing (BREACH).
"""

import hmac
import secrets

BYTES = 16


def new_token() -> str:
    return secrets.token_hex(BYTES)


def masked(token: str) -> str:
    mask = secrets.token_bytes(BYTES)
    return mask.hex() + _xor(mask, bytes.fromhex(token)).hex()


def is_masked(said: str, token: str) -> bool:
    """Whether `said` is the token under some mask, compared in constant time."""
    try:
        raw = bytes.fromhex(said)
    except ValueError:
        return False
    return len(raw) == 2 * BYTES and hmac.compare_digest(_xor(raw[:BYTES], raw[BYTES:]), bytes.fromhex(token))


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
