"""Alerts of processes, deliveries, partners and odd records; and all that the boards show, under everyday traffic."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from linli.messaging.kafka import Publisher
from linli.messaging.outbox import outgoing
from tests.monitoring.boards import BOARDS, shows_figures
from tests.monitoring.causes import Watchman, names
from tests.monitoring.office import again_and_again, office_on
from tests.monitoring.plans import TOWN
from tests.monitoring.processes import CALENDAR, far_deadlines
from tests.monitoring.prometheus import MISSING, installed
from tests.monitoring.telling import ESTATE, WATER, Town, post
from tests.support.builders import submitted
from tests.support.company_endpoint import Endpoint
from tests.support.journey import with_webhook
from tests.support.servers import Servers
from tests.support.topics import SEALS

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not installed(), reason=MISSING),
]
TRIES = ",".join(["2"] * 200)


@pytest.fixture(scope="module")
async def town(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    hook, endpoint = Endpoint(), Endpoint()
    with post() as mailbox:
        environment = {
            "LINLI_SMTP_PORT": str(mailbox.port),
            "LINLI_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
            "LINLI_RETRY_SCHEDULE": TRIES,
            "LINLI_LETTERS_A_MINUTE": "0",
        }
        async with office_on(stack, tmp_path_factory.mktemp("town"), **environment) as office:
            made = Town(office.system, office.prometheus, office.folder)
            made.post, made.hook, made.endpoint = mailbox, hook, endpoint
            await made.load(**with_webhook(ESTATE, hook.url))
            await made.put_in_force(id=CALENDAR, rules=far_deadlines())
            await made.restart("workflow")
            for party in (ESTATE, WATER):
                await made.partner(party)
            await made.post_to(endpoint.url)
            async with everyday(made):
                yield made
    hook.close()
    endpoint.close()


@asynccontextmanager
async def everyday(town: Town) -> AsyncIterator[None]:
    """What goes on in a town: reports of people with and without an address, mistakes, an event that comes twice."""
    publisher = Publisher(town.system.servers.kafka, "tests")
    twice = SEALS.sealed(outgoing(submitted("twice"), f"{town.system.prefix}.intake"))

    async def day() -> None:
        reporter = {"name": "王芳", "email": "wang@residents.example"}
        for fields in ({"reporter": reporter}, {}, {"neighbourhood": "nowhere"}):
            said = {"kind": "report", "title": "停水了", "neighbourhood": "east", "community": "test"} | fields
            await town.system.submit(**said)
        await publisher.publish([twice])

    try:
        async with again_and_again(day, 1):
            yield
    finally:
        await publisher.close()


@pytest.fixture(scope="module")
async def watchman(town: Town) -> AsyncIterator[Watchman]:
    made = Watchman(town, TOWN)
    yield made
    await made.close()


@pytest.mark.parametrize("name", names(TOWN))
async def test_an_alert_fires_while_its_cause_lasts_and_ends_after(watchman: Watchman, name: str) -> None:
    await watchman.outcome(name)


async def test_every_rule_can_be_worked_out(town: Town, watchman: Watchman) -> None:
    assert await town.prometheus.rules_that_fail() == []


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: str(board.stem))
async def test_each_picture_of_a_board_shows_figures(town: Town, watchman: Watchman, board: Path) -> None:
    await shows_figures(town.prometheus, board, 40)
