"""Who takes part in a mediation, and when they meet: what staff do and read."""

from datetime import datetime

from fastapi import Request
from uuid_utils import uuid7

from linli.contracts.workflow.permissions import MEDIATE, READ_MEDIATIONS, READ_STATEMENTS
from linli.security.audited import about
from linli.security.auth import Who, needs
from linli.web.app import problems, router
from linli.web.localized import no_party
from linli.web.problems import Problem, not_found
from workflow.cases.domain.case import Case
from workflow.community.domain.directory import Directory
from workflow.mediation.allowed import allow_to_hear, allow_to_know, has_it, participant_of
from workflow.mediation.api import bodies
from workflow.mediation.api.codes import new_code
from workflow.mediation.api.stepping import CasesDep, DeskDep, PapersDep, Step, StoreDep, VolunteersDep
from workflow.mediation.api.views import (
    FOR_PARTICIPANTS,
    Admitted,
    MediationView,
    StatementList,
    StatementView,
    view,
)
from workflow.mediation.desk import problem
from workflow.mediation.domain import commands
from workflow.mediation.domain.mediation import Mediation
from workflow.mediation.domain.people import NO_MEDIATOR, conflict
from workflow.mediation.papers import KeptPaper, PaperKind

routes = router(prefix="/v1/cases/{id}", tags=["mediation"], responses=problems(400, 404, 409, 413, 422))
ACTS = needs(MEDIATE)


@routes.post("/mediation", status_code=201, dependencies=[ACTS])
async def take_to_mediation(step: Step) -> MediationView:
    """Take a dispute to mediation; its reporter is the applicant."""
    return await step.open()


@routes.get("/mediation", dependencies=[needs(READ_MEDIATIONS)])
async def mediation(id: str, who: Who, cases: CasesDep, store: StoreDep, papers: PapersDep) -> MediationView:
    """How it stands, who takes part, what is agreed. What people have said is not in it."""
    case, directory, found = await _found(id, cases, store)
    allow_to_know(who, case, directory, found)
    if found is None:
        raise not_found("mediation")
    return view(found, await papers.of(found.id, FOR_PARTICIPANTS), directory, participant_of(who, found))


@routes.get("/mediation/statements", dependencies=[needs(READ_STATEMENTS)])
async def statements(
    id: str, who: Who, request: Request, cases: CasesDep, store: StoreDep, papers: PapersDep
) -> StatementList:
    """What was said: for a party that mediates, or that it concerns. Each reading stands in the audit log."""
    case, directory, found = await _found(id, cases, store)
    allow_to_know(who, case, directory, found)
    heard = allow_to_hear(who, case, found)
    about(request, [case.id, heard.id])
    return statement_list(await papers.of(heard.id, [PaperKind.STATEMENT]))


@routes.post("/mediation:appoint", dependencies=[ACTS])
async def appoint(step: Step, body: bodies.MediatorAsked, volunteers: VolunteersDep) -> Admitted:
    """Somebody is to mediate. A volunteer gets a code, which is shown this once; a party has its key."""
    volunteer = None if body.mediator.startswith("party:") else await volunteers.one(body.mediator)
    code, code_hash = new_code() if volunteer else (None, None)

    def asked(mediation: Mediation, directory: Directory) -> tuple[commands.Appoint, list[KeptPaper]]:
        if volunteer is not None and volunteer.community == mediation.community:
            paper = KeptPaper(PaperKind.PERSON, volunteer.id, volunteer.name, step.who.id, code_hash=code_hash)
            return commands.Appoint(step.by, volunteer.id, volunteer.party), [paper]
        party = directory.party(body.mediator.removeprefix("party:"))
        if party is None or not body.mediator.startswith("party:"):
            raise not_found("mediator")
        if party.kind.level is None:
            raise problem(NO_MEDIATOR)
        return commands.Appoint(step.by, body.mediator, party.id), []

    def check(case: Case, directory: Directory, found: Mediation | None) -> None:
        step.leads(case, directory, found)
        if volunteer is not None and has_it(volunteer.party, case, directory):
            raise problem(conflict("mediator"))

    def answer(after: Mediation) -> Admitted:
        return Admitted(participant=body.mediator, code=code, mediation=view(after))

    return await step.run(Admitted, "appoint", body, asked, answer, check)


@routes.post("/mediation:let_go", dependencies=[ACTS])
async def let_go(step: Step, body: bodies.MediatorLetGo) -> MediationView:
    """A mediator refuses, has an interest of their own, is challenged, or cannot come."""
    return await step.take("let_go", body, commands.LetGo(step.by, body.mediator, body.why), check=step.leads)


@routes.post("/mediation:concern", dependencies=[ACTS])
async def concern(step: Step, body: bodies.ConcernedAsked) -> Admitted:
    """Somebody is concerned too. The code opens the mediation for them, and is shown this once."""
    participant = f"c-{uuid7().hex}"
    code, code_hash = new_code()
    paper = KeptPaper(PaperKind.PERSON, participant, body.name, step.who.id, code_hash=code_hash)

    def asked(mediation: Mediation, directory: Directory) -> tuple[commands.NameConcerned, list[KeptPaper]]:
        known_party(body.party, directory)
        return commands.NameConcerned(step.by, participant, body.side, body.party), [paper]

    def answer(after: Mediation) -> Admitted:
        return Admitted(participant=participant, code=code, mediation=view(after))

    return await step.run(Admitted, "concern", body, asked, answer, step.leads)


@routes.post("/mediation:call", dependencies=[ACTS])
async def call(step: Step, body: bodies.SessionAsked) -> MediationView:
    """Ask those concerned to meet."""

    def asked(mediation: Mediation, directory: Directory) -> tuple[commands.CallSession, list[KeptPaper]]:
        known_party(body.venue, directory)
        paper = KeptPaper(PaperKind.SESSION, str(len(mediation.sessions) + 1), body.where, step.who.id)
        return commands.CallSession(step.by, body.starts_at, body.online, body.venue), [paper]

    return await step.run(MediationView, "call", body, asked, view)


@routes.post("/mediation:cancel", dependencies=[ACTS])
async def cancel(step: Step, body: bodies.SessionNamed) -> MediationView:
    """A session does not take place."""
    return await step.take("cancel", body, commands.CancelSession(step.by, body.session))


@routes.post("/mediation:hold", dependencies=[ACTS])
async def hold(step: Step, body: bodies.SessionRecorded, desk: DeskDep) -> MediationView:
    """They have met."""
    held_at = body.held_at or desk.now()

    def asked(mediation: Mediation, _: Directory) -> tuple[commands.WriteDownSession, list[KeptPaper]]:
        number = body.session or len(mediation.sessions) + 1
        paper = KeptPaper(PaperKind.ATTENDANCE, str(number), "", step.who.id, came=tuple(sorted(body.came)))
        return commands.WriteDownSession(step.by, body.session, held_at, frozenset(body.came)), [paper]

    return await step.run(MediationView, "hold", body, asked, view)


def known_party(party: str | None, directory: Directory) -> None:
    """Raises 422 for one that the community does not have."""
    if party is not None and directory.party(party) is None:
        raise Problem("unknown_party", 422, no_party(party, directory.community.id))


def statement_list(papers: list[tuple[KeptPaper, datetime]]) -> StatementList:
    return StatementList(
        items=[StatementView(statement=each.name, whose=each.whose or "", text=each.text, at=at) for each, at in papers]
    )


async def _found(id: str, cases: CasesDep, store: StoreDep) -> tuple[Case, Directory, Mediation | None]:
    case = (await cases.cases([id])).get(id)
    directory = await cases.communities.directory(case.community) if case else None
    if case is None or directory is None:
        raise not_found("case")
    return case, directory, await store.of_case(id)
