"""What is known of addresses, under a keyed hash of each: notify keeps no address."""

import hmac
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from linli.storage import mongo
from notify.deliveries.domain.standing import Standing
from notify.deliveries.mailbox import mailbox

ADDRESSES = "addresses"
KEPT = timedelta(days=180)
"""After this without a letter an address is unknown again; that its owner wants none is never forgotten."""
_LENGTH = 32
"""Hex digits of an address' name, and of what proves that a link is ours."""
CLASH = 11000


class AddressNames:
    """Names addresses by keyed hashes, and makes and reads the links that letters carry for their owners."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, address: str) -> str:
        """The same for every way to write a mailbox; a telephone number is E.164 already."""
        found = mailbox(address)
        return self._hash(f"address/{str(found).casefold() if found else address}")

    def token(self, name: str) -> str:
        """What a link carries: only the owner's mailbox gets it."""
        return name + self._hash(f"letters/{name}")

    def read(self, token: str) -> str | None:
        """The name in a token; None for one that is not ours."""
        name = token[:_LENGTH].lower()
        ours = len(token) == 2 * _LENGTH and token.isascii() and hmac.compare_digest(self.token(name), token.lower())
        return name if ours else None

    def _hash(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), sha256).hexdigest()[:_LENGTH]


class AddressStore:
    """The collection of what is known of addresses."""

    def __init__(self, database: mongo.Database) -> None:
        self._database = database
        self._names: AddressNames | None = None

    async def names(self) -> AddressNames:
        """Raises LookupError when the migrations have not run."""
        if self._names is None:
            document = await self._database["keys"].find_one({"_id": "addresses"})
            if document is None:
                raise LookupError("there is no key for addresses: run the migrations")
            self._names = AddressNames(bytes(document["key"]))
        return self._names

    async def standings(self, names: Collection[str], now: datetime) -> dict[str, Standing]:
        """Of those of which anything is known."""
        if not names:
            return {}
        found = await self._database[ADDRESSES].find({"_id": {"$in": list(names)}}).to_list(None)
        return {document["_id"]: _standing(document, now) for document in found}

    async def count(self, letters: Mapping[str, int], now: datetime) -> None:
        """Letters that have gone to addresses."""
        day, until = now.date().isoformat(), now + KEPT
        updates = [
            UpdateOne({"_id": name}, _one_more(number, day, until), upsert=True) for name, number in letters.items()
        ]
        for last in (False, True):
            if not updates:
                return
            try:
                await self._database[ADDRESSES].bulk_write(updates, ordered=False)
                return
            except BulkWriteError as error:  # two that both made the address known: the one that lost writes again
                failed = error.details["writeErrors"]
                if last or any(each["code"] != CLASH for each in failed):
                    raise
                updates = [updates[each["index"]] for each in failed]

    async def mark(self, name: str, now: datetime, *, by: str, **marks: bool) -> None:
        """Set or take away marks: `confirmed`, `stopped`, `dead`."""
        put: dict[str, Any] = {"by": by, "expires_at": now + KEPT}
        put |= {f"{mark}_at": now for mark, is_so in marks.items() if is_so}
        gone = {f"{mark}_at": "" for mark, is_so in marks.items() if not is_so}
        if marks.get("stopped"):
            put.pop("expires_at")
            gone["expires_at"] = ""
        change: dict[str, Any] = {"$set": put}
        if gone:
            change["$unset"] = gone
        await self._database[ADDRESSES].update_one({"_id": name}, change, upsert=True)


def _standing(document: mongo.Document, now: datetime) -> Standing:
    return Standing(
        confirmed="confirmed_at" in document,
        stopped="stopped_at" in document,
        dead="dead_at" in document,
        today=document.get("today", 0) if document.get("day") == now.date().isoformat() else 0,
    )


def _one_more(number: int, day: str, until: datetime) -> list[dict[str, Any]]:
    today = {"$cond": [{"$eq": ["$day", day]}, {"$add": ["$today", number]}, number]}
    expires = {"$cond": [{"$ifNull": ["$stopped_at", False]}, "$$REMOVE", until]}
    return [{"$set": {"today": today, "day": day, "expires_at": expires}}]
