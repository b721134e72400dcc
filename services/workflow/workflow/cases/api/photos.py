"""Routes for the reporter's photos, shown to the responsible as the community has set."""

from fastapi import Response

from linli.contracts.workflow.community import PhotosShown
from linli.contracts.workflow.permissions import READ_CASES, READ_EVIDENCE
from linli.photos.forms import SHOWN, shown
from linli.security.auth import Who, needs
from linli.security.permissions import Role
from linli.security.principals import Principal
from linli.web.app import problems, router
from linli.web.problems import not_found
from workflow.cases.allowed import visible_case
from workflow.cases.api.given import ReportersPhotosDep, StoreDep
from workflow.cases.api.views import ReportersPhotoPage, ReportersPhotoView
from workflow.cases.domain.case import Case
from workflow.cases.reporters_photos import ReportersPhoto, ReportersPhotos
from workflow.community.domain.directory import Directory

routes = router(prefix="/v1", tags=["photos"])


@routes.get("/cases/{id}/photos", dependencies=[needs(READ_CASES)], responses=problems(404))
async def listed(id: str, who: Who, store: StoreDep, photos: ReportersPhotosDep) -> ReportersPhotoPage:
    """The photos that the reporter sent, in the order they came; of a part, those of the whole."""
    case, directory = await visible_case(store, id, who)
    how = as_shown(who, directory)
    found = await _of(case, how, photos)
    items = [
        ReportersPhotoView(n=n, id=each.id, width=each.width, height=each.height) for n, each in enumerate(found, 1)
    ]
    return ReportersPhotoPage(items=items, shown=how)


@routes.get(
    "/cases/{id}/photos/{n}",
    dependencies=[needs(READ_EVIDENCE)],
    response_class=Response,
    responses=SHOWN | problems(404),
)
async def photo(id: str, n: str, who: Who, store: StoreDep, photos: ReportersPhotosDep) -> Response:
    """One of them, by its number (the first is 1) or by its id. Who looks is in the audit log."""
    case, directory = await visible_case(store, id, who)
    how = as_shown(who, directory)
    for number, each in enumerate(await _of(case, how, photos), 1):
        if n in (str(number), each.id):
            jpeg = await photos.picture(submission_of(case), each, how is PhotosShown.PREVIEW)
            return shown(each.id, jpeg)
    raise not_found("photo")


def as_shown(who: Principal, directory: Directory | None) -> PhotosShown:
    """A party sees what its community wants parties to see; an operator, and who audits, all of it."""
    if who.role is not Role.PARTY:
        return PhotosShown.FULL
    return directory.community.photos_shown if directory else PhotosShown.NONE


def submission_of(case: Case) -> str:
    """The submission that a case came from: a part has none of its own."""
    return case.family.part_of or case.id


async def _of(case: Case, how: PhotosShown, photos: ReportersPhotos) -> list[ReportersPhoto]:
    return [] if how is PhotosShown.NONE else await photos.of(submission_of(case))
