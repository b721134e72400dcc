"""Transactions on a real server: who is cancelled in the middle of one ends, and nothing else comes of it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress

from linli.application.settings import Settings
from linli.storage import mongo


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
