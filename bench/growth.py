"""Growth: the same measures with many cases in the databases as with next to none."""

import asyncio
import itertools
import secrets
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from typing import Any

import bson
from bson.raw_bson import RawBSONDocument
from pymongo import WriteConcern
from uuid_utils import uuid7

from bench import apply, deliver, end_to_end, material
from bench.accept import published
from bench.figures import Figure
from bench.goals import GROWN_RATES, GROWN_TIMES
from bench.highest import Queues, highest_on
from bench.load import send
from bench.peers import NO_CASES
from bench.posting import post
from bench.run import Found, Run
from bench.sizes import Sizes
from bench.stage import Stage, stage_on
from linli.privacy.tracking import made_of, normalise
from tests.support.servers import free_ports

PART = "growth"
GROWN = {
    "intake": ("submissions",),
    "workflow": ("cases", "events", "inbox_streams"),
    "notify": ("deliveries", "timeline", "stories", "events", "inbox_streams"),
}
"""What there is once or more for each case."""
UNITS = {
    "accepted": "requests/s",
    "applied": "events/s",
    "webhooks": "notices/s",
    "e-mails": "notices/s",
    "highest steady rate": "submissions/s",
}


async def measure(run: Run) -> None:
    """Few cases and many, in turn."""
    http, smtp = free_ports(2)
    url = f"http://127.0.0.1:{http}/"
    for many in run.sizes.cases:
        async with stage_on(run, webhook=url) as grown:
            await deliver.open_sinks(grown, http, smtp)
            await grow(grown, many)
            for _ in run.rounds():
                async with stage_on(run, webhook=url) as small:
                    small.given["smtp_port"] = str(smtp)
                    for cases, stage in ((0, small), (many, grown)):
                        async for name, value in _all(stage, http, run.sizes):
                            run.found[PART, many, name, cases].append(value)


def figures(found: Found, sizes: Sizes) -> list[Figure]:
    """Each measure with so many cases, beside the same with none."""
    return [
        Figure(
            *(PART, f"{name}, {many:,} cases", UNITS.get(name, "ms"), found[PART, many, name, many]),
            NO_CASES,
            found[PART, many, name, 0],
        )
        for many in sizes.cases
        for name in (*GROWN_RATES, *GROWN_TIMES)
    ]


async def _all(stage: Stage, http: int, sizes: Sizes) -> AsyncIterator[tuple[str, float]]:
    """Every measure once; each on topics of its own, so that it finds nothing left over."""
    await stage.empty_topics()
    _, applied = await apply.worked_off(stage, sizes.events // 2, "workflow")
    yield "applied", applied
    for name, channel in (
        ("e-mails", {"email": deliver.EMAIL}),
        ("webhooks", {"webhook": f"http://127.0.0.1:{http}/"}),
    ):
        await stage.tell_parties(**channel)
        yield name, (await deliver.notices(stage, sizes.notices // 2)).a_second
    await stage.empty_topics()
    queues = await Queues.at_rest(stage)
    services = await stage.serve_all()
    delays = await end_to_end.steady(stage, http, sizes.rates[0], sizes.steady_seconds)
    yield "webhook arrived, p99", delays.webhook[1]
    if sizes.steady_when_grown and (top := await highest_on(queues)) is not None:
        yield "highest steady rate", top
    await stage.end(services["workflow"], services["notify"])
    url = f"{stage.given['intake_url']}/v1/submissions"
    yield "accepted", (await post(url, 64, sizes.seconds)).rate
    yield "accepted at 1 connection, p50", (await post(url, 1, sizes.seconds)).p50
    await published(stage)
    await stage.end(services["intake"])


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
    stage.run.say(f"{cases:,} cases seeded in {seconds:.0f} s")


Story = tuple[tuple[bytes, ...], list[tuple[tuple[str, str], bytes]]]
"""What is a case's own (its id, tracking code and that one's hash), and its documents with the place of each."""


async def _templates(stage: Stage) -> list[Story]:
    """The sample's submissions after they have gone their way through the three services."""
    services = await stage.serve_all()
    url = f"{stage.given['intake_url']}/v1/submissions"
    bodies = material.bodies()
    await send(url, len(bodies), 1)
    deliveries, taken = stage.database("notify").deliveries, stage.database("intake").submissions

    async def all_sent() -> bool:
        dispatched = await stage.database("workflow").cases.count_documents({"state": "dispatched"})
        timelines = await stage.database("notify").timeline.count_documents({})
        left = await deliveries.count_documents({"state": "due"})
        return dispatched > 0 and timelines == 2 * await taken.count_documents({}) and not left

    await stage.until(all_sent)
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
