"""A partner's numbers, where several write at once: none is missing, none comes twice."""

import asyncio

from linli.storage import mongo
from notify.main import migrate
from notify.partner_events.store import FeedStore
from notify.settings import NotifySettings
from tests.support.builders import submitted


async def test_those_who_write_at_once_number_without_gaps(settings_for) -> None:
    settings = await settings_for(NotifySettings)
    await migrate(settings)
    client = mongo.connect(settings)
    feeds, partners = FeedStore(client[settings.database("notify")]), [f"test/party-{number}" for number in range(5)]

    async def write(number: int) -> None:
        theirs = {partner: [submitted(f"{number}-{each}") for each in range(3)] for partner in partners}
        await mongo.transact(client, lambda session: feeds.add(theirs, session))

    try:
        await asyncio.gather(*map(write, range(8)))
        for partner in partners:
            told = await feeds.after(partner, 0, 100, None, 100)
            assert [each.number for each in told] == list(range(1, 25))
            assert len({each.event["id"] for each in told}) == 24
            assert (await feeds.reach(partner)).last == 24
    finally:
        client.close()
