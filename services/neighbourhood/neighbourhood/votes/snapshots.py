"""Frozen registers, each written once and never changed."""

from collections import OrderedDict

from pydantic import TypeAdapter

from linli.contracts.neighbourhood.register import Entry
from linli.storage import mongo
from linli.web.problems import not_found
from neighbourhood.votes.domain.snapshot import Snapshot

ENTRIES = TypeAdapter(tuple[Entry, ...])
KEPT_ENTRIES = 100_000
"""Of the lists that a process keeps in memory: each costs about a kilobyte."""


class Snapshots:
    """Those of all registers."""

    def __init__(self, database: mongo.Database) -> None:
        self._lists = database.register_snapshots
        self._known: OrderedDict[str, Snapshot] = OrderedDict()
        self._registers: dict[str, str] = {}

    async def keep(self, register: str, snapshot: Snapshot, session: mongo.Session) -> None:
        """In the transaction of `RegisterFrozen`."""
        document = {
            "_id": snapshot.id,
            "register": register,
            "sha256": snapshot.sha256,
            "entries": ENTRIES.dump_json(snapshot.entries).decode(),
        }
        await self._lists.insert_one(document, session=session)

    async def one(self, id: str, session: mongo.Session | None = None) -> Snapshot:
        """Raises 404."""
        if id in self._known:
            self._known.move_to_end(id)
            return self._known[id]
        document = await self._lists.find_one({"_id": id}, session=session)
        if document is None:
            raise not_found("register")
        snapshot = Snapshot(id, ENTRIES.validate_json(document["entries"]), document["sha256"])
        self._known[id] = snapshot
        while len(self._known) > 1 and sum(len(each.entries) for each in self._known.values()) > KEPT_ENTRIES:
            self._known.popitem(last=False)
        return snapshot

    async def register_of(self, id: str) -> str:
        """Which register a list was frozen from. Raises 404."""
        if id not in self._registers:
            document = await self._lists.find_one({"_id": id}, {"register": 1})
            if document is None:
                raise not_found("register")
            self._registers[id] = document["register"]
        return self._registers[id]
