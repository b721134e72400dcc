"""Codes that open a mediation for one who takes part, as a tracking code opens a submission."""

import secrets

from linli.privacy.tracking import BITS, hash_of, made_of, shown


def new_code() -> tuple[str, str]:
    """A code as a person reads it, and its hash."""
    plain = made_of(secrets.randbits(BITS))
    return shown(plain), hash_of(plain)
