"""Lets what a partner has written to its topic take effect once, with the position in the topic after it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Protocol

import structlog

from linli.application import telemetry
from linli.contracts.envelope import Unreadable
from linli.contracts.workflow.outage_report import OutageReport
from linli.contracts.workflow.partner import Outcome, Update, UpdateReceived
from linli.frozen import replace
from linli.messaging.inbox_store import Fenced, InboxStore
from linli.messaging.kafka import Place, Received
from linli.messaging.outbox import Unsent
from linli.messaging.story import Arrival, Parking
from linli.messaging.transactions import Transactions
from linli.storage import mongo
from linli.web.localized import Localized
from workflow.partners.domain.arriving import Said, Unread, read
from workflow.partners.domain.partner import Partner
from workflow.partners.handlers import Updates
from workflow.partners.source import Source
from workflow.partners.store import NoPartner, PartnerStore

log = structlog.get_logger()

GROUP = "partners"
"""Of the positions and of what is parked: no consumer group of Kafka's."""
MOST_PARKED = 65_536
"""Bytes of a record's key, of its value and of its headers that are parked. The topic takes no larger record, but one
that it took before it was so may be."""
NOT_APPLIED = Unread(
    "not_applicable", Localized("It could not be taken; the office sees it.", "未能接收；管理部门可以看到这条记录。")
)


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
class Taking:
    """What is done with records, by what they are."""

    transactions: Transactions
    inbox: InboxStore
    store: PartnerStore
    updates: Updates
    sandbox: Updates
    """Takes what is said of orders that are only for trying."""
    outages: TakesReports | None = None
    """Given by the context that is after this one, before anything is read."""
    next: dict[Place, int] = field(default_factory=dict)
    """The offset that is due, of each topic."""

    async def take(self, mine: Mine, records: Sequence[Received], session: mongo.Session) -> None:
        """All of these, in order; `next` moves with each transaction.

        One that a fault of ours keeps from being taken is parked, so that what is behind it is taken. Raises
        `NoPartner`, `Fenced`, or what MongoDB raises while it is away.
        """
        for batch in _alike(mine.partner, records):
            try:
                await self._take(mine, batch, session)
            except Exception as error:
                if isinstance(error, NoPartner | Fenced) or mongo.is_outage(error):
                    raise
                log.exception("partner_batch_failed", partner=mine.partner.id, records=len(batch))
                for record, said in batch:
                    await self._take_or_park(mine, record, said, session)

    async def _take_or_park(self, mine: Mine, record: Received, said: Said, session: mongo.Session) -> None:
        try:
            await self._take(mine, [(record, said)], session)
        except Exception as error:
            if isinstance(error, NoPartner | Fenced) or mongo.is_outage(error):
                raise
            await self._take(mine, [(record, replace(NOT_APPLIED, update_id=_name_of(said)))], session)

    async def _take(self, mine: Mine, batch: Sequence[tuple[Received, Said]], session: mongo.Session) -> None:
        """Records of one kind, in one transaction with the position after them."""
        records, said = [record for record, _ in batch], [each for _, each in batch]
        first, after = records[0].offset, records[-1].offset + 1

        async def fence(session: mongo.Session) -> None:
            await self.inbox.fence({mine.place: self.next[mine.place]}, {mine.place: (first, after)}, session)

        source = Source([record.offset for record in records], fence, session)
        if _is_from_before(mine.partner, records[0]):
            await self._pass_over(mine, len(records), source)
        elif isinstance(said[0], Unread):
            await self._refuse(mine, records, [each for each in said if isinstance(each, Unread)], source)
        elif isinstance(said[0], Update):
            takes = self.sandbox if mine.sandbox else self.updates
            await takes.take(mine.partner, [each for each in said if isinstance(each, Update)], source)
        else:
            await self._take_reports(mine, [each for each in said if isinstance(each, OutageReport)], source)
        self.next[mine.place] = after

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
            await self.inbox.park(parkings, session)
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
    """In order, those together that one transaction can take: of one kind, and of one time of the partner's.

    A report of an outage stands alone: what follows from one may be thousands of steps.
    """
    said = [(record, read(record.value, record.fault)) for record in records]

    def kind(each: tuple[Received, Said]) -> tuple[object, bool]:
        alone = each[0].offset if isinstance(each[1], OutageReport) else None
        return (type(each[1]), alone), _is_from_before(partner, each[0])

    return [list(group) for _, group in groupby(said, kind)]


def _is_from_before(partner: Partner, record: Received) -> bool:
    since = partner.active_since
    return since is not None and record.at is not None and datetime.fromtimestamp(record.at / 1_000, UTC) < since


def _name_of(said: Said) -> str | None:
    match said:
        case Update(update_id=name) | OutageReport(report_id=name) | Unread(update_id=name):
            return name


def _parking(partner: Partner, record: Received, unread: Unread) -> Parking:
    detail = f"{unread.pointer}: {unread.text}" if unread.pointer else str(unread.text)
    fault = Unreadable(unread.reason, detail)
    kept = Arrival(_bounded(record), partner.id, None, fault, authentic=False)
    return Parking(kept, fault.reason, fault.detail)


def _bounded(record: Received) -> Received:
    """A record as far as a document can hold it, and a list of them can be shown."""
    key, value = (None if each is None else each[:MOST_PARKED] for each in (record.key, record.value))
    fits = sum(len(name) + len(value or b"") for name, value in record.headers) <= MOST_PARKED
    return replace(record, key=key, value=value, headers=record.headers if fits else ())


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
