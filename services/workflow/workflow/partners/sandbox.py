"""Orders that are only for trying: decided on by the same functions as others, kept apart, and told to nobody else.

A partner's program cannot tell them from others but by `sandbox`, which is true in each event, and by where they come:
topics and a list of their own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from uuid_utils import uuid7

from linli.contracts.intake.submission import ReportSubmitted
from linli.contracts.kinds import Channel
from linli.contracts.workflow.case import CaseState
from linli.contracts.workflow.partner import Outcome
from linli.frozen import replace
from linli.messaging.outbox import Unsent
from linli.messaging.transactions import Transactions
from linli.storage import mongo
from linli.storage.aggregates import Change
from workflow.cases.document import NOT_READ, case_of, document_of
from workflow.cases.domain.case import Case, Step, dispatched, moved
from workflow.cases.domain.clock import owed_from_now
from workflow.cases.domain.submitted import open_case, withdraw
from workflow.cases.unit_of_work import UnitOfWork
from workflow.community.domain.directory import Directory
from workflow.community.store import CommunityStore
from workflow.partners.domain.partner import Partner
from workflow.partners.handlers import Orders, Updates
from workflow.partners.store import PartnerStore

PREFIX = "sandbox-"
TO_BE_DONE = ("试单：请签收并办结", "这是联调用的试单，不涉及任何居民。请回报 accepted，再回报 done。")
WITHDRAWN = ("试单：将被撤销", "这是联调用的试单，派出后随即撤销。再回报它只会被记录（noted）。")


class SandboxCases:
    """Cases that are only for trying: what `Updates` asks of a store of cases. Nothing of them is published."""

    def __init__(self, database: mongo.Database, communities: CommunityStore, orders: Orders) -> None:
        self._cases, self.communities, self._orders = database.sandbox_cases, communities, orders

    def now(self) -> datetime:
        """The database's time."""
        return self.communities.now()

    async def cases(self, ids: Iterable[str], session: mongo.Session | None = None) -> dict[str, Case]:
        """Those that exist, by id."""
        docs = await self._cases.find({"_id": {"$in": list(ids)}}, NOT_READ, session=session).to_list(None)
        return {doc["_id"]: case_of(doc) for doc in docs}

    async def with_families(self, cases: Iterable[Case], session: mongo.Session | None = None) -> list[Case]:
        """They stand alone."""
        return list(cases)

    async def save(self, changes: Sequence[Change[Case]], now: datetime, session: mongo.Session) -> list[Unsent]:
        """Write the cases, and the orders that follow."""
        for change in changes:
            document = document_of(change.after)
            await self._cases.replace_one({"_id": document["_id"]}, document, upsert=True, session=session)
        return await self._orders.follow(changes, now, session)


@dataclass(frozen=True, slots=True)
class Tried:
    """An order that was sent for trying, and what was said of it."""

    order_id: str
    state: CaseState
    updates: Sequence[tuple[str, Outcome]]


class Sandbox:
    """Sends a partner orders to try its program with."""

    def __init__(self, transactions: Transactions, cases: SandboxCases, store: PartnerStore, updates: Updates) -> None:
        self._transactions, self._cases, self.store, self.updates = transactions, cases, store, updates

    async def begin(self, partner: Partner) -> list[str]:
        """The ids of two orders: one to be done, and one that is withdrawn at once."""

        async def work(session: mongo.Session) -> tuple[list[str], list[Unsent]]:
            now = self._cases.now()
            directories = await self._cases.communities.directories(session)
            directory = directories[partner.community]
            unit, ids = UnitOfWork((), directories, now), []
            for words in (TO_BE_DONE, WITHDRAWN):
                case = unit.take(open_case(_case_id(), _submitted(partner, *words, now), directory, now))
                unit.take(_given(case, partner, directory, now))
                ids.append(case.id)
            unit.take(withdraw(unit.cases[ids[1]], None, now))
            return ids, await self._cases.save(unit.changes(), now, session)

        return [f"{id}~{partner.party}" for id in await self._transactions.run(work)]

    async def tried(self, partner: Partner, ids: Sequence[str]) -> list[Tried]:
        """Those of these orders that are its own, in the order in which they were asked for."""
        found = {id: order for id, order in (await self.store.orders(ids)).items() if order.party == partner.party}
        found = {id: order for id, order in found.items() if order.community == partner.community}
        cases = await self._cases.cases([order.case_id for order in found.values()])
        said = await self.store.said_of(partner, list(found))
        return [
            Tried(id, cases[found[id].case_id].state, said.get(id, ()))
            for id in ids
            if id in found and found[id].case_id in cases
        ]


def is_for_trying(order_id: str) -> bool:
    """Whether an order's id is of one that is only for trying."""
    return order_id.startswith(PREFIX)


def _case_id() -> str:
    return f"{PREFIX}{uuid7()}"


def _submitted(partner: Partner, title: str, text: str, now: datetime) -> ReportSubmitted:
    return ReportSubmitted(
        submission_id="sandbox",
        community=partner.community,
        channel=Channel.DESK,
        title=title,
        text=text,
        submitted_at=now,
        tracking_hash="",
    )


def _given(case: Case, partner: Partner, directory: Directory, now: datetime) -> Step:
    """Whatever the rules say, it is this partner's."""
    given = replace(
        moved(case, CaseState.DISPATCHED, now),
        party=partner.party,
        first_party=partner.party,
        community_version=directory.version,
        clock=owed_from_now(CaseState.DISPATCHED, None, directory, now, partner.party),
    )
    return given, dispatched(given, by="linli", rule=None, community_version=directory.version)
