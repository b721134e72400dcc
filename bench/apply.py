"""Apply: from Kafka to routed cases in MongoDB with history and outgoing events, beside a bare loop and FastStream."""

import asyncio
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

from bench import material
from bench.figures import Figure
from bench.stage import Sizes, Stage, frozen, stage_on
from tests.support.servers import Servers, free_ports

WARM = 600
ACK_SHARE = 40
"""FastStream with ACK gets so much less to do: it would take minutes for all of the events."""


async def measure(servers: Servers, logs: Path, sizes: Sizes) -> list[Figure]:
    """Each in turn, on topics and databases of its own."""
    found: dict[str, list[float]] = defaultdict(list)
    for _ in range(sizes.rounds):
        async with stage_on(servers, logs) as stage:
            found["alone"].append((await worked_off(stage, sizes.events, "bench.peers.without_relay"))[0])
            async with stage_on(servers, logs) as other:
                found["bare"].append(await _copied(other, f"{stage.prefix}_workflow", sizes.events + WARM))
        for workers in (1, *sizes.workers):
            async with stage_on(servers, logs) as stage:
                rate, published = await worked_off(stage, sizes.events, "workflow", workers=workers)
                found[f"routed {workers}"].append(rate)
                found[f"published {workers}"].append(published)
        for policy, count in (("ack", sizes.events // ACK_SHARE), ("default", sizes.events)):
            async with stage_on(servers, logs) as stage:
                found[policy].append((await worked_off(stage, count, "bench.peers.faststream_insert", policy))[0])
    return _figures(found, sizes)


def _figures(found: dict[str, list[float]], sizes: Sizes) -> list[Figure]:
    limit, unit = "bare loop (c)", "events/s"
    one = found["published 1"]
    figures = [
        Figure("apply", "one worker, no relay", unit, found["alone"], limit, found["bare"], at_least=0.5),
        Figure("apply", "one worker, all published", unit, one, limit, found["bare"], at_least=0.4),
        Figure("apply", "one worker, all published", unit, one, "FastStream, ACK (d)", found["ack"], at_least=15),
        Figure("apply", "one worker, all published", unit, one, "FastStream, default (d)", found["default"]),
        Figure("apply", "one worker, relay beside it, routed", unit, found["routed 1"], limit, found["bare"]),
    ]
    for workers in sizes.workers:
        name = f"{workers} workers, all published"
        figures.append(Figure("apply", name, unit, found[f"published {workers}"], "one worker", one))
    return figures


async def worked_off(stage: Stage, events: int, module: str, *arguments: str, workers: int = 1) -> tuple[float, float]:
    """Events a second until all are in the database, and until all that came of them is published too."""
    cases, outbox = stage.database("workflow").cases, stage.database("workflow").events
    before = await cases.estimated_document_count()
    ports = free_ports(workers)
    processes = [stage.spawn(module, *arguments, workflow_port=str(port)) for port in ports]

    async def there(count: int) -> bool:
        return int(await cases.estimated_document_count()) >= before + count

    async def none_unsent() -> bool:
        return await outbox.count_documents({"unsent_since": {"$exists": True}}, limit=1) == 0

    await stage.publish(material.submissions(WARM, stage.topic("intake")))
    await stage.until(lambda: there(WARM))
    if module == "workflow":
        await _shared(stage, workers)
        await stage.until(none_unsent)
    messages = material.submissions(events, stage.topic("intake"))
    async with frozen(*processes):
        await stage.publish(messages)
    begun = time.monotonic()
    routed = await stage.until(lambda: there(WARM + events), seconds=240)
    published = await stage.until(none_unsent) if module == "workflow" else routed
    await stage.end(*processes)
    return events / (routed - begun), events / (published - begun)


async def _shared(stage: Stage, workers: int) -> None:
    """Until every worker has partitions of its own."""

    async def all_have() -> bool:
        return len(await stage.database("workflow").inbox_offsets.distinct("session")) >= workers

    await stage.until(all_have)


async def _copied(stage: Stage, source: str, events: int) -> float:
    environment = {f"LINLI_{name.upper()}": value for name, value in stage.given.items()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.peers.bare_loop", source), env=environment, stdout=subprocess.PIPE
    )
    output, _ = await process.communicate()
    return events / float(output)
