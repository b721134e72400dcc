"""An e-mail address for a mail server: the domain in ASCII, the local part unchanged."""

import re
from dataclasses import dataclass

import idna

_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~\-\u0080-\U0010ffff]+")
"""A dot-atom (RFC 5322, 3.2.3), with letters beyond ASCII (RFC 6532, 3.2); nothing that would need quoting."""
_DOMAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
LONGEST = 254
"""Octets of a whole address (RFC 5321, 4.5.3.1.3)."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """`local@domain`; the domain is ASCII, and so is the rest unless the recipient's own name is not."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"


def mailbox(text: str) -> Mailbox | None:
    """The address, or None for what is none.

    Only letters before the @ need a server with SMTPUTF8 (RFC 6531); a domain has an ASCII form (RFC 5891) that every
    server takes.
    """
    local, at, domain = text.rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or local.startswith(".") or local.endswith(".") or ".." in local:
        return None
    if any(character.isspace() or not character.isprintable() for character in local):
        return None
    try:
        plain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return None
    if not _DOMAIN.fullmatch(plain) or ".." in plain:
        return None
    found = Mailbox(local, plain)
    return found if len(str(found).encode()) <= LONGEST else None
