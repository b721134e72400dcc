"""The system under load with all that the harness has around it, and the keeper that starts anew what has ended."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

from linli.application.settings import Settings
from tests.faults.affairs.checker import Damage
from tests.faults.affairs.checker import compare as compare_affairs
from tests.faults.affairs.ledger import AffairsLedger
from tests.faults.affairs.load import AffairsLoad
from tests.faults.affairs.staging import Stage, set_up
from tests.faults.checker import Books, Found, Verdict, check
from tests.faults.ledger import Entry, Ledger
from tests.faults.load import Load
from tests.faults.sinks import Sinks
from tests.support.proxy import Proxy
from tests.support.servers import ProxiedServers, Servers
from tests.support.site import with_a_site
from tests.support.system import SERVICES, System, system_on

WITNESSES = 5
"""Submissions made after a process is back that must have gone all the way."""
QUICK_RETRIES = "1,1,2,2,5,5,5,10,10,10,20,20"
"""Seconds between tries of a delivery: the shipped schedule ends after a day."""
AFFAIRS = 1 / 8
"""Ballots, answers and records of works for each submission."""
QUIET = 2.0
"""Seconds without change that count as the end: an event between two services is due nowhere for a moment."""


class Arena:
    """What a fault may reach for."""

    def __init__(
        self, servers: Servers, system: System, sinks: Sinks, rng: Random, rate: float, stage: Stage | None = None
    ) -> None:
        """Without a stage nothing is asked of neighbourhood."""
        self.servers, self.system, self.sinks, self.rng = servers, system, sinks, rng
        self.ledger = Ledger()
        self.load = Load(system, self.ledger, rng, rate)
        self.affairs = stage.ledger if stage else AffairsLedger()
        self.affairs_load = AffairsLoad(stage, self.ledger.statuses, rng, rate * AFFAIRS) if stage else None
        self.recounts = 0
        """How often sums were compared with a recount."""
        self.settings = Settings(
            kafka_bootstrap=servers.bootstrap,
            mongo_uri=servers.mongo_uri,
            mongo_username=servers.mongo_username,
            mongo_password_file=servers.mongo_password_file,
            database_prefix=system.prefix,
            topic_prefix=system.prefix,
        )
        self.books = Books(self.settings)
        self.down: set[str] = set()
        """Services that a fault keeps down, which the keeper leaves alone."""
        self.given_up: set[str] = set()
        """Cases that an earlier fault was not recovered from in time: the next one is not measured by them."""
        self.ended_by_themselves = 0
        self._keeper = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        """As a supervisor would: what has ended is started anew."""
        while True:
            for name in SERVICES:
                if name not in self.down and self.system.ended(name):
                    self.ended_by_themselves += 1
                    self.system.launch(name)
            await asyncio.sleep(0.2)

    def proxy(self, server: str) -> Proxy:
        """What stands before `kafka` or `mongod`."""
        assert isinstance(self.servers, ProxiedServers)
        return self.servers.kafka_proxy if server == "kafka" else self.servers.mongo_proxy

    def failed(self) -> bool:
        """Whether a client was answered what it should not be."""
        return self.load.failed() or bool(self.affairs_load and self.affairs_load.failed())

    @asynccontextmanager
    async def paused(self) -> AsyncIterator[None]:
        """For the block, nobody begins anything new."""
        async with contextlib.AsyncExitStack() as stack:
            for load in (self.load, self.affairs_load):
                if load is not None:
                    await stack.enter_async_context(load.paused())
            yield

    @asynccontextmanager
    async def without(self, *names: str) -> AsyncIterator[None]:
        """The keeper leaves these alone for the block."""
        self.down.update(names)
        try:
            yield
        finally:
            self.down.difference_update(names)

    async def recovered(self, back: float, within: float) -> float | None:
        """Seconds from `back` (monotonic) until what was accepted before and a few after are told, and a few commands
        to neighbourhood acknowledged; None: never."""
        waiting = {id for id, entry in self.ledger.accepted.items() if entry.sent <= back}
        waiting |= self.ledger.told
        waiting -= self.given_up
        acknowledged = self.affairs.acknowledged
        while time.monotonic() < back + within and not self.failed():
            waiting -= self.sinks.heard
            after = [id for id, e in self._latest() if e.sent > back and id in self.sinks.heard]
            affairs = self.affairs_load is None or self.affairs.acknowledged >= acknowledged + WITNESSES
            if not waiting and len(after) >= WITNESSES and affairs:
                return time.monotonic() - back
            await asyncio.sleep(0.05)
        self.given_up |= waiting
        return None

    def _latest(self) -> list[tuple[str, Entry]]:
        items = self.ledger.accepted
        return [(id, items[id]) for id, _ in zip(reversed(items), range(2_000), strict=False)]

    async def settle(self, patience: float) -> None:
        """Wait until all is told and nothing is under way, or nothing has changed for `patience` seconds."""
        last: object = None
        since = time.monotonic()
        while time.monotonic() < since + patience:
            with contextlib.suppress(Exception):  # what is not back yet counts as standing still
                unsent, held, due, *sizes = await self.books.pulse()
                told = self.ledger.accepted.keys() <= self.sinks.heard
                now = (unsent, held, due, *sizes, sum(self.sinks.calls.values()), sum(self.sinks.letters.values()))
                if now != last:
                    last, since = now, time.monotonic()
                if told and not (unsent or held or due) and time.monotonic() > since + QUIET:
                    return
            await asyncio.sleep(0.3)

    async def verdict(self, patience: float) -> tuple[Verdict, Found]:
        """End the load, let it settle, compare. A load that was answered what it should not be is damage too."""
        failures: list[str] = []
        for load in (self.load, self.affairs_load):
            try:
                if load is not None:
                    await load.stop()
            except (AssertionError, TimeoutError) as error:
                failures.append(f"a client was not answered as it should be: {error!r}")
        await self.settle(patience)
        found = await self.books.read()
        verdict = check(self.ledger, found, self.sinks)
        verdict.other += failures
        if self.affairs_load is not None:
            verdict.add(await self._affairs(patience, self.affairs.demands))
        return verdict, found

    async def look_at_affairs(self, within: float) -> Damage | None:
        """What is wrong with them now, under load: to be asked after each fault. None without a stage."""
        return await self._affairs(within) if self.affairs_load else None

    async def _affairs(self, within: float, demands: Collection[str] = ()) -> Damage:
        found = await self.books.affairs.read(within, demands)
        self.recounts += 1
        return compare_affairs(self.affairs, found)

    async def close(self) -> None:
        self._keeper.cancel()
        self.load.abandon()
        if self.affairs_load is not None:
            self.affairs_load.abandon()
        self.books.close()


@asynccontextmanager
async def arena_on(
    servers: Servers, logs: Path, rng: Random, rate: float, *, affairs: bool = True
) -> AsyncIterator[Arena]:
    """A system on running servers, its community loaded, under load; without affairs it starts sooner."""
    sinks = Sinks()
    sinks.start()
    try:
        async with system_on(
            servers,
            logs,
            LINLI_SMTP_PORT=str(sinks.smtp_port),
            LINLI_WEBHOOK_ALLOWED_NETWORKS="127.0.0.0/8",
            LINLI_RETRY_SCHEDULE=QUICK_RETRIES,
            LINLI_LETTERS_A_MINUTE="0",
            LINLI_PLAY_TIME="true",  # a notice hangs for fifteen days before a vote opens
        ) as system:
            await system.load(parties=_parties(sinks.webhook))
            stage = await set_up(system, AffairsLedger()) if affairs else None
            arena = Arena(servers, system, sinks, rng, rate, stage)
            try:
                yield arena
            finally:
                await arena.close()
    finally:
        sinks.stop()


def _parties(webhook: str) -> list[dict[str, object]]:
    """The small community's and a site's, with an endpoint for the one that all cases go to."""
    return [party | ({"webhook": webhook} if party["id"] == "water-co" else {}) for party in with_a_site()]
