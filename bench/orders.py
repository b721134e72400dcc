"""Orders: from their events to their being taken by the partners' endpoints, beside webhooks of cases; and what one
partner that is slow costs the others."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import httpx2

from bench import deliver, material
from bench.deliver import Cost
from bench.end_to_end import delays_of
from bench.figures import Figure
from bench.peers import WEBHOOKS, WITHOUT_IT
from bench.run import Found, Run
from bench.sizes import Sizes
from bench.stage import Stage, cpu_seconds, stage_on
from linli.messaging.kafka import Outgoing
from notify.partner_events.domain.endpoint import Endpoint
from notify.partner_events.endpoint_store import ENDPOINTS, EndpointStore
from tests.support.servers import free_ports

PART = "orders"
PARTIES = [f"partner-{number:02}" for number in range(50)]
SLOW = PARTIES[0]
WARM = 2
"""For each partner."""
STEADY = 100
"""Orders a second whose delays are looked at: so few that none waits for another."""
TICK = 0.1
"""Seconds in which those that are due are published together."""


async def measure(run: Run) -> None:
    """In turn: webhooks of cases; orders; and orders with one partner that answers after ten seconds."""
    found, sizes = run.found, run.sizes
    for _ in run.rounds():
        http, smtp = free_ports(2)
        async with stage_on(run, webhook=f"http://127.0.0.1:{http}/") as stage:
            await deliver.open_sinks(stage, http, smtp)
            _note(found, "webhooks", await deliver.notices(stage, sizes.notices))
        for name, slow in (("alike", None), ("one slow", SLOW)):
            async with stage_on(run) as stage:
                await deliver.open_sinks(stage, http, smtp)
                cost, (p50, p99) = await _posted(stage, http, slow)
                _note(found, name, cost)
                found[PART, name, "p50"].append(p50)
                found[PART, name, "p99"].append(p99)


def _note(found: Found, name: str, cost: Cost) -> None:
    found[PART, name, "a second"].append(cost.a_second)
    found[PART, name, "processor"].append(cost.milliseconds)


def figures(found: Found, _sizes: Sizes) -> list[Figure]:
    """What is posted a second, what one costs, and how long one takes; with a slow partner only what others feel."""

    def of(name: str, what: str) -> list[float]:
        return found[PART, name, what]

    beside = f"{len(PARTIES) - 1} while one is slow"
    return [
        Figure(
            *(PART, f"posted to {len(PARTIES)} partners", "orders/s", of("alike", "a second")),
            *(WEBHOOKS, of("webhooks", "a second")),
        ),
        Figure(
            *(PART, "an order, of notify's processor", "ms", of("alike", "processor")),
            *(WEBHOOKS, of("webhooks", "processor")),
        ),
        Figure(
            *(PART, f"posted to {beside}", "orders/s", of("one slow", "a second")),
            *(WITHOUT_IT, of("alike", "a second")),
        ),
        *(
            Figure(
                *(PART, f"delay while one is slow, {part}", "ms", of("one slow", part)), WITHOUT_IT, of("alike", part)
            )
            for part in ("p50", "p99")
        ),
    ]


async def _posted(stage: Stage, http: int, slow: str | None) -> tuple[Cost, tuple[float, float]]:
    """Orders of all partners; what those cost that go to others than the slow one, and the delays of some more.

    Notify is away while they are laid out: that takes longer than a consumer may be still.
    """
    others = [party for party in PARTIES if party != slow]
    await _add_endpoints(stage, f"http://127.0.0.1:{http}/", slow)
    each = stage.run.sizes.orders // len(PARTIES)
    notify = await stage.serve("notify", stage.ports["notify_port"])
    await stage.publish(_orders(stage, WARM))
    await stage.until(lambda: _all_told(stage, others, WARM))
    await stage.end(notify)
    await stage.publish(_orders(stage, each))
    notify = await stage.serve("notify", stage.ports["notify_port"])
    begun, used, before = time.monotonic(), cpu_seconds(notify), await _told(stage, others)
    ended = await stage.until(lambda: _all_told(stage, others, WARM + each), seconds=400, pause=0.1)
    told = (WARM + each) * len(others) - before
    cost = Cost(told / (ended - begun), (cpu_seconds(notify) - used) * 1e3 / told)
    delays = await _delays(stage, http, others, WARM + each)
    await stage.end(notify)
    return cost, delays


async def _add_endpoints(stage: Stage, url: str, slow: str | None) -> None:
    endpoints = EndpointStore(stage.database("notify"))
    now = datetime.now(UTC)
    for party in PARTIES:
        where = f"{url}slow" if party == slow else url
        await endpoints.add(Endpoint(_partner(party), where, None, 0, due_at=now, added_at=now))


def _orders(stage: Stage, each: int) -> list[Outgoing]:
    return material.orders(each * len(PARTIES), PARTIES, stage.topic("orders"))


def _partner(party: str) -> str:
    return f"{material.COMMUNITY}/{party}"


async def _told(stage: Stage, parties: Sequence[str]) -> int:
    """How many orders of these have been taken, and written down as taken."""
    query = {"_id": {"$in": [_partner(party) for party in parties]}}
    docs = await stage.database("notify")[ENDPOINTS].find(query, {"cursor": 1, "taken": 1}).to_list(None)
    return sum(doc["cursor"] + len(doc["taken"]) for doc in docs)


async def _all_told(stage: Stage, parties: Sequence[str], each: int) -> bool:
    return await _told(stage, parties) >= each * len(parties)


async def _delays(stage: Stage, http: int, others: Sequence[str], before: int) -> tuple[float, float]:
    """Milliseconds, p50 and p99, from an event's being due on Kafka to its post, of orders that come one by one."""
    count = round(STEADY * stage.run.sizes.steady_seconds / len(PARTIES)) * len(PARTIES)
    orders = _orders(stage, count // len(PARTIES))
    due: dict[str, float] = {}
    begun, step = time.monotonic(), max(1, round(STEADY * TICK))
    for first in range(0, count, step):
        at = begun + first / STEADY
        await asyncio.sleep(max(0.0, at - time.monotonic()))
        some = orders[first : first + step]
        due |= {f"{order.key}:1": at for order in some}
        await stage.publish(some)
    each = before + count // len(PARTIES)
    await stage.until(lambda: _all_told(stage, others, each), pause=0.5)
    async with httpx2.AsyncClient(trust_env=False) as client:
        arrivals = (await client.get(f"http://127.0.0.1:{http}/arrivals", timeout=60)).json()
    return delays_of(arrivals[id] - at for id, at in due.items() if id.rpartition("~")[2][:-2] in others)
