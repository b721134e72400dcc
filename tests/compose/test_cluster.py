"""The cluster override: one broker and one member of MongoDB's set may be lost, and replicas come and go.

The tests go in this order on one deployment. What takes minutes is marked `long`.
"""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import httpx2
import pytest
import structlog
from pytest_httpserver import HTTPServer

from tests.support.deployment import SERVICES, Deployment, deployed
from tests.support.journey import Mailbox, go_the_whole_way, mailbox_on
from tests.support.load import Load
from tests.support.picture import must_be_there, shown_page, whole_picture
from tests.support.servers import free_ports
from tests.support.services import until

PROJECT = "linli-test-cluster"
FILES = ("docker-compose.yml", "deploy/compose.cluster.yml", "tests/compose/cluster_host.yml")
VICTIMS = ("kafka-2", "mongo", "intake-2", "workflow-2", "notify-2")
"""Killed one after another, each started again: `mongo` made the set, so it is the primary."""
RESIDENTS = 6
pytestmark = pytest.mark.timeout(1200)
log = structlog.get_logger()
(SMTP_PORT,) = free_ports(1)


@pytest.fixture(scope="module")
async def cluster(docker: None) -> AsyncIterator[Deployment]:
    with deployed(PROJECT, FILES, LINLI_TEST_SMTP_PORT=str(SMTP_PORT), LINLI_RATE_PRINCIPALS="") as started:
        yield started
        await started.close()


@pytest.fixture(scope="module")
def gateway(cluster: Deployment) -> str:
    """The host, as containers reach it."""
    hosts = cluster.inside("notify", "print(open('/etc/hosts').read())").splitlines()
    return next(line.split()[0] for line in hosts if "host.docker.internal" in line)


@pytest.fixture(scope="module")
def box(gateway: str) -> Iterator[Mailbox]:
    with mailbox_on(gateway, SMTP_PORT) as started:
        yield started


class Balancer:
    """What stands before the intakes: each request goes to the next of them that are there."""

    def __init__(self, cluster: Deployment) -> None:
        self._cluster = cluster
        self._next = itertools.count()
        self.look()

    def look(self) -> None:
        """Find them by the addresses of their containers."""
        self.addresses = [
            network["IPAddress"]
            for container in sorted(self._cluster.containers(), key=lambda each: str(each["Name"]))
            if "-intake-" in container["Name"]
            for network in container["NetworkSettings"]["Networks"].values()
            if network["IPAddress"]
        ]

    async def submit(self, key: str, **body: Any) -> httpx2.Response:
        address = self.addresses[next(self._next) % len(self.addresses)]
        url = f"http://{address}:8101/v1/submissions"
        return await self._cluster.resident.post(url, json=body, headers={"Idempotency-Key": key}, timeout=5)


class Growing:
    """A load, and whether it is taken and dealt with."""

    def __init__(self, cluster: Deployment, before: int) -> None:
        self.cluster, self.before, self.balancer = cluster, before, Balancer(cluster)
        front: Any = self.balancer
        self.load = Load(front, RESIDENTS)

    async def goes_on(self) -> float:
        """Seconds until twenty more are taken, and the last of them is a case of somebody's."""
        begun, taken = time.monotonic(), len(self.load.accepted)

        async def more() -> bool:
            return len(self.load.accepted) >= taken + 20

        async def dispatched() -> bool:
            case = await self.cluster.case(list(self.load.accepted.values())[taken + 19])
            return bool(case and case["state"] == "dispatched")

        await until(more)
        await until(quietly(dispatched))
        return time.monotonic() - begun

    async def ends_whole(self) -> int:
        """Every 201 is one case with its history and one notice to its party on each channel; how many there were."""
        accepted = list((await self.load.stop()).values())
        assert len(set(accepted)) == len(accepted), "one key, one submission"
        find = f"{self.cluster.urls['workflow']}/v1/cases:lookup"

        async def all_there() -> bool:
            states: dict[str, str] = {}
            for start in range(0, len(accepted), 500):
                answer = await self.cluster.operator.post(find, json={"ids": accepted[start : start + 500]})
                states |= answer.json()["found"]
            return states == dict.fromkeys(accepted, "dispatched")

        await until(quietly(all_there))
        more = await how_many(self.cluster) - self.before - len(accepted)
        assert 0 <= more <= RESIDENTS, "no more than what was in flight when the load ended"
        told = {("email", "sent"), ("webhook", "sent")}
        for id in accepted[:: max(1, len(accepted) // 40)]:
            history = (await self.cluster.case(id) or {})["history"]
            assert [step["sequence"] for step in history] == [1, 2]

            async def all_told() -> bool:
                items = (await self.cluster.get("notify", "/v1/deliveries", case=id))["items"]  # noqa: B023
                return sorted((each["channel"], each["state"]) for each in items) == sorted(told)

            await until(quietly(all_told))
        for service in ("workflow", "notify"):
            assert (await self.cluster.get(service, "/v1/parked"))["items"] == []
        return len(accepted)


def quietly(condition: Any) -> Any:
    """The same, not yet true while a service is away."""

    async def holds() -> bool:
        try:
            return bool(await condition())
        except (httpx2.TransportError, AssertionError, KeyError, json.JSONDecodeError):
            return False

    return holds


async def how_many(cluster: Deployment) -> int:
    return int((await cluster.get("workflow", "/v1/cases", count=True, limit=1))["total"])


@contextmanager
def hooks_on(host: str, port: int) -> Iterator[HTTPServer]:
    with HTTPServer(host=host, port=port) as hooks:
        hooks.expect_request("/hook", method="POST").respond_with_data("ok")
        yield hooks


(HOOK_PORT,) = free_ports(1)
HOOK = f"http://host.docker.internal:{HOOK_PORT}/hook"


async def test_the_whole_way_goes_through_a_cluster(cluster: Deployment, box: Mailbox, gateway: str) -> None:
    with hooks_on(gateway, HOOK_PORT) as hooks:
        await go_the_whole_way(cluster, box, hooks, HOOK)


async def test_the_topology_shows_both_of_each_service_and_three_servers(cluster: Deployment) -> None:
    async def of_all() -> dict[str, set[float]]:
        """Kind of node → the copies or members that all of them have."""
        nodes = await whole_picture(cluster, dict.fromkeys(SERVICES, 2) | {"portal": 1})
        told = {"topic": "replication", "database": "members", "group": "members"}
        figures = {kind: [each["figures"] for each in nodes.values() if each["kind"] == kind] for kind in told}
        return {kind: {each[name] for each in figures[kind] if name in each} for kind, name in told.items()}

    async def three_copies_three_members_two_readers() -> bool:
        return await of_all() == {"topic": {3}, "database": {3}, "group": {2}}

    await until(three_copies_three_members_two_readers)
    page = await shown_page(cluster)
    assert [id for id in must_be_there() if f'data-id="{id}"' not in page] == []


@pytest.mark.long
@pytest.mark.usefixtures("box")
async def test_each_may_be_killed_under_load_a_broker_and_the_primary_among_them(
    cluster: Deployment, gateway: str
) -> None:
    with hooks_on(gateway, HOOK_PORT):
        growing = Growing(cluster, await how_many(cluster))
        recovered: dict[str, float] = {"": await growing.goes_on()}
        for victim in VICTIMS:
            await killed(cluster, victim)
            recovered[victim] = await growing.goes_on()
            cluster.run("docker", "start", f"{PROJECT}-{victim}-1")
            await until(lambda victim=victim: healthy(cluster, victim))
            growing.balancer.look()
        log.info("killed", accepted=await growing.ends_whole(), seconds_until_twenty_more=rounded(recovered))


async def killed(cluster: Deployment, name: str) -> None:
    """SIGKILL. Docker may give up waiting for the end of what it has killed; it is waited for here."""
    with suppress(AssertionError):
        await asyncio.to_thread(cluster.compose, "kill", "-s", "KILL", name)

    async def ended() -> bool:
        return not (await state(cluster, name))["Running"]

    await until(ended)


async def healthy(cluster: Deployment, name: str) -> bool:
    return bool((await state(cluster, name))["Health"]["Status"] == "healthy")


async def state(cluster: Deployment, name: str) -> dict[str, Any]:
    """What Docker says of the first container of a name."""
    said = await asyncio.to_thread(cluster.run, "docker", "inspect", f"{PROJECT}-{name}-1")
    found: dict[str, Any] = json.loads(said)[0]["State"]
    return found


@pytest.mark.long
@pytest.mark.usefixtures("box")
async def test_four_replicas_of_each_service_come_under_load_and_go_again(cluster: Deployment, gateway: str) -> None:
    with hooks_on(gateway, HOOK_PORT):
        growing = Growing(cluster, await how_many(cluster))
        recovered = {"two": await growing.goes_on()}
        for name, second in (("four", 3), ("two again", 1)):
            if second == 1:  # as a balancer is told before a server goes
                growing.balancer.addresses = growing.balancer.addresses[:1]
            await asyncio.to_thread(scale, cluster, second)
            growing.balancer.look()
            assert len(growing.balancer.addresses) == 1 + second
            recovered[name] = await growing.goes_on()
        log.info("scaled", accepted=await growing.ends_whole(), seconds_until_twenty_more=rounded(recovered))


def scale(cluster: Deployment, second: int) -> None:
    """So many beside the first of each service."""
    each = [part for name in SERVICES for part in ("--scale", f"{name}-2={second}")]
    cluster.compose("up", "-d", "--wait", "--no-build", "--no-recreate", "--no-deps", *each, *AGAIN)


AGAIN = tuple(f"{name}-2" for name in SERVICES)


def rounded(seconds: Mapping[str, float]) -> dict[str, float]:
    return {name: round(each, 1) for name, each in seconds.items()}
