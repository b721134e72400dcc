"""Covenants for everybody: the text that holds, the one that is on its way, and how many have signed it."""

from datetime import date
from typing import Annotated

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.covenants import Track
from linli.contracts.neighbourhood.permissions import READ_PUBLIC_AFFAIRS
from linli.security.auth import Who, needs
from linli.web.app import problems, router
from linli.web.given import given
from neighbourhood.affairs.verbs import AffairId
from neighbourhood.covenants.domain.covenant import Covenant, Version, VersionState
from neighbourhood.covenants.office import Covenants

routes = router(prefix="/v1/public/covenants", tags=["covenants"])
CovenantsDep = Annotated[Covenants, given(Covenants)]


class PublicVersion(Record):
    """A text and where it stands."""

    number: int
    digest: Digest
    state: VersionState
    title: str
    text: str
    comments_until: date | None
    adopted_on: date | None
    from_day: date | None
    signed: int
    """Households that have signed exactly this text."""


class PublicCovenant(Record):
    """What neighbours have agreed to, or are about to."""

    id: Id
    community: Slug
    neighbourhood: Slug
    track: Track
    in_force: PublicVersion | None
    """What holds today."""
    coming: PublicVersion | None
    """What is talked over, or adopted and not yet in force."""


@routes.get("", dependencies=[needs(READ_PUBLIC_AFFAIRS)], responses=problems(404, 422))
async def of_a_place(covenants: CovenantsDep, community: Slug, neighbourhood: Slug) -> list[PublicCovenant]:
    """A neighbourhood's covenants. A draft is shown once comments are taken."""
    covenants.communities.place(community, neighbourhood)
    place = {"community": community, "neighbourhood": neighbourhood}
    return [await public_covenant(covenants, each) for each in await covenants.stories.found(place)]


@routes.get("/{id}", dependencies=[needs(READ_PUBLIC_AFFAIRS)], responses=problems(404))
async def one(id: AffairId, who: Who, covenants: CovenantsDep) -> PublicCovenant:
    """One covenant."""
    return await public_covenant(covenants, await covenants.seen(id, who))


async def public_covenant(covenants: Covenants, covenant: Covenant) -> PublicCovenant:
    today = covenants.today(covenant)
    held, newest = covenant.in_force_on(today), covenant.newest
    hidden = newest is None or newest == held or newest.state in {VersionState.DRAFTING, VersionState.ANNULLED}
    texts = await covenants.texts.of(covenant.id)

    def shown(version: Version | None) -> PublicVersion | None:
        if version is None:
            return None
        return PublicVersion(
            number=version.number,
            digest=version.digest,
            state=version.state,
            title=version.title,
            text=texts[version.digest],
            comments_until=version.comments_until,
            adopted_on=version.adopted_on,
            from_day=version.from_day,
            signed=covenant.signed(version.digest),
        )

    coming = None if hidden else newest
    return PublicCovenant(
        id=covenant.id,
        community=covenant.community,
        neighbourhood=covenant.neighbourhood,
        track=covenant.track,
        in_force=shown(held),
        coming=shown(coming),
    )
