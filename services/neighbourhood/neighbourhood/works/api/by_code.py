"""A site on the telephone of a residents' representative: by the code that they were given, without a key."""

from datetime import date
from typing import Annotated, Any

from fastapi import Path, Request
from pydantic import Field
from uuid_utils import uuid7

from linli.contracts.base import Record
from linli.contracts.neighbourhood.affairs import Id
from linli.contracts.neighbourhood.permissions import ANSWER_BY_CODE
from linli.contracts.neighbourhood.works import Trade
from linli.contracts.neighbourhood.works_checked import RoundKind
from linli.photos.forms import MOST_BYTES, form_body
from linli.security.auth import needs
from linli.security.permissions import Role
from linli.security.principals import Principal
from linli.web.app import problems, router
from linli.web.bodies import takes
from linli.web.localized import Localized
from linli.web.problems import unknown_code
from neighbourhood.affairs.office import Wish
from neighbourhood.affairs.verbs import ERRORS, HandedDep
from neighbourhood.works.api.given import A_HASH, ClockDep, FormRoomDep, Hashes, SitePhotosDep, WorksDep
from neighbourhood.works.api.photos import ERRORS as PHOTO_ERRORS
from neighbourhood.works.api.photos import SAID, TakenPhotos, received
from neighbourhood.works.domain import commands
from neighbourhood.works.domain.command import Said
from neighbourhood.works.domain.package import DefectState, Package, PackageState
from neighbourhood.works.office import Works
from neighbourhood.works.representatives import Speaker

routes = router(prefix="/v1/site", tags=["works"])
Code = Annotated[str, Path(max_length=40, pattern=r"^[0-9A-Za-z -]+$", examples=["K7PM-2XQ9-HT4C-WB6E"])]


class DefectOnSite(Record):
    """A defect, as representatives see it: where it stands. What others wrote of it is not shown."""

    id: Id
    state: DefectState
    due: date | None


class OnSite(Record):
    """A package, as a representative sees it."""

    package: Id
    representative: Id
    title: str
    state: PackageState
    version: int
    percent: int
    rounds: int
    defects: list[DefectOnSite]
    asked: bool = Field(description="Whether the residents' opinion is asked for now")
    agrees: bool | None = Field(description="What this representative has said")


class Walked(Record):
    """A round of the site."""

    photos: Hashes = Field(examples=[[A_HASH]])
    note: Said | None = Field(None, examples=["防水层做到第二遍"])


class Found(Record):
    """Something that is not as it should be."""

    what: Said = Field(examples=["防水层起鼓"])
    photos: Hashes = Field((), examples=[[A_HASH]])
    trade: Trade | None = Field(None, description="Under which warranty, of works that are accepted")


class Opinion(Record):
    """What a representative says at the residents' gate."""

    agrees: bool = Field(examples=[True])
    remark: Said | None = Field(None, examples=["雨天再看一次排水"])


@routes.get("/{code}", dependencies=[needs(ANSWER_BY_CODE)], responses=problems(404))
async def show(code: Code, works: WorksDep) -> OnSite:
    """The site of a code: how far it has come, which defects are open, whether an opinion is asked for."""
    speaker = await _speaker(works, code)
    package = await works.stories.one(speaker.package)
    assert package is not None, "a code is of a package"
    return OnSite(**_shown(package, speaker))


@routes.post(
    "/{code}/photos",
    dependencies=[needs(ANSWER_BY_CODE), takes(MOST_BYTES)],
    status_code=201,
    responses=problems(*PHOTO_ERRORS),
    openapi_extra=form_body(SAID),
)
async def send(
    code: Code, request: Request, works: WorksDep, room: FormRoomDep, photos: SitePhotosDep, clock: ClockDep
) -> TakenPhotos:
    """Send photos of the site; then a round or a defect names them by `sha256`."""
    speaker = await _speaker(works, code)  # before a byte of the form is read
    package = await works.stories.one(speaker.package)
    assert package is not None, "a code is of a package"
    place, person = works.place_of(package), speaker.representative
    return await received(request, place, person, room, photos, clock.now(), package.id, person)


@routes.post(
    "/{code}:record_round", dependencies=[needs(ANSWER_BY_CODE)], response_model=OnSite, responses=problems(*ERRORS)
)
async def walk(code: Code, walked: Walked, handed: HandedDep, works: WorksDep) -> Any:
    """Record a round of the site, with photos of what was seen."""
    said = {"round_id": str(uuid7()), "kind": RoundKind.RESIDENTS, "note": walked.note}
    return await _take(code, commands.RecordSupervision, said, walked, handed, works)


@routes.post(
    "/{code}:report_defect", dependencies=[needs(ANSWER_BY_CODE)], response_model=OnSite, responses=problems(*ERRORS)
)
async def find(code: Code, found: Found, handed: HandedDep, works: WorksDep) -> Any:
    """Report something that is not as it should be."""
    said = {"defect_id": str(uuid7()), "what": found.what, "trade": found.trade}
    return await _take(code, commands.ReportDefect, said, found, handed, works)


@routes.post(
    "/{code}:say_at_gate", dependencies=[needs(ANSWER_BY_CODE)], response_model=OnSite, responses=problems(*ERRORS)
)
async def say(code: Code, opinion: Opinion, handed: HandedDep, works: WorksDep) -> Any:
    """Say whether the works may be accepted. A no of somebody's own holds the residents' gate shut."""
    said = {"agrees": opinion.agrees, "remark": opinion.remark}
    return await _take(code, commands.SayAtGate, said, opinion, handed, works)


async def _take(
    code: str, command: type, said: dict[str, Any], body: Walked | Found | Opinion, handed: HandedDep, works: Works
) -> Any:
    speaker = await _speaker(works, code)
    handed.who = Principal(speaker.representative, Role.RESIDENT)
    if command is commands.SayAtGate:
        said["representative"] = speaker.representative
    also = {"photos": body.photos} if isinstance(body, Walked | Found) else None
    wish = Wish(command, said, by_the_office=False, also=also)
    what = [command.__name__, speaker.package, body.model_dump(mode="json")]

    def shown(package: Package) -> dict[str, Any]:
        return OnSite(**_shown(package, speaker)).model_dump(mode="json")

    return await handed.once(works, what, lambda asked: works.take(speaker.package, wish, asked), shown)


async def _speaker(works: Works, code: str) -> Speaker:
    speaker = await works.representatives.whose(code)
    if speaker is None:
        raise unknown_code(Localized("There is no site of this code.", "没有这个验证码对应的工程。"))
    return speaker


def _shown(package: Package, speaker: Speaker) -> dict[str, Any]:
    return {
        "package": package.id,
        "representative": speaker.representative,
        "title": package.title,
        "state": package.state,
        "version": package.version,
        "percent": package.percent,
        "rounds": len(package.rounds),
        "defects": [DefectOnSite(id=id, state=each.state, due=each.due) for id, each in package.defects.items()],
        "asked": package.state is PackageState.CONVENED,
        "agrees": package.opinions.get(speaker.representative),
    }
