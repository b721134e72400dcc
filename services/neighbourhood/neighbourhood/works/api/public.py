"""What hangs on the notice board of a site: how far it has come, who is responsible, until when warranties run."""

from datetime import date

from pydantic import AwareDatetime

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.permissions import READ_PUBLIC_AFFAIRS
from linli.contracts.neighbourhood.works import Appointed, PackageProgressed, WarrantyGiven
from linli.security.auth import Who, needs
from linli.web.app import problems, router
from neighbourhood.affairs.office import Place
from neighbourhood.affairs.verbs import AffairId
from neighbourhood.works.api.given import HistoryDep, WorksDep
from neighbourhood.works.domain.package import Package, PackageState

routes = router(prefix="/v1/works", tags=["works"])


class Announced(Record):
    """What was told of its progress at a time."""

    at: AwareDatetime
    percent: int
    message: str


class InPublic(Record):
    """A package, as all may see it. Nobody's words but the office's."""

    id: str
    community: Slug
    neighbourhood: Slug
    title: str
    state: PackageState
    percent: int
    appointed: list[Appointed]
    rounds: int
    """How often the site was walked."""
    defects: int
    defects_open: int
    accepted_on: date | None
    filed: str | None
    warranties: list[WarrantyGiven]


class Progress(InPublic):
    """The same, with what was announced."""

    announced: list[Announced]


@routes.get("/public", dependencies=[needs(READ_PUBLIC_AFFAIRS)])
async def board(who: Who, works: WorksDep, community: Slug, neighbourhood: Slug) -> list[InPublic]:
    """All packages of a neighbourhood, as they hang on its notice board."""
    return [InPublic(**_of(each)) for each in await works.of_place(who, Place(community, neighbourhood))]


@routes.get("/{id}/progress", dependencies=[needs(READ_PUBLIC_AFFAIRS)], responses=problems(404))
async def progress(id: AffairId, who: Who, works: WorksDep, told: HistoryDep) -> Progress:
    """How far a package has come, with all that was announced, the newest first."""
    package = await works.seen(id, who)
    events = [event for event in await told.of(id) if isinstance(event, PackageProgressed)]
    announced = [Announced(at=each.at, percent=each.percent, message=each.message) for each in events]
    return Progress(**_of(package), announced=announced[::-1])


def _of(package: Package) -> dict[str, object]:
    return {
        "id": package.id,
        "community": package.community,
        "neighbourhood": package.neighbourhood,
        "title": package.title,
        "state": package.state,
        "percent": package.percent,
        "appointed": list(package.appointed),
        "rounds": len(package.rounds),
        "defects": len(package.defects),
        "defects_open": len(package.open_defects),
        "accepted_on": package.accepted_on,
        "filed": package.filed,
        "warranties": list(package.warranties),
    }
