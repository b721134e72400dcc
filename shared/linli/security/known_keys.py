"""API keys in services that have only a copy: all but workflow.

A route lists them, so that every key that works here is visible.
"""

from datetime import datetime
from typing import Any

from fastapi import APIRouter

from linli.application.context import Module
from linli.application.kit import Kit
from linli.contracts.base import Record
from linli.contracts.workflow.key import KeyPublished
from linli.messaging.replica import Replica
from linli.security.auth import needs
from linli.security.permissions import READ_KEYS
from linli.web.app import router

READS = (KeyPublished,)


class KnownKey(Record):
    """A key as this service has heard of it."""

    id: str
    role: str
    party: str | None
    community: str | None
    scopes: tuple[str, ...] | None
    channels: tuple[str, ...] | None
    communities: tuple[str, ...] | None
    expires_at: datetime
    revoked_at: datetime | None


class KnownKeys(Record):
    """All that are known here, by id."""

    items: list[KnownKey]


def module(kit: Kit[Any]) -> Module:
    """A context of its own, the same in each such service."""
    copy = kit.replica("principals", KeyPublished)
    return Module(routes=[_routes(copy)], copies=[copy], finds_key=copy.find, background={"principals": copy.run})


def _routes(copy: Replica[KeyPublished]) -> APIRouter:
    """The route, for the service that keeps this copy."""
    routes = router(prefix="/v1", tags=["keys"])

    @routes.get("/keys", dependencies=[needs(READ_KEYS)])
    async def listing() -> KnownKeys:
        """The keys that this service knows, also those that have ended. Workflow's list is the one that counts."""
        fields = set(KnownKey.model_fields) - {"id"}
        return KnownKeys(items=[KnownKey(id=id, **key.model_dump(include=fields)) for id, key in copy.newest.items()])

    return routes
