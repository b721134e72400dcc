"""The list of those who mediate: parties of the tree, and volunteers."""

from typing import Annotated, Any

import orjson
from fastapi import Request
from uuid_utils import uuid7

from linli.contracts.base import Record, Slug
from linli.contracts.workflow.community import Level
from linli.contracts.workflow.permissions import CHANGE_MEDIATORS, READ_MEDIATORS
from linli.messaging.outbox import Unsent
from linli.security.audited import about
from linli.security.auth import Who, needs
from linli.security.permissions import Role
from linli.security.principals import Principal
from linli.storage import mongo
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.idempotency import IdempotencyKey, fingerprint
from linli.web.localized import Localized, no_community, sentence_of
from linli.web.problems import Problem, Refused, not_found
from workflow.community.domain.directory import Directory
from workflow.mediation.api.bodies import VolunteerAsked
from workflow.mediation.api.routes import known_party
from workflow.mediation.api.stepping import AnswersDep, CasesDep, VolunteersDep
from workflow.mediation.desk import MediationDesk
from workflow.mediation.volunteers import Volunteer

routes = router(prefix="/v1", tags=["mediation"])


class MediatorListed(Record):
    """One who can be appointed, by this name."""

    mediator: str
    name: str
    party: str | None
    level: Level | None = None
    """Of a party of the tree."""


class MediatorList(Record):
    """The nearest of the tree first, then volunteers."""

    items: list[MediatorListed]


class VolunteerAdded(Record):
    """They are in the list."""

    mediator: str


@routes.post(
    "/mediators", status_code=201, dependencies=[needs(CHANGE_MEDIATORS)], responses=problems(400, 403, 409, 413, 422)
)
async def add(
    body: VolunteerAsked,
    request: Request,
    who: Who,
    cases: CasesDep,
    volunteers: VolunteersDep,
    desk: Annotated[MediationDesk, given(MediationDesk)],
    answers: AnswersDep,
    key: IdempotencyKey = None,
) -> VolunteerAdded:
    """Add a volunteer. Whoever is in the list can be asked; what they are called is told to who takes part alone."""
    directory = await cases.communities.directory(body.community)
    if directory is None:
        raise Problem("unknown_community", 422, sentence_of(no_community(body.community)))
    _own_community(who, body.community)
    known_party(body.party, directory)
    id, scope = f"m-{uuid7().hex}", f"{who.id}:mediators"
    added = VolunteerAdded(mediator=id)

    async def once() -> dict[str, Any]:
        async def work(session: mongo.Session) -> tuple[None, list[Unsent]]:
            await volunteers.add(Volunteer(id, body.community, body.name, body.party, desk.now()), session)
            await answers.remember(key, scope, added.model_dump(), session)
            return None, []

        await desk.transact(work)
        return added.model_dump()

    answer = await answers.once(key, scope, fingerprint("add", body.model_dump(mode="json")), once)
    about(request, [answer["mediator"]])
    return VolunteerAdded.model_validate_json(orjson.dumps(answer))


@routes.get("/mediators", dependencies=[needs(READ_MEDIATORS)], responses=problems(403, 422))
async def listing(
    community: Slug,
    request: Request,
    who: Who,
    cases: CasesDep,
    volunteers: VolunteersDep,
    neighbourhood: Slug | None = None,
) -> MediatorList:
    """Who can be appointed: the tree's nodes, the nearest to the neighbourhood first, and volunteers."""
    directory = await cases.communities.directory(community)
    if directory is None:
        raise Problem("unknown_community", 422, sentence_of(no_community(community)))
    _own_community(who, community)
    theirs = await volunteers.of(community)
    about(request, [each.id for each in theirs])
    people = [MediatorListed(mediator=each.id, name=each.name, party=each.party) for each in theirs]
    return MediatorList(items=[*_of_the_tree(directory, neighbourhood), *people])


@routes.post(
    "/mediators/{mediator}:remove", dependencies=[needs(CHANGE_MEDIATORS)], responses=problems(400, 403, 404, 422)
)
async def remove(mediator: str, who: Who, volunteers: VolunteersDep) -> VolunteerAdded:
    """A volunteer is in the list no more, and their name is gone from it."""
    found = await volunteers.one(mediator)
    if found is None:
        raise not_found("mediator")
    _own_community(who, found.community)
    await volunteers.remove(mediator)
    return VolunteerAdded(mediator=mediator)


def _of_the_tree(directory: Directory, neighbourhood: str | None) -> list[MediatorListed]:
    found = [directory.party_for(neighbourhood, level) for level in reversed(Level)] if neighbourhood else []
    nearest = {party.id: party for party in found if party} or {
        party.id: party for party in directory.community.parties if party.kind.level
    }
    return [
        MediatorListed(mediator=f"party:{party.id}", name=party.name, party=party.id, level=party.kind.level)
        for party in nearest.values()
    ]


def _own_community(who: Principal, community: str) -> None:
    """Raises 403 for a party's key of another community."""
    if who.role is Role.PARTY and who.community != community:
        detail = Localized("This key acts in another community.", "这个密钥属于别的街道。")
        raise Refused(Problem("forbidden", 403, detail), "another community")
