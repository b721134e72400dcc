"""Looks at return visits when their day has come."""

from datetime import timedelta

import structlog

from linli.application.worker import repeatedly
from linli.storage import mongo
from workflow.mediation.desk import MediationDesk
from workflow.mediation.domain.commands import TellVisitDue
from workflow.mediation.store import MediationStore

LEASE = 10
"""Seconds: when the process that looks is gone, another goes on after this."""
EVERY = 1.0
AGAIN_AFTER = timedelta(minutes=10)
"""One that could not be looked at, or that nothing came of, is looked at again then."""

log = structlog.get_logger()


class ReturnVisits:
    """One of all processes of workflow does it, by lease; the days are on disk, so they survive any restart."""

    def __init__(self, database: mongo.Database, desk: MediationDesk, store: MediationStore, owner: str) -> None:
        self._desk, self._store = desk, store
        self._lease = mongo.Lease(database, "return_visits", owner, LEASE)

    async def run(self) -> None:
        """Until cancelled; MongoDB may come and go."""
        await repeatedly("return_visits", self._look_leased, EVERY)

    async def _look_leased(self) -> bool:
        if not await self._lease.held():
            return False
        return await self.look()

    async def look(self) -> bool:
        """Deal with what is due, one mediation a transaction. Whether there may be more."""
        waiting = await self._store.due(self._desk.now())
        for id in waiting:
            await self._store.put_off(id, self._desk.now() + AGAIN_AFTER)
            try:
                await self._desk.look(id, TellVisitDue())
            except Exception as error:  # one's fault must not keep all others waiting
                if mongo.is_outage(error):
                    raise
                log.exception("return_visit_failed", mediation=id)
        return len(waiting) > 1
