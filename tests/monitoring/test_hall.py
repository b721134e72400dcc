"""Alerts of Kafka and MongoDB: a broker or a member is away, then all of Kafka; and of a service that restarts."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from tests.monitoring.causes import Watchman, names
from tests.monitoring.office import office_on
from tests.monitoring.plans import HALL
from tests.monitoring.prometheus import MISSING, installed
from tests.monitoring.servers import Hall, TwoOfEach

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not installed(), reason=MISSING),
]


@pytest.fixture(scope="module")
async def watchman(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Watchman]:
    folder, prefix = tmp_path_factory.mktemp("hall"), f"s{uuid4().hex[:10]}"
    servers = TwoOfEach(folder / "servers")
    try:
        await servers.start_both(prefix)
        async with office_on(servers, folder, prefix) as office:
            hall = Hall(office.system, office.prometheus, office.folder)
            hall.servers = servers
            await hall.load()
            made = Watchman(hall, HALL)
            yield made
            await made.close()
    finally:
        servers.stop()


@pytest.mark.parametrize("name", names(HALL))
async def test_an_alert_fires_while_its_cause_lasts_and_ends_after(watchman: Watchman, name: str) -> None:
    await watchman.outcome(name)
