"""Routes of the communities' data."""

from typing import Annotated

from fastapi import Path, Query, Request

from linli.auth import Operator
from linli.contracts.community import Community
from linli.errors import Problem, not_found
from linli.web import problems, router
from workflow.api.views import CommunityHead, CommunityList, PublishedCommunity
from workflow.desk import Desk
from workflow.store import WorkflowStore

routes = router(prefix="/v1/communities", tags=["communities"])


@routes.put("/{id}", responses=problems(400, 401, 403, 413, 422, 503))
async def put(id: str, body: Community, request: Request, _: Operator) -> PublishedCommunity:
    """Put a community's data in force, in place of the version before. The same data again changes nothing."""
    if body.id != id:
        raise Problem("id_mismatch", 422, f"The path says '{id}', the data '{body.id}'.")
    desk: Desk = request.app.state.desk
    version, changed = await desk.publish(body)
    return PublishedCommunity(id=id, version=version, changed=changed)


@routes.get("", responses=problems(401, 403, 503))
async def listing(request: Request, _: Operator) -> CommunityList:
    """The communities that are loaded."""
    store: WorkflowStore = request.app.state.store
    return CommunityList(items=[CommunityHead(**head) for head in await store.community_heads()])


@routes.get("/{id}", responses=problems(401, 403, 404, 422, 503))
async def get(
    id: Annotated[str, Path()], request: Request, _: Operator, version: Annotated[int | None, Query(ge=1)] = None
) -> Community:
    """A community's data: the version in force, or an older one."""
    store: WorkflowStore = request.app.state.store
    directory = await store.directory(id, version)
    if directory is None:
        raise not_found("community, or version of it,")
    return directory.community
