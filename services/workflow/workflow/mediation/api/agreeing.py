"""What is said and agreed in a mediation, and how it ends: what staff write down."""

from uuid_utils import uuid7

from linli.contracts.workflow.mediation import SigningWay
from linli.contracts.workflow.permissions import MEDIATE
from linli.security.auth import needs
from linli.web.app import problems, router
from workflow.cases.domain.case import Case
from workflow.community.domain.directory import Directory
from workflow.mediation.allowed import allow_to_hear, allow_to_know, allow_to_mediate, mediates, participant_of
from workflow.mediation.api import bodies
from workflow.mediation.api.stepping import Step
from workflow.mediation.api.views import MediationView, StatementTaken, view
from workflow.mediation.domain import commands
from workflow.mediation.domain.agreeing import digest_of
from workflow.mediation.domain.mediation import Mediation
from workflow.mediation.papers import KeptPaper, PaperKind

routes = router(prefix="/v1/cases/{id}", tags=["mediation"], responses=problems(400, 404, 409, 413, 422))
ACTS = needs(MEDIATE)


@routes.post("/mediation:state", dependencies=[ACTS])
async def write_down(step: Step, body: bodies.StatementRecorded) -> StatementTaken:
    """Write down what somebody has said; for a party that mediates."""
    statement = uuid7().hex

    def check(case: Case, directory: Directory, found: Mediation | None) -> None:
        allow_to_mediate(step.who, case, directory, found)
        if found is not None and not mediates(step.who, found):
            allow_to_hear(step.who, case, found)

    def asked(*_: object) -> tuple[commands.KeepStatement, list[KeptPaper]]:
        paper = KeptPaper(PaperKind.STATEMENT, statement, body.text, step.who.id, whose=body.whose)
        return commands.KeepStatement(step.by, statement, body.whose), [paper]

    def answer(after: Mediation) -> StatementTaken:
        return StatementTaken(statement=statement, case_id=after.case_id)

    return await step.run(StatementTaken, "state", body, asked, answer, check)


@routes.post("/mediation:draft", dependencies=[ACTS])
async def draft(step: Step, body: bodies.AgreementText) -> MediationView:
    """What they agree, to be signed. What was signed before of another text counts no more."""

    def asked(mediation: Mediation, _: Directory) -> tuple[commands.DraftAgreement, list[KeptPaper]]:
        paper = KeptPaper(PaperKind.AGREEMENT, str(len(mediation.agreements) + 1), body.text, step.who.id)
        return commands.DraftAgreement(step.by, digest_of(body.text), body.visit_on), [paper]

    return await step.run(MediationView, "draft", body, asked, view)


@routes.post("/mediation:sign", dependencies=[ACTS])
async def sign(step: Step, body: bodies.PaperSignature) -> MediationView:
    """A signature on paper, with its scan; or, without one, that of the party that asks. When all who are concerned
    and a mediator have signed, the agreement is in effect, and its case is resolved."""

    def check(case: Case, directory: Directory, found: Mediation | None) -> None:
        own = found is not None and participant_of(step.who, found) == body.signer
        (allow_to_know if own else allow_to_mediate)(step.who, case, directory, found)

    def asked(mediation: Mediation, _: Directory) -> tuple[commands.SignAgreement, list[KeptPaper]]:
        own = body.scan is None and participant_of(step.who, mediation) == body.signer
        way = SigningWay.ONLINE if own else SigningWay.PAPER
        return commands.SignAgreement(step.by, body.signer, body.digest, way, body.scan, body.sealed), []

    return await step.run(MediationView, "sign", body, asked, view, check)


@routes.post("/mediation:court", dependencies=[ACTS])
async def court(step: Step, body: bodies.CourtStepKnown) -> MediationView:
    """Those concerned have asked the court together to confirm the agreement, or it has decided."""
    known = commands.NoteCourtStep(step.by, body.step, body.on, frozenset(body.asked))
    return await step.take("court", body, known)


@routes.post("/mediation:visit", dependencies=[ACTS])
async def visit(step: Step, body: bodies.VisitMade) -> MediationView:
    """The return visit: kept closes the case, broken opens it again."""
    return await step.take("visit", body, commands.RecordVisit(step.by, body.kept))


@routes.post("/mediation:escalate", dependencies=[ACTS])
async def escalate(step: Step, body: bodies.Unagreed) -> MediationView:
    """There is no agreement: the case goes to the node above who has it, which decides."""
    papers = [KeptPaper(PaperKind.WHY, "1", body.note, step.who.id)] if body.note else []
    return await step.take("escalate", body, commands.Escalate(step.by, body.why), papers)
