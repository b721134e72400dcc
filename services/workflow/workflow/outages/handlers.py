"""Takes what partners say of outages: load, decide, save."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog

from linli.contracts.workflow.outage_report import OutageDid, OutageReport
from linli.contracts.workflow.partner import Outcome, UpdateReceived
from linli.messaging.outbox import Unsent
from linli.messaging.transactions import Transactions
from linli.storage import mongo
from linli.web.localized import Localized
from workflow.cases.store import CaseStore
from workflow.cases.unit_of_work import UnitOfWork
from workflow.community.domain.directory import Directory
from workflow.outages import following
from workflow.outages.domain.outage import Outage, key_of
from workflow.outages.domain.reports import MOST_RUNNING, TOO_MANY, Judged, judged
from workflow.outages.following import Following
from workflow.outages.store import OutageStore
from workflow.partners.domain.partner import Partner
from workflow.partners.receiving import each_once, receipt_for
from workflow.partners.source import Source
from workflow.partners.store import PartnerStore

log = structlog.get_logger()


class OutageReports:
    """What partners say of outages, each once."""

    def __init__(
        self,
        transactions: Transactions,
        cases: CaseStore,
        partners: PartnerStore,
        store: OutageStore,
        following: Following,
    ) -> None:
        self._transactions, self._cases, self._partners = transactions, cases, partners
        self._store, self._following = store, following

    async def take(
        self,
        partner: Partner,
        reports: Sequence[OutageReport],
        source: Source | None = None,
        *,
        office: bool = False,
    ) -> list[UpdateReceived]:
        """What became of each, in order. Each takes effect once, however often it comes.

        All of them are one transaction with all that they change, and with the position in the topic that they came
        from, if they did; each sees what those before it have done. Raises `NoPartner` when it takes no part any more,
        unless the office speaks for it.
        """

        async def work(session: mongo.Session) -> tuple[list[UpdateReceived], list[Unsent]]:
            now = self._cases.now()
            if source:
                await source.fence(session)
            before = await self._partners.received(partner, {_id(each) for each in reports}, session)
            directory = (await self._cases.communities.directories(session)).get(partner.community)
            unsent: list[Unsent] = []

            async def apply(report: OutageReport) -> UpdateReceived:
                receipt, told = await self._apply(report, partner, directory, now, session)
                unsent.extend(told)
                return receipt

            receipts, taken = await each_once(reports, _id, _named, before, apply)
            receipts = source.numbered(receipts) if source else receipts
            unsent += await self._partners.answer(partner, taken, receipts, now, session, anyhow=office)
            return receipts, unsent

        transact = self._transactions
        receipts = await (transact.run_patiently(work, source.session) if source else transact.run(work))
        for receipt in receipts:
            log.info("outage_reported", partner=partner.id, outage=receipt.outage_id, outcome=receipt.outcome)
        return receipts

    async def _apply(
        self,
        report: OutageReport,
        partner: Partner,
        directory: Directory | None,
        now: datetime,
        session: mongo.Session,
    ) -> tuple[UpdateReceived, list[Unsent]]:
        """Let a report take effect, with all that follows from it for cases."""
        before = await self._store.outage(key_of(partner.community, partner.party, report.outage_id), session)
        if directory is None or directory.party(partner.party) is None:
            gone = Localized("The party is in no community any more.", "该单位已不在街道资料中。")
            return receipt_for(partner, _named(report), Outcome.UNKNOWN_OUTAGE, gone), []
        verdict = judged(report, partner.community, partner.party, before, directory, now)
        if before is None and verdict.after and await self._too_many(partner, session):
            verdict = TOO_MANY
        if verdict.after is None or verdict.event is None:
            return _receipt(report, partner, verdict, verdict.text), []
        unit = UnitOfWork(await self._following.heads_of(verdict.after, session), {partner.community: directory}, now)
        after, text = await self._act(report, verdict.after, verdict.text, unit, directory, now, session)
        unsent = await self._cases.save(unit.changes(), now, session)
        unsent += await self._store.save(after, before.version if before else 0, verdict.event, now, session)
        return _receipt(report, partner, verdict, text), unsent

    async def _act(
        self,
        report: OutageReport,
        outage: Outage,
        text: Localized,
        unit: UnitOfWork,
        directory: Directory,
        now: datetime,
        session: mongo.Session,
    ) -> tuple[Outage, Localized]:
        """The outage after what it means for cases, and what the company is told of that."""
        match report.did:
            case OutageDid.DECLARED:
                outage = following.opened(unit, outage, directory, now)
                return await self._adopted(report, unit, outage, directory, now, session)
            case OutageDid.EXTENDED:
                following.moved(unit, outage, report.message, directory, now)
            case OutageDid.AREA_CHANGED:
                following.shrunk(unit, outage, directory, now)
                return await self._adopted(report, unit, outage, directory, now, session)
            case OutageDid.PARTIALLY_RESTORED:
                outage = following.restored_outside(unit, outage, report.message, directory, now)
                if report.until:
                    following.moved(unit, outage, None, directory, now)
            case OutageDid.RESTORED:
                following.restored(unit, outage, report.message, directory, now)
            case OutageDid.CANCELLED:
                following.called_off(unit, outage, report.message, directory, now)
        return outage, text

    async def _adopted(
        self,
        report: OutageReport,
        unit: UnitOfWork,
        outage: Outage,
        directory: Directory,
        now: datetime,
        session: mongo.Session,
    ) -> tuple[Outage, Localized]:
        after = await self._following.adopt(unit, outage, directory, now, session)
        if report.message:
            following.told(unit, after, report.message, directory, now)
        count = sum(len(unit.cases[id].family.followers) for id in after.heads)
        said = Localized("Done; {count} reports follow it.", "已办理；{count} 件反映并入。", count=count)
        return after, said

    async def _too_many(self, partner: Partner, session: mongo.Session) -> bool:
        return await self._store.count_running(partner.community, partner.party, session) >= MOST_RUNNING


def _id(report: OutageReport) -> str:
    """Apart from the ids of updates, which begin with a letter or figure."""
    return f"~{report.report_id}"


def _named(report: OutageReport) -> dict[str, Any]:
    return {"update_id": report.report_id, "outage_id": report.outage_id}


def _receipt(report: OutageReport, partner: Partner, verdict: Judged, text: Localized) -> UpdateReceived:
    return receipt_for(partner, _named(report), verdict.outcome, text, pointer=verdict.pointer)
