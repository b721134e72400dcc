"""Growth: the same measures with many cases in the databases as with next to none, and the memory of each service."""

import asyncio
import itertools
import secrets
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bson
from bson.raw_bson import RawBSONDocument
from pymongo import WriteConcern
from uuid_utils import uuid7

from bench import apply, deliver, end_to_end, material
from bench.accept import published
from bench.figures import Figure
from bench.posting import post
from bench.stage import SERVICES, Sizes, Stage, megabytes, stage_on
from linli.privacy.tracking import made_of, normalise
from tests.support.servers import Servers, free_ports

GROWN = {
    "intake": ("submissions",),
    "workflow": ("cases", "events", "inbox_streams"),
    "notify": ("deliveries", "timeline", "stories", "events", "inbox_streams"),
}
"""What there is once or more for each case."""
MOST_MEGABYTES = 150


async def measure(servers: Servers, logs: Path, sizes: Sizes) -> list[Figure]:
    """Few cases and many, in turn."""
    figures: list[Figure] = []
    http, smtp = free_ports(2)
    url = f"http://127.0.0.1:{http}/"
    for many in sizes.cases:
        found: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
        async with stage_on(servers, logs, webhook=url) as grown:
            await deliver.open_sinks(grown, http, smtp)
            await grow(grown, many)
            for _ in range(sizes.rounds):
                async with stage_on(servers, logs, webhook=url) as small:
                    small.given["smtp_port"] = str(smtp)
                    for cases, stage in ((0, small), (many, grown)):
                        for name, value in (await _all(stage, http, sizes)).items():
                            found[name][cases].append(value)
        figures += _figures(found, many)
    return figures + await memory(servers, logs, sizes)


def _figures(found: dict[str, dict[int, list[float]]], many: int) -> list[Figure]:
    units = {"accepted": "requests/s", "applied": "events/s", "told": "notices/s"}
    peer = "with none"
    return [
        Figure(
            "growth",
            f"{name}, {many:,} cases",
            units.get(name, "ms"),
            by_cases[many],
            peer,
            by_cases[0],
            at_least=0.8 if name in units else None,
            at_most=None if name in units else 1.25,
        )
        for name, by_cases in found.items()
    ]


async def _all(stage: Stage, http: int, sizes: Sizes) -> dict[str, float]:
    """Every measure once; each on topics of its own, so that it finds nothing left over."""
    await stage.empty_topics()
    _, applied = await apply.worked_off(stage, sizes.events // 2, "workflow")
    await stage.empty_topics()
    told = await deliver.told(stage, sizes.notices // 2)
    await stage.empty_topics()
    services = await stage.serve_all()
    delays = await end_to_end.steady(stage, http, sizes.rates[0], sizes.steady_seconds)
    await stage.end(services["workflow"], services["notify"])
    url = f"{stage.given['intake_url']}/v1/submissions"
    accepted = await post(url, 64, sizes.seconds)
    await published(stage)
    await stage.end(services["intake"])
    p99 = f"{sizes.rates[0]}/s, webhook arrived, p99"
    return {"accepted": accepted.rate, "applied": applied, "told": told, p99: delays.told[1]}


# Seeding --------------------------------------------------------------------------------------------------------------


async def grow(stage: Stage, cases: int) -> None:
    """Puts so many cases into all three databases: copies, under ids of their own, of what the services write."""
    templates = await _templates(stage)
    started = time.monotonic()
    for done in range(0, cases, 1_000):
        batches: dict[tuple[str, str], list[RawBSONDocument]] = defaultdict(list)
        for story in itertools.islice(itertools.cycle(templates), done, done + min(1_000, cases - done)):
            for place, document in _copied(*story):
                batches[place].append(document)
        await asyncio.gather(*(_insert(stage, *place, those) for place, those in batches.items()))
    seconds = time.monotonic() - started
    print(f"{cases:,} cases seeded in {seconds:.0f} s")


Story = tuple[tuple[bytes, ...], list[tuple[tuple[str, str], bytes]]]
"""What is a case's own (its id, tracking code and that one's hash), and its documents with the place of each."""


async def _templates(stage: Stage) -> list[Story]:
    """The sample's submissions after they have gone their way through the three services."""
    services = await stage.serve_all()
    url = f"{stage.given['intake_url']}/v1/submissions"
    bodies = material.bodies()
    await end_to_end.submit(url, len(bodies), 1)
    deliveries, taken = stage.database("notify").deliveries, stage.database("intake").submissions

    async def all_told() -> bool:
        dispatched = await stage.database("workflow").cases.count_documents({"state": "dispatched"})
        timelines = await stage.database("notify").timeline.count_documents({})
        left = await deliveries.count_documents({"state": "due"})
        return dispatched > 0 and timelines == 2 * await taken.count_documents({}) and not left

    await stage.until(all_told)
    await asyncio.sleep(3)  # the last marks of the relays
    await stage.end(*services.values())
    found: dict[str, list[tuple[tuple[str, str], bytes]]] = defaultdict(list)
    own: dict[str, tuple[bytes, ...]] = {}
    hashes = {case["_id"]: case["tracking_hash"] async for case in stage.database("workflow").cases.find({})}
    async for doc in taken.find({}):
        own[doc["_id"]] = tuple(each.encode() for each in (doc["_id"], doc["tracking_code"], hashes[doc["_id"]]))
    for service, names in GROWN.items():
        for name in names:
            async for doc in stage.database(service)[name].find({}):
                raw = bson.encode(doc)
                found[next((id for id in own if id.encode() in raw), "")].append(((service, name), raw))
    return [(own[id], found[id]) for id in own]


def _copied(own: tuple[bytes, ...], documents: list[tuple[tuple[str, str], bytes]]) -> Iterator[Any]:
    """A story's documents under another id, code and hash, each as long as the one that it takes the place of."""
    code = made_of(secrets.randbits(60))
    others = tuple(each.encode() for each in (str(uuid7()), normalise(code) or "", secrets.token_hex(32)))
    for place, raw in documents:
        for mine, other in zip(own, others, strict=True):
            raw = raw.replace(mine, other)  # noqa: PLW2901
        yield place, RawBSONDocument(raw)


async def _insert(stage: Stage, service: str, name: str, documents: list[RawBSONDocument]) -> None:
    collection = stage.database(service)[name].with_options(write_concern=WriteConcern(w=1, j=False))
    await collection.insert_many(documents, ordered=False)


# Memory ---------------------------------------------------------------------------------------------------------------


async def memory(servers: Servers, logs: Path, sizes: Sizes) -> list[Figure]:
    """Each service's resident memory before, at most during, and after many submissions; from HTTP to webhooks."""
    http, smtp = free_ports(2)
    taken: dict[str, list[float]] = defaultdict(list)
    async with stage_on(servers, logs, webhook=f"http://127.0.0.1:{http}/") as stage:
        await deliver.open_sinks(stage, http, smtp)
        services = await stage.serve_all()
        url = f"{stage.given['intake_url']}/v1/submissions"
        cases, deliveries = stage.database("workflow").cases, stage.database("notify").deliveries

        async def sample() -> None:
            for name, process in services.items():
                taken[name].append(megabytes(process))

        async def settled() -> bool:
            await sample()
            count = await stage.database("intake").submissions.estimated_document_count()
            return (
                await cases.estimated_document_count() == count
                and await stage.database("notify").timeline.estimated_document_count() == 2 * count
                and not await deliveries.count_documents({"state": "due"}, limit=1)
            )

        await post(url, 8, 1)
        await stage.until(settled, pause=1)
        taken.clear()
        await sample()
        while await stage.database("intake").submissions.estimated_document_count() < sizes.remembered:
            await post(url, 64, sizes.seconds)
            await sample()
        await stage.until(settled, 240, pause=1)
        submissions = await stage.database("intake").submissions.estimated_document_count()
    name = f"after {submissions:,} submissions"
    return [
        figure
        for service in SERVICES
        for figure in (
            Figure("memory", f"{service}, at most", "MB", [max(taken[service])], at_most=MOST_MEGABYTES),
            Figure("memory", f"{service}, {name}", "MB", [taken[service][-1]], "before", [taken[service][0]]),
        )
    ]
