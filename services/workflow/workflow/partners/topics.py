"""Reads what partners write to their topics, each partner by itself and in order, and lets it take effect once.

One process reads, by lease. Where each topic stands is in the database, and moves in the transaction in which what was
read takes effect, from exactly where it was: who has lost the lease writes nothing.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from typing import Protocol

import structlog

from linli.application import telemetry
from linli.application.worker import PAUSE
from linli.contracts.envelope import Unreadable
from linli.contracts.workflow.outage_report import OutageReport
from linli.contracts.workflow.partner import Outcome, Standing, Update, UpdateReceived
from linli.messaging.connection import Cluster
from linli.messaging.inbox_store import Fenced, InboxStore
from linli.messaging.kafka import AssignedReader, KafkaUnavailable, Place, Received
from linli.messaging.outbox import Unsent
from linli.messaging.story import Arrival, Parking
from linli.messaging.transactions import Transactions
from linli.storage import mongo
from workflow.partners.domain.arriving import Said, Unread, read
from workflow.partners.domain.partner import Partner
from workflow.partners.handlers import Updates
from workflow.partners.source import Source
from workflow.partners.store import NoPartner, PartnerStore

log = structlog.get_logger()

MOST = 100
"""Records of one partner in one transaction."""
LOOK_EVERY = 1.0
"""Seconds between two looks at which partners there are."""
LEASE = 15.0
GROUP = "partners"
"""Of the positions and of what is parked: no consumer group of Kafka's."""


@dataclass(frozen=True, slots=True)
class Mine:
    """A topic that is read: whose it is, and what it is called."""

    partner: Partner
    place: Place
    sandbox: bool


class TakesReports(Protocol):
    """Takes what is said of outages, which a later context deals with."""

    async def take(
        self, partner: Partner, reports: Sequence[OutageReport], source: Source | None = None
    ) -> list[UpdateReceived]:
        """What became of each, in order."""


@dataclass(slots=True)
class Reading:
    """The partners' topics of this process. `run` it as a background task."""

    client: mongo.Client
    database: mongo.Database
    transactions: Transactions
    store: PartnerStore
    updates: Updates
    sandbox: Updates
    """Takes what is said of orders that are only for trying."""
    kafka: Cluster
    prefix: str
    owner: str
    outages: TakesReports | None = None
    """Given by the context that is after this one, before anything is read."""
    _next: dict[Place, int] = field(default_factory=dict)

    @property
    def _inbox(self) -> InboxStore:
        return InboxStore(self.client, self.database, GROUP)

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
        async with AssignedReader(self.kafka, f"linli-workflow-{GROUP}") as reader, asyncio.TaskGroup() as tasks:
            sessions = {each.place: await self.client.start_session() for each in mine}
            try:
                await reader.begin([each.place.topic for each in mine], partial(self._positions, sessions))
                reading = [tasks.create_task(self._read(each, reader, sessions[each.place])) for each in mine]
                while await self._leased() and await self._mine() == mine:  # noqa: ASYNC110 - both are elsewhere
                    await asyncio.sleep(LOOK_EVERY)
                for task in reading:
                    task.cancel()
                await asyncio.gather(*reading, return_exceptions=True)
            finally:
                for session in sessions.values():
                    await session.end_session()

    async def _leased(self) -> bool:
        return await mongo.lease(self.database, "partner_updates", self.owner, LEASE)

    async def _mine(self) -> list[Mine]:
        """The topics of partners that take part now."""
        return [
            Mine(partner, Place(f"{self.prefix}.{partner.topic('updates', sandbox=sandbox)}", 0), sandbox)
            for partner in await self.store.partners()
            if partner.has_topics and partner.standing is Standing.ACTIVE
            for sandbox in (False, True)
        ]

    async def _positions(
        self, sessions: Mapping[Place, mongo.Session], ranges: Mapping[Place, tuple[int, int]]
    ) -> Mapping[Place, int]:
        self._next = {
            place: await self._inbox.position(place, begin, end, sessions[place])
            for place, (begin, end) in ranges.items()
        }
        return self._next

    async def _read(self, mine: Mine, reader: AssignedReader, session: mongo.Session) -> None:
        """One partner's records, batch by batch: however many it writes, others are read beside it."""
        while True:
            for batch in _alike(mine.partner, await reader.next(mine.place, MOST, self._next[mine.place])):
                try:
                    await self._take(mine, batch, session)
                except NoPartner:
                    log.info("partner_not_active", partner=mine.partner.id)
                    return  # it was paused or revoked a moment ago; the next look sees it

    async def _take(self, mine: Mine, batch: Sequence[tuple[Received, Said]], session: mongo.Session) -> None:
        """Records of one kind, in one transaction with the position after them."""
        records, said = [record for record, _ in batch], [each for _, each in batch]
        first, after = records[0].offset, records[-1].offset + 1

        async def fence(session: mongo.Session) -> None:
            await self._inbox.fence({mine.place: self._next[mine.place]}, {mine.place: (first, after)}, session)

        source = Source([record.offset for record in records], fence, session)
        if _is_from_before(mine.partner, records[0]):
            await self._pass_over(mine, len(records), source)
        elif isinstance(said[0], Unread):
            unread = [each for each in said if isinstance(each, Unread)]
            await self._refuse(mine, records, unread, source)
        elif isinstance(said[0], Update):
            takes = self.sandbox if mine.sandbox else self.updates
            await takes.take(mine.partner, [each for each in said if isinstance(each, Update)], source)
        else:
            await self._take_reports(mine, [each for each in said if isinstance(each, OutageReport)], source)
        self._next[mine.place] = after

    async def _take_reports(self, mine: Mine, reports: Sequence[OutageReport], source: Source) -> None:
        """One in the sandbox is read and answered, and has no effect: residents would be told of it."""
        if self.outages and not mine.sandbox:
            await self.outages.take(mine.partner, reports, source)
            return

        async def work(session: mongo.Session) -> tuple[None, list[Unsent]]:
            await source.fence(session)
            receipts = source.numbered([_only_read(mine, each) for each in reports])
            return None, await self.store.answer(mine.partner, {}, receipts, self.updates.now(), session)

        await self.transactions.run_patiently(work, source.session)

    async def _refuse(self, mine: Mine, records: Sequence[Received], unread: Sequence[Unread], source: Source) -> None:
        """Park what cannot be read, and answer it."""
        parkings = [_parking(mine.partner, *each) for each in zip(records, unread, strict=True)]

        async def work(session: mongo.Session) -> tuple[None, list[Unsent]]:
            await source.fence(session)
            await self._inbox.park(parkings, session)
            receipts = source.numbered([_invalid(mine, each) for each in unread])
            return None, await self.store.answer(mine.partner, {}, receipts, self.updates.now(), session)

        await self.transactions.run_patiently(work, source.session)
        for each in parkings:
            telemetry.PARKED_TOTAL.labels(GROUP, each.reason).inc()
            log.error("parked", id=each.arrival.parked_id, reason=each.reason, partner=mine.partner.id)

    async def _pass_over(self, mine: Mine, count: int, source: Source) -> None:
        """What was written before the partner came back is of a time when nothing of it was to be taken."""

        async def work(session: mongo.Session) -> tuple[None, list[Unsent]]:
            await source.fence(session)
            return None, []

        await self.transactions.run_patiently(work, source.session)
        log.warning("written_while_revoked", partner=mine.partner.id, records=count)


def _alike(partner: Partner, records: Sequence[Received]) -> list[list[tuple[Received, Said]]]:
    """In order, those together that one transaction can take: of one kind, and of one time of the partner's."""
    said = [(record, read(record.value, record.fault)) for record in records]
    return [list(group) for _, group in groupby(said, lambda each: (type(each[1]), _is_from_before(partner, each[0])))]


def _is_from_before(partner: Partner, record: Received) -> bool:
    since = partner.active_since
    return since is not None and record.at is not None and datetime.fromtimestamp(record.at / 1_000, UTC) < since


def _parking(partner: Partner, record: Received, unread: Unread) -> Parking:
    detail = f"{unread.pointer}: {unread.text}" if unread.pointer else str(unread.text)
    fault = Unreadable(unread.reason, detail)
    return Parking(Arrival(record, partner.id, None, fault, authentic=False), fault.reason, fault.detail)


def _only_read(mine: Mine, report: OutageReport) -> UpdateReceived:
    return UpdateReceived(
        community=mine.partner.community,
        party=mine.partner.party,
        update_id=report.report_id,
        outage_id=report.outage_id,
        outcome=Outcome.NOTED,
        text_zh="已读取；沙箱中的停供报告不生效。",
        text_en="It was read; a report of an outage has no effect in the sandbox.",
        sandbox=mine.sandbox,
    )


def _invalid(mine: Mine, unread: Unread) -> UpdateReceived:
    return UpdateReceived(
        community=mine.partner.community,
        party=mine.partner.party,
        update_id=unread.update_id,
        outcome=Outcome.INVALID,
        text_zh=unread.text.chinese,
        text_en=str(unread.text),
        pointer=unread.pointer,
        sandbox=mine.sandbox,
    )


def _passes(error: BaseException) -> bool:
    """Whether it is enough to begin anew."""
    return isinstance(error, (*KafkaUnavailable, Fenced)) or mongo.is_outage(error)


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for each in error.exceptions for leaf in _leaves(each)]
    return [error]
