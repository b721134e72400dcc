"""What the desk keeps, on a real database."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from linli.application.settings import Settings
from linli.storage import mongo
from portal.desk.filters import WATCHED_AT_MOST
from portal.desk.store import DeskStore
from tests.support.builders import NOON

SettingsFor = Callable[..., Awaitable[Any]]


@pytest.fixture
async def store(settings_for: SettingsFor) -> AsyncIterator[DeskStore]:
    settings: Settings = await settings_for(Settings)
    client = mongo.connect(settings)
    yield DeskStore(client[settings.database("portal")])
    client.close()


async def test_who_watches_as_many_cases_as_there_is_room_for_may_watch_one_of_them_again(store: DeskStore) -> None:
    ids = [f"c{n}" for n in range(WATCHED_AT_MOST)]
    assert all([await store.watch("clerk", id, NOON) for id in ids])
    assert await store.watch("clerk", ids[0], NOON), "it has its room"
    assert not await store.watch("clerk", "one-more", NOON)
    assert sorted(await store.watched("clerk")) == sorted(ids)
