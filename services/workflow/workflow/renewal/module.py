"""Renewal: what neighbourhood tells of demands becomes a step of their cases; an invitation becomes a case, which hears
what became of what its party promised."""

from collections.abc import Mapping, Sequence

import structlog

from linli.application.context import Module, Reaction
from linli.application.kit import Kit
from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.neighbourhood.affairs import Affair
from linli.contracts.neighbourhood.deliberations_parties import PartyInvited
from linli.contracts.neighbourhood.deliberations_settled import CommitmentEvent
from linli.contracts.neighbourhood.lineage import DemandEnded, DemandEvent, DemandReached
from linli.messaging.inbox import Handler, unprepared
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from workflow.cases.domain.action import Action, Command, NotAllowed
from workflow.cases.domain.cascade import decide
from workflow.cases.store import CaseStore
from workflow.cases.unit_of_work import UnitOfWork
from workflow.community.domain.directory import Directory
from workflow.renewal import words
from workflow.renewal.invitations import invited
from workflow.renewal.promises import HEARD, case_of, heard, place_of
from workflow.settings import WorkflowSettings

READS = (Affair,)
log = structlog.get_logger()


def module(kit: Kit[WorkflowSettings]) -> Module:
    """No route: all that comes of it is seen at the case."""
    return Module(reactions=[Reaction(READS, unprepared(_told(kit.given(CaseStore))))])


def _told(store: CaseStore) -> Handler:
    """The handler of the topic `linli.neighbourhood`, of which only what demands came to concerns cases."""

    async def handle(events: Sequence[Envelope[Event]], session: mongo.Session) -> list[Unsent]:
        of_demands = [each.data for each in events if isinstance(each.data, DemandEvent)]
        invitations = [each.data for each in events if isinstance(each.data, PartyInvited)]
        promises = [each.data for each in events if isinstance(each.data, HEARD) and case_of(each.data)]
        if not of_demands and not invitations and not promises:
            return []
        now = store.now()
        named = {each.demand for each in of_demands} | {each.invitation_id for each in invitations}
        named |= {case_of(each) for each in promises}
        cases = await store.cases(named, session)
        directories = await store.communities.directories(session)
        unit = UnitOfWork(await store.with_families(cases.values(), session), directories, now)
        for invitation in invitations:
            _invited(unit, invitation, directories)
        for event in of_demands:
            for command in _commands(event):
                _tried(unit, event.demand, command)
        for promise in promises:
            await _promise_heard(unit, promise, store, session)
        return await store.save(unit.changes(), now, session)

    return handle


def _commands(event: DemandEvent) -> list[Command]:
    """What a person at the desk would do with it. Nobody else has taken the case on, where nobody has."""
    accept = Command(Action.ACCEPT)
    match event:
        case DemandReached():
            return [accept, Command(Action.PROGRESS, message=words.news(event))]
        case DemandEnded():
            return [accept, Command(Action.RESOLVE, message=words.end(event))]
    return []


def _invited(unit: UnitOfWork, event: PartyInvited, directories: Mapping[str, Directory]) -> None:
    directory = directories.get(event.community)
    if event.invitation_id in unit.cases or directory is None or directory.party(event.invited) is None:
        log.info("not_invited", correlationid=event.invitation_id)
        return
    for step in invited(event, directory, unit.now):
        unit.take(step)


async def _promise_heard(unit: UnitOfWork, event: CommitmentEvent, store: CaseStore, session: mongo.Session) -> None:
    case = unit.cases.get(case_of(event))
    if case is None or case.invites_to != event.deliberation_id:
        return  # it was made in the deliberation itself
    made = await store.promised(case.id, place_of(event), session)
    if made is not None:
        unit.take(heard(case, event, made, unit.now))


def _tried(unit: UnitOfWork, id: str, command: Command) -> None:
    """Where the case allows it: it may be resolved, merged or withdrawn; then its own letters have said so."""
    case = unit.cases.get(id)
    if case is None:
        return
    try:
        unit.take(decide(case, command, unit.cases, unit.directory(case), unit.now))
    except NotAllowed:
        log.info("not_done", correlationid=id, action=command.action)
