"""End to end: the highest steady rate, and at steady rates the time until a case is there and its webhook arrives."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

import httpx2

from bench.deliver import open_sinks
from bench.figures import Figure
from bench.highest import Queues, highest_on
from bench.load import send
from bench.peers import SLOWEST_STAGE
from bench.run import Found, Run
from bench.sizes import Sizes
from bench.stage import Stage, stage_on
from tests.support.servers import free_ports

PART = "end to end"
HALF = "at half the highest rate"


@dataclass(frozen=True, slots=True)
class Delays:
    """Milliseconds from the moment at which a request was due, p50 and p99."""

    answered: tuple[float, float]
    visible: tuple[float, float]
    webhook: tuple[float, float]
    failures: int
    """Requests that were not taken; they are not among the delays."""


async def measure(run: Run) -> None:
    """The highest rate first, then half of it and the fixed rates in turn. Residents hear by e-mail meanwhile."""
    found, sizes = run.found, run.sizes
    http, smtp = free_ports(2)
    async with stage_on(run, webhook=f"http://127.0.0.1:{http}/") as stage:
        await open_sinks(stage, http, smtp)
        queues = await Queues.at_rest(stage)
        await stage.serve_all()
        await steady(stage, http, 20, 3)
        top = await highest_on(queues)
        if top is not None:
            found[PART, "highest"].append(top)
            await _count_notices(stage, http)
        rates = {HALF: top / 2} if top is not None else {}
        for _ in run.rounds():
            for name, rate in (rates | {f"{rate}/s": rate for rate in sizes.rates}).items():
                _note(found, name, await steady(stage, http, rate, sizes.steady_seconds))
                await queues.drained()


def _note(found: Found, name: str, delays: Delays) -> None:
    for step, (p50, p99) in (
        ("answered", delays.answered),
        ("case visible", delays.visible),
        ("webhook arrived", delays.webhook),
    ):
        found[PART, name, f"{step}, p50"].append(p50)
        found[PART, name, f"{step}, p99"].append(p99)
    found[PART, name, "failures"].append(delays.failures)


async def _count_notices(stage: Stage, http: int) -> None:
    """How many webhooks and letters a submission makes, all of which have been told."""
    async with httpx2.AsyncClient(trust_env=False) as client:
        counts = (await client.get(f"http://127.0.0.1:{http}/counts")).json()
    submissions = await stage.database("intake").submissions.count_documents({})
    for name in ("webhooks", "letters"):
        stage.run.found[PART, f"{name} a submission"].append(counts[name] / submissions)


def figures(found: Found, sizes: Sizes) -> list[Figure]:
    """The highest rate beside the slowest stage, each stage alone, and the delays."""
    alone = stages_alone(found)
    slowest = [min(alone.values())] if len(alone) == len(_STAGES) else []
    return [
        Figure(PART, "highest steady rate", "submissions/s", found[PART, "highest"], SLOWEST_STAGE, slowest),
        *(Figure(PART, f"{stage} alone", "submissions/s", [rate]) for stage, rate in alone.items()),
        *(
            Figure(
                *(PART, f"{name}, {step}, p{percentile}", "ms", found[PART, name, f"{step}, p{percentile}"]),
                failures=round(sum(found[PART, name, "failures"])),
            )
            for name in (HALF, *(f"{rate}/s" for rate in sizes.rates))
            for step in ("answered", "case visible", "webhook arrived")
            for percentile in (50, 99)
        ),
    ]


_STAGES = {
    "accept": (("accept", "linli", 64, "rate"), None),
    "apply": (("apply", "published", 1), None),
    "webhooks": (("deliver", "webhooks"), "webhooks a submission"),
    "e-mails": (("deliver", "e-mails"), "letters a submission"),
}
"""Where each stage was measured alone, and how many of what it counts a submission makes; None: one."""


def stages_alone(found: Found) -> dict[str, float]:
    """Submissions a second of each stage that this run has measured alone."""
    alone = {}
    for stage, (measured, share) in _STAGES.items():
        rates, shares = found[measured], found[PART, share] if share else [1.0]
        if rates and shares and median(shares):
            alone[stage] = median(rates) / median(shares)
    return alone


async def steady(stage: Stage, http: int, rate: float, seconds: float) -> Delays:
    """Submissions at a rate, sent whether or not those before are answered. Fails when one that was taken is lost."""
    visible: dict[str, float] = {}
    watching = asyncio.create_task(_watch(stage, visible))
    await asyncio.sleep(0.5)
    sent = await send(f"{stage.given['intake_url']}/v1/submissions", rate, seconds)
    due, arrivals = sent.due, dict[str, float]()

    async def all_there() -> bool:
        async with httpx2.AsyncClient(trust_env=False) as client:
            arrivals.update((await client.get(f"http://127.0.0.1:{http}/arrivals")).json())
        return due.keys() <= visible.keys() and len(due.keys() & arrivals.keys()) >= await _dispatched(stage, due)

    try:
        await stage.until(all_there, 120, pause=1)
    finally:
        watching.cancel()
    return Delays(
        delays_of(sent.answered[id] - due[id] for id in due),
        delays_of(visible[id] - due[id] for id in due),
        delays_of(arrivals[id] - due[id] for id in due if id in arrivals),
        sent.failures,
    )


async def _dispatched(stage: Stage, ids: Iterable[str]) -> int:
    """How many of the cases went to a party, which is told; the triage desk looks at its own list."""
    query = {"_id": {"$in": list(ids)}, "state": "dispatched"}
    return await stage.database("workflow").cases.count_documents(query)


async def _watch(stage: Stage, visible: dict[str, float]) -> None:
    """Notes when a case is committed: from then on whoever asks for it gets it."""
    stages: list[dict[str, Any]] = [{"$match": {"operationType": "insert"}}, {"$project": {"documentKey": 1}}]
    async with stage.database("workflow").cases.watch(stages, max_await_time_ms=1_000) as changes:
        async for change in changes:
            visible.setdefault(change["documentKey"]["_id"], time.monotonic())


def delays_of(seconds: Iterable[float]) -> tuple[float, float]:
    cuts = quantiles((each * 1e3 for each in seconds), n=100)
    return cuts[49], cuts[98]
