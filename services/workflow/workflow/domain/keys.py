"""API keys: how one is made and revoked."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from linli.contracts.key import KeyPublished
from linli.keys import digest
from linli.principals import Permission, Principal, Role, permissions_of
from workflow.domain.directory import Directory


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is kept: all but the key itself."""

    name: str
    """Whom or what it is for; it stays here, for it may be a person's."""
    last_four: str
    created_at: datetime
    created_by: str
    published: KeyPublished


@dataclass(frozen=True, slots=True)
class Wanted:
    """A key that is asked for."""

    name: str
    role: Role
    party: str | None
    community: str | None
    scopes: Collection[Permission] | None
    lasts: timedelta


class NoSuchKey(Exception):
    """Nobody can have such a key; the message says why."""


class BeyondMaker(Exception):
    """The key would be more than who makes it; the message says in what."""

    def __init__(self, message: str, reason: str) -> None:
        """`reason`: for the audit log."""
        super().__init__(message)
        self.reason = reason


MOST_NAMED = 3
"""Missing permissions that a message names; the rest are counted."""


def made(wanted: Wanted, id: str, key: str, directory: Directory | None, by: Principal, now: datetime) -> ApiKey:
    """A new key as it is kept. `directory` is that of the community that is named.

    Raises `NoSuchKey` for one that nobody can have, `BeyondMaker` for one that would be more than its maker.
    """
    if wanted.role is Role.RESIDENT:
        raise NoSuchKey("A resident needs no key.")
    if {wanted.party is not None, wanted.community is not None} != {wanted.role is Role.PARTY}:
        raise NoSuchKey("A key with role party names its party and community; any other names neither.")
    if wanted.party and (directory is None or directory.party(wanted.party) is None):
        raise NoSuchKey(f"There is no party '{wanted.party}' in {wanted.community}.")
    if beyond := sorted(set(wanted.scopes or ()) - permissions_of(wanted.role)):
        raise NoSuchKey(f"Role {wanted.role} does not allow: {', '.join(beyond)}.")
    _not_beyond(by, wanted, now)
    published = KeyPublished(
        key_id=id,
        version=1,
        role=wanted.role.value,
        party=wanted.party,
        community=wanted.community,
        scopes=None if wanted.scopes is None else tuple(sorted(each.value for each in wanted.scopes)),
        sha256=digest(key),
        expires_at=now + wanted.lasts,
    )
    return ApiKey(wanted.name, key[-4:], now, by.id, published)


def _not_beyond(maker: Principal, wanted: Wanted, now: datetime) -> None:
    """A key that was narrowed, or that ends, is no way to one that is not.

    An operator whose key was not narrowed makes any, those of programs too: somebody has to.
    """
    allows = permissions_of(wanted.role)
    if wanted.scopes is not None:
        allows &= set(wanted.scopes)
    if maker.scopes is not None and (missing := sorted(allows - maker.scopes)):
        more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
        named = ", ".join(missing[:MOST_NAMED])
        raise BeyondMaker(f"Your own key does not allow {named}{more}, so it makes none that does.", f"no {missing[0]}")
    if maker.until is not None and now + wanted.lasts > maker.until:
        days = (maker.until - now).days
        raise BeyondMaker(
            f"Your own key ends in {days} full days, so it makes none that lasts longer.", "outlasts its maker"
        )


def revoked(key: ApiKey, now: datetime) -> ApiKey:
    """The key without its power; one that has none stays as it is."""
    if key.published.revoked_at is not None:
        return key
    published = key.published.model_copy(update={"version": key.published.version + 1, "revoked_at": now})
    return replace(key, published=published)
