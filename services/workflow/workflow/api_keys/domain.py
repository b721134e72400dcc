"""API keys: how one is made and revoked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.contracts.kinds import Channel
from linli.contracts.workflow.key import KeyPublished
from linli.frozen import replace
from linli.security.keys import digest
from linli.security.permissions import Permission, Role, declared
from linli.security.principals import Principal, permissions_of
from linli.web.localized import Localized, listed, no_party
from workflow.community.domain.directory import Directory


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
    """A requested key."""

    name: str
    role: Role
    party: str | None
    community: str | None
    scopes: Collection[Permission] | None = None
    lasts: timedelta | None = None
    """None: as long as most do, but no longer than its maker."""
    channels: Collection[Channel] | None = None
    communities: Collection[str] | None = None


class NoSuchKey(Exception):
    """Nobody can have such a key; the message says why."""


class BeyondMaker(Exception):
    """The key would be more than who makes it; the message says in what."""

    def __init__(self, message: str, reason: str) -> None:
        """`reason`: for the audit log."""
        super().__init__(message)
        self.reason = reason


LASTS = timedelta(days=90)
MOST_NAMED = 3
"""Missing permissions that a message names; the rest are counted."""


def made(wanted: Wanted, id: str, key: str, directory: Directory | None, by: Principal, now: datetime) -> ApiKey:
    """A new key as it is kept. `directory` is that of the community that is named.

    Raises `NoSuchKey` for one that nobody can have, `BeyondMaker` for one that would be more than its maker.
    """
    if wanted.role is Role.RESIDENT:
        raise NoSuchKey(Localized("A resident needs no key.", "居民不需要密钥。"))
    if {wanted.party is not None, wanted.community is not None} != {wanted.role is Role.PARTY}:
        both = "A key with role party names its party and community; any other names neither."
        raise NoSuchKey(Localized(both, "角色为 party 的密钥要写明单位和街道；其他角色都不写。"))
    if wanted.party and (directory is None or directory.party(wanted.party) is None):
        raise NoSuchKey(no_party(wanted.party, wanted.community or ""))
    if beyond := sorted(set(wanted.scopes or ()) - permissions_of(wanted.role)):
        english = "Role {role} does not allow: {beyond}."
        raise NoSuchKey(
            Localized(english, "角色 {role} 不能有这些权限：{beyond}。", role=wanted.role, beyond=listed(beyond))
        )
    scopes = _scopes(wanted)
    if by.scopes is not None:
        _within(by.scopes, _allowed(wanted.role, scopes), "it makes none that does")
    ends = now + (wanted.lasts or LASTS)
    if by.until is not None and ends > by.until:
        if wanted.lasts is not None:
            days = (by.until - now).days
            raise BeyondMaker(
                f"Your own key ends in {days} full days, so it makes none that lasts longer.", "outlasts its maker"
            )
        ends = by.until
    published = KeyPublished(
        key_id=id,
        version=1,
        role=wanted.role.value,
        party=wanted.party,
        community=wanted.community,
        scopes=None if scopes is None else tuple(sorted(map(str, scopes))),
        channels=None if wanted.channels is None else tuple(sorted(each.value for each in wanted.channels)),
        communities=None if wanted.communities is None else tuple(sorted(wanted.communities)),
        sha256=digest(key),
        expires_at=ends,
    )
    return ApiKey(wanted.name, key[-4:], now, by.id, published)


def _scopes(wanted: Wanted) -> Collection[Permission] | None:
    """What the key is limited to. One that is bound to channels or communities is for submitting and nothing else."""
    if wanted.channels is None and wanted.communities is None:
        return wanted.scopes
    if wanted.role is not Role.SERVICE or not all(each.with_a_submission for each in wanted.scopes or ()):
        raise NoSuchKey(
            "A key that is bound to channels or communities is a program's (role service) and submits, no more: "
            f"{', '.join(sorted(_with_a_submission()))}."
        )
    return _with_a_submission() if wanted.scopes is None else wanted.scopes


def _with_a_submission() -> frozenset[Permission]:
    return frozenset(each for each in declared().values() if each.with_a_submission)


def _allowed(role: Role, scopes: Collection[str] | None) -> frozenset[Permission]:
    return permissions_of(role) if scopes is None else permissions_of(role).intersection(scopes)


def _within(narrow: Collection[Permission], allows: Collection[Permission], so: str) -> None:
    """A key that was narrowed is no way to more. One that was not makes and ends any: somebody has to."""
    if missing := sorted(each for each in set(allows) - set(narrow) if not each.unscoped):
        more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
        named = ", ".join(missing[:MOST_NAMED])
        raise BeyondMaker(f"Your own key does not allow {named}{more}, so {so}.", f"no {missing[0]}")


def may_revoke(key: ApiKey, by: Principal) -> None:
    """Whoever may do what a key may ends it, and everybody their own. Raises `BeyondMaker`."""
    if by.scopes is not None and by.id != f"key:{key.published.key_id}":
        allowed = _allowed(Role(key.published.role), key.published.scopes)
        _within(by.scopes, allowed, "it ends none that does")


LOST = 1_000
"""The version of a key that is ended here and was made by a workflow whose database is gone: above any that it had."""


def lost(id: str, now: datetime) -> ApiKey:
    """A key that others know and this database does not, ended: after a restore of a backup from before it, say."""
    published = KeyPublished(
        key_id=id, version=LOST, role=Role.RESIDENT, sha256="0" * 64, expires_at=now, revoked_at=now
    )
    return ApiKey("—", "????", now, "unknown", published)


def revoked(key: ApiKey, now: datetime) -> ApiKey:
    """The key without its power; one that has none stays as it is."""
    if key.published.revoked_at is not None:
        return key
    published = key.published.model_copy(update={"version": key.published.version + 1, "revoked_at": now})
    return replace(key, published=published)
