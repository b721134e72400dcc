"""Personal codes of ballots, by their hashes."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from linli.storage import mongo
from neighbourhood.affairs.codes import hash_of


class CodeOf(NamedTuple):
    """Whose code it is, and which paper it stands on."""

    vote: str
    owner: str
    issue: int


class Codes:
    """Those of all votes."""

    def __init__(self, database: mongo.Database) -> None:
        self._codes = database.ballot_codes

    async def keep(self, codes: Mapping[str, CodeOf], session: mongo.Session) -> None:
        """By code. An older one of the same owner stays, to say that it counts no more."""
        documents = [{"_id": hash_of(code), **whose._asdict()} for code, whose in codes.items()]
        if documents:
            await self._codes.insert_many(documents, ordered=False, session=session)

    async def whose(self, codes: Iterable[str], session: mongo.Session | None = None) -> dict[str, CodeOf]:
        """By code, of those that there are."""
        hashes = {hash_of(code): code for code in codes}
        found = self._codes.find({"_id": {"$in": list(hashes)}}, session=session)
        return {hashes[doc["_id"]]: CodeOf(doc["vote"], doc["owner"], doc["issue"]) async for doc in found}
