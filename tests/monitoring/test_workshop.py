"""Alerts of services that are slowed, stuck, stopped and started: what is accepted and what is read."""

from collections.abc import AsyncIterator

import pytest

from tests.monitoring.causes import Watchman, names
from tests.monitoring.office import office_on
from tests.monitoring.plans import WORKSHOP
from tests.monitoring.prometheus import MISSING, installed
from tests.support.servers import Servers

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not installed(), reason=MISSING),
]


@pytest.fixture(scope="module")
async def watchman(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Watchman]:
    async with office_on(stack, tmp_path_factory.mktemp("workshop")) as office:
        made = Watchman(office, WORKSHOP)
        yield made
        await made.close()


@pytest.mark.parametrize("name", names(WORKSHOP))
async def test_an_alert_fires_while_its_cause_lasts_and_ends_after(watchman: Watchman, name: str) -> None:
    await watchman.outcome(name)
