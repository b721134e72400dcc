"""Limit (c): writes the documents that a worker has written, again, in one transaction for 500 records, and no more.

`python -m bench.peers.bare_loop SOURCE` copies from the database of that name to the stage's, prints the seconds.
"""

import asyncio
import sys
import time
from itertools import groupby

import uvloop

from linli.application.settings import Settings
from linli.storage import mongo

TOGETHER = 500


async def copy(settings: Settings, source: str) -> float:
    """Seconds that the writes took."""
    client = mongo.connect(settings)
    given, taken = client[source], client[settings.database("workflow")]
    cases = await given.cases.find({}).sort("_id", 1).to_list(None)
    streams = {doc["_id"].partition("|")[2]: doc async for doc in given.inbox_streams.find({})}
    written = await given.events.find({"subject": {"$in": list(streams)}}).sort("subject", 1).to_list(None)
    events = {subject: list(those) for subject, those in groupby(written, lambda doc: doc["subject"])}
    async with await client.start_session() as session:
        started = time.monotonic()
        for first in range(0, len(cases), TOGETHER):
            batch = cases[first : first + TOGETHER]
            ids = [case["_id"] for case in batch]

            async def work(session: mongo.Session, batch: list[mongo.Document] = batch, ids: list[str] = ids) -> None:
                await taken.cases.insert_many(batch, ordered=False, session=session)
                both = [event for id in ids for event in events[id]]
                await taken.events.insert_many(both, ordered=False, session=session)
                await taken.inbox_streams.insert_many([streams[id] for id in ids], ordered=False, session=session)

            await mongo.transact(client, work, session)
        return time.monotonic() - started


if __name__ == "__main__":
    uvloop.install()
    print(asyncio.run(copy(Settings(), sys.argv[1])))
