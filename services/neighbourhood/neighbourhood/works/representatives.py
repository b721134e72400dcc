"""Who speaks for the residents on a site: names, beside the package; codes, of which only the hashes are kept."""

import secrets
from collections.abc import Collection, Mapping
from typing import NamedTuple

from linli.storage import mongo
from neighbourhood.affairs.codes import hash_of, new_code

ID_SIGNS = 12


class Speaker(NamedTuple):
    """Whose code it is, and of which package."""

    package: str
    representative: str


class Representatives:
    """Those of all packages."""

    def __init__(self, database: mongo.Database) -> None:
        self._people, self._codes = database.site_representatives, database.site_codes

    async def name(self, package: str, names: Collection[str], session: mongo.Session) -> list[tuple[str, str, str]]:
        """New ones: the id, name and code of each. A code is told once."""
        made = [(f"rep-{secrets.token_hex(ID_SIGNS // 2)}", name, new_code()) for name in names]
        people = [
            {"_id": f"{package}~{id}", "package": package, "representative": id, "name": name, "code": hash_of(code)}
            for id, name, code in made
        ]
        codes = [{"_id": hash_of(code), "package": package, "representative": id} for id, _, code in made]
        await self._people.insert_many(people, ordered=False, session=session)
        await self._codes.insert_many(codes, ordered=False, session=session)
        return made

    async def of(self, package: str, session: mongo.Session | None = None) -> Mapping[str, str]:
        """Names by id; one that was forgotten is missing."""
        found = self._people.find({"package": package}, {"representative": 1, "name": 1}, session=session)
        return {doc["representative"]: doc["name"] async for doc in found}

    async def whose(self, code: str) -> Speaker | None:
        """By the code that somebody types."""
        found = await self._codes.find_one({"_id": hash_of(code)})
        return Speaker(found["package"], found["representative"]) if found else None

    async def code(self, package: str, representative: str, session: mongo.Session) -> str | None:
        """Another code, which ends the one before it; None where nobody is called so."""
        code = new_code()
        changed = {"$set": {"code": hash_of(code)}}
        before = await self._people.find_one_and_update(
            {"_id": f"{package}~{representative}"}, changed, session=session
        )
        if before is None:
            return None
        await self._codes.delete_one({"_id": before["code"]}, session=session)
        new = {"_id": hash_of(code), "package": package, "representative": representative}
        await self._codes.insert_one(new, session=session)
        return code

    async def forget(self, package: str, representative: str, session: mongo.Session) -> bool:
        """Neither name nor code is left; what they did stays under the opaque id. Whether there was one."""
        gone = await self._people.find_one_and_delete({"_id": f"{package}~{representative}"}, session=session)
        if gone is not None:
            await self._codes.delete_one({"_id": gone["code"]}, session=session)
        return gone is not None
