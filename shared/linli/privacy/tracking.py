"""Tracking codes: the receipt that lets its holder follow a submission. The code is a secret, its hash is not.

Twelve characters of Crockford's base32 (https://www.crockford.com/base32.html), 60 bits: read aloud and copied by hand
without mistakes, and not to be guessed.
"""

import hashlib
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no I, L, O, which look like 1 and 0, and no U."""
LENGTH = 12
BITS = 5 * LENGTH
_SHIFTS = range(BITS - 5, -1, -5)
_GROUP = 4
_MAX_WRITTEN = 64
"""More than anybody writes with dashes and spaces; what is longer is not looked at."""

_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def made_of(number: int) -> str:
    """The twelve characters of a number of `BITS` bits; take it from `secrets`."""
    return "".join([ALPHABET[number >> shift & 31] for shift in _SHIFTS])


def normalise(code: str) -> str | None:
    """The twelve characters of a code however it was written; None for what cannot be a code.

    People copy it with the stop or bracket that came after it, by a keyboard that writes full-width letters, with
    whichever of some twenty dashes their telephone has, with marks that nobody sees. Nothing of this is in a code, so
    what is neither a letter nor a digit of ASCII is left out, and full-width ones count as these.
    """
    if len(code) > _MAX_WRITTEN:
        return None
    written = unicodedata.normalize("NFKC", code).upper()
    plain = "".join(each for each in written if each.isascii() and each.isalnum()).translate(_READ_AS)
    return plain if len(plain) == LENGTH and all(character in ALPHABET for character in plain) else None


def from_header(value: str) -> str:
    """A header as its sender wrote it: HTTP carries bytes, which are read as ISO 8859-1 and mostly are UTF-8."""
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value


def shown(plain: str) -> str:
    """Twelve characters as a person reads them: `XXXX-XXXX-XXXX`."""
    return "-".join(plain[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))


def tracking_hash(code: str) -> str | None:
    """SHA-256 in hex of a code, however it was written; None for what cannot be a code."""
    plain = normalise(code)
    return None if plain is None else hash_of(plain)


def hash_of(plain: str) -> str:
    """The same of a code's twelve characters."""
    return hashlib.sha256(plain.encode()).hexdigest()
