"""Who a key or token is, and what it may do: for pages, which show nobody what would be refused."""

from datetime import datetime

from linli.contracts.base import Record
from linli.security.auth import Who, needs
from linli.security.permissions import ASK_WHO_AM_I
from linli.security.principals import permissions_of
from linli.web.app import router

routes = router(prefix="/v1", tags=["keys"])


class Self(Record):
    """A principal as it is told to itself."""

    id: str
    """`operator`, `key:<id>`, `oidc:<hash>`: as the audit log has it."""
    role: str
    party: str | None
    community: str | None
    permissions: tuple[str, ...]
    """All that it may do, by name; of a party what concerns its own."""
    until: datetime | None
    """When its key ends; None for a file's key and for a token, which is its issuer's to end."""


@routes.get("/whoami", dependencies=[needs(ASK_WHO_AM_I)])
async def whoami(who: Who) -> Self:
    """Whose key or token this is."""
    return Self(
        id=who.id,
        role=who.role,
        party=who.party,
        community=who.community,
        permissions=tuple(sorted(filter(who.may, permissions_of(who.role)))),
        until=who.until,
    )
