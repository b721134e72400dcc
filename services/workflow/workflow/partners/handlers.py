"""Orders follow what becomes of cases; updates become actions on them: load, decide, save."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import structlog
from prometheus_client import Counter

from linli.contracts.workflow.case import CaseEvent, CaseMerged
from linli.contracts.workflow.partner import Outcome, Update, UpdateReceived
from linli.messaging.outbox import Unsent
from linli.messaging.transactions import Transactions
from linli.storage import mongo
from linli.storage.aggregates import Change
from workflow.cases.domain.case import Case
from workflow.cases.unit_of_work import UnitOfWork
from workflow.community.store import CommunityStore
from workflow.partners.applying import applied, named
from workflow.partners.domain.orders import Order, OrderStep, concerned, forgets, order_id, ordered, taken_on
from workflow.partners.domain.partner import Partner
from workflow.partners.domain.photos import Uploaded
from workflow.partners.photo_shelf import PhotoShelf
from workflow.partners.receiving import each_once
from workflow.partners.source import Source
from workflow.partners.store import PartnerStore

log = structlog.get_logger()
UPDATES = Counter(
    "linli_workflow_partner_updates_total", "What partners said, by what it came to", ["community", "party", "outcome"]
)


class Orders:
    """Writes orders in the transaction in which their cases change."""

    def __init__(self, communities: CommunityStore, store: PartnerStore, shelf: PhotoShelf) -> None:
        self._communities, self._store, self._shelf = communities, store, shelf

    async def follow(self, changes: Sequence[Change[Case]], now: datetime, session: mongo.Session) -> list[Unsent]:
        """What has happened to cases, as it concerns partners. Where there are none, this is one small question."""
        if not changes:
            return []
        partners: dict[str, set[str]] = {}
        active: dict[str, set[str]] = {}
        for partner in await self._store.partners(session):
            partners.setdefault(partner.community, set()).add(partner.party)
            if not partner.is_revoked:
                active.setdefault(partner.community, set()).add(partner.party)
        if not partners:
            return []
        # Who is a partner no more gets no order, but those that it had end, and are forgotten, as others are.
        theirs = {community: frozenset(parties) for community, parties in partners.items()}
        told = [
            (change.after, steps)
            for change in changes
            if change.after.community in theirs and concerned(steps := _steps(change), theirs[change.after.community])
        ]
        if not told:
            return []
        ids = {case.id: [order_id(case.id, party) for party in theirs[case.community]] for case, _ in told}
        heads = [(step.into, case.community) for case, steps in told for step in steps if isinstance(step, CaseMerged)]
        into = [order_id(head, party) for head, community in heads for party in theirs[community]]
        known = await self._store.orders([*(id for those in ids.values() for id in those), *into], session)
        directories = await self._communities.directories(session)
        after: list[OrderStep] = []
        forgotten: set[str] = set()
        for case, steps in told:
            orders = {id: known[id] for id in ids[case.id] if id in known}
            call = directories[case.community].community.partners_may_call
            after += ordered(case, steps, orders, active.get(case.community, ()), now, known.keys(), call)
            if any(forgets(case, step) for step in steps):
                forgotten |= orders.keys()
        if forgotten:
            await self._store.forget(forgotten, session)
            await self._shelf.forget(forgotten, session)
        versions = {id: order.version for id, order in known.items()}
        unsent = await self._store.save_orders(after, versions, now, session) if after else []
        stands = known | {order.id: order for order, _ in after}
        answered = [id for case, _ in told for id in ids[case.id] if id in stands and taken_on(stands[id], case)]
        await self._store.answered(answered, session)
        return unsent


def _steps(change: Change[Case]) -> list[CaseEvent]:
    return [event.data for event in change.events if isinstance(event.data, CaseEvent)]


class Cases(Protocol):
    """The cases that orders are about."""

    communities: CommunityStore

    def now(self) -> datetime:
        """The database's time."""

    async def cases(self, ids: Iterable[str], session: mongo.Session | None = None) -> dict[str, Case]:
        """Those that exist, by id."""

    async def with_families(self, cases: Iterable[Case], session: mongo.Session | None = None) -> list[Case]:
        """These, and those that concern them."""

    async def save(self, changes: Sequence[Change[Case]], now: datetime, session: mongo.Session) -> list[Unsent]:
        """Write cases, their events, and what follows."""


class Updates:
    """Takes what partners say of their orders."""

    def __init__(self, transactions: Transactions, cases: Cases, store: PartnerStore, shelf: PhotoShelf) -> None:
        self._transactions, self._cases, self._store, self._shelf = transactions, cases, store, shelf

    def now(self) -> datetime:
        """The database's time."""
        return self._cases.now()

    async def take(
        self, partner: Partner, updates: Sequence[Update], source: Source | None = None
    ) -> list[UpdateReceived]:
        """What became of each, in order. Each takes effect once, however often it comes.

        All of them are one transaction with all that they change, and with the position in the topic that they came
        from, if they did. Raises `NoPartner` when it takes no part any more.
        """

        async def work(session: mongo.Session) -> tuple[list[UpdateReceived], list[Unsent]]:
            now = self._cases.now()
            if source:
                await source.fence(session)
            before = await self._store.received(partner, {each.update_id for each in updates}, session)
            orders = await self._store.orders({each.order_id for each in updates}, session)
            theirs = {id: order for id, order in orders.items() if _is_of(order, partner)}
            cases = await self._cases.cases({order.case_id for order in theirs.values()}, session)
            directories = await self._cases.communities.directories(session)
            unit = UnitOfWork(await self._cases.with_families(cases.values(), session), directories, now)
            uploaded = await self._shelf.named(updates, session)

            async def apply(update: Update) -> UpdateReceived:
                order, photos = theirs.get(update.order_id), uploaded.get(update.order_id, {})
                return applied(update, order, partner, unit, directories, photos, now)

            receipts, taken = await each_once(updates, lambda each: each.update_id, named, before, apply)
            receipts = source.numbered(receipts) if source else receipts
            unsent = await self._cases.save(unit.changes(), now, session)
            await self._shelf.listed(_shown(uploaded, unit), session)
            unsent += await self._store.answer(partner, taken, receipts, now, session)
            await self._store.answered([each.order_id for each in receipts if each.order_id and _heard(each)], session)
            return receipts, unsent

        transact = self._transactions
        receipts = await (transact.run_patiently(work, source.session) if source else transact.run(work))
        for receipt in receipts:
            UPDATES.labels(partner.community, partner.party, receipt.outcome).inc()
            log.info("update_received", partner=partner.id, order=receipt.order_id, outcome=receipt.outcome)
        return receipts


def _shown(uploaded: Mapping[str, Mapping[str, Uploaded]], unit: UnitOfWork) -> list[Uploaded]:
    """Those of the photos that cases list now."""
    files = {photo.file for case in unit.cases.values() for photo in case.evidence}
    return [photo for photos in uploaded.values() for photo in photos.values() if photo.file in files]


def _heard(receipt: UpdateReceived) -> bool:
    """Whether the partner has said something of its order as it stands, though its case need not have moved."""
    return receipt.outcome in {Outcome.APPLIED, Outcome.NOTED}


def _is_of(order: Order, partner: Partner) -> bool:
    return (order.community, order.party) == (partner.community, partner.party)
