"""The doors of households, beside what is told of them: no event and no answer of a household has one."""

import hmac
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import NamedTuple

from pymongo import UpdateOne

from linli.storage import mongo
from neighbourhood.affairs.office import Place

ID_FIGURES = 20
"""Hexadecimal figures of an opaque id: 80 bits, so that no two doors of a city meet."""


class Household(NamedTuple):
    """A household, as the office knows it."""

    id: str
    door: str


class Households:
    """Those of all neighbourhoods."""

    def __init__(self, database: mongo.Database, key: str) -> None:
        """`key` makes ids of doors: who has the events and not the key learns nothing of a door."""
        self._doors, self._key = database.round_households, key.encode()

    def at(self, place: Place, doors: Iterable[str]) -> list[Household]:
        """The same door has the same id in every affair of a neighbourhood, and another one elsewhere."""
        return [Household(self._id(place, door), door) for door in doors]

    async def keep(self, place: Place, households: Iterable[Household], session: mongo.Session) -> None:
        """In the transaction that invites them."""
        kept = [
            UpdateOne({"_id": _name(place, each.id)}, {"$set": {"door": each.door}}, upsert=True) for each in households
        ]
        await self._doors.bulk_write(kept, ordered=False, session=session)

    async def doors(self, place: Place, households: Iterable[str]) -> Mapping[str, str]:
        """By household, of those that are known."""
        names = {_name(place, each): each for each in households}
        cursor = self._doors.find({"_id": {"$in": list(names)}})
        return {names[doc["_id"]]: doc["door"] async for doc in cursor}

    def hash(self, *said: str) -> str:
        """What nobody without the key can make of this."""
        return hmac.new(self._key, "\t".join(said).encode(), sha256).hexdigest()

    def _id(self, place: Place, door: str) -> str:
        return f"h-{self.hash(place.community, place.neighbourhood, 'household', door)[:ID_FIGURES]}"


def _name(place: Place, household: str) -> str:
    return f"{place.community}/{place.neighbourhood}~{household}"
