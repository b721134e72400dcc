"""Needs that intake refuses, put aside where the office sees them."""

from typing import Any

from prometheus_client import Gauge

from linli.application.telemetry import forget
from linli.storage import mongo

PUT_ASIDE = Gauge("linli_needs_put_aside", "Needs that intake refuses; the office has to look at them")


class Aside:
    """Those of all rounds."""

    def __init__(self, database: mongo.Database) -> None:
        self._aside = database.round_needs_aside

    async def put(self, key: str, what: dict[str, Any]) -> None:
        """One of a round, with the reason. A second time it is the same."""
        await self._aside.update_one({"_id": key}, {"$set": what}, upsert=True)

    async def of(self, round: str) -> list[mongo.Document]:
        """What intake has refused of a round."""
        return await self._aside.find({"round": round}).sort("_id", 1).to_list(None)

    async def try_again(self, round: str) -> int:
        """Let all of a round be tried once more: how many."""
        return int((await self._aside.delete_many({"round": round})).deleted_count)

    async def settled(self, key: str) -> None:
        """It is a demand now."""
        await self._aside.delete_one({"_id": key})

    async def measure(self) -> None:
        """For the metrics of the process that raises needs."""
        PUT_ASIDE.set(await self._aside.estimated_document_count())

    @staticmethod
    def unknown() -> None:
        """Another process knows."""
        forget(PUT_ASIDE)
