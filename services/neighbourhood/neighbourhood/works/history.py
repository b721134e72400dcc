"""What happened to a package or a clearing, read from its events, with the words that are kept beside them."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from pydantic import AwareDatetime

from linli.contracts.base import Record
from linli.storage import mongo

COMMON = frozenset({"community", "neighbourhood", "at", "by", "party", "package_id", "clearing_id"})
HASHED = "_sha256"
"""What a field ends with that has the hash of a text kept beside."""


class Happening(Record):
    """One step of an affair's history. `said` are the event's own fields; a text that was erased is empty."""

    sequence: int
    type: str
    at: AwareDatetime
    by: str
    party: str | None = None
    said: dict[str, Any]


class Histories:
    """Of all affairs of this service."""

    def __init__(self, database: mongo.Database) -> None:
        self._events = database.events

    async def of(self, affair: str, texts: Mapping[str, str], types: Iterable[str] = ()) -> list[Happening]:
        """From its first event on; of some types only, where these are named."""
        query: dict[str, Any] = {"subject": affair}
        if wanted := list(types):
            query["type"] = {"$in": wanted}
        fields = {"sequence": 1, "type": 1, "outgoing.value": 1}
        cursor = self._events.find(query, fields).sort("sequence", 1)
        return [_happening(doc, texts) for doc in await cursor.to_list(None)]


def _happening(doc: mongo.Document, texts: Mapping[str, str]) -> Happening:
    data: dict[str, Any] = orjson.loads(doc["outgoing"]["value"])
    said = {name: value for name, value in data.items() if name not in COMMON}
    for name in [name for name in said if name.endswith(HASHED) and name.removesuffix(HASHED) not in said]:
        if said[name] in texts:
            said[name.removesuffix(HASHED)] = texts[said[name]]
    return Happening(
        sequence=doc["sequence"], type=doc["type"], at=data["at"], by=data["by"], party=data.get("party"), said=said
    )
