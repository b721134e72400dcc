"""One system for each file: its clock goes on from test to test, as a neighbourhood's does."""

from collections.abc import AsyncIterator

import pytest

from tests.support.affairs import Affairs
from tests.support.forces import affairs_on
from tests.support.servers import Servers


@pytest.fixture(scope="module")
async def affairs(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Affairs]:
    async with affairs_on(stack, tmp_path_factory.mktemp("logs")) as affairs:
        yield affairs
