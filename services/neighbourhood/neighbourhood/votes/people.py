"""Whose unit is whose: doors and names, kept beside the register, where the audit reaches each look at them."""

import hmac
from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256

from linli.contracts.neighbourhood.register import Entry
from linli.storage import mongo
from neighbourhood.votes.domain.lists import Known
from neighbourhood.votes.domain.register_rows import OpaqueIds, Row

ID_FIGURES = 20
"""Hexadecimal figures of an opaque id: 80 bits, so that no two units of a city meet."""
AT_ONCE = 5_000


class People:
    """The lists beside all registers of this service."""

    def __init__(self, database: mongo.Database, key: str) -> None:
        """`key` makes ids of doors and documents: who has the events and not the key learns nothing of either."""
        self._doors, self._owners, self._key = database.register_doors, database.register_owners, key.encode()

    def ids(self, place: str) -> OpaqueIds:
        """How what is written in a list of a place becomes ids; the same person has another one elsewhere."""
        return OpaqueIds(
            unit=lambda door: f"u-{self._hash(place, 'unit', door)}",
            stairwell=lambda stairwell: f"s-{self._hash(place, 'stairwell', stairwell)}",
            owner=lambda document: f"o-{self._hash(place, 'owner', document)}",
        )

    async def keep(self, register: str, rows: Sequence[Row], entries: Sequence[Entry], session: mongo.Session) -> None:
        """What a list says of people, in the transaction that makes the register of it; `entries` are its rows'."""
        doors = [
            {"_id": f"{register}~{entry.unit}", "register": register, "unit": entry.unit, "owner": entry.owner,
             "door": row.door.strip(), "stairwell": row.stairwell.strip(), "stairwell_id": entry.stairwell}
            for row, entry in zip(rows, entries, strict=True)
        ]  # fmt: skip
        names = {entry.owner: row.owner.strip() for row, entry in zip(rows, entries, strict=True)}
        owners = [
            {"_id": f"{register}~{owner}", "register": register, "owner": owner, "name": name}
            for owner, name in names.items()
        ]
        for kept, collection in ((doors, self._doors), (owners, self._owners)):
            for at in range(0, len(kept), AT_ONCE):
                await collection.insert_many(kept[at : at + AT_ONCE], ordered=False, session=session)

    async def known(self, register: str, owners: Collection[str] | None = None) -> Known:
        """Doors by unit, names by owner: of all, or of some."""
        query = {"register": register} | ({"owner": {"$in": list(owners)}} if owners is not None else {})
        doors = {doc["unit"]: doc["door"] async for doc in self._doors.find(query, {"unit": 1, "door": 1})}
        names = {doc["owner"]: doc["name"] async for doc in self._owners.find(query, {"owner": 1, "name": 1})}
        return Known(doors, names)

    async def stairwells(self, register: str) -> Mapping[str, str]:
        """How each stairwell is called, by its id."""
        wanted = {"stairwell_id": 1, "stairwell": 1}
        return {doc["stairwell_id"]: doc["stairwell"] async for doc in self._doors.find({"register": register}, wanted)}

    def _hash(self, place: str, what: str, said: str) -> str:
        return hmac.new(self._key, f"{place}\t{what}\t{said}".encode(), sha256).hexdigest()[:ID_FIGURES]
