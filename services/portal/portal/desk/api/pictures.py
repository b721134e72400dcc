"""Routes of photos: through the portal, with the key of who looks; kept nowhere between."""

from fastapi import Response

from linli.photos.forms import shown
from linli.security.auth import OPEN
from portal.addresses import at
from portal.desk.given import Here, Id
from portal.pages.route import page_router

routes = page_router()


@routes.get("/desk/cases/{id}/evidence/{photo}", dependencies=[OPEN])
async def evidence(here: Here, id: Id, photo: Id) -> Response:
    """A photo that was added to a case."""
    path = at("/v1/cases/{id}/evidence/{photo}", id=id, photo=photo)
    return shown(photo, await here.services.picture("workflow", path, here.caller))


@routes.get("/desk/cases/{id}/photos/{photo}", dependencies=[OPEN])
async def reporters(here: Here, id: Id, photo: Id) -> Response:
    """A photo that its reporter sent, as the community shows it to who asks."""
    path = at("/v1/cases/{id}/photos/{photo}", id=id, photo=photo)
    return shown(photo, await here.services.picture("workflow", path, here.caller))
