"""Apply: from Kafka to routed cases in MongoDB with history and outgoing events, beside a bare loop and FastStream."""

import time

from bench import material
from bench.figures import Figure
from bench.peers import BARE_LOOP, FASTSTREAM_ACK, FASTSTREAM_DEFAULT
from bench.run import Found, Run
from bench.sizes import Sizes
from bench.stage import Stage, frozen, stage_on
from tests.support.servers import free_ports

PART = "apply"
WARM = 600
LESS = {"ack": 40, "default": 4}
"""FastStream gets so much less to do: it would take minutes for all of the events."""


async def measure(run: Run) -> None:
    """Each in turn, on topics and databases of its own."""
    found, sizes = run.found, run.sizes
    for number in run.rounds():
        async with stage_on(run) as stage:
            rate, _ = await worked_off(stage, sizes.events, "bench.peers.without_relay")
            found[PART, "alone"].append(rate)
            async with stage_on(run) as other:
                seconds = await other.seconds_of("bench.peers.bare_loop", f"{stage.prefix}_workflow")
                found[PART, "bare"].append((sizes.events + WARM) / seconds)
        for workers in (1, *(sizes.workers if number == 0 else ())):
            async with stage_on(run) as stage:
                routed, published = await worked_off(stage, sizes.events, "workflow", workers=workers)
                found[PART, "routed", workers].append(routed)
                found[PART, "published", workers].append(published)
        for policy, less in LESS.items():
            async with stage_on(run) as stage:
                rate, _ = await worked_off(stage, sizes.events // less, "bench.peers.faststream_insert", policy)
                found[PART, policy].append(rate)


def figures(found: Found, sizes: Sizes) -> list[Figure]:
    """One worker beside each peer, and more workers beside one."""
    one, bare = found[PART, "published", 1], found[PART, "bare"]

    def beside(name: str, ours: list[float], peer: str, theirs: list[float]) -> Figure:
        return Figure(PART, name, "events/s", ours, peer, theirs)

    return [
        beside("one worker, no relay", found[PART, "alone"], BARE_LOOP, bare),
        beside("one worker, all published", one, BARE_LOOP, bare),
        beside("one worker, all published", one, FASTSTREAM_ACK, found[PART, "ack"]),
        beside("one worker, all published", one, FASTSTREAM_DEFAULT, found[PART, "default"]),
        beside("one worker, relay beside it, routed", found[PART, "routed", 1], BARE_LOOP, bare),
        *(
            beside(f"{workers} workers, all published", found[PART, "published", workers], "one worker", one)
            for workers in sizes.workers
        ),
    ]


async def worked_off(stage: Stage, events: int, module: str, *arguments: str, workers: int = 1) -> tuple[float, float]:
    """Events a second until all are in the database, and until all that came of them is published too."""
    cases = stage.database("workflow").cases
    before = await cases.estimated_document_count()
    ports = free_ports(workers)
    processes = [stage.spawn(module, *arguments, workflow_port=str(port)) for port in ports]

    async def there(count: int) -> bool:
        return int(await cases.estimated_document_count()) >= before + count

    async def none_unsent() -> bool:
        return await stage.all_sent("workflow", "events")

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
