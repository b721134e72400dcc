"""Processes that are away, silent, of one name, of none in their group, or too large; and a calendar that ends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.monitoring.causes import Cause, alert
from tests.monitoring.office import ODD_SERVICE, Office, again_and_again
from tests.support.builders import community
from tests.support.servers import free_ports
from tests.support.services import until
from tests.support.system import PORTAL

CALENDAR = "calendar"
"""A community that has nothing but its deadlines."""
BALLAST = "450"
"""MiB that a process holds beside its own: more than 80 % of 512."""
START_SEEN_WITHIN = 120.0


@asynccontextmanager
async def portal_stopped(office: Office) -> AsyncIterator[None]:
    await office.stop(PORTAL)
    yield
    await office.start(PORTAL)


@asynccontextmanager
async def two_of_one_name(office: Office) -> AsyncIterator[None]:
    """A second intake with the first one's name and port, at another address."""
    name = "intake-namesake"
    office.system.urls[name] = f"http://127.0.0.2:{office.system.ports['intake']}"
    await office.start(name, "intake", LINLI_HOST="127.0.0.2")
    yield
    await office.stop(name)


@asynccontextmanager
async def replica_killed(office: Office) -> AsyncIterator[None]:
    """It comes back under its name, as a container does."""
    name = "intake-killed"
    variables = office.second("intake", name)
    await office.start(name, "intake", **variables)
    office.system.kill(name)
    yield
    await office.start(name, "intake", **variables)


@asynccontextmanager
async def replica_without_kafka(office: Office) -> AsyncIterator[None]:
    """It reaches MongoDB and not Kafka, so it runs and reads nothing."""
    name = "workflow-apart"
    (nobody,) = free_ports(1)
    variables = office.second("workflow", name)
    office.system.launch(name, "workflow", **variables, LINLI_KAFKA_BOOTSTRAP=f"127.0.0.1:{nobody}")
    yield
    await office.stop(name)


@asynccontextmanager
async def replica_too_large(office: Office) -> AsyncIterator[None]:
    name = "intake-large"
    await office.start(name, ODD_SERVICE, "intake", "large", BALLAST, **office.second("intake", name))
    office.prometheus.watch("intake", office.address(name))
    yield
    office.prometheus.forget("intake", office.address(name))
    await office.stop(name)


@asynccontextmanager
async def killed_again_and_again(office: Office) -> AsyncIterator[None]:
    """As the kernel does with a process that has grown too large. Notify, for which nobody in the office waits; it need
    not get ready, which takes Kafka and a while. Prometheus has seen each start before the next end: what starts and
    ends between two of its questions it never hears of.
    """

    async def seen() -> list[float]:
        return await office.prometheus.values('linli:process_start_time_seconds:max{job="notify"}')

    async def die() -> None:
        (before,) = await until(seen)
        office.system.kill("notify")
        office.system.launch("notify")

        async def started() -> bool:
            return any(start > before for start in await seen())

        await until(started, START_SEEN_WITHIN)

    async with again_and_again(die):
        yield  # and the last one goes on


def far_deadlines() -> list[dict[str, Any]]:
    """Rules by which a case may take more working days than any calendar of public holidays knows."""
    rules = community().model_dump(mode="json")["rules"]
    return [each | {"resolve_within": "365d", "working_days": True} for each in rules]


@asynccontextmanager
async def deadlines_beyond_the_calendar(office: Office) -> AsyncIterator[None]:
    """They are in force since the office has opened; workflow looks when it starts, and then once a minute."""
    yield
    await office.put_in_force(id=CALENDAR)
    await office.restart("workflow")


DOWN = Cause(portal_stopped, (alert("LinliServiceDown", job="portal"), alert("LinliInstanceDown", job="portal")))
NAMESAKE = Cause(two_of_one_name, (alert("LinliNamesake", job="intake"),))
SILENT = Cause(replica_killed, (alert("LinliProcessSilent", job="intake"),))
NO_MEMBER = Cause(replica_without_kafka, (alert("LinliGroupMemberMissing", job="workflow"),))
LARGE = Cause(replica_too_large, (alert("LinliMemoryNearLimit", job="intake"),))
RESTARTS = Cause(killed_again_and_again, (alert("LinliProcessRestarts", job="notify"),), lingers=True)
HOLIDAYS = Cause(deadlines_beyond_the_calendar, (alert("LinliHolidaysUnknown"),))
