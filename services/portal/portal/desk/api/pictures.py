"""Routes of photos: through the portal, with the key of who looks; kept nowhere between."""

from typing import Annotated

from fastapi import Path, Response

from linli.photos.forms import shown
from linli.security.auth import OPEN
from portal.desk.given import Here
from portal.pages.route import page_router

routes = page_router()
Id = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,64}$")]


@routes.get("/desk/cases/{id}/evidence/{photo}", dependencies=[OPEN])
async def evidence(here: Here, id: Id, photo: Id) -> Response:
    """A photo that was added to a case."""
    return shown(photo, await here.services.picture("workflow", f"/v1/cases/{id}/evidence/{photo}", here.caller))


@routes.get("/desk/cases/{id}/photos/{photo}", dependencies=[OPEN])
async def reporters(here: Here, id: Id, photo: Id) -> Response:
    """A photo that its reporter sent, as the community shows it to who asks."""
    return shown(photo, await here.services.picture("workflow", f"/v1/cases/{id}/photos/{photo}", here.caller))
