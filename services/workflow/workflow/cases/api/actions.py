"""Routes of the actions on a case."""

import re
from collections.abc import Awaitable, Callable
from typing import Annotated, cast

import orjson
from fastapi import Depends, Header, Query, Request, Response
from uuid_utils import uuid7

from linli.contracts.base import Record
from linli.contracts.workflow.actions import (
    PARTICULARS,
    ActionRequest,
    Corrected,
    MergedInto,
    Paused,
    Progressed,
    Reassigned,
    Resolved,
    Returned,
    SplitInto,
)
from linli.contracts.workflow.permissions import ACT, DECIDE
from linli.security.audited import about, about_nothing
from linli.security.auth import Who, needs
from linli.security.principals import Principal
from linli.storage import mongo
from linli.web.app import problems, router
from linli.web.idempotency import Idempotency, IdempotencyKey, fingerprint
from linli.web.problems import Problem
from linli.web.tracing import traceparent
from workflow.cases.api.bodies import FollowUpRecorded
from workflow.cases.api.given import AnswersDep, DeskDep, StoreDep
from workflow.cases.api.views import CaseView, case_view
from workflow.cases.desk import Desk
from workflow.cases.domain.action import Action, Command, PartWanted
from workflow.cases.domain.case import Case
from workflow.cases.domain.feedback import FollowUp
from workflow.cases.domain.particulars import Correction
from workflow.cases.store import CaseStore
from workflow.community.domain.directory import Directory

routes = router(prefix="/v1/cases", tags=["actions"], responses=problems(400, 404, 409, 412, 413, 422, 428))
ACTS, DECIDES = needs(ACT), needs(DECIDE)

Keep = Callable[[Case, Directory, mongo.Session], Awaitable[None]]
"""Writes the answer to a request in the transaction that it takes effect in."""
IfMatch = Annotated[
    str | None, Header(alias="If-Match", description='The version that was read, as in `ETag`: `"3"`', examples=['"3"'])
]


class Acting:
    """What every action needs of its request: the case, the version that was read, the idempotency key."""

    def __init__(
        self,
        id: str,
        version: int,
        key: str | None,
        who: Principal,
        request: Request,
        response: Response,
        desk: Desk,
        store: CaseStore,
        answers: Idempotency,
        dry_run: bool,
    ) -> None:
        self._id, self._version, self._key, self._who = id, version, key, who
        self._request, self._response = request, response
        self._desk, self._store, self._answers = desk, store, answers
        self._dry_run = dry_run

    async def run(self, action: Action, body: ActionRequest) -> CaseView:
        """Run an action once per idempotency key; a repetition gets the case as it was then."""
        if isinstance(body, MergedInto):
            about(self._request, [self._id, body.into])
        command = Command(
            action=action,
            by=body.by,
            message=body.reason if isinstance(body, Returned | Corrected) else body.message,
            party=body.party if isinstance(body, Reassigned) else None,
            waiting_for=body.waiting_for if isinstance(body, Paused) else None,
            evidence=tuple(body.evidence) if isinstance(body, Returned) else (),
            into=body.into if isinstance(body, MergedInto) else None,
            parts=_parts(body) if isinstance(body, SplitInto) else (),
            correction=_correction(body) if isinstance(body, Corrected) else None,
            reroute=isinstance(body, Corrected) and body.reroute,
            new_deadlines=isinstance(body, Corrected) and body.new_deadlines,
            promise=body.promise if isinstance(body, Progressed | Resolved) else None,
        )

        async def act(keep: Keep) -> Case:
            return await self._desk.act(self._id, self._version, command, self._who, self._trace, keep, self._dry_run)

        return await self._once(action, body, act)

    async def record(self, given: FollowUpRecorded) -> CaseView:
        """Write down an answer that was given by telephone, once per idempotency key."""
        answer = FollowUp(given.contacted, given.solved, given.satisfied, given.message)

        async def record(keep: Keep) -> Case:
            return await self._desk.record(
                self._id, self._version, answer, given.by, self._who, self._trace, keep, self._dry_run
            )

        return await self._once("follow_up", given, record)

    @property
    def _trace(self) -> str | None:
        return traceparent(self._request.headers)

    async def _once(self, what: str, request: Record, do: Callable[[Keep], Awaitable[Case]]) -> CaseView:
        if self._dry_run:
            return await self._tried(do)
        scope = f"{self._who.id}:cases"  # where the idempotency key counts

        async def keep(case: Case, directory: Directory, session: mongo.Session) -> None:
            await self._answers.remember(self._key, scope, _answer(case, directory), session)

        async def once() -> dict[str, object]:
            case = await do(keep)
            return _answer(case, await self._store.communities.directory(case.community))

        print_ = fingerprint(what, self._id, self._version, request.model_dump(mode="json"))
        answer = await self._answers.once(self._key, scope, print_, once)
        view = CaseView.model_validate_json(orjson.dumps(answer))
        self._response.headers["ETag"] = f'"{view.version}"'
        return view

    async def _tried(self, do: Callable[[Keep], Awaitable[Case]]) -> CaseView:
        """What it would be: nothing is done, so nothing of it is in the log."""

        async def keep_nothing(*_: object) -> None: ...

        case = await do(keep_nothing)
        about_nothing(self._request)
        return case_view(case, await self._store.communities.directory(case.community))


async def _acting(
    id: str,
    request: Request,
    response: Response,
    who: Who,
    desk: DeskDep,
    store: StoreDep,
    answers: AnswersDep,
    if_match: IfMatch = None,
    key: IdempotencyKey = None,
    dry_run: Annotated[bool, Query(description="Say what it would be, and change nothing")] = False,
) -> Acting:
    return Acting(id, _version(if_match), key, who, request, response, desk, store, answers, dry_run)


def _parts(body: SplitInto) -> tuple[PartWanted, ...]:
    """Each part with the id that its case gets; ids grow with time, so parts are listed where they were made."""
    return tuple(PartWanted(str(uuid7()), part.party, part.message, part.title) for part in body.parts)


def _correction(body: Corrected) -> Correction:
    """The corrected fields of the request."""
    return cast(Correction, {name: getattr(body, name) for name in PARTICULARS if name in body.model_fields_set})


def _answer(case: Case, directory: Directory | None) -> dict[str, object]:
    answer: dict[str, object] = orjson.loads(case_view(case, directory).model_dump_json())
    return answer


OnCase = Annotated[Acting, Depends(_acting)]


@routes.post("/{id}:accept", dependencies=[ACTS])
async def accept(case: OnCase, body: ActionRequest | None = None) -> CaseView:
    """The responsible party takes the case on."""
    return await case.run(Action.ACCEPT, body or ActionRequest())


@routes.post("/{id}:return", dependencies=[ACTS])
async def hand_back(case: OnCase, body: Returned) -> CaseView:
    """The party hands it back with a reason; the node above decides what becomes of it."""
    return await case.run(Action.RETURN, body)


@routes.post("/{id}:send_back", dependencies=[DECIDES])
async def send_back(case: OnCase, body: ActionRequest | None = None) -> CaseView:
    """The node that decides on a return gives it back to who returned it, for good: it cannot be returned again."""
    return await case.run(Action.SEND_BACK, body or ActionRequest())


@routes.post("/{id}:progress", dependencies=[ACTS])
async def progress(case: OnCase, body: Progressed | None = None) -> CaseView:
    """The party reports progress; the reporter hears of it. Of an invitation it may promise something: what became of
    that in the deliberation is a later step of the case."""
    return await case.run(Action.PROGRESS, body or Progressed())


@routes.post("/{id}:resolve", dependencies=[ACTS])
async def resolve(case: OnCase, body: Resolved) -> CaseView:
    """The party says that it is done; `message` is its answer to the reporter."""
    return await case.run(Action.RESOLVE, body)


@routes.post("/{id}:close", dependencies=[DECIDES])
async def close(case: OnCase, body: ActionRequest | None = None) -> CaseView:
    """The resident or a check confirmed it."""
    return await case.run(Action.CLOSE, body or ActionRequest())


@routes.post("/{id}:reopen", dependencies=[DECIDES])
async def reopen(case: OnCase, body: ActionRequest | None = None) -> CaseView:
    """It was not done after all: the same party is asked again."""
    return await case.run(Action.REOPEN, body or ActionRequest())


@routes.post("/{id}:reassign", dependencies=[DECIDES])
async def reassign(case: OnCase, body: Reassigned) -> CaseView:
    """Another party becomes responsible: how triage and arbitration decide."""
    return await case.run(Action.REASSIGN, body)


@routes.post("/{id}:pause", dependencies=[ACTS])
async def pause(case: OnCase, body: Paused) -> CaseView:
    """Pause the clock: the party waits for the resident, a part, a vote. The reporter sees why."""
    return await case.run(Action.PAUSE, body)


@routes.post("/{id}:resume", dependencies=[ACTS])
async def resume(case: OnCase, body: ActionRequest | None = None) -> CaseView:
    """Resume the clock; every deadline is later by the length of the pause."""
    return await case.run(Action.RESUME, body or ActionRequest())


@routes.post("/{id}:merge", dependencies=[DECIDES])
async def merge(case: OnCase, body: MergedInto) -> CaseView:
    """The case is about the matter of another one, and follows it; its reporter hears all that is done there.

    `If-Match` is this case's version. 404 when either is not there.
    """
    return await case.run(Action.MERGE, body)


@routes.post("/{id}:unmerge", dependencies=[DECIDES])
async def unmerge(case: OnCase, body: ActionRequest | None = None) -> CaseView:
    """It was another matter after all: its former party has it again, with the full time."""
    return await case.run(Action.UNMERGE, body or ActionRequest())


@routes.post("/{id}:split", dependencies=[DECIDES])
async def split(case: OnCase, body: SplitInto) -> CaseView:
    """Several parties each get a part of it as a case of its own; this one is resolved when all of them are."""
    return await case.run(Action.SPLIT, body)


@routes.post("/{id}:correct", dependencies=[DECIDES])
async def correct(case: OnCase, body: Corrected) -> CaseView:
    """What is known of it is put right; what its reporter said stays beside it in `reported`. The reason is for staff.

    Where the rules name another party after `reroute`, that one has it then, with its deadlines.
    """
    return await case.run(Action.CORRECT, body)


@routes.post("/{id}:note", dependencies=[ACTS])
async def note(case: OnCase, body: ActionRequest) -> CaseView:
    """A note for staff; the reporter does not see it."""
    return await case.run(Action.NOTE, body)


@routes.post("/{id}:follow_up", dependencies=[DECIDES])
async def record_follow_up(case: OnCase, body: FollowUpRecorded) -> CaseView:
    """What the reporter answered on the telephone; as good as an answer by the link, and a later one takes its place.

    For the node above the party that did the work, or an operator.
    """
    return await case.record(body)


def _version(if_match: str | None) -> int:
    if if_match is None:
        raise Problem("if_match_needed", 428, 'Say which version you have read: If-Match: "<version>".')
    found = re.fullmatch(r'(?:W/)?"(\d{1,9})"|(\d{1,9})', if_match.strip())
    if found is None:
        raise Problem("if_match_malformed", 400, 'If-Match is not a version such as "3".')
    return int(found[1] or found[2])
