"""Which cases follow an outage, and what they hear of it: by the merge that there is, with a case of its own."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from uuid_utils import uuid7

from linli.contracts.workflow.case import CaseRated, CaseState
from linli.contracts.workflow.outage_area import building_of
from linli.frozen import replace
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from linli.storage.aggregates import Change
from workflow.cases.domain.action import Action, Command, NotAllowed, UnknownParty
from workflow.cases.domain.cascade import decide
from workflow.cases.domain.case import BEING_DEALT_WITH, Case
from workflow.cases.domain.merging import merge, unmerge
from workflow.cases.store import CaseStore
from workflow.cases.unit_of_work import UnitOfWork
from workflow.community.domain.directory import Directory
from workflow.outages.domain import heads
from workflow.outages.domain.outage import Outage, StillOut, is_about, is_outside, spot_of
from workflow.outages.domain.words import CALLED_OFF, NOT_BACK, OUTSIDE, adopted, back, expected
from workflow.outages.store import OutageStore

MOST_LOOKED_AT = 5_000
"""Open cases of the places that an outage touches."""
AT_ONCE = 500
"""So many are adopted in one transaction: a second or two. The others follow when the outage is looked at next."""
CALLS_AGAIN = 3
"""So many of one building who say that it is not back call the company again."""
LOOKED_BACK = timedelta(hours=3)
"""Before an outage began: nothing earlier is about it."""

log = structlog.get_logger()


class Following:
    """Works on the cases of one transaction; whoever calls saves them."""

    def __init__(self, cases: CaseStore, store: OutageStore) -> None:
        self._cases, self._store = cases, store

    async def join(
        self,
        unit: UnitOfWork,
        ids: Sequence[str],
        directories: Mapping[str, Directory],
        now: datetime,
        session: mongo.Session,
    ) -> list[Unsent]:
        """New reports follow the outage that they are about. Where there is none, this is one small question."""
        if not ids or not (running := await self._store.running(session=session)):
            return []
        for outage in running:
            theirs = [case for id in ids if (case := unit.cases.get(id)) and is_about(outage, case)]
            if not theirs or directories[outage.community].party(outage.party) is None:
                continue  # none is about it, or its company is in the community no more
            unit.know((await self._cases.cases(outage.heads, session)).values())
            after = _joined(unit, outage, theirs, directories[outage.community], now)
            if after != outage:
                await self._store.keep([after], now, session)
        return []

    async def adopt(
        self, unit: UnitOfWork, outage: Outage, directory: Directory, now: datetime, session: mongo.Session
    ) -> Outage:
        """What is open and about it follows it from now on; the outage with the heads that it has then."""
        places: list[str | None] = [*outage.facts.touches, *([None] if outage.facts.area.polygon else [])]
        since = outage.facts.starts_at - LOOKED_BACK
        found = await self._cases.open_in(outage.community, places, since, MOST_LOOKED_AT, session)
        theirs = [case for case in found if is_about(outage, case) and case.id not in unit.cases]
        unit.know((await self._cases.cases(outage.heads, session)).values())
        these = theirs[:AT_ONCE]
        unit.know(await self._cases.with_families(these, session))
        after = _joined(unit, outage, these, directory, now)
        if len(theirs) > len(these) and _takes_more(unit, after):
            return replace(after, due_at=now)
        return after

    async def heads_of(self, outage: Outage, session: mongo.Session) -> list[Case]:
        """Its heads with all that follows them."""
        found = await self._cases.cases(outage.heads, session)
        return await self._cases.with_families(found.values(), session)

    async def follow(self, changes: Sequence[Change[Case]], now: datetime, session: mongo.Session) -> list[Unsent]:
        """Whose reporter says after the restoration that it is not back is a case of its own, before other work."""
        denied = {change.after.id: change.after for change in changes if _denied(change)}
        if not denied:
            return []
        named = {*denied, *(case.family.merged_into for case in denied.values())} - {None}
        outages = await self._store.followed([id for id in named if id], session)
        directories = await self._cases.communities.directories(session)
        unsent: list[Unsent] = []
        for outage in outages:
            directory = directories[outage.community]
            unit = UnitOfWork((await self._cases.cases([*denied, *outage.heads], session)).values(), directories, now)
            after = outage
            for id in denied:
                case = unit.cases[id]
                if case.family.merged_into in outage.heads or id in outage.apart:
                    after = _not_back(unit, after, case, directory, now)
            await self._store.keep([after], now, session)
            unsent += await self._cases.save(unit.changes(), now, session)
        return unsent


def opened(unit: UnitOfWork, outage: Outage, directory: Directory, now: datetime) -> Outage:
    """The outage with a head more."""
    id = str(uuid7())
    for step in heads.head_opened(id, outage, directory, now):
        unit.take(step)
    _tried(unit, id, Command(Action.ACCEPT, by=outage.party), directory, now)
    return replace(outage, heads=(*outage.heads, id))


def told(unit: UnitOfWork, outage: Outage, message: str, directory: Directory, now: datetime) -> None:
    """What the company says goes to all who wait."""
    for id in outage.heads:
        _tried(unit, id, Command(Action.PROGRESS, by=outage.party, message=message), directory, now)


def moved(unit: UnitOfWork, outage: Outage, message: str | None, directory: Directory, now: datetime) -> None:
    """All are told that the estimate has moved."""
    text = expected(outage.facts, directory.zone, now, message)
    for id in outage.heads:
        _tried(unit, id, Command(Action.ACCEPT, by=outage.party), directory, now)
        command = Command(Action.PROGRESS, by=outage.party, message=text)
        try:
            after, event = decide(unit.cases[id], command, unit.cases, directory, now)
        except NotAllowed:
            continue  # somebody has ended or moved the head; the outage goes on without it
        unit.take((replace(after, clock=heads.estimate_clock(outage.facts, now)), event))


def restored(unit: UnitOfWork, outage: Outage, message: str | None, directory: Directory, now: datetime) -> None:
    """Each is asked whether it is back."""
    text = back(outage.facts, message)
    for id in outage.heads:
        _tried(unit, id, Command(Action.ACCEPT, by=outage.party), directory, now)
        _tried(unit, id, Command(Action.RESOLVE, by=outage.party, message=text), directory, now)


def restored_outside(
    unit: UnitOfWork, outage: Outage, message: str | None, directory: Directory, now: datetime
) -> Outage:
    """Those who lie outside what is left are asked whether it is back."""
    text, there = back(outage.facts, message), []
    for case in _followers(unit, outage):
        if is_outside(outage, case):
            _let_go(unit, case, outage, text, directory, now)
            _tried(unit, case.id, Command(Action.ACCEPT, by=outage.party), directory, now)
            _tried(unit, case.id, Command(Action.RESOLVE, by=outage.party, message=text), directory, now)
            there.append(case.id)
    return replace(outage, apart=(*outage.apart, *there))


def shrunk(unit: UnitOfWork, outage: Outage, directory: Directory, now: datetime) -> int:
    """Those who lie outside are cases of their own again; how many."""
    outside = [case for case in _followers(unit, outage) if is_outside(outage, case)]
    for case in outside:
        unit.take(unmerge(case, directory, outage.party, OUTSIDE, now))
    return len(outside)


def called_off(unit: UnitOfWork, outage: Outage, message: str | None, directory: Directory, now: datetime) -> int:
    """All are cases of their own again; how many."""
    followers = _followers(unit, outage)
    text = "\n".join(filter(None, (CALLED_OFF, message)))
    for case in followers:
        unit.take(unmerge(case, directory, outage.party, text, now))
    for id in outage.heads:
        _tried(unit, id, Command(Action.WITHDRAW, by=outage.party, message=message), directory, now)
    return len(followers)


def _joined(unit: UnitOfWork, outage: Outage, cases: Sequence[Case], directory: Directory, now: datetime) -> Outage:
    why = adopted(outage.facts, directory.zone, now)
    for case in cases:
        head = _head_with_room(unit, outage)
        if head is None and len(outage.heads) < heads.HEADS_AT_MOST:
            outage = opened(unit, outage, directory, now)
            head = unit.cases[outage.heads[-1]]
        if head is None:
            continue  # more than may follow: it is dealt with as any other
        try:
            unit.take(merge(unit.cases[case.id], head, "linli", why, now))
        except NotAllowed:
            log.info("not_adopted", correlationid=case.id, outage=outage.id)
    return outage


def _takes_more(unit: UnitOfWork, outage: Outage) -> bool:
    return len(outage.heads) < heads.HEADS_AT_MOST or _head_with_room(unit, outage) is not None


def _head_with_room(unit: UnitOfWork, outage: Outage) -> Case | None:
    for id in outage.heads:
        head = unit.cases[id]
        if head.state in BEING_DEALT_WITH and head.root == id and heads.has_room(head):
            return head
    return None


def _followers(unit: UnitOfWork, outage: Outage) -> list[Case]:
    return [case for case in unit.cases.values() if case.family.merged_into in outage.heads]


def _tried(unit: UnitOfWork, id: str, command: Command, directory: Directory, now: datetime) -> None:
    """Do it where the case allows it: somebody may have done something else with it."""
    try:
        unit.take(decide(unit.cases[id], command, unit.cases, directory, now))
    except (NotAllowed, UnknownParty):
        log.info("not_done", correlationid=id, action=command.action)


def _let_go(unit: UnitOfWork, case: Case, outage: Outage, message: str, directory: Directory, now: datetime) -> None:
    unit.take(heads.on_its_own_first(case, outage, directory, message, now))


def _denied(change: Change[Case]) -> bool:
    rated: Iterator[CaseRated] = (each.data for each in change.events if isinstance(each.data, CaseRated))
    return change.after.state is CaseState.RESOLVED and any(each.reopen_requested and not each.solved for each in rated)


def _not_back(unit: UnitOfWork, outage: Outage, case: Case, directory: Directory, now: datetime) -> Outage:
    if case.family.merged_into:
        _let_go(unit, case, outage, NOT_BACK, directory, now)
    else:
        by = outage.party if directory.party(outage.party) else None  # it may have left the community
        command = Command(Action.REOPEN, by=by, message=NOT_BACK)
        after, event = decide(case, command, unit.cases, directory, now)
        urgent = heads.urgent(now)
        dates = {"accept_by": urgent.accept_by, "resolve_by": urgent.resolve_by}
        unit.take((replace(after, clock=urgent), event.model_copy(update=dates)))
    building = building_of(spot_of(case))
    said = (*(each for each in outage.still_out if each.case_id != case.id), StillOut(case.id, building))
    outage = replace(outage, still_out=said)
    count = sum(each.building == building for each in said)
    if building is None or building in outage.alerted or count < CALLS_AGAIN:
        return outage
    for step in heads.alert_opened(str(uuid7()), building, count, outage, case, directory, now):
        unit.take(step)
    return replace(outage, alerted=(*outage.alerted, building))
