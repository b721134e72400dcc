"""What somebody who takes part does with their code alone: the case's tracking code, or one of the mediation's own."""

from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from uuid_utils import uuid7

from linli.contracts.base import Record
from linli.contracts.workflow.mediation import NoAgreement, SigningWay, WhyLeft
from linli.contracts.workflow.permissions import READ_STATEMENTS, TAKE_PART
from linli.privacy.tracking import tracking_hash
from linli.security.auth import Gate, Who, needs
from linli.security.permissions import Role
from linli.security.principals import Principal
from linli.web.app import problems, router
from linli.web.idempotency import Idempotency, IdempotencyKey, fingerprint
from linli.web.problems import unknown_code
from workflow.cases.store import CaseStore
from workflow.mediation.api import bodies
from workflow.mediation.api.routes import statement_list
from workflow.mediation.api.stepping import Answer, AnswersDep, CasesDep, DeskDep, PapersDep, StoreDep, once
from workflow.mediation.api.views import FOR_PARTICIPANTS, MediationView, StatementList, StatementTaken, view
from workflow.mediation.desk import Asked, Keep, MediationDesk
from workflow.mediation.domain import commands
from workflow.mediation.domain.mediation import REPORTER, Mediation, mediation_id
from workflow.mediation.papers import KeptPaper, PaperKind, Papers
from workflow.mediation.store import MediationStore

routes = router(prefix="/v1/mediation/{code}", tags=["residents"], responses=problems(404, 422))
R = TypeVar("R", bound=Record)
NOBODY = "0" * 64
"""Looked up in place of what cannot be a code, so that every answer costs the same."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Who has shown a code: one of those who take part in a mediation."""

    mediation: Mediation
    id: str
    desk: MediationDesk
    answers: Idempotency
    key: str | None

    @property
    def by(self) -> str:
        return "mediator" if self.id in self.mediation.mediators else "concerned"

    @property
    def principal(self) -> Principal:
        """As the audit log names them: who that is, the mediation's papers say."""
        return Principal(f"{self.mediation.id}:{self.id}", Role.RESIDENT)

    async def take(self, kind: type[R], what: str, body: Record | None, asked: Asked, answer: Answer) -> R:
        """A step, once per idempotency key."""
        print_ = fingerprint(what, self.mediation.id, body.model_dump(mode="json") if body else None)

        async def do(keep: Keep) -> Mediation:
            return await self.desk.act(self.mediation.case_id, asked, lambda *_: None, keep)

        return await once(self.answers, self.key, f"{self.principal.id}:mediation", print_, kind, do, answer)


async def _guest(
    code: str,
    cases: CasesDep,
    store: StoreDep,
    papers: PapersDep,
    desk: DeskDep,
    answers: AnswersDep,
    key: IdempotencyKey = None,
) -> Guest:
    found = await _opened(tracking_hash(code) or NOBODY, cases, store, papers)
    if found is None:
        raise unknown_code("Nothing is known under this code.")
    mediation, id = found
    return Guest(mediation, id, desk, answers, key)


async def _opened(
    code_hash: str, cases: CaseStore, store: MediationStore, papers: Papers
) -> tuple[Mediation, str] | None:
    """Every code costs the same look-ups, a right one and a wrong one."""
    own, case = await papers.opened_by(code_hash), await cases.tracked(code_hash)
    id, participant = own or (mediation_id(case.id) if case else NOBODY, REPORTER)
    mediation = await store.mediation(id)
    return (mediation, participant) if mediation and participant in mediation.participants else None


GuestDep = Annotated[Guest, Depends(_guest)]
TAKES_PART = needs(TAKE_PART)


@routes.get("", dependencies=[TAKES_PART])
async def mine(guest: GuestDep, cases: CasesDep, papers: PapersDep) -> MediationView:
    """How it stands, when they meet and where, what there is to sign."""
    directory = await cases.communities.directory(guest.mediation.community)
    return view(guest.mediation, await papers.of(guest.mediation.id, FOR_PARTICIPANTS), directory, guest.id)


@routes.get("/statements", dependencies=[TAKES_PART])
async def statements(guest: GuestDep, request: Request, papers: PapersDep) -> StatementList:
    """What was said. Each reading stands in the audit log, also that of a resident."""
    gate: Gate = request.app.state.gate
    read = [guest.mediation.case_id, guest.mediation.id]
    await gate.audit.read(guest.principal, READ_STATEMENTS, read, route="GET /v1/mediation/{code}/statements")
    return statement_list(await papers.of(guest.mediation.id, [PaperKind.STATEMENT]))


@routes.post("/statements", dependencies=[TAKES_PART], responses=problems(400, 409, 413))
async def state(guest: GuestDep, body: bodies.StatementGiven, who: Who) -> StatementTaken:
    """Say what there is to say; only who takes part reads it."""
    statement = uuid7().hex

    def asked(*_: object) -> tuple[commands.KeepStatement, list[KeptPaper]]:
        paper = KeptPaper(PaperKind.STATEMENT, statement, body.text, guest.id, whose=guest.id)
        return commands.KeepStatement(guest.by, statement, guest.id), [paper]

    def answer(after: Mediation) -> StatementTaken:
        return StatementTaken(statement=statement, case_id=after.case_id)

    return await guest.take(StatementTaken, "state", body, asked, answer)


@routes.post(":sign", dependencies=[TAKES_PART], responses=problems(400, 409, 413))
async def sign(guest: GuestDep, body: bodies.Signature, who: Who) -> MediationView:
    """Sign the text whose hash was read with it; another text is another agreement."""

    def asked(*_: object) -> tuple[commands.SignAgreement, list[KeptPaper]]:
        way = SigningWay.ONLINE
        return commands.SignAgreement(guest.by, guest.id, body.digest, way, sealed=body.sealed), []

    return await guest.take(MediationView, "sign", body, asked, view)


@routes.post(":decline", dependencies=[TAKES_PART], responses=problems(400, 409, 413))
async def decline(guest: GuestDep, who: Who) -> MediationView:
    """A mediator refuses, and mediates no more. Somebody concerned does not want mediation: nobody has to, and it
    ends (人民调解法 17)."""

    def asked(mediation: Mediation, _: object) -> tuple[commands.LetGo | commands.Escalate, list[KeptPaper]]:
        if guest.id in mediation.mediators:
            return commands.LetGo(guest.by, guest.id, WhyLeft.REFUSED), []
        return commands.Escalate(guest.by, NoAgreement.DECLINED), []

    return await guest.take(MediationView, "decline", None, asked, view)
