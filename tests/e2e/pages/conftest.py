"""A quarter for each file of these tests."""

from collections.abc import AsyncIterator

import pytest

from tests.support.quarter import Quarter, quarter_on
from tests.support.servers import Servers


@pytest.fixture(scope="module")
async def quarter(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Quarter]:
    async with quarter_on(stack, tmp_path_factory.mktemp("quarter")) as running:
        yield running
