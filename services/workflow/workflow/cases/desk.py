"""What people do with cases: load, decide, save, in one transaction."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TypeAlias

import structlog

from linli.contracts.envelope import Envelope
from linli.frozen import replace
from linli.messaging.outbox import Unsent
from linli.messaging.transactions import Transactions
from linli.security.permissions import Role
from linli.security.principals import Principal
from linli.storage import mongo
from linli.storage.aggregates import Change
from linli.web.localized import Localized, of_error, sentence_of
from linli.web.problems import Problem, Refused
from workflow.cases.allowed import (
    allow,
    allow_in_the_name_of,
    allow_to_see,
    existing,
    known_party,
    own_work,
    same_version,
    unknown_party,
)
from workflow.cases.domain.access import decides
from workflow.cases.domain.action import Command, NotAllowed, UnknownEvidence, UnknownParty
from workflow.cases.domain.cascade import decide
from workflow.cases.domain.case import Case, Step
from workflow.cases.domain.correcting import AsItIs, Unknown
from workflow.cases.domain.deadlines import scheduled
from workflow.cases.domain.feedback import FollowUp, current_answer
from workflow.cases.domain.follow_up import OwnWork, TooLate, follow_up
from workflow.cases.domain.merging import Follows
from workflow.cases.domain.supplement import NothingAdded, supplement_by_code
from workflow.cases.store import CaseStore
from workflow.cases.unit_of_work import SOURCE, UnitOfWork
from workflow.community.domain.directory import Directory

log = structlog.get_logger()

Keep: TypeAlias = Callable[[Case, Directory, mongo.Session], Awaitable[None]]
"""Keeps what the caller wants to be kept together with a step."""


class Desk:
    """Actions on cases, each with its event."""

    def __init__(self, transactions: Transactions, store: CaseStore) -> None:
        self._transactions, self._store = transactions, store

    async def act(
        self,
        case_id: str,
        version: int,
        command: Command,
        who: Principal,
        traceparent: str | None,
        keep: Keep,
        dry_run: bool = False,
    ) -> Case:
        """The case after the action; `keep` writes what the caller wants to be kept together with it.

        With `dry_run` it is worked out and nothing is written. Raises 403, 404, 409 (the state does not allow it), 412
        (it has moved on), 422.
        """

        async def work(session: mongo.Session) -> tuple[Case, list[Unsent]]:
            now = self._store.now()
            named = await self._store.cases([case_id, *([command.into] if command.into else [])], session)
            case = existing(named, case_id)
            directories = await self._store.communities.directories(session)
            directory = directories[case.community]
            allow(who, command, case, directory)
            same_version(case, version)
            _seen_too(who, command, named, directories)
            unit = UnitOfWork(await self._store.with_families(named.values(), session), directories, now)
            command_by = replace(command, by=command.by or who.party)
            unit.take(_decide(case, command_by, unit.cases, directory, now), traceparent=traceparent)
            after = unit.cases[case_id]
            if dry_run:
                return after, []
            unsent = await self._store.save(unit.changes(), now, session)
            await keep(after, directory, session)
            return after, unsent

        after = await self._transactions.run(work)
        if dry_run:
            return after
        log.info("acted", correlationid=case_id, action=command.action, version=after.version, state=after.state)
        return after

    async def follow_up(self, case_id: str, answer: FollowUp, who: Principal) -> Case:
        """The case after an answer by the reporter's code. Raises 409 when no answer is taken, or not any more.

        Staff who use the code stand in the history themselves, and do not judge their own work (403).
        """

        async def work(session: mongo.Session) -> tuple[Case, list[Unsent]]:
            case = (await self._store.cases([case_id], session))[case_id]
            by = who.party or ("operator" if who.role is Role.OPERATOR else None)
            return await self._rate(case, answer, by, None, session)

        after = await self._transactions.run(work)
        log.info("followed_up", correlationid=case_id, version=after.version)
        return after

    async def supplement(self, case_id: str, message: str, who: Principal, keep: Keep) -> None:
        """Add what the reporter says besides, by their code. Raises 409 when nothing can be added."""

        async def work(session: mongo.Session) -> tuple[None, list[Unsent]]:
            now = self._store.now()
            case = existing(await self._store.cases([case_id], session), case_id)
            directories = await self._store.communities.directories(session)
            unit = UnitOfWork(await self._store.with_families([case], session), directories, now)
            try:
                unit.take(supplement_by_code(case, message, now))
            except NothingAdded as error:
                raise Problem("nothing_added", 409, of_error(error), state=case.state) from None
            unsent = await self._store.save(unit.changes(), now, session)
            await keep(unit.cases[case_id], directories[case.community], session)
            return None, unsent

        await self._transactions.run(work)
        log.info("supplemented", correlationid=case_id, by=who.id)

    async def record(
        self,
        case_id: str,
        version: int,
        answer: FollowUp,
        by: str | None,
        who: Principal,
        traceparent: str | None,
        keep: Keep,
        dry_run: bool = False,
    ) -> Case:
        """The case after an answer that somebody was given by telephone. Raises 403, 404, 409, 412, 422."""

        async def work(session: mongo.Session) -> tuple[Case, list[Unsent]]:
            case = existing(await self._store.cases([case_id], session), case_id)
            directory = (await self._store.communities.directories(session))[case.community]
            allow_to_see(who, case, directory)
            if not decides(who, case):
                raise Refused(own_work(), "no follow_up", case.id)
            allow_in_the_name_of(by, who, case, directory)
            same_version(case, version)
            known_party(by, case, directory)
            recorded_by = by or who.party or "operator"
            after, unsent = await self._rate(case, answer, recorded_by, traceparent, session, dry_run)
            if not dry_run:
                await keep(after, directory, session)
            return after, unsent

        after = await self._transactions.run(work)
        if dry_run:
            return after
        log.info("follow_up_recorded", correlationid=case_id, version=after.version)
        return after

    async def _rate(
        self,
        case: Case,
        answer: FollowUp,
        recorded_by: str | None,
        traceparent: str | None,
        session: mongo.Session,
        dry_run: bool = False,
    ) -> tuple[Case, list[Unsent]]:
        """Repeating the same answer is no step."""
        if answer == current_answer(case.feedback):
            return case, []
        now = self._store.now()
        directory = (await self._store.communities.directories(session))[case.community]
        try:
            after, data = follow_up(case, answer, now, recorded_by)
        except TooLate as error:
            raise Problem("no_follow_up", 409, of_error(error), state=case.state) from None
        except OwnWork:
            raise own_work() from None
        if dry_run:
            return after, []
        envelope = Envelope(SOURCE, case.id, after.version, now, case.id, data, traceparent)
        change = Change(scheduled(after, directory), case.version, [envelope])
        unsent = await self._store.save([change], now, session)
        return (await self._store.cases([case.id], session))[case.id], unsent  # with what others made of the answer


def _seen_too(
    who: Principal, command: Command, cases: Mapping[str, Case], directories: Mapping[str, Directory]
) -> None:
    """Raises 404 when the case that another is to be merged into is not there, or not for this principal."""
    if command.into is not None:
        head = existing(cases, command.into)
        allow_to_see(who, head, directories[head.community])


def _decide(case: Case, command: Command, cases: Mapping[str, Case], directory: Directory, now: datetime) -> Step:
    try:
        return decide(case, command, cases, directory, now)
    except Follows as error:
        raise Problem(
            "not_allowed", 409, of_error(error), state=case.state, version=case.version, head=error.head
        ) from None
    except AsItIs as error:
        raise Problem("nothing_to_correct", 409, of_error(error), state=case.state, version=case.version) from None
    except NotAllowed as error:
        raise Problem("not_allowed", 409, of_error(error), state=case.state, version=case.version) from None
    except Unknown as error:
        wrong = [{"field": error.field, "message": error.message}]
        raise Problem(error.slug, 422, sentence_of(error.message), errors=wrong) from None
    except UnknownParty as error:
        raise unknown_party(error, case) from None
    except UnknownEvidence as error:
        detail = Localized("There is no photo '{id}' in this case.", "这件事项没有照片“{id}”。", id=str(error))
        raise Problem("unknown_evidence", 422, detail) from None
