"""Looks at outages when they are due: asks the company whose estimate has passed, and looks again for reports."""

from datetime import timedelta
from functools import partial

import structlog

from linli.application.worker import repeatedly
from linli.frozen import replace
from linli.messaging.outbox import Unsent
from linli.messaging.transactions import Transactions
from linli.storage import mongo
from workflow.cases.domain.case import BEING_DEALT_WITH
from workflow.cases.store import CaseStore
from workflow.cases.unit_of_work import UnitOfWork
from workflow.outages.domain import heads
from workflow.outages.domain.reports import due
from workflow.outages.following import Following
from workflow.outages.store import OutageStore

LEASE = 10
"""Seconds: when the process that looks is gone, another goes on after this."""
EVERY = 1.0
AGAIN_AFTER = timedelta(minutes=10)
"""One that could not be looked at is looked at again then."""

log = structlog.get_logger()


class Asking:
    """One of all processes of workflow does it, by lease."""

    def __init__(
        self,
        database: mongo.Database,
        transactions: Transactions,
        cases: CaseStore,
        store: OutageStore,
        following: Following,
        owner: str,
    ) -> None:
        self._transactions, self._lease = transactions, mongo.Lease(database, "outages", owner, LEASE)
        self._cases, self._store, self._following = cases, store, following

    async def run(self) -> None:
        """Until cancelled; MongoDB may come and go."""
        await repeatedly("outages", self._look_leased, EVERY)

    async def _look_leased(self) -> bool:
        if not await self._lease.held():
            return False
        return await self.look()

    async def look(self) -> bool:
        """Deal with what is due, one outage a transaction. Whether there may be more."""
        waiting = await self._store.due(self._cases.now())
        for outage in waiting:
            try:
                await self._transactions.run(partial(self._look_at, outage.id))
            except Exception as error:  # one outage's fault must not keep all others waiting
                if mongo.is_outage(error):
                    raise
                log.exception("outage_failed", outage=outage.id)
                await self._store.put_off(outage.id, self._cases.now() + AGAIN_AFTER)
        return len(waiting) > 1

    async def _look_at(self, id: str, session: mongo.Session) -> tuple[None, list[Unsent]]:
        now = self._cases.now()
        outage = await self._store.outage(id, session)
        if outage is None or outage.due_at is None or outage.due_at > now:
            return None, []
        directories = await self._cases.communities.directories(session)
        directory = directories[outage.community]
        unit = UnitOfWork((await self._cases.cases(outage.heads, session)).values(), directories, now)
        after = outage
        if outage.running:
            after = await self._following.adopt(unit, outage, directory, now, session)
        until = outage.facts.until
        if outage.running and until and until <= now and outage.asked_for != until:
            for head in [unit.cases[id] for id in after.heads]:
                if head.state in BEING_DEALT_WITH and head.party == outage.party:
                    unit.take(heads.asked(head, until, now))
            after = replace(after, asked_for=until)
            log.info("outage_overdue", outage=id)
        more = after.due_at == now  # there are more to adopt than in one transaction
        await self._store.keep([after if more else due(after)], now, session)
        return None, await self._cases.save(unit.changes(), now, session)
