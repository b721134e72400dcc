"""Transactions on a real server: who is cancelled in the middle of one ends, and nothing else comes of it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress

from pymongo.errors import OperationFailure

from linli.application.settings import Settings
from linli.storage import mongo

INTERRUPTED = 11601
"""The server's code for an operation that somebody ended: what a transaction has not committed yet is undone."""


class Refused(Exception):
    """What the work of a transaction raises."""


async def test_a_cancellation_while_a_transaction_is_being_ended_is_not_lost(
    settings_for: Callable[..., Awaitable[Settings]],
) -> None:
    settings = await settings_for(Settings)
    client = mongo.connect(settings)
    documents = client[settings.database("papers")].documents
    await documents.insert_one({"_id": "before"})
    outcomes: Counter[str] = Counter()

    async def cancelled_after(seconds: float) -> None:
        async def work(session: mongo.Session) -> None:
            await documents.insert_one({"_id": seconds}, session=session)
            asyncio.get_running_loop().call_later(seconds, task.cancel)
            raise Refused

        task = asyncio.create_task(mongo.transact(client, work))
        with suppress(asyncio.CancelledError, Refused):
            await task
        outcomes["cancelled" if task.cancelled() else "refused"] += 1

    for number in range(200):
        await cancelled_after(number * 1e-5)
    assert outcomes["cancelled"]  # the first few come before any server can have answered
    assert await documents.count_documents({}) == 1
    client.close()


async def test_who_commits_while_its_session_is_ended_again_and_again_knows_what_became_of_it(
    settings_for: Callable[..., Awaitable[Settings]],
) -> None:
    """The server interrupts what it is at, or ends the transaction: before the commit, in it or after it."""
    settings = await settings_for(Settings)
    client = mongo.connect(settings)
    documents = client[settings.database("papers")].documents
    over = asyncio.Event()
    begun: Counter[int] = Counter()
    committed: list[int] = []

    async with await client.start_session() as session:

        async def interrupt() -> None:
            while not over.is_set():
                for milliseconds in range(7):
                    await mongo.end_session(client, mongo.session_id(session))
                    await asyncio.sleep(milliseconds / 1000)

        async def work(session: mongo.Session) -> None:
            begun[number] += 1
            await documents.update_one({"_id": number}, {"$inc": {"times": 1}}, upsert=True, session=session)

        interrupting = asyncio.create_task(interrupt())
        for number in range(300):
            try:
                await mongo.transact(client, work, session)
            except OperationFailure as error:
                assert error.code == INTERRUPTED
            else:
                committed.append(number)
        over.set()
        await interrupting
    assert committed == [doc["_id"] async for doc in documents.find({"times": 1}).sort("_id", 1)]
    assert await documents.count_documents({}) == len(committed)
    assert begun.total() > 300, "none was begun anew"
    client.close()
