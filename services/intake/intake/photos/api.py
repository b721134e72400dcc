"""The routes for photos. Who may add or see them is settled before a byte of them is read."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from intake.caller import CountedRoute, HolderDep, IntakeDep
from intake.metrics import PHOTOS
from intake.photos.allowance import Allowance
from intake.photos.store import PhotoStore
from intake.submissions.handlers import storage
from intake.submissions.views import Attachments, PhotosOf, SubmissionId
from linli.contracts.intake.permissions import AMEND, AMEND_ANY, FORWARD_PHOTOS, READ_PHOTOS, READ_SUBMISSIONS
from linli.photos.forms import MOST_BYTES, SHOWN, FormRoom, form_body, sender, shown
from linli.security.audited import about
from linli.security.auth import needs
from linli.security.permissions import Role
from linli.web.app import problems
from linli.web.bodies import takes
from linli.web.given import given
from linli.web.idempotency import fingerprint

router = APIRouter(route_class=CountedRoute, tags=["photos"])
internal = APIRouter(route_class=CountedRoute, tags=["internal"])
PhotosDep = Annotated[PhotoStore, given(PhotoStore)]
RoomDep = Annotated[FormRoom, given(FormRoom)]
MOST_AT_ONCE = 200
"""Submissions that are asked about in one call."""
PATH = "/v1/submissions/{submission_id}/attachments"


@router.post(
    PATH,
    dependencies=[needs(AMEND), takes(MOST_BYTES)],
    status_code=201,
    response_model=Attachments,
    responses=problems(400, 404, 409, 413, 415, 422, 507),
    openapi_extra=form_body(),
)
async def attach(
    submission_id: str,
    request: Request,
    caller: HolderDep,
    intake: IntakeDep,
    photos: PhotosDep,
    room: RoomDep,
    allowance: Annotated[Allowance, given(Allowance)],
) -> dict[str, Any]:
    """Add photos (JPEG, PNG or WebP, 10 MB each, 10 in all). They are kept as JPEG, without EXIF."""
    await intake.authorised(submission_id, caller, AMEND_ANY)
    by_resident = caller.who.role is Role.RESIDENT

    async def allowed(count: int) -> None:
        if by_resident:
            async with storage():
                await allowance.take(sender(request), count)

    developed, _ = await room.received(request, allowed=allowed)

    async def act() -> dict[str, Any]:
        kept = [await photos.add(submission_id, photo) for photo in developed]
        PHOTOS.inc(len(kept))
        if by_resident:
            await allowance.kept(sum(each.size for each in kept))
        return {"items": [each.described() for each in kept]}

    body = fingerprint(submission_id, [photo.id for photo in developed])
    return await intake.once("attach", body, caller, act)


@router.get(PATH, dependencies=[needs(READ_PHOTOS)], response_model=Attachments, responses=problems(404))
async def attachments(submission_id: str, photos: PhotosDep, caller: HolderDep, intake: IntakeDep) -> dict[str, Any]:
    """A submission's photos, in the order they came."""
    await intake.authorised(submission_id, caller, READ_SUBMISSIONS)
    async with storage():
        return {"items": [each.described() for each in await photos.listed(submission_id)]}


@router.get(
    PATH + "/{attachment_id}",
    dependencies=[needs(READ_PHOTOS)],
    response_class=Response,
    responses=SHOWN | problems(404),
)
async def attachment(
    submission_id: str, attachment_id: str, photos: PhotosDep, caller: HolderDep, intake: IntakeDep
) -> Response:
    """One photo."""
    await intake.authorised(submission_id, caller, READ_SUBMISSIONS)
    async with storage():
        known, jpeg = await photos.read(submission_id, attachment_id)
    return shown(known.id, jpeg)


@internal.get(
    "/internal/v1/photos",
    dependencies=[needs(FORWARD_PHOTOS)],
    response_model=PhotosOf,
    responses=problems(422),
)
async def photos_of(
    request: Request, photos: PhotosDep, submission: Annotated[list[SubmissionId], Query(max_length=MOST_AT_ONCE)]
) -> dict[str, Any]:
    """For workflow and notify: how many photos there are, and their sizes."""
    about(request, ())  # that there is a photo is nobody's data
    async with storage():
        found = await photos.of(submission)
    return {"photos": {id: [each.described() for each in those] for id, those in found.items()}}


@internal.get(
    "/internal/v1/photos/{submission_id}/{attachment_id}",
    dependencies=[needs(FORWARD_PHOTOS)],
    response_class=Response,
    responses=SHOWN | problems(404),
)
async def photo_to_pass_on(
    submission_id: str, attachment_id: str, photos: PhotosDep, room: RoomDep, preview: bool = False
) -> Response:
    """For workflow, which has asked who may see it; small and blurred with `preview`."""
    async with storage():
        known, jpeg = await photos.read(submission_id, attachment_id)
    return shown(known.id, await room.photo_workers.preview(jpeg, "previews") if preview else jpeg)
