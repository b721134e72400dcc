"""What comes in is refused or slow; what is read stands still, is slow, is forged, parked, held, or gone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from pymongo import uri_parser

from linli.messaging.kafka import Place, delete_records, look_at
from linli.messaging.outbox import outgoing
from tests.monitoring.causes import Cause, alert
from tests.monitoring.office import ODD_SERVICE, Office, again_and_again
from tests.support.builders import submitted, withdrawn
from tests.support.proxy import Mood, Proxy
from tests.support.servers import free_ports
from tests.support.services import until
from tests.support.system import SERVICES
from tests.support.topics import events_on, publish, publish_raw

SLOW_INSERT, SLOW_BATCH = 1.3, 5.6
"""Seconds that nothing goes through to MongoDB, where the alerts want more than 1 and 5."""
BREATH = 0.3
MOST_AT_ONCE = 400
LOOKED_BEFORE = "5"
"""Hours that a process's clock is behind when it looks."""


def reporting(office: Office) -> Callable[[], Awaitable[None]]:
    """A resident reports, whatever the answer is."""

    async def report() -> None:
        await office.system.submit(kind="report", title="停水了", neighbourhood="east", community="test")

    return report


# Accepting -----------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def no_community(office: Office) -> AsyncIterator[None]:
    """Residents report, and nobody has said yet for which community."""

    async with again_and_again(reporting(office)):
        yield
    await office.load()


@asynccontextmanager
async def behind_a_proxy(office: Office, service: str) -> AsyncIterator[Proxy]:
    """A service that reaches MongoDB through a proxy, and directly again after the block."""
    (host, port), *_ = uri_parser.parse_uri(office.system.servers.mongo_uri)["nodelist"]
    assert host == "127.0.0.1"
    proxy = Proxy(free_ports(1)[0], port)
    proxy.start()
    try:
        uri = f"mongodb://127.0.0.1:{proxy.port}/?directConnection=true"
        await office.restart(service, service, LINLI_MONGO_URI=uri)
        yield proxy
        proxy.be(Mood.CLEAR)
        await office.restart(service)
    finally:
        proxy.stop()


def held_up(proxy: Proxy, seconds: float) -> Callable[[], Awaitable[None]]:
    """Nothing goes through for so long, then all does for a moment."""

    async def hold_up() -> None:
        proxy.be(Mood.CUT)
        await asyncio.sleep(seconds)
        proxy.be(Mood.CLEAR)

    return hold_up


@asynccontextmanager
async def slow_disk(office: Office) -> AsyncIterator[None]:
    """Each submission waits for MongoDB."""
    async with (
        behind_a_proxy(office, "intake") as proxy,
        again_and_again(held_up(proxy, SLOW_INSERT), BREATH),
        again_and_again(reporting(office)),
    ):
        yield


@asynccontextmanager
async def slow_transactions(office: Office) -> AsyncIterator[None]:
    """Each of workflow's waits for MongoDB."""
    await office.open.wait()
    async with (
        behind_a_proxy(office, "workflow") as proxy,
        again_and_again(held_up(proxy, SLOW_BATCH), BREATH),
        again_and_again(reporting(office), 0.1),
    ):
        yield


# Reading -------------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def workflow_stuck(office: Office) -> AsyncIterator[None]:
    """It hangs in a transaction, and ever more comes in."""
    await office.stop("workflow")
    office.system.launch_stuck_workflow(office.folder / "stuck")

    async def report(number: int = 20) -> None:
        items = [{"kind": "report", "title": "停水了", "neighbourhood": "east", "community": "test"}] * number
        url = f"{office.system.urls['intake']}/v1/submissions:batch"
        answer = await office.system.operator.post(url, json={"items": items})
        assert answer.status_code == 200, answer.text

    for _ in range(3):
        await report(MOST_AT_ONCE)
    async with again_and_again(report, 0.5):
        yield
    office.system.kill("workflow")
    await office.start("workflow")


@asynccontextmanager
async def notify_stopped(office: Office) -> AsyncIterator[None]:
    await office.open.wait()
    await office.stop("notify")
    yield
    await office.start("notify")


@asynccontextmanager
async def away_for_too_long(office: Office) -> AsyncIterator[None]:
    """Events leave their topic while notify is away; it comes back with a clock by which it looked hours ago."""
    await office.stop("notify")
    case = await office.report()
    kafka, topic = office.system.servers.kafka, f"{office.system.prefix}.cases"

    async def on_the_topic() -> bool:
        return any(each.subject == case for each in await events_on(kafka, topic))

    await until(on_the_topic)
    ends = (await look_at(kafka, [topic])).topics[topic].ends
    await delete_records(kafka, {Place(topic, partition): end for partition, end in enumerate(ends)})
    await office.start("notify", ODD_SERVICE, "notify", "behind", LOOKED_BEFORE)
    yield
    await office.restart("notify")


@asynccontextmanager
async def client_dies(office: Office) -> AsyncIterator[None]:
    """A task of notify's Kafka client ends a second after each start of it, as a reset connection makes it end."""
    await office.restart("notify", ODD_SERVICE, "notify", "frail", "1")
    yield
    await office.restart("notify")


# Records that cannot be taken ----------------------------------------------------------------------------------------


@asynccontextmanager
async def forged(office: Office) -> AsyncIterator[None]:
    """Somebody else writes an event to a topic of ours; then the operator gives it up."""
    await publish_raw(
        office.system.servers.kafka, outgoing(submitted("forged"), f"{office.system.prefix}.intake"), seals=None
    )
    yield
    for service in SERVICES:
        for each in (await office.system.get(service, "/v1/parked"))["items"]:
            url = f"{office.system.urls[service]}/v1/parked/{each['id']}:discard"
            answer = await office.system.operator.post(url, json={"reason": "不是我们写的"})
            assert answer.status_code == 200, answer.text


@asynccontextmanager
async def gap_in_a_story(office: Office) -> AsyncIterator[None]:
    """The second event of a story is there, and for a minute and a half the first is not; then it comes."""
    kafka, topic = office.system.servers.kafka, f"{office.system.prefix}.intake"
    await publish(kafka, topic, withdrawn("late"))
    held = {"subject": "late"}
    await office.has("workflow", "inbox_held", held)
    await office.date_back("workflow", "inbox_held", held, since=timedelta(seconds=90))
    yield
    await publish(kafka, topic, submitted("late"))


NO_COMMUNITY = Cause(no_community, (alert("LinliAcceptErrors"),))
SLOW_DISK = Cause(slow_disk, (alert("LinliAcceptSlow"),))
SLOW_TRANSACTIONS = Cause(slow_transactions, (alert("LinliBatchSlow"),))
STUCK = Cause(workflow_stuck, (alert("LinliConsumerStandsStill"), alert("LinliConsumerLagGrowing")))
LAG_UNKNOWN = Cause(
    notify_stopped,
    (
        alert("LinliConsumerLagUnknown", job="notify"),
        alert("LinliFindingUrgent", rule="service_stopped", node="service:notify"),
    ),
)
TOO_LONG = Cause(
    away_for_too_long, (alert("LinliEventsExpired"), alert("LinliRetentionStandsStill", job="notify")), lingers=True
)
CLIENT_DIES = Cause(client_dies, (alert("LinliKafkaClientDies", job="notify"),), lingers=True)
FORGED = Cause(
    forged, (alert("LinliForgedRecord", job="workflow"), alert("LinliEventsParked", job="workflow")), lingers=True
)
GAP = Cause(gap_in_a_story, (alert("LinliGapHeld", job="workflow"),))
