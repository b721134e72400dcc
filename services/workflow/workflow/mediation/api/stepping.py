"""What every step of staff needs of its request: the case, who asks, the idempotency key."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import Depends, Request

from linli.contracts.base import Record
from linli.security.auth import Who
from linli.security.principals import Principal
from linli.storage import mongo
from linli.web.given import given
from linli.web.idempotency import Idempotency, IdempotencyKey, fingerprint
from linli.web.tracing import traceparent
from workflow.cases.domain.case import Case
from workflow.cases.store import CaseStore
from workflow.community.domain.directory import Directory
from workflow.mediation.allowed import allow_to_lead, allow_to_mediate
from workflow.mediation.api.views import MediationView, view
from workflow.mediation.desk import Asked, Check, Keep, MediationDesk
from workflow.mediation.domain.commands import MediationCommand
from workflow.mediation.domain.mediation import Mediation
from workflow.mediation.papers import KeptPaper, Papers
from workflow.mediation.store import MediationStore
from workflow.mediation.volunteers import Volunteers

DeskDep = Annotated[MediationDesk, given(MediationDesk)]
StoreDep = Annotated[MediationStore, given(MediationStore)]
PapersDep = Annotated[Papers, given(Papers)]
CasesDep = Annotated[CaseStore, given(CaseStore)]
VolunteersDep = Annotated[Volunteers, given(Volunteers)]
AnswersDep = Annotated[Idempotency, given(Idempotency)]
R = TypeVar("R", bound=Record)
Answer = Callable[[Mediation], Record]
Doing = Callable[[Keep], Awaitable[Mediation]]


class Stepping:
    """Steps of one case's mediation, each once per idempotency key."""

    def __init__(
        self, id: str, key: str | None, who: Principal, request: Request, desk: MediationDesk, answers: Idempotency
    ) -> None:
        self.id, self.who = id, who
        self._key, self._request, self._desk, self._answers = key, request, desk, answers

    @property
    def by(self) -> str:
        """Who does it, as events say it."""
        return self.who.party or "operator"

    async def open(self) -> MediationView:
        async def do(keep: Keep) -> Mediation:
            return await self._desk.open(self.id, self.by, self.leads, keep, self._trace)

        return await self._once(MediationView, "mediate", None, do, view)

    async def take(
        self,
        what: str,
        body: Record,
        command: MediationCommand,
        papers: Sequence[KeptPaper] = (),
        check: Check | None = None,
    ) -> MediationView:
        """A step that asks nothing of where things stand."""
        return await self.run(MediationView, what, body, lambda *_: (command, papers), view, check)

    async def run(
        self,
        kind: type[R],
        what: str,
        body: Record,
        asked: Asked,
        answer: Answer,
        check: Check | None = None,
    ) -> R:
        """`kind` is that of the answer."""

        async def do(keep: Keep) -> Mediation:
            return await self._desk.act(self.id, asked, check or self._check, keep, self._trace)

        return await self._once(kind, what, body, do, answer)

    def leads(self, case: Case, directory: Directory, mediation: Mediation | None) -> None:
        """For steps that say who takes part."""
        allow_to_lead(self.who, case, directory, mediation)

    def _check(self, case: Case, directory: Directory, mediation: Mediation | None) -> None:
        allow_to_mediate(self.who, case, directory, mediation)

    @property
    def _trace(self) -> str | None:
        return traceparent(self._request.headers)

    async def _once(self, kind: type[R], what: str, body: Record | None, do: Doing, answer: Answer) -> R:
        asked = fingerprint(what, self.id, body.model_dump(mode="json") if body else None)
        return await once(self._answers, self._key, f"{self.who.id}:mediations", asked, kind, do, answer)


async def once(
    answers: Idempotency, key: str | None, scope: str, asked: str, kind: type[R], do: Doing, answer: Answer
) -> R:
    """Do it once per idempotency key; its answer is kept in the transaction in which it takes effect."""
    said = dict[str, Any]()

    async def keep(after: Mediation, session: mongo.Session) -> None:
        said.clear()  # a transaction may run again
        said.update(orjson.loads(answer(after).model_dump_json()))
        await answers.remember(key, scope, said, session)

    async def act() -> dict[str, Any]:
        await do(keep)
        return dict(said)

    return kind.model_validate_json(orjson.dumps(await answers.once(key, scope, asked, act)))


async def _stepping(
    id: str, request: Request, who: Who, desk: DeskDep, answers: AnswersDep, key: IdempotencyKey = None
) -> Stepping:
    return Stepping(id, key, who, request, desk, answers)


Step = Annotated[Stepping, Depends(_stepping)]
