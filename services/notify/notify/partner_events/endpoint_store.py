"""Partners' endpoints, and the log of what was tried, in notify's database."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pymongo.errors import DuplicateKeyError

from linli.storage import mongo
from notify.partner_events.domain.endpoint import Endpoint, Try

ENDPOINTS, TRIES = "partner_endpoints", "partner_tries"


class EndpointStore:
    """One endpoint for each partner that has any."""

    def __init__(self, database: mongo.Database) -> None:
        self._endpoints, self._tries = database[ENDPOINTS], database[TRIES]

    async def endpoint(self, partner: str) -> Endpoint | None:
        found = await self._endpoints.find_one({"_id": partner})
        return _endpoint(found) if found else None

    async def add(self, endpoint: Endpoint) -> bool:
        """Whether there was none."""
        try:
            await self._endpoints.insert_one(_document(endpoint))
        except DuplicateKeyError:
            return False
        return True

    async def change(self, before: Endpoint, after: Endpoint) -> bool:
        """Whether it was still as it had been read, so that it is now as given."""
        expected = {"_id": before.partner, "version": before.version}
        return bool((await self._endpoints.replace_one(expected, _document(after))).matched_count)

    async def remove(self, partner: str) -> bool:
        """Whether there was one."""
        return bool((await self._endpoints.delete_one({"_id": partner})).deleted_count)

    async def due(self, now: datetime) -> list[Endpoint]:
        """Those that are on, and may be tried now. There are few: one for each partner at most."""
        docs = await self._endpoints.find({"off": None, "due_at": {"$lte": now}}).to_list(None)
        return [_endpoint(doc) for doc in docs]

    async def all(self) -> list[Endpoint]:
        """Whatever they do."""
        return [_endpoint(doc) for doc in await self._endpoints.find({}).to_list(None)]

    async def settle(self, before: Endpoint, after: Endpoint, tries: Sequence[Try]) -> bool:
        """Write what was tried, and what follows; whether the endpoint was still as it had been read."""
        await self.log(after.partner, tries)
        return await self.change(before, after)

    async def log(self, partner: str, tries: Sequence[Try]) -> None:
        """Keep what was tried."""
        if tries:
            await self._tries.insert_many([_try(partner, each) for each in tries], ordered=False)

    async def tries(self, partner: str, limit: int) -> list[dict[str, Any]]:
        """The newest first: `{event, number, at, milliseconds, taken, reason, answer}`."""
        found = self._tries.find({"partner": partner}, {"_id": 0, "partner": 0}).sort("_id", -1).limit(limit)
        return [dict(doc) for doc in await found.to_list(None)]


def _endpoint(doc: Any) -> Endpoint:
    lists = {name: tuple(doc[name]) for name in ("taken", "again", "back") if doc.get(name) is not None}
    types = tuple(doc["types"]) if doc["types"] is not None else None
    fields = {name: value for name, value in doc.items() if name != "_id"}
    return Endpoint(partner=doc["_id"], **fields | lists | {"types": types})


def _document(endpoint: Endpoint) -> mongo.Document:
    document = asdict(endpoint)
    return {"_id": document.pop("partner")} | document


def _try(partner: str, each: Try) -> mongo.Document:
    return {
        "partner": partner,
        "event": each.event,
        "number": each.number,
        "at": each.at,
        "milliseconds": each.milliseconds,
        "taken": each.over and each.reason is None,
        "reason": each.reason,
        "answer": each.answer,
    }
