"""A database of its own for each test of what is shared."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from linli.application.settings import Settings
from linli.storage import mongo


@pytest.fixture
async def database(settings_for: Callable[..., Awaitable[Settings]]) -> AsyncIterator[mongo.Database]:
    settings = await settings_for(Settings)
    client = mongo.connect(settings)
    yield client[settings.database("shared")]
    client.close()
