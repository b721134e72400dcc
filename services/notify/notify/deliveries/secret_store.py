"""The secrets of parties' webhooks: derived from the installation's key, so that none is stored.

Only how often each was changed is kept.
"""

import base64
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from pymongo import ReturnDocument

from linli.storage import mongo

BOTH_FOR = timedelta(days=1)
"""After a change both secrets sign, so that a party can put the new one in without missing anything."""


@dataclass(frozen=True, slots=True)
class Changed:
    """How often a party's secret was changed, and when last."""

    times: int = 0
    at: datetime | None = None

    def both_until(self, now: datetime) -> datetime | None:
        """Until when the previous secret also signs; None when it no longer does."""
        until = self.at and self.at + BOTH_FOR
        return until if until and until > now else None


NEVER = Changed()


def secrets_of(key: bytes, community: str, party: str, changed: Changed, now: datetime) -> tuple[str, ...]:
    """The secrets that sign now, the newest first."""
    newest = [secret_of(key, community, party, changed.times)]
    before = [secret_of(key, community, party, changed.times - 1)] if changed.both_until(now) else []
    return (*newest, *before)


def secret_of(key: bytes, community: str, party: str, times: int = 0) -> str:
    """A party's secret after so many changes. None can be derived from another."""
    name = f"{community}/{party}/{times}" if times else f"{community}/{party}"
    return f"whsec_{base64.b64encode(hmac.new(key, name.encode(), sha256).digest()).decode()}"


class SecretStore:
    """Which secrets were changed."""

    def __init__(self, database: mongo.Database) -> None:
        self._changes = database["webhook_secrets"]

    async def changed(self, parties: Collection[tuple[str, str]]) -> dict[tuple[str, str], Changed]:
        """(community, party) → its last change, of those that were changed."""
        if not parties:
            return {}
        names = {f"{community}/{party}": (community, party) for community, party in parties}
        found = await self._changes.find({"_id": {"$in": list(names)}}).to_list(None)
        return {names[document["_id"]]: Changed(document["times"], document["at"]) for document in found}

    async def rotate(self, community: str, party: str, now: datetime) -> Changed:
        """A new secret from now on."""
        document = await self._changes.find_one_and_update(
            {"_id": f"{community}/{party}"},
            {"$inc": {"times": 1}, "$set": {"at": now}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        return Changed(document["times"], document["at"])
