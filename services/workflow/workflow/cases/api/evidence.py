"""Routes for the photos of a case: staff add and see them, the reporter sees those from before and after."""

from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from fastapi import Query, Request, Response
from pydantic import ValidationError

from linli.contracts.workflow.actions import ActionRequest
from linli.contracts.workflow.case import Stage
from linli.contracts.workflow.permissions import ACT, READ_CASES, READ_EVIDENCE, TRACK
from linli.photos.forms import MOST_BYTES, SHOWN, form_body, shown
from linli.security.auth import Who, needs
from linli.storage import mongo
from linli.web.app import field_errors, problems, router
from linli.web.bodies import takes
from linli.web.idempotency import IdempotencyKey, fingerprint
from linli.web.problems import Problem, not_found
from linli.web.tracing import traceparent
from workflow.cases.allowed import visible_case
from workflow.cases.api.given import AnswersDep, CasePhotosDep, FormRoomDep, StoreDep
from workflow.cases.api.tracking import tracked
from workflow.cases.api.views import EvidencePage, EvidenceView, PublicEvidencePage, PublicEvidenceView, evidence_view
from workflow.cases.case_photos import CasePhotos, Documentation
from workflow.cases.domain.case import Evidence
from workflow.cases.domain.evidence import public
from workflow.cases.store import CaseStore

routes = router(prefix="/v1", tags=["evidence"])
ACTS, READS, TRACKS = needs(ACT), needs(READ_CASES), needs(TRACK)
SAID = ("message", "by")
"""The texts that a form may have beside its photos."""


@routes.post(
    "/cases/{id}/evidence",
    dependencies=[ACTS, takes(MOST_BYTES)],
    status_code=201,
    responses=problems(400, 404, 409, 413, 415, 422, 507),
    openapi_extra=form_body(SAID),
)
async def add(
    id: str,
    request: Request,
    who: Who,
    store: StoreDep,
    case_photos: CasePhotosDep,
    room: FormRoomDep,
    answers: AnswersDep,
    stage: Annotated[Stage, Query(description="What they show; `return` stays among staff")],
    key: IdempotencyKey = None,
) -> EvidencePage:
    """Add photos (JPEG, PNG or WebP, 10 MB each, 10 of each stage). They are kept as JPEG, without EXIF.

    `message` says what they show, `by` in whose name they are added. It is one step of the case's history.
    """
    await visible_case(store, id, who)  # before a byte of the form is read
    photos, texts = await room.received(request, SAID)
    body = _body(texts)
    scope = f"{who.id}:evidence"  # where the idempotency key counts

    async def keep(listed: Sequence[Evidence], session: mongo.Session) -> None:
        await answers.remember(key, scope, _answer(listed), session)

    async def once() -> dict[str, Any]:
        wanted = Documentation(stage, body.by, body.message)
        return _answer(await case_photos.add(id, photos, wanted, who, traceparent(request.headers), keep))

    print_ = fingerprint(id, stage, body.model_dump(mode="json"), [photo.id for photo in photos])
    answer = await answers.once(key, scope, print_, once)
    return EvidencePage.model_validate_json(orjson.dumps(answer))


@routes.get("/cases/{id}/evidence", dependencies=[READS], responses=problems(404))
async def listed(id: str, who: Who, store: StoreDep) -> EvidencePage:
    """A case's photos, in the order they came."""
    case, _ = await visible_case(store, id, who)
    return EvidencePage(items=[evidence_view(each, EvidenceView) for each in case.evidence])


@routes.get(
    "/cases/{id}/evidence/{photo}",
    dependencies=[needs(READ_EVIDENCE)],
    response_class=Response,
    responses=SHOWN | problems(404),
)
async def photo(id: str, photo: str, who: Who, store: StoreDep, case_photos: CasePhotosDep) -> Response:
    """One photo."""
    case, _ = await visible_case(store, id, who)
    return await _picture(case.evidence, photo, case_photos)


@routes.get("/track/{code}/evidence", dependencies=[TRACKS], responses=problems(404), tags=["residents"])
async def listed_in_public(code: str, request: Request, response: Response, store: StoreDep) -> PublicEvidencePage:
    """The photos that the reporter may see: how it was before and after."""
    response.headers["Cache-Control"] = "no-store"
    shown = await _for_the_reporter(store, request, code)
    return PublicEvidencePage(items=[evidence_view(each, PublicEvidenceView) for each in shown])


@routes.get(
    "/track/{code}/evidence/{photo}",
    dependencies=[TRACKS],
    response_class=Response,
    responses=SHOWN | problems(404),
    tags=["residents"],
)
async def photo_in_public(
    code: str, photo: str, request: Request, store: StoreDep, case_photos: CasePhotosDep
) -> Response:
    """One of them."""
    return await _picture(await _for_the_reporter(store, request, code), photo, case_photos)


async def _for_the_reporter(store: CaseStore, request: Request, code: str) -> list[Evidence]:
    """What shows the matter: photos of the case, of the one that it follows, of their parts; not of other followers."""
    case = await tracked(store, request, code)
    head = await store.cases([case.family.merged_into] if case.family.merged_into else [])
    parts = await store.cases([part for each in (case, *head.values()) for part in each.family.parts])
    return [photo for each in (case, *head.values(), *parts.values()) for photo in public(each.evidence)]


async def _picture(among: Sequence[Evidence], id: str, case_photos: CasePhotos) -> Response:
    found = next((each for each in among if each.id == id), None)
    if found is None:
        raise not_found("photo")
    return shown(found.id, await case_photos.picture(found))


def _answer(listed: Sequence[Evidence]) -> dict[str, Any]:
    page = EvidencePage(items=[evidence_view(each, EvidenceView) for each in listed])
    answer: dict[str, Any] = orjson.loads(page.model_dump_json())
    return answer


def _body(texts: dict[str, str]) -> ActionRequest:
    try:
        return ActionRequest.model_validate({name: text.replace("\r\n", "\n") for name, text in texts.items()})
    except ValidationError as error:
        raise Problem("invalid", 422, "What was said with the photos.", errors=field_errors(error.errors())) from None
