"""Reads what partners write to their topics, each partner by itself and in order.

One process reads, by lease. Where each topic stands is in the database, and moves in the transaction in which what was
read takes effect, from exactly where it was: who has lost the lease writes nothing.
"""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial

import structlog

from linli.application.worker import PAUSE
from linli.contracts.workflow.partner import Standing
from linli.messaging.connection import Cluster
from linli.messaging.inbox_store import Fenced
from linli.messaging.kafka import AssignedReader, KafkaUnavailable, Place
from linli.storage import mongo
from workflow.partners.store import NoPartner
from workflow.partners.taking import GROUP, Mine, Taking

log = structlog.get_logger()

MOST = 100
"""Records of one partner in one transaction."""
LOOK_EVERY = 1.0
"""Seconds between two looks at which partners there are."""
LEASE = 15.0
STOPPED_FOR = 30.0
"""Seconds after which a partner is tried again whose records could neither be taken nor parked."""


@dataclass(slots=True)
class Reading:
    """The partners' topics of this process. `run` it as a background task."""

    client: mongo.Client
    database: mongo.Database
    taking: Taking
    kafka: Cluster
    prefix: str
    owner: str

    async def run(self) -> None:
        """Until cancelled; MongoDB and Kafka may come and go."""
        waits = False
        while True:
            try:
                await self._read_while_mine()
                waits = False
            except* Exception as error:
                if not all(_passes(each) for each in _leaves(error)):
                    raise
                if not waits:
                    log.warning("partner_topics_wait", error=repr(_leaves(error)[0]))
                waits = True
            await asyncio.sleep(PAUSE)

    async def _read_while_mine(self) -> None:
        """Read as long as the lease is held and the partners are the same."""
        mine = await self._mine()
        if not mine or not await self._leased():
            await asyncio.sleep(LOOK_EVERY)
            return
        async with AsyncExitStack() as stack:
            reader = await stack.enter_async_context(AssignedReader(self.kafka, f"linli-workflow-{GROUP}"))
            # Entered before the tasks, so ended after them: a cancelled task ends its transaction by its session.
            sessions = {each.place: await stack.enter_async_context(await self.client.start_session()) for each in mine}
            await reader.begin([each.place.topic for each in mine], partial(self._positions, sessions))
            async with asyncio.TaskGroup() as tasks:
                reading = [tasks.create_task(self._read(each, reader, sessions[each.place])) for each in mine]
                while await self._leased() and await self._mine() == mine:  # noqa: ASYNC110 - both are elsewhere
                    await asyncio.sleep(LOOK_EVERY)
                for task in reading:
                    task.cancel()

    async def _leased(self) -> bool:
        return await mongo.lease(self.database, "partner_updates", self.owner, LEASE)

    async def _mine(self) -> list[Mine]:
        """The topics of partners that take part now."""
        return [
            Mine(partner, Place(f"{self.prefix}.{partner.topic('updates', sandbox=sandbox)}", 0), sandbox)
            for partner in await self.taking.store.partners()
            if partner.has_topics and partner.standing is Standing.ACTIVE
            for sandbox in (False, True)
        ]

    async def _positions(
        self, sessions: Mapping[Place, mongo.Session], ranges: Mapping[Place, tuple[int, int]]
    ) -> Mapping[Place, int]:
        self.taking.next = {
            place: await self.taking.inbox.position(place, begin, end, sessions[place])
            for place, (begin, end) in ranges.items()
        }
        return self.taking.next

    async def _read(self, mine: Mine, reader: AssignedReader, session: mongo.Session) -> None:
        """One partner's records, batch by batch: however many it writes, others are read beside it."""
        while True:
            records = await reader.next(mine.place, MOST, self.taking.next[mine.place])
            try:
                await self.taking.take(mine, records, session)
            except NoPartner:
                log.info("partner_not_active", partner=mine.partner.id)
                return  # it was paused or revoked a moment ago; the next look sees it
            except Fenced:
                raise
            except Exception as error:
                # Whatever it is about this partner's records, the others' are read on.
                log.exception("partner_topic_stopped", partner=mine.partner.id, error=type(error).__name__)
                await asyncio.sleep(PAUSE if mongo.is_outage(error) else STOPPED_FOR)
                reader.seek(mine.place, self.taking.next[mine.place])


def _passes(error: BaseException) -> bool:
    """Whether it is enough to begin anew."""
    return isinstance(error, (*KafkaUnavailable, Fenced)) or mongo.is_outage(error)


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for each in error.exceptions for leaf in _leaves(each)]
    return [error]
