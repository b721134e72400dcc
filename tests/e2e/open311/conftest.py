"""A portal before three real services, for each file of these tests."""

from collections.abc import AsyncIterator

import pytest

from tests.support.open311 import Open311, open311_on
from tests.support.servers import Servers


@pytest.fixture(scope="module")
async def program(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Open311]:
    async with open311_on(stack, tmp_path_factory.mktemp("open311")) as running:
        yield running
