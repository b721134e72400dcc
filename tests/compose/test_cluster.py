"""The cluster override: one broker and one member of MongoDB's set may be lost."""

from collections.abc import AsyncIterator

import pytest

from tests.support.deployment import Deployment, deployed
from tests.support.services import until

FILES = ("docker-compose.yml", "deploy/compose.cluster.yml")
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
async def cluster(docker: None) -> AsyncIterator[Deployment]:
    with deployed("linli-test-cluster", FILES) as started:
        yield started
        await started.close()


async def test_the_loss_of_a_broker_and_of_the_primary_stops_nothing(cluster: Deployment) -> None:
    await cluster.load()
    accepted: list[str] = []

    async def accepted_and_dispatched() -> bool:
        answer = await cluster.submit(kind="report", title="停水", neighbourhood="east")
        if answer.status_code != 201:
            return False
        accepted.append(answer.json()["id"])
        return True

    await until(accepted_and_dispatched)
    cluster.compose("kill", "-s", "KILL", "kafka-2")
    for _ in range(10):
        await until(accepted_and_dispatched, 60)
    cluster.compose("kill", "-s", "KILL", "mongo")  # it made the set, so it is the primary
    for _ in range(10):
        await until(accepted_and_dispatched, 60)

    async def all_there() -> bool:
        answer = await cluster.operator.post(f"{cluster.urls['workflow']}/v1/cases:lookup", json={"ids": accepted})
        return answer.status_code == 200 and set(answer.json()["found"]) == set(accepted)

    await until(all_there, 90)
    cluster.compose("up", "-d", "--wait", "--no-build")
    assert len(accepted) == len(set(accepted)) == 21
