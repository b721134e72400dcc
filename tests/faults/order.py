"""In what order effects are committed: followed while it happens, for nothing that is stored tells it afterwards.

MongoDB's change streams tell of commits in their order. (The order of records in a collection is another after a crash,
since recovery writes them side by side.)
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from pymongo.errors import PyMongoError

from linli.application.settings import Settings
from linli.storage import mongo


class Order:
    """Watches workflow's history and notify's timeline from when it is made, through every outage of MongoDB."""

    def __init__(self, client: mongo.Client, settings: Settings) -> None:
        self.broken: dict[str, str] = {}
        """Case → what came after what."""
        self._client = client
        self._named = {
            (settings.database("workflow"), "events"): "workflow's history",
            (settings.database("notify"), "timeline"): "notify's timeline",
        }
        self._latest: dict[tuple[str, str], int] = {}
        self._seen_until: Mapping[str, Any] | None = None
        self._quiet = asyncio.Event()
        self._task = asyncio.create_task(self._follow())

    async def caught_up(self) -> bool:
        """Whether all has been seen; waits for it."""
        self._quiet.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(60):
                await self._quiet.wait()
        return self._quiet.is_set()

    def stop(self) -> None:
        self._task.cancel()

    async def _follow(self) -> None:
        places = [{"ns": {"db": database, "coll": name}} for database, name in self._named]
        fields = {"ns": 1, **{f"fullDocument.{name}": 1 for name in ("type", "subject", "case_id", "sequence")}}
        stages = [{"$match": {"operationType": "insert", "$or": places}}, {"$project": fields}]
        while True:
            try:
                async with self._client.watch(
                    stages, resume_after=self._seen_until, max_await_time_ms=1_000
                ) as changes:
                    while changes.alive:
                        change = await changes.try_next()
                        self._seen_until = changes.resume_token
                        if change is None:
                            self._quiet.set()
                        else:
                            self._note(self._named[change["ns"]["db"], change["ns"]["coll"]], change["fullDocument"])
            except PyMongoError:
                await asyncio.sleep(0.5)

    def _note(self, where: str, effect: Mapping[str, Any]) -> None:
        if not effect.get("type", "linli.case.").startswith("linli.case."):
            return
        case, sequence = effect.get("subject") or effect["case_id"], effect["sequence"]
        latest = self._latest.get((where, case), 0)
        if sequence < latest:
            self.broken[case] = f"in {where} {sequence} took effect after {latest}"
        self._latest[where, case] = max(sequence, latest)
