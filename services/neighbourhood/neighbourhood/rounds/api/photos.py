"""Photos that a household sends with its answer, and who sees them: itself by its code, and who holds the round."""

from typing import Annotated

from fastapi import Request, Response

from linli.contracts.base import Record
from linli.contracts.neighbourhood.affairs import Digest
from linli.contracts.neighbourhood.permissions import ANSWER_BY_CODE, READ_HOUSEHOLDS
from linli.photos.forms import MOST_BYTES, SHOWN, FormRoom, Sha, form_body, shown
from linli.security.audited import about
from linli.security.auth import Who, needs
from linli.web.app import problems, router
from linli.web.bodies import takes
from linli.web.given import given
from linli.web.localized import Localized
from linli.web.problems import Problem, not_found
from neighbourhood.affairs.verbs import AffairId
from neighbourhood.rounds.api.answers import theirs
from neighbourhood.rounds.api.given_answers import Code
from neighbourhood.rounds.api.households import HouseholdId
from neighbourhood.rounds.api.rounds import ResponsesDep, RoundsDep
from neighbourhood.rounds.domain.response import id_of
from neighbourhood.rounds.photos import HouseholdPhotos

by_code = router(prefix="/v1/answers", tags=["answers"])
of_rounds = router(prefix="/v1/rounds", tags=["rounds"])
PhotosDep = Annotated[HouseholdPhotos, given(HouseholdPhotos)]
FormRoomDep = Annotated[FormRoom, given(FormRoom)]


class SentPhotos(Record):
    """What was kept, in order. An answer names them by these hashes."""

    photos: list[Digest]


@by_code.post(
    "/{code}/photos",
    dependencies=[needs(ANSWER_BY_CODE), takes(MOST_BYTES)],
    status_code=201,
    responses=problems(404, 409, 413, 415, 422, 503, 507),
    openapi_extra=form_body(),
)
async def send(
    code: Code, request: Request, rounds: RoundsDep, responses: ResponsesDep, room: FormRoomDep, photos: PhotosDep
) -> SentPhotos:
    """Send photos (JPEG, PNG or WebP, 10 MB each); then the answer names them. They are kept as JPEG, without EXIF."""
    round, response = await theirs(code, rounds, responses)  # before a byte of the form is read
    if response.erased or not round.takes_answers(rounds.now()) or not any(each.photos for each in round.questions):
        said = Localized("No photos are taken for this round now.", "本次征集现在不收照片。")
        raise Problem("not_allowed", 409, said, reason="no_photos_now")

    async def room_for(more: int) -> None:
        await photos.room_for(response.id, more)

    developed, _ = await room.received(request, allowed=room_for)
    once = {each.sha256: each for each in developed}
    for each in once.values():
        await photos.put(response.id, each, rounds.now())
    return SentPhotos(photos=list(once))


@by_code.get(
    "/{code}/photos/{sha256}",
    dependencies=[needs(ANSWER_BY_CODE)],
    response_class=Response,
    responses=SHOWN | problems(404, 409),
)
async def own(code: Code, sha256: Sha, rounds: RoundsDep, responses: ResponsesDep, photos: PhotosDep) -> Response:
    """One that the household has sent itself."""
    _, response = await theirs(code, rounds, responses)
    return await _picture(photos, response.id, sha256)


@of_rounds.get(
    "/{id}/households/{household}/photos/{sha256}",
    dependencies=[needs(READ_HOUSEHOLDS)],
    response_class=Response,
    responses=SHOWN | problems(403, 404),
)
async def photo(
    id: AffairId,
    household: HouseholdId,
    sha256: Sha,
    request: Request,
    who: Who,
    rounds: RoundsDep,
    photos: PhotosDep,
) -> Response:
    """One of a household's answer, for who holds the round; each look stands in the audit log."""
    about(request, [id], "household_photo")
    await rounds.led(id, who)
    return await _picture(photos, id_of(id, household), sha256)


async def _picture(photos: HouseholdPhotos, response: str, sha256: str) -> Response:
    jpeg = await photos.picture(response, sha256)
    if jpeg is None:
        raise not_found("photo")
    return shown(sha256, jpeg)
