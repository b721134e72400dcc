"""Routes of the communities' data."""

import asyncio
from typing import Annotated

from fastapi import Path, Query, Request

from linli.contracts.workflow.community import Community
from linli.contracts.workflow.permissions import PUBLISH_COMMUNITIES, READ_COMMUNITIES
from linli.security.auth import Who, needs
from linli.web.app import problems, router
from linli.web.bodies import takes
from linli.web.given import given
from linli.web.localized import Localized
from linli.web.problems import Problem, Refused, not_found
from workflow.community.api.community_body import checked
from workflow.community.api.views import (
    CommunityHead,
    CommunityList,
    CommunityVersion,
    CommunityVersions,
    PublishedCommunity,
    RetiredCommunity,
)
from workflow.community.publishing import Publishing
from workflow.community.store import CommunityStore

routes = router(prefix="/v1/communities", tags=["communities"])
PublishingDep = Annotated[Publishing, given(Publishing)]
CommunitiesDep = Annotated[CommunityStore, given(CommunityStore)]
MOST_BYTES = 6_000_000
"""What fits into one event when it is packed, and some."""
MOST_VERSIONS = 2**31
EXAMPLE = {
    "id": "fushan-road",
    "name": "浮山路街道",
    "triage": "office",
    "roles": {"water": "water-company"},
    "parties": [
        {"id": "office", "name": "浮山路街道党工委", "kind": "subdistrict"},
        {
            "id": "water-company",
            "name": "供水公司",
            "kind": "water",
            "parent": "office",
            "email": "water@linli.example",
        },
    ],
    "rules": [
        {
            "id": "water",
            "name": "供水",
            "when": {"words": ["停水"]},
            "role": "water",
            "accept_within": "2h",
            "resolve_within": "24h",
        }
    ],
}


@routes.put(
    "/{id}",
    dependencies=[needs(PUBLISH_COMMUNITIES), takes(MOST_BYTES)],
    responses=problems(400, 409, 413, 422),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Community"}, "example": EXAMPLE}},
        }
    },
)
async def put(
    id: str,
    request: Request,
    publishing: PublishingDep,
    dry_run: Annotated[bool, Query(description="Check it, and change nothing")] = False,
) -> PublishedCommunity:
    """Put a community's data in force, in place of the version before. The same data again changes nothing.

    With `dry_run=true` the answer is what it would be, errors too, and nothing is changed.

    A party that has cases to deal with cannot be left out: 409 `party_has_cases`, with how many each has.
    """
    content = await request.json()  # not by FastAPI, which reads 6 MB before it asks who sends them
    body = await asyncio.to_thread(checked, content)  # cases have their deadlines meanwhile
    if body.id != id:
        english = "The path says '{path}', the data '{body}'."
        raise Problem(
            "id_mismatch", 422, Localized(english, "地址中的编号是“{path}”，内容中是“{body}”。", path=id, body=body.id)
        )
    try:
        version, changed = await publishing.publish(body, dry_run=dry_run)
    except ValueError as error:
        large = "The data does not fit into one event: {error}."
        raise Problem(
            "community_too_large", 422, Localized(large, "街道资料太大，无法发布：{error}。", error=error)
        ) from error
    return PublishedCommunity(id=id, version=version, changed=changed)


@routes.post("/{id}:retire", dependencies=[needs(PUBLISH_COMMUNITIES)], responses=problems(404))
async def retire(id: str, publishing: PublishingDep) -> RetiredCommunity:
    """From now on it takes no new submissions: 409 `community_retired`. Its cases go on. Again changes nothing."""
    return await _retire(id, publishing, retired=True)


@routes.post("/{id}:unretire", dependencies=[needs(PUBLISH_COMMUNITIES)], responses=problems(404))
async def unretire(id: str, publishing: PublishingDep) -> RetiredCommunity:
    """It takes submissions again."""
    return await _retire(id, publishing, retired=False)


async def _retire(id: str, publishing: Publishing, *, retired: bool) -> RetiredCommunity:
    community, version, changed = await publishing.retire(id, retired=retired)
    return RetiredCommunity(id=id, version=version, changed=changed, retired_at=community.retired_at)


@routes.get("", dependencies=[needs(READ_COMMUNITIES)])
async def listing(communities: CommunitiesDep, who: Who) -> CommunityList:
    """The communities that are loaded; for a party, its own."""
    directories = await communities.directories()
    heads = [
        CommunityHead(**head, timezone=directories[head["id"]].community.timezone)
        for head in await communities.heads()
        if head["id"] in directories and who.community in {None, head["id"]}
    ]
    return CommunityList(items=heads)


@routes.get("/{id}", dependencies=[needs(READ_COMMUNITIES)], responses=problems(404, 422))
async def get(
    id: Annotated[str, Path()],
    communities: CommunitiesDep,
    who: Who,
    version: Annotated[int | None, Query(ge=1)] = None,
) -> Community:
    """A community's data: the version in force, or an older one."""
    directory = await communities.directory(id, version)
    absent = not_found("community")
    if directory is None:
        raise absent
    if who.community not in {None, id}:
        raise Refused(absent, "another community", id)
    return directory.community


@routes.get("/{id}/versions", dependencies=[needs(READ_COMMUNITIES)], responses=problems(404, 422))
async def versions(
    id: Annotated[str, Path()],
    communities: CommunitiesDep,
    who: Who,
    before: Annotated[int | None, Query(ge=1, le=MOST_VERSIONS)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> CommunityVersions:
    """Which versions there were, and since when each was in force; the newest first."""
    head = next((each for each in await communities.heads() if each["id"] == id), None)
    absent = not_found("community")
    if head is None:
        raise absent
    if who.community not in {None, id}:
        raise Refused(absent, "another community", id)
    start = head["version"] + 1 if before is None else min(before, head["version"] + 1)
    items = [CommunityVersion(**each) for each in await communities.versions(id, start, limit)]
    more = bool(items) and items[-1].version > 1
    return CommunityVersions(items=items, next=items[-1].version if more else None)
