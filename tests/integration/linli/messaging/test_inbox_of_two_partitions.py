"""One story on two partitions, as after a topic was given more of them, read by two processes at the same moment."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import pytest

from linli.application.settings import Settings
from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.messaging import inbox_store
from linli.messaging.inbox_store import InboxStore
from linli.messaging.story import plan, read
from linli.storage import mongo
from tests.support.builders import received, submitted, withdrawn

Between = Callable[[], Awaitable[None]]


class Readers:
    """Two consumers of one group: each takes events in a transaction of its own."""

    def __init__(self, settings: Settings) -> None:
        self.client = mongo.connect(settings)
        self.database = self.client[settings.database("counter")]
        self._store = InboxStore(self.client, self.database, "counter")
        self.applied: list[int] = []

    async def take(self, *events: Envelope[Event], meanwhile: Between | None = None) -> None:
        """What an inbox does with a batch; `meanwhile` happens after it has read what there is, before it writes."""
        arrivals = [read(received(event), "linli/intake") for event in events]
        keys = [event.stream for event in events]
        first = meanwhile

        async def work(session: mongo.Session) -> Sequence[int]:
            nonlocal first
            streams = await self._store.streams(keys, session)
            held = await self._store.held([key for key in keys if key in streams], session)
            if first:
                happening, first = first, None
                await happening()
            decided = plan(arrivals, streams, held, {})
            await self._store.store(decided, streams, session)
            return [event.sequence for event in decided.apply]

        self.applied += await mongo.transact(self.client, work)

    async def waiting(self) -> int:
        return int(await self.database.inbox_held.count_documents({}))


@pytest.fixture
async def readers(settings_for: Callable[..., Awaitable[Settings]]) -> AsyncIterator[Readers]:
    made = Readers(await settings_for(Settings))
    await inbox_store.create_indexes(made.database)
    await made.database.create_collection("inbox_streams")
    yield made
    made.client.close()


async def test_an_event_that_waits_takes_effect_though_what_it_waits_for_came_as_it_was_put_by(
    readers: Readers,
) -> None:
    await readers.take(submitted("s1"))
    await readers.take(withdrawn("s1", 3), meanwhile=lambda: readers.take(withdrawn("s1", 2)))
    assert (readers.applied, await readers.waiting()) == ([1, 2, 3], 0)


async def test_an_event_takes_what_waits_for_it_along_though_that_was_put_by_meanwhile(readers: Readers) -> None:
    await readers.take(submitted("s1"))
    await readers.take(withdrawn("s1", 2), meanwhile=lambda: readers.take(withdrawn("s1", 3)))
    assert (readers.applied, await readers.waiting()) == ([1, 2, 3], 0)


async def test_a_story_that_begins_on_both_at_once_is_whole(readers: Readers) -> None:
    await readers.take(withdrawn("s1", 2), meanwhile=lambda: readers.take(submitted("s1")))
    assert (readers.applied, await readers.waiting()) == ([1, 2], 0)
    await readers.take(submitted("s2"), meanwhile=lambda: readers.take(withdrawn("s2", 2)))
    assert (readers.applied, await readers.waiting()) == ([1, 2, 1, 2], 0)
