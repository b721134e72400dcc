"""A mediation after one of its events."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeAlias

from linli.contracts.workflow import mediation as told
from linli.contracts.workflow.mediation import Side
from linli.frozen import replace
from workflow.mediation.domain.mediation import REPORTER, Agreement, Concerned, Mediation, Sitting

_OfPeople: TypeAlias = told.MediatorAppointed | told.MediatorLeft | told.ConcernedNamed
_OfSessions: TypeAlias = told.SessionCalled | told.SessionCancelled | told.SessionHeld


def evolve(mediation: Mediation | None, event: told.MediationEvent, at: datetime) -> Mediation:
    """`at` is when it happened, by its envelope. The first event begins it; every other needs a mediation."""
    if mediation is None:
        assert isinstance(event, told.MediationOpened), f"{event.TYPE} of a mediation that nobody has opened"
        mediation = Mediation(event.mediation_id, event.case_id, event.community, event.category, event.neighbourhood)
        reporter = {REPORTER: Concerned(Side.APPLICANT)}
        mediation = replace(mediation, concerned=reporter, opened_at=at)
    after = replace(mediation, state=event.state, version=mediation.version + 1, updated_at=at)
    if isinstance(event, told.MediatorAppointed | told.MediatorLeft | told.ConcernedNamed):
        return _with_people(after, event)
    if isinstance(event, told.SessionCalled | told.SessionCancelled | told.SessionHeld):
        return replace(after, sessions=_met(after.sessions, event))
    if isinstance(event, told.StatementKept):
        said = {**after.said, event.whose: after.said.get(event.whose, 0) + 1}
        return replace(after, statements=after.statements + 1, said=said)
    if isinstance(event, told.AgreementDrafted):
        return replace(after, agreements=(*after.agreements, Agreement(event.digest, event.visit_on, at)))
    if isinstance(event, told.MediationEnded):
        return replace(after, ended=event.why)
    return replace(after, agreements=_of_agreement(after.agreements, event))


def evolved(events: Iterable[tuple[told.MediationEvent, datetime]]) -> Mediation | None:
    """What a whole history comes to."""
    mediation = None
    for event, at in events:
        mediation = evolve(mediation, event, at)
    return mediation


def _with_people(after: Mediation, event: _OfPeople) -> Mediation:
    match event:
        case told.MediatorAppointed():
            return replace(after, mediators={**after.mediators, event.mediator: event.party})
        case told.MediatorLeft():
            left = {id: party for id, party in after.mediators.items() if id != event.mediator}
            return replace(after, mediators=left, gone=after.gone | {event.mediator})
        case told.ConcernedNamed():
            return replace(after, concerned={**after.concerned, event.concerned: Concerned(event.side, event.party)})


def _met(sessions: tuple[Sitting, ...], event: _OfSessions) -> tuple[Sitting, ...]:
    match event:
        case told.SessionCalled():
            return (*sessions, Sitting(event.starts_at, event.online, event.venue))
        case told.SessionHeld() if event.session > len(sessions):  # nobody had called it
            return (*sessions, Sitting(event.held_at, False, None, held_at=event.held_at))
        case told.SessionHeld():
            return _at(sessions, event.session, lambda each: replace(each, held_at=event.held_at))
        case told.SessionCancelled():
            return _at(sessions, event.session, lambda each: replace(each, cancelled=True))


def _at(sessions: tuple[Sitting, ...], number: int, change: Callable[[Sitting], Sitting]) -> tuple[Sitting, ...]:
    return tuple(change(each) if place == number else each for place, each in enumerate(sessions, 1))


def _of_agreement(agreements: tuple[Agreement, ...], event: told.MediationEvent) -> tuple[Agreement, ...]:
    """All of these tell of the newest one."""
    if not agreements:
        return agreements
    newest = agreements[-1]
    match event:
        case told.AgreementSigned():
            newest = replace(newest, signed=newest.signed | {event.signer})
        case told.AgreementInEffect():
            dates = {name: getattr(event, name) for name in ("effective_on", "confirm_until", "visit_on")}
            newest = replace(newest, **dates)
        case told.CourtStepNoted():
            newest = replace(newest, court=event.step)
        case told.ReturnVisitDue():
            newest = replace(newest, visit_due=True)
        case told.AgreementKept() | told.AgreementBroken():
            newest = replace(newest, kept=isinstance(event, told.AgreementKept))
    return (*agreements[:-1], newest)
