"""Lineage follows what this service and workflow tell, and tells demanders what has become of what they asked for."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import structlog

from linli.application.kit import Kit
from linli.application.worker import repeatedly
from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.intake.subscription import DemandThinned
from linli.contracts.neighbourhood.affairs import Affair
from linli.contracts.neighbourhood.lineage import DemandEnd, DemandEnded, DemandReached, story_of
from linli.frozen import replace
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from neighbourhood.affairs.stories import Happened
from neighbourhood.lineage.domain.assembling import assembled
from neighbourhood.lineage.domain.lineage import Lineage, Stage
from neighbourhood.lineage.domain.reading import links_of
from neighbourhood.lineage.domain.telling import Told, told
from neighbourhood.lineage.store import Links, ToldOf

log = structlog.get_logger()
LOOKED_EVERY = 1.0
"""Seconds."""
LEASE = 30.0
AT_ONCE = 200
"""Things that are looked at together."""


class Following:
    """Writes links as events are written or arrive, and sees to it afterwards that somebody hears of it."""

    def __init__(self, kit: Kit[Any], links: Links) -> None:
        self._kit, self._links = kit, links
        self._lease = mongo.Lease(kit.database, "lineage", kit.member, LEASE)

    async def own(self, envelopes: Sequence[Envelope[Event]], session: mongo.Session) -> None:
        """In the transaction that this service's events are written in."""
        await self._write(envelopes, session)

    async def of_cases(self, events: Sequence[Envelope[Event]], session: mongo.Session) -> list[Unsent]:
        """In the inbox's transaction."""
        await self._write(events, session)
        return []

    async def thinned(self, events: Sequence[Envelope[Event]], session: mongo.Session) -> list[Unsent]:
        """A demander hears more or less from now on; what was told is not told again."""
        for each in events:
            if isinstance(each.data, DemandThinned):
                await self._links.thin(each.data.submission_id, each.data.hears, session)
        return []

    async def _write(self, envelopes: Sequence[Envelope[Event]], session: mongo.Session) -> None:
        links = [link for each in envelopes for link in links_of(each)]
        if links:
            await self._links.write(links, self._kit.clock.now(), session)

    async def lineage(self, demand: str) -> Lineage:
        """What has become of a demand."""
        return assembled(demand, await self._links.around(demand))

    async def run(self) -> None:
        """Tell, until cancelled: one process at a time."""
        await repeatedly("lineage", self._look, LOOKED_EVERY)

    async def _look(self) -> bool:
        if not await self._lease.held():
            return False
        touched = await self._links.touched(AT_ONCE)
        for demand in sorted(await self._links.demands_of(touched.keys())):
            await self._kit.transactions.run_patiently(partial(self._tell, demand))
        await self._links.seen_to(touched)
        return len(touched) == AT_ONCE

    async def _tell(self, demand: str, session: mongo.Session) -> tuple[None, list[Unsent]]:
        before = await self._links.told.one(story_of(demand), session)
        known = before or ToldOf(demand)
        lineage = assembled(demand, await self._links.around(demand, session))
        news = told(lineage, await self._links.level(demand, session), known.told)
        if not news:
            return None, []
        now = self._kit.clock.now()
        events = [_event(each, now) for each in news]
        after = replace(known, told=known.told | {each.id for each in news}, version=known.version + len(events))
        log.info("demand_told", correlationid=demand, steps=len(events))
        return None, await self._links.told.save([Happened(before, after, events)], now, session)


def _event(each: Told, now: Any) -> Affair:
    step = each.step
    about = {
        "demand": each.submission,
        "at": now,
        "by": "linli",
        "message": each.id,
        "kind": step.thing.kind.value,
        "thing": step.thing.id,
        "reason": step.reason,
    }
    if step.stage is Stage.END:
        return DemandEnded(**about, end=DemandEnd(step.state))
    return DemandReached(**about, stage=step.stage.value, state=str(step.state))
