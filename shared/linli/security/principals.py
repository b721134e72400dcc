"""Principals: who asks, and what they may do."""

from dataclasses import dataclass
from datetime import datetime

from linli.security.permissions import Permission, Role, declared


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks."""

    id: str
    """`resident`, `operator` and `service` (by a file's key), `key:<id>`, `oidc:<hash of issuer and subject>`."""
    role: Role
    party: str | None = None
    """With role `party` alone: for whom it acts, in which community."""
    community: str | None = None
    scopes: frozenset[Permission] | None = None
    """What a key is limited to; None for all that the role may do."""
    channels: frozenset[str] | None = None
    """Through which channels a key may submit; None for all, here and below."""
    communities: frozenset[str] | None = None
    until: datetime | None = None
    """When its API key ends; None for a file's key, and for a token, which is its issuer's to end."""

    def may(self, permission: Permission) -> bool:
        """Whether its role, and its scopes if it has any, allow this."""
        return self.role in permission.roles and (
            self.scopes is None or permission.unscoped or permission in self.scopes
        )


ANYBODY = Principal("resident", Role.RESIDENT)
"""Who comes without a key."""


def permissions_of(role: Role) -> frozenset[Permission]:
    """All that a role may do."""
    return frozenset(permission for permission in declared().values() if role in permission.roles)
