"""The residents' representatives of a site: named by the office, each with a code of their own."""

from typing import Annotated

from fastapi import Path, Response
from pydantic import Field

from linli.contracts.base import Record
from linli.contracts.neighbourhood.affairs import Id
from linli.contracts.neighbourhood.permissions import NAME_REPRESENTATIVES
from linli.messaging.outbox import Unsent
from linli.security.auth import Who, needs
from linli.storage import mongo
from linli.text.fields import Line
from linli.web.app import problems, router
from linli.web.problems import not_found
from neighbourhood.affairs.codes import in_groups
from neighbourhood.affairs.verbs import AffairId
from neighbourhood.works.api.given import SitePhotosDep, WorksDep

routes = router(prefix="/v1/works", tags=["works"])
AT_ONCE = 20
RepresentativeId = Annotated[Id, Path(examples=["rep-0af31c9b2d4e"])]


class Named(Record):
    """Who speaks for the residents from now on."""

    names: Annotated[list[Annotated[str, Line(100, 1)]], Field(min_length=1, max_length=AT_ONCE)] = Field(
        examples=[["王大妈", "李师傅", "张老师"]]
    )


class Representative(Record):
    """Somebody who speaks for the residents. Personal data."""

    id: Id
    name: str


class WithCode(Representative):
    """The same, with the code by which they take part. It is told here once."""

    code: str


@routes.post("/{id}/representatives", dependencies=[needs(NAME_REPRESENTATIVES)], responses=problems(403, 404, 422))
async def name(id: AffairId, named: Named, who: Who, works: WorksDep) -> list[WithCode]:
    """Name residents' representatives. Each gets a code, by which a telephone sends photos, rounds and opinions."""
    await works.led(id, who)

    async def work(session: mongo.Session) -> tuple[list[tuple[str, str, str]], list[Unsent]]:
        return await works.representatives.name(id, named.names, session), []

    made = await works.together(work)
    return [WithCode(id=each, name=called, code=in_groups(code)) for each, called, code in made]


@routes.get("/{id}/representatives", dependencies=[needs(NAME_REPRESENTATIVES)], responses=problems(403, 404))
async def listing(id: AffairId, who: Who, works: WorksDep) -> list[Representative]:
    """Who speaks for the residents, by name: for who holds the works, and those who build them."""
    await works.concerning(id, who, lambda each: each.parties)
    return [Representative(id=each, name=name) for each, name in (await works.representatives.of(id)).items()]


@routes.post(
    "/{id}/representatives/{representative}:code",
    dependencies=[needs(NAME_REPRESENTATIVES)],
    responses=problems(403, 404),
)
async def code(id: AffairId, representative: RepresentativeId, who: Who, works: WorksDep) -> WithCode:
    """Another code, for somebody who has lost theirs: the one before it counts no more."""
    await works.led(id, who)

    async def work(session: mongo.Session) -> tuple[str | None, list[Unsent]]:
        return await works.representatives.code(id, representative, session), []

    made = await works.together(work)
    if made is None:
        raise not_found("representative")
    names = await works.representatives.of(id)
    return WithCode(id=representative, name=names.get(representative, ""), code=in_groups(made))


@routes.post(
    "/{id}/representatives/{representative}:forget",
    dependencies=[needs(NAME_REPRESENTATIVES)],
    status_code=204,
    response_class=Response,
    responses=problems(403, 404),
)
async def forget(
    id: AffairId,
    representative: RepresentativeId,
    who: Who,
    works: WorksDep,
    photos: SitePhotosDep,
) -> Response:
    """Forget somebody: their name, their code, what they wrote, their photos that nothing names."""
    package = await works.led(id, who)

    async def work(session: mongo.Session) -> tuple[bool, list[Unsent]]:
        there = await works.representatives.forget(id, representative, session)
        await works.texts.forget(id, representative, session)
        await photos.forget(works.place_of(package), representative, session)
        return there, []

    if not await works.together(work):
        raise not_found("representative")
    return Response(status_code=204)
