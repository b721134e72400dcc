"""Tells the others anew what stands on the compacted topics, whenever workflow starts.

So a topic that was made anew, an older record that somebody has put after the newest, and a seal by another key last
no longer than until the next start. Who knows it already drops it.
"""

import asyncio
from datetime import UTC, datetime
from functools import partial

import structlog

from linli.application.worker import until_done
from linli.contracts.key import KeyPublished
from linli.storage import mongo

log = structlog.get_logger()


async def tell_again(database: mongo.Database) -> None:
    """Mark the newest event of each key and each community as unsent, once; then wait to be cancelled."""
    log.info("told_again", events=await until_done("told_again", partial(_mark, database)))
    await asyncio.Event().wait()


async def _mark(database: mongo.Database) -> int:
    newest = [f"{doc['_id']}:{doc['version']}" async for doc in database.communities.find({}, {"version": 1})]
    newest += [
        f"{doc['_id']}:{KeyPublished.model_validate_json(doc['published']).version}"
        async for doc in database.api_keys.find({}, {"published": 1})
    ]
    unsent = {"$set": {"unsent_since": datetime.now(UTC)}}
    sent = {"_id": {"$in": newest}, "unsent_since": {"$exists": False}}
    return (await database.events.update_many(sent, unsent)).modified_count
