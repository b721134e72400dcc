"""Photos from a site, as a telephone sends them: first the photo, then what it shows, by its hash."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import AwareDatetime, Field, ValidationError

from linli.contracts.base import Record, Slug
from linli.contracts.intake.submission import Point
from linli.contracts.neighbourhood.affairs import Digest
from linli.contracts.neighbourhood.permissions import SEE_SITE_PHOTOS, TAKE_PART
from linli.photos.forms import MOST_BYTES, SHOWN, Sha, form_body, shown
from linli.photos.workers import Photo
from linli.security.auth import Who, needs
from linli.web.app import field_errors, problems, router
from linli.web.bodies import takes
from linli.web.localized import Localized
from linli.web.problems import Problem, not_found
from neighbourhood.affairs.allowed import in_its_place, leads
from neighbourhood.affairs.office import Place
from neighbourhood.affairs.verbs import AffairId
from neighbourhood.works.api.given import ClearingsDep, ClockDep, FormRoomDep, SitePhotosDep, WorksDep
from neighbourhood.works.photos import KeptPhoto, Sent, SitePhotos

of_works = router(prefix="/v1/works", tags=["works"])
of_clearings = router(prefix="/v1/clearings", tags=["clearings"])
SAID = ("taken_at", "lon", "lat")
"""What a form says of its photos: EXIF is not kept, so the form says it."""
AHEAD_AT_MOST = timedelta(minutes=10)
"""A telephone's clock may be fast by so much."""
ERRORS = (404, 409, 413, 415, 422, 503, 507)


class WhereAndWhen(Record):
    """What a form says of all of its photos."""

    taken_at: AwareDatetime
    lon: float | None = Field(None, ge=-180, le=180, allow_inf_nan=False)
    lat: float | None = Field(None, ge=-90, le=90, allow_inf_nan=False)


class TakenPhoto(Record):
    """A photo as it is kept. Name its `sha256` in what it shows."""

    sha256: Digest
    taken_at: AwareDatetime
    location: Point | None
    size: int
    width: int
    height: int


class TakenPhotos(Record):
    """The photos of a form, in order."""

    photos: list[TakenPhoto]


@of_works.post(
    "/{id}/photos",
    dependencies=[needs(TAKE_PART), takes(MOST_BYTES)],
    status_code=201,
    responses=problems(*ERRORS),
    openapi_extra=form_body(SAID),
)
async def send(
    id: AffairId, request: Request, who: Who, works: WorksDep, room: FormRoomDep, photos: SitePhotosDep, clock: ClockDep
) -> TakenPhotos:
    """Send photos of a site (JPEG, PNG or WebP, 10 MB each), as its office or one of its parties.

    They are kept as JPEG, without EXIF.
    `taken_at` says when they were taken, `lon` and `lat` where. Steps of the package name them by `sha256`.
    """
    package = await works.concerning(id, who, lambda each: each.parties)  # before a byte of the form is read
    place = works.place_of(package)
    return await received(request, place, who.id, room, photos, clock.now(), affair=id)


@of_works.get(
    "/{id}/photos/{sha256}",
    dependencies=[needs(SEE_SITE_PHOTOS)],
    response_class=Response,
    responses=SHOWN | problems(403, 404),
)
async def photo(id: AffairId, sha256: Sha, who: Who, works: WorksDep, photos: SitePhotosDep) -> Response:
    """One photo of a package."""
    return await picture(photos, works.place_of(await works.concerning(id, who, lambda each: each.parties)), id, sha256)


@of_clearings.post(
    "/photos",
    dependencies=[needs(TAKE_PART), takes(MOST_BYTES)],
    status_code=201,
    responses=problems(*ERRORS),
    openapi_extra=form_body(SAID),
)
async def send_of_a_structure(
    request: Request,
    who: Who,
    clearings: ClearingsDep,
    room: FormRoomDep,
    photos: SitePhotosDep,
    clock: ClockDep,
    community: Annotated[Slug, Query()],
    neighbourhood: Annotated[Slug, Query()],
) -> TakenPhotos:
    """Send photos of what stands there, or of how it looks now: before it is found, cleared or checked."""
    in_its_place(who, community, neighbourhood)
    leads(who, clearings.communities.place(community, neighbourhood))
    return await received(request, Place(community, neighbourhood), who.id, room, photos, clock.now(), affair=None)


@of_clearings.get(
    "/{id}/photos/{sha256}",
    dependencies=[needs(SEE_SITE_PHOTOS)],
    response_class=Response,
    responses=SHOWN | problems(403, 404),
)
async def photo_of_a_structure(
    id: AffairId, sha256: Sha, who: Who, clearings: ClearingsDep, photos: SitePhotosDep
) -> Response:
    """One photo of a clearing."""
    return await picture(photos, clearings.place_of(await clearings.led(id, who)), id, sha256)


async def received(
    request: Request,
    place: Place,
    by: str,
    room: FormRoomDep,
    photos: SitePhotos,
    now: datetime,
    affair: str | None,
    person: str | None = None,
) -> TakenPhotos:
    """Take a form's photos in. Raises 409, 413, 415, 422, 503, 507."""

    async def room_for(more: int) -> None:
        await photos.room_for(place, by, more)

    developed, texts = await room.received(request, SAID, allowed=room_for)
    said = _said(texts, now)
    where = Point(lon=said.lon, lat=said.lat) if said.lon is not None and said.lat is not None else None
    sent = Sent(said.taken_at, where, by, person)
    once: dict[str, Photo] = {each.sha256: each for each in developed}
    return TakenPhotos(photos=[_view(await photos.put(place, each, sent, now, affair)) for each in once.values()])


async def picture(photos: SitePhotos, place: Place, affair: str, sha256: str) -> Response:
    """The JPEG of a photo that is an affair's. Raises 404."""
    found = await photos.one(place, sha256)
    if found is None or found.affair != affair:
        raise not_found("photo")
    return shown(sha256, await photos.picture(found))


def _said(texts: dict[str, str], now: datetime) -> WhereAndWhen:
    try:
        said = WhereAndWhen.model_validate(texts)
    except ValidationError as error:
        detail = Localized("What was said with the photos.", "照片的说明不符合要求。")
        raise Problem("invalid", 422, detail, errors=field_errors(error.errors())) from None
    if (said.lon is None) is not (said.lat is None):
        raise _wrong("lon", Localized("A place has both lon and lat.", "地点要同时有经度和纬度。"))
    if said.taken_at > now + AHEAD_AT_MOST:
        raise _wrong("taken_at", Localized("That time is still to come.", "时间不能晚于现在。"))
    return said


def _wrong(field: str, said: Localized) -> Problem:
    return Problem("invalid", 422, said, errors=[{"field": field, "message": said}])


def _view(kept: KeptPhoto) -> TakenPhoto:
    shot = kept.shot
    return TakenPhoto(
        sha256=shot.sha256,
        taken_at=shot.taken_at,
        location=shot.location,
        size=kept.size,
        width=kept.width,
        height=kept.height,
    )
