"""One system with its portal for all tests of pages."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.portal import Visitor, portal_beside, visitor
from tests.support.servers import Servers
from tests.support.system import System, system_on


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with system_on(stack, Path(tmp_path_factory.mktemp("logs"))) as running, portal_beside(running):
        yield running


@pytest.fixture
async def operator(system: System) -> AsyncIterator[Visitor]:
    key = (system.servers.secrets_dir / "operator.key").read_text().strip()
    async with visitor(system.urls["portal"], key) as signed_in:
        yield signed_in


@pytest.fixture
async def anybody(system: System) -> AsyncIterator[Visitor]:
    async with visitor(system.urls["portal"]) as nobody_known:
        yield nobody_known
