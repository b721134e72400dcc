"""Migrates an inbox whose streams were keyed by subject alone to keys of source and subject (docs/adr/0003)."""

import re

from linli.storage import mongo

TOGETHER = 1_000
"""Documents that get their new ids in one go."""


async def key_streams_by_source(database: mongo.Database, source: str) -> None:
    """Give what an inbox or a copy of a topic has kept its source: until now all that it read had this one.

    It may be cut short anywhere, and run again.
    """
    prefix = f"{source}|"
    old = {"$not": re.compile(f"^{re.escape(prefix)}")}
    id = {"$concat": [prefix, "$_id"]}
    await _rename(database.inbox_streams, {"_id": old}, [{"$set": {"_id": id}}])
    story = {"source": source, "subject": "$stream"}
    parts: list[mongo.Document] = [{"$set": {"_id": id} | story}, {"$unset": "stream"}]
    await _rename(database.inbox_held, {"_id": old}, parts)
    await database.inbox_parked.update_many({"source": {"$exists": False}}, [{"$set": story}, {"$unset": "stream"}])
    if "stream" in await database.inbox_held.index_information():
        await database.inbox_held.create_index("subject", name="subject")
        await database.inbox_held.drop_index("stream")


async def _rename(collection: mongo.Collection, old: mongo.Document, change: list[mongo.Document]) -> None:
    """Put the old documents under new ids, changed, and then delete them."""
    kept: mongo.Document = {"$merge": {"into": collection.name, "whenMatched": "keepExisting"}}
    while found := await collection.find(old, {"_id": 1}).sort("_id", 1).limit(TOGETHER).to_list(None):
        theirs = {"_id": {"$in": [document["_id"] for document in found]}}
        await collection.aggregate([{"$match": theirs}, *change, kept]).to_list(None)
        await collection.delete_many(theirs)
