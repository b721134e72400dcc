"""Looks at each case when it is due, and lets the domain decide what follows."""

from datetime import datetime, timedelta
from functools import partial

import structlog
from prometheus_client import Counter, Gauge

from linli.application.telemetry import forget
from linli.application.worker import repeatedly
from linli.messaging.outbox import Unsent
from linli.messaging.transactions import Transactions
from linli.storage import mongo
from workflow.cases.domain.deadlines import tick
from workflow.cases.store import CaseStore
from workflow.cases.unit_of_work import UnitOfWork

BATCH = 200
"""Cases in one transaction."""
LEASE = 10
"""Seconds: when the process that has the timer is gone, another goes on after this."""
AGAIN_AFTER = timedelta(minutes=10)
"""A case on which the timer failed is looked at again then."""
EVERY = 1.0
"""Seconds between two looks at the queue when nothing is due."""
STEPS = Counter("linli_workflow_deadline_steps_total", "What the timer did", ["type"])
LATE = Gauge("linli_workflow_timer_late_seconds", "How long the oldest due case has waited for the timer")

log = structlog.get_logger()


class Timer:
    """One of all processes of workflow has it, by lease. What is due is on disk, so it survives any restart.

    The time is the database server's: several processes agree on it, and a jump of one process's clock makes nothing
    late.
    """

    def __init__(
        self,
        client: mongo.Client,
        database: mongo.Database,
        transactions: Transactions,
        store: CaseStore,
        owner: str,
    ) -> None:
        self._client, self._transactions = client, transactions
        self._store = store
        self._lease = mongo.Lease(database, "timer", owner, LEASE)
        self._batch = BATCH
        """Halved where a batch was too much for one transaction, until it goes; then doubled again."""

    async def run(self) -> None:
        """Until cancelled; MongoDB may come and go."""
        await repeatedly("timer", self._look_leased, EVERY, partial(forget, LATE))

    async def _look_leased(self) -> bool:
        if await self._lease.held():
            return await self.look()
        forget(LATE)  # another process knows
        return False

    async def look(self) -> bool:
        """Deal with one batch of what is due. Whether there may be more."""
        now, batch = self._store.now(), self._batch
        waiting = await self._store.due(now, batch)
        LATE.set((now - waiting[0].due_at).total_seconds() if waiting and waiting[0].due_at else 0)
        if not waiting:
            return False

        async def work(session: mongo.Session) -> tuple[list[Unsent], list[Unsent]]:
            due = await self._store.due(now, batch, session)
            directories = await self._store.communities.directories(session)
            unit = UnitOfWork(await self._store.with_families(due, session), directories, now)
            for id in [case.id for case in due]:
                try:
                    while step := tick(unit.cases[id], directories[unit.cases[id].community], now):
                        unit.take(step)
                    unit.rescheduled(id)  # should that fail, it is to fail here
                except Exception:  # one case's fault must not stop the clock of all others
                    log.exception("timer_failed", correlationid=id)
                    STEPS.labels("failed").inc()
                    unit.put_off(id, now + AGAIN_AFTER)
            unchanged = [unit.rescheduled(case.id) for case in due if not unit.events_of(case.id)]
            await self._store.reschedule(unchanged, session)
            unsent = await self._store.save(unit.changes(), now, session)
            return unsent, unsent

        try:
            saved = await self._transactions.run(work)
        except Exception as error:
            if not await mongo.is_too_much(self._client, error):
                raise
            await self._less_at_once(waiting[0].id, now, error)
            return True
        self._batch = min(BATCH, batch * 2)
        for each in saved:
            STEPS.labels(each.message.headers["ce_type"].decode()).inc()
        return len(waiting) == batch

    async def _less_at_once(self, first: str, now: datetime, error: Exception) -> None:
        """Halve the batch; a single case that is too much is put off, or it would block all others."""
        log.warning("timer_takes_less", cases=self._batch, error=repr(error))
        if self._batch == 1:
            STEPS.labels("failed").inc()
            await self._store.put_off(first, now + AGAIN_AFTER)
        self._batch = max(1, self._batch // 2)
