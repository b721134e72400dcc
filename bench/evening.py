"""What there is when a subdistrict begins to vote: the services, a peer beside them, votes that are open."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx2

from bench import subdistrict
from bench.load import Request, percentiles
from bench.run import Run
from bench.stage import Stage, stage_on
from bench.subdistrict import Office, Poll
from neighbourhood import main as neighbourhood
from neighbourhood.settings import NeighbourhoodSettings
from tests.support.servers import free_ports

LOOK_EVERY = 0.1


@dataclass
class Evening:
    """What is there when people begin to vote."""

    stage: Stage
    office: Office
    url: str
    peer: str
    pages: str
    polls: list[Poll]
    papers: Iterator[Request]
    taken: int = 0
    """Ballots that were answered with a receipt."""


@asynccontextmanager
async def begun(run: Run, registers: Callable[[Stage, Office], Awaitable[list[str]]]) -> AsyncIterator[Evening]:
    """A vote of each of these registers, all open."""
    async with stage_on(run) as stage:
        ports = free_ports(2)
        stage.given |= {"peer_port": str(ports[0]), "portal_port": str(ports[1])}
        stage.given |= {"portal_url": f"http://127.0.0.1:{ports[1]}", "play_time": "true"}
        stage.given |= {"rate_guesses": "1000000/second"}
        await neighbourhood.migrate(stage.settings(NeighbourhoodSettings))
        await stage.serve("neighbourhood", stage.ports["neighbourhood_port"])
        await stage.serve("bench.peers.fastapi_plain", ports[0], "/readyz", "insert")
        await stage.serve("portal", ports[1])
        key = (run.servers.secrets_dir / "operator.key").read_text().strip()
        url = str(stage.given["neighbourhood_url"])
        office = Office(url, key)
        await stage.until(office.knows_the_community)
        polls = await office.open_votes(await registers(stage, office), run.sizes.owners)
        run.say(f"{run.part}: {len(polls)} votes are open")
        peer, pages = f"http://127.0.0.1:{ports[0]}/v1/submissions", f"http://127.0.0.1:{ports[1]}"
        yield Evening(stage, office, url, peer, pages, polls, subdistrict.ballots(polls))
        await office.client.aclose()


@asynccontextmanager
async def watched(evening: Evening, when: str) -> AsyncIterator[None]:
    """Somebody looks at one vote after another, ten times a second, as long as something goes on."""
    over = False
    looking = asyncio.create_task(_looks(evening, when, lambda done: over, LOOK_EVERY))
    try:
        yield
    finally:
        over = True
        await looking


async def looked_at(evening: Evening) -> None:
    looks = evening.stage.run.sizes.looks
    await _looks(evening, "afterwards", lambda done: done >= looks, 0.0)


async def _looks(evening: Evening, when: str, enough: Callable[[int], bool], pause: float) -> None:
    """The turnout from the service, and a vote's page as a resident sees it; the great register's is one of them."""
    times: dict[str, list[float]] = {"turnout": [], "a vote's page": []}
    done = 0
    async with httpx2.AsyncClient(trust_env=False, timeout=30) as client:
        while not enough(done):
            poll = evening.polls[done % len(evening.polls)]
            asked = f"{evening.url}/v1/votes/{poll.id}/turnout", f"{evening.pages}/vote/{poll.id}"
            for name, url in zip(times, asked, strict=True):
                begun = time.monotonic()
                answer = await client.get(url)
                assert answer.status_code == 200, f"{url}: {answer.status_code} {answer.text[:300]}"
                times[name].append(time.monotonic() - begun)
            done += 1
            await asyncio.sleep(pause)
    for name, each in times.items():
        for what, value in zip(("p50", "p99"), percentiles(each), strict=True):
            evening.stage.run.found[evening.stage.run.part, f"{name} {when}", what].append(value)
