"""What reporters add elsewhere becomes a note: load, decide, save."""

import structlog

from linli.messaging.outbox import Unsent
from linli.messaging.transactions import Transactions
from linli.security.principals import Principal
from linli.storage import mongo
from linli.web.idempotency import Idempotency, fingerprint
from linli.web.problems import not_found
from workflow.cases.allowed import existing
from workflow.cases.store import CaseStore
from workflow.cases.unit_of_work import UnitOfWork
from workflow.requests.domain.public import commented, may_comment
from workflow.requests.views import Comment

log = structlog.get_logger()


class Comments:
    """Takes what reporters say, through the program that they submitted with."""

    def __init__(self, transactions: Transactions, cases: CaseStore, answers: Idempotency) -> None:
        self._transactions, self._cases, self._answers = transactions, cases, answers

    async def take(self, id: str, comment: Comment, who: Principal, traceparent: str | None) -> None:
        """Once for each `update_id`. Raises 404 for a case that is not there, or not this program's to add to."""
        scope = f"{who.id}:comments:{id}"

        async def act() -> dict[str, object]:
            answer: dict[str, object] = {"id": id}

            async def work(session: mongo.Session) -> tuple[None, list[Unsent]]:
                now = self._cases.now()
                case = existing(await self._cases.cases([id], session), id)
                if not may_comment(who, case):
                    raise not_found("case")
                directories = await self._cases.communities.directories(session)
                unit = UnitOfWork(await self._cases.with_families([case], session), directories, now)
                unit.take(commented(case, comment.message, comment.status, now), traceparent=traceparent)
                unsent = await self._cases.save(unit.changes(), now, session)
                await self._answers.remember(comment.update_id, scope, answer, session)
                return None, unsent

            await self._transactions.run(work)
            log.info("commented", correlationid=id, by=who.id)
            return answer

        await self._answers.once(comment.update_id, scope, fingerprint(comment.model_dump()), act)
