"""Personal codes: what is printed on a letter or a ballot paper. Only their hashes are kept."""

import secrets
from hashlib import sha256

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Nobody mistakes one for another on paper."""
LENGTH = 16
"""79 bits: nobody finds one of a million by trying."""


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def as_typed(code: str) -> str:
    """What somebody types, as the paper has it: in groups, in small letters."""
    return "".join(each for each in code.upper() if each.isalnum())


def hash_of(code: str) -> str:
    return sha256(as_typed(code).encode()).hexdigest()


def in_groups(code: str) -> str:
    """As it is printed: four groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
