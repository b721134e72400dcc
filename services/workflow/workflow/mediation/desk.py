"""What people do in mediations: load, decide, save, in one transaction with what follows for the case."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any, TypeAlias

import structlog

from linli.contracts.workflow.mediation import MediationEvent, WhyEnded
from linli.messaging.outbox import Unsent
from linli.messaging.transactions import Transactions
from linli.refusal import Refusal
from linli.storage import mongo
from linli.storage.aggregates import Change
from linli.web.problems import Problem, not_found
from workflow.cases.domain.case import Case
from workflow.cases.store import CaseStore
from workflow.cases.unit_of_work import UnitOfWork
from workflow.community.domain.directory import Directory
from workflow.mediation import on_case
from workflow.mediation.domain.commands import End, LetGo, MediationCommand
from workflow.mediation.domain.deciding import decide, opened
from workflow.mediation.domain.mediation import Mediation, mediation_id
from workflow.mediation.domain.refusing import ALREADY
from workflow.mediation.domain.rules import rules_in
from workflow.mediation.papers import KeptPaper, Papers
from workflow.mediation.store import MediationStore

log = structlog.get_logger()

Keep: TypeAlias = Callable[[Mediation, mongo.Session], Awaitable[None]]
"""Keeps what the caller wants to be kept together with a step."""
Check: TypeAlias = Callable[[Case, Directory, Mediation | None], None]
"""Raises what the caller may not do."""
Asked: TypeAlias = Callable[[Mediation, Directory], tuple[MediationCommand, Sequence[KeptPaper]]]
"""What is asked of a mediation as it stands, and the papers to keep with it. Raises `Problem`."""


class MediationDesk:
    """Steps of mediations, each with its events."""

    def __init__(self, transactions: Transactions, cases: CaseStore, store: MediationStore, papers: Papers) -> None:
        self._transactions, self._cases, self._store, self._papers = transactions, cases, store, papers

    def now(self) -> datetime:
        return self._cases.now()

    async def transact(self, work: Callable[[mongo.Session], Coroutine[Any, Any, tuple[None, list[Unsent]]]]) -> None:
        """What is kept beside mediations, in a transaction."""
        await self._transactions.run(work)

    async def open(self, case_id: str, by: str, check: Check, keep: Keep, traceparent: str | None) -> Mediation:
        """Take a dispute to mediation. Raises 404, 409 (it cannot be mediated, or is already)."""

        async def work(session: mongo.Session) -> tuple[Mediation, list[Unsent]]:
            now = self.now()
            case, directory = await self._case(case_id, session)
            before = await self._store.of_case(case_id, session)
            check(case, directory, before)
            if before is not None:
                raise problem(ALREADY)
            if (refusal := on_case.why_not(case)) is not None:
                raise problem(refusal)
            new = Mediation(
                mediation_id(case_id), case_id, case.community, case.about.category, case.about.neighbourhood
            )
            events = [opened(new, by)]
            after, unsent = await self._store.save(None, events, directory.zone, now, session, traceparent)
            await keep(after, session)
            return after, unsent

        after = await self._transactions.run(work)
        log.info("mediation_opened", correlationid=case_id)
        return after

    async def act(
        self, case_id: str, asked: Asked, check: Check, keep: Keep, traceparent: str | None = None
    ) -> Mediation:
        """The mediation after a step. Raises 403, 404, 409, 422."""

        async def work(session: mongo.Session) -> tuple[Mediation, list[Unsent]]:
            now = self.now()
            case, directory = await self._case(case_id, session)
            before = await self._store.of_case(case_id, session)
            check(case, directory, before)
            if before is None:
                raise not_found("mediation")
            command, papers = asked(before, directory)
            decision = decide(before, command, rules_in(directory.zone), now)
            if isinstance(decision, Refusal):
                raise problem(decision)
            after, unsent = await self._take(before, decision, case, directory, now, session, traceparent)
            for paper in papers:
                await self._papers.keep(after, paper, now, session)
            if isinstance(command, LetGo):
                await self._papers.close(after.id, command.mediator, session)
            await keep(after, session)
            return after, unsent

        after = await self._transactions.run(work)
        log.info("mediated", correlationid=case_id, version=after.version, state=after.state)
        return after

    async def look(self, id: str, command: MediationCommand) -> None:
        """What a rule does; nothing where it is refused."""

        async def work(session: mongo.Session) -> tuple[None, list[Unsent]]:
            now = self.now()
            before = await self._store.mediation(id, session)
            if before is None:
                return None, []
            case, directory = await self._case(before.case_id, session)
            decision = decide(before, command, rules_in(directory.zone), now)
            if isinstance(decision, Refusal):  # somebody was quicker
                return None, []
            _, unsent = await self._take(before, decision, case, directory, now, session, None)
            return None, unsent

        await self._transactions.run(work)

    async def follow(self, changes: Sequence[Change[Case]], now: datetime, session: mongo.Session) -> list[Unsent]:
        """End the mediations of disputes that were taken back, in the transaction in which they are."""
        unsent: list[Unsent] = []
        for case in (change.after for change in changes if on_case.taken_back(change.after)):
            before = await self._store.of_case(case.id, session)
            if before is None:
                continue
            zone = (await self._cases.communities.directories(session))[case.community].zone
            decision = decide(before, End(WhyEnded.WITHDRAWN), rules_in(zone), now)
            if isinstance(decision, Refusal):  # it has ended
                continue
            after, told = await self._store.save(before, decision, zone, now, session)
            await self._papers.ended(after.id, now, session)
            unsent += told
            log.info("mediation_ended", correlationid=case.id, why=WhyEnded.WITHDRAWN)
        return unsent

    async def _take(
        self,
        before: Mediation,
        events: Sequence[MediationEvent],
        case: Case,
        directory: Directory,
        now: datetime,
        session: mongo.Session,
        traceparent: str | None,
    ) -> tuple[Mediation, list[Unsent]]:
        """Write what happens here, and what follows for the case."""
        after, unsent = await self._store.save(before, events, directory.zone, now, session, traceparent)
        family = await self._cases.with_families([case], session)
        unit = UnitOfWork(family, {case.community: directory}, now)
        on_case.follow(unit, case.id, events, directory, now)
        unsent += await self._cases.save(unit.changes(), now, session)
        if before.over is not after.over:
            await self._papers.ended(after.id, now if after.over else None, session)
        return after, unsent

    async def _case(self, case_id: str, session: mongo.Session) -> tuple[Case, Directory]:
        case = (await self._cases.cases([case_id], session)).get(case_id)
        if case is None:
            raise not_found("case")
        return case, (await self._cases.communities.directories(session))[case.community]


def problem(refusal: Refusal) -> Problem:
    """A refusal as a caller reads it: with a wrong field, or because of where things stand."""
    if refusal.pointer is None:
        return Problem(refusal.slug, 409, refusal.why)
    wrong = [{"field": refusal.pointer.strip("/").replace("/", "."), "message": refusal.why}]
    return Problem(refusal.slug, 422, refusal.why, errors=wrong)
