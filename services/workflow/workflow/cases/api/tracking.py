"""The public route: a submission's progress, by its tracking code."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query, Request, Response

from linli.contracts.catalogue import event_named
from linli.contracts.kinds import Language
from linli.contracts.workflow.case import CaseEvent
from linli.contracts.workflow.permissions import ADD_WORDS, TRACK
from linli.contracts.workflow.timeline import NOT_PUBLIC, PublicStep, public_step
from linli.privacy.tracking import tracking_hash
from linli.security.audited import about
from linli.security.auth import Who, needs
from linli.storage import mongo
from linli.web.app import problems, router
from linli.web.idempotency import IdempotencyKey, fingerprint
from linli.web.problems import unknown_code
from workflow.cases.api.bodies import Words, WordsAdded
from workflow.cases.api.given import AnswersDep, DeskDep, StoreDep
from workflow.cases.api.pages import page, wants_page, written
from workflow.cases.api.progress_page import progress, unknown
from workflow.cases.api.views import Timeline
from workflow.cases.domain.case import Case
from workflow.cases.store import CaseStore
from workflow.community.domain.directory import Directory

routes = router(prefix="/v1", tags=["residents"])

_NOT_PUBLIC = frozenset(event.TYPE for event in NOT_PUBLIC)
Before = Annotated[int | None, Query(ge=1, description="Only steps before this one, as `earlier` says")]
NOBODY = "0" * 64
"""Looked up in place of what cannot be a code, so that every answer costs the same."""


@routes.get(
    "/track/{code}",
    response_model=Timeline,
    dependencies=[needs(TRACK)],
    responses=problems(404, 422) | {200: {"content": {"text/html": {}}}},
)
async def track(
    code: str, request: Request, response: Response, store: StoreDep, before: Before = None
) -> Timeline | Response:
    """The public timeline of a submission, its newest steps; a browser gets it as a page.

    A wrong code takes the same look-ups as a right one.
    """
    response.headers.update({"Cache-Control": "no-store", "Vary": "Accept"})
    case = await store.tracked(tracking_hash(code) or NOBODY)
    steps = await store.history(case.id if case else NOBODY, before, _NOT_PUBLIC)
    directories = await store.communities.directories()
    if case is None:
        error = unknown_code("Nothing is known under this code. A new one is known after some seconds.")
        error.page = _unknown(request) if wants_page(request) else None
        raise error
    about(request, [case.id])
    directory = directories.get(case.community)
    timeline = Timeline(
        id=case.id,
        kind=case.about.kind,
        title=case.as_reported.title,
        state=case.state,
        opened_at=case.opened_at,
        timeline=[step for entry in steps.shown if (step := _step(entry, directory)) is not None],
        earlier=steps.earlier,
    )
    if not wants_page(request):
        return timeline
    zone = directories[case.community].zone
    shown = page(case.language, timeline.title, progress(timeline, code, case.language, zone))
    shown.headers["Vary"] = "Accept"
    return shown


@routes.post("/track/{code}/words", dependencies=[needs(ADD_WORDS)], responses=problems(400, 404, 409, 413, 422))
async def add_words(
    code: str,
    body: Words,
    request: Request,
    who: Who,
    store: StoreDep,
    desk: DeskDep,
    answers: AnswersDep,
    key: IdempotencyKey = None,
) -> WordsAdded:
    """Add what there is to say besides, until the case is closed. Whoever is responsible hears of it."""
    case = await tracked(store, request, code)
    scope, answer = f"{who.id}:words:{case.id}", WordsAdded(id=case.id)

    async def act() -> dict[str, Any]:
        async def keep(_case: Case, _directory: Directory, session: mongo.Session) -> None:
            await answers.remember(key, scope, answer.model_dump(), session)

        await desk.supplement(case.id, body.message, who, keep)
        return answer.model_dump()

    await answers.once(key, scope, fingerprint(case.id, body.message), act)
    return answer


def _unknown(request: Request) -> str:
    """In the browser's language: whose code it might have been, nobody knows."""
    english = request.headers.get("accept-language", "zh").lower().startswith("en")
    language = Language.EN if english else Language.ZH
    return written(language, *unknown(language))


async def tracked(store: CaseStore, request: Request, code: str) -> Case:
    """The case that a code opens. Raises 404."""
    case = await store.tracked(tracking_hash(code) or NOBODY)
    if case is None:
        raise unknown_code("Nothing is known under this code.")
    about(request, [case.id])
    return case


def _step(entry: Mapping[str, Any], directory: Directory | None) -> PublicStep | None:
    """A step as the public may see it; None for what is among staff, or was written by a version after this one."""
    model = event_named(entry["type"])
    if model is None or not issubclass(model, CaseEvent):
        return None
    event = model.model_validate(entry["data"], extra="ignore")
    return public_step(event, entry["at"], directory.party(event.party) if directory and event.party else None)
