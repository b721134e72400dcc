"""End to end: at a steady rate, the time from a request until its case is there, and until the webhook arrives."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx2
import orjson

from bench import material
from bench.deliver import open_sinks
from bench.figures import Figure
from bench.posting import Connection
from bench.stage import Sizes, Stage, stage_on
from tests.support.servers import Servers, free_ports

CONNECTIONS = 64


@dataclass(frozen=True, slots=True)
class Delays:
    """Milliseconds from the moment at which a request was due, p50 and p99."""

    answered: tuple[float, float]
    visible: tuple[float, float]
    told: tuple[float, float]


async def measure(servers: Servers, logs: Path, sizes: Sizes) -> list[Figure]:
    """The rates in turn; residents hear by e-mail meanwhile, as they would."""
    found: dict[int, list[Delays]] = defaultdict(list)
    http, smtp = free_ports(2)
    async with stage_on(servers, logs, webhook=f"http://127.0.0.1:{http}/") as stage:
        await open_sinks(stage, http, smtp)
        await stage.serve_all()
        await steady(stage, http, 20, 3)
        for _ in range(sizes.rounds):
            for rate in sizes.rates:
                found[rate].append(await steady(stage, http, rate, sizes.steady_seconds))
    return [figure for rate in sizes.rates for figure in _figures(rate, found[rate])]


def _figures(rate: int, runs: list[Delays]) -> list[Figure]:
    steps = {
        "answered": [run.answered for run in runs],
        "case visible": [run.visible for run in runs],
        "webhook arrived": [run.told for run in runs],
    }
    goal = 1_000 if rate == 100 else None
    return [
        Figure(
            "end to end",
            f"{rate}/s, {step}, p{percentile}",
            "ms",
            [times[place] for times in those],
            at_most=goal if step == "webhook arrived" and percentile == 99 else None,
        )
        for step, those in steps.items()
        for place, percentile in enumerate((50, 99))
    ]


async def steady(stage: Stage, http: int, rate: int, seconds: float) -> Delays:
    """Submissions at a rate, sent whether or not those before are answered. Fails when one is lost."""
    visible: dict[str, float] = {}
    watching = asyncio.create_task(_watch(stage, visible))
    await asyncio.sleep(0.5)
    due, answered = await submit(f"{stage.given['intake_url']}/v1/submissions", rate, seconds)
    arrivals: dict[str, float] = {}

    async def all_there() -> bool:
        async with httpx2.AsyncClient(trust_env=False) as client:
            arrivals.update((await client.get(f"http://127.0.0.1:{http}/arrivals")).json())
        return due.keys() <= visible.keys() and len(due.keys() & arrivals.keys()) >= await _dispatched(stage, due)

    try:
        await stage.until(all_there, 60, pause=1)
    finally:
        watching.cancel()
    return Delays(
        _delays(answered[id] - due[id] for id in due),
        _delays(visible[id] - due[id] for id in due),
        _delays(arrivals[id] - due[id] for id in due if id in arrivals),
    )


async def _dispatched(stage: Stage, ids: Iterable[str]) -> int:
    """How many of the cases went to a party, which is told; the triage desk looks at its own list."""
    query = {"_id": {"$in": list(ids)}, "state": "dispatched"}
    return await stage.database("workflow").cases.count_documents(query)


async def submit(url: str, rate: int, seconds: float) -> tuple[dict[str, float], dict[str, float]]:
    """Submission id → when it was due, and when it was answered."""
    due: dict[str, float] = {}
    answered: dict[str, float] = {}
    free: asyncio.Queue[Connection] = asyncio.Queue()
    connections = [await Connection(url).__aenter__() for _ in range(CONNECTIONS)]
    for each in connections:
        free.put_nowait(each)

    async def one(body: bytes, at: float) -> None:
        connection = await free.get()
        status, answer = await connection.post(body)
        assert status == 201, answer
        id = orjson.loads(answer)["id"]
        due[id], answered[id] = at, time.monotonic()
        free.put_nowait(connection)

    begun = time.monotonic()
    bodies = cycle([orjson.dumps(body) for body in material.bodies()])
    async with asyncio.TaskGroup() as tasks:
        for n in range(round(rate * seconds)):
            at = begun + n / rate
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            tasks.create_task(one(next(bodies), at))
    for each in connections:
        await each.__aexit__()
    return due, answered


async def _watch(stage: Stage, visible: dict[str, float]) -> None:
    """Notes when a case is committed: from then on whoever asks for it gets it."""
    stages: list[dict[str, Any]] = [{"$match": {"operationType": "insert"}}, {"$project": {"documentKey": 1}}]
    async with stage.database("workflow").cases.watch(stages, max_await_time_ms=1_000) as changes:
        async for change in changes:
            visible.setdefault(change["documentKey"]["_id"], time.monotonic())


def _delays(seconds: Iterable[float]) -> tuple[float, float]:
    cuts = quantiles((each * 1e3 for each in seconds), n=100)
    return cuts[49], cuts[98]
