"""A running system with the portal that watches it, and what its topology tells."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from linli.contracts.catalogue import topics
from linli.contracts.topics import Otherwise, as_deployed
from linli.messaging.kafka import TopicSpec, apply_topics
from tests.support.portal import portal_beside
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on

WITHIN = 90.0
"""Seconds in which a finding comes or goes, at most: that of a stopped service is looked at by its own times."""


@asynccontextmanager
async def watched(stack: Servers, folder: Path, **environment: str) -> AsyncIterator[System]:
    """All its topics are as they are declared, so that nothing is amiss."""
    fewer = folder / "topics.yaml"
    fewer.write_text("defaults: {partitions: 4}\n")
    async with system_on(stack, folder, LINLI_TOPICS_FILE=str(fewer), **environment) as running:
        await running.load()
        await apply_topics(stack.kafka, as_declared(running.prefix))
        async with portal_beside(running):
            yield running


def as_declared(prefix: str) -> list[TopicSpec]:
    """With all their settings, and with as many partitions as those of tests have."""
    few = Otherwise(partitions=4)
    return [TopicSpec(f"{prefix}.{topic.name}", *as_deployed(topic, few)) for topic in topics()]


async def picture(system: System, **params: Any) -> dict[str, Any]:
    await asyncio.sleep(0.5)  # there is something new every five seconds
    answer = await system.operator.get(f"{system.urls['portal']}/v1/topology", params=params)
    assert answer.status_code in {200, 503}, answer.text
    return answer.json() if answer.status_code == 200 else {"nodes": [], "edges": [], "findings": []}


async def standing(system: System) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in (await picture(system))["findings"] if each["ended"] is None}


async def until_found(system: System, id: str) -> dict[str, Any]:
    async def found() -> dict[str, Any] | None:
        return (await standing(system)).get(id)

    finding: dict[str, Any] = await until(found, WITHIN)
    return finding


async def until_gone(system: System, id: str, within: float = WITHIN) -> None:
    async def gone() -> bool:
        return id not in await standing(system)

    await until(gone, within)
