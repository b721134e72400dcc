"""Photos by a tracking code: added by a form, shown one by one."""

from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from linli.security.auth import OPEN
from linli.web.bodies import takes
from linli.web.localized import Localized
from linli.web.problems import Problem
from portal.addresses import at
from portal.pages.route import page_router
from portal.residents.forms import MOST_BYTES
from portal.residents.given import FormsDep, PagesDep, ServicesDep
from portal.residents.passing import through
from portal.residents.passing_api import OnwardDep
from portal.residents.showing import CODE, tracked_page
from portal.residents.tracked import look
from portal.signin.person import resident_of

routes = page_router()


@routes.post("/track/{code}/photos", dependencies=[OPEN, takes(MOST_BYTES)])
async def add(code: str, request: Request, pages: PagesDep, services: ServicesDep, forms: FormsDep) -> Response:
    """Add photos. With `id`, as a receipt has it, also in the seconds before its case is opened."""
    caller = resident_of(request)
    async with forms.read(request) as sent:
        id = sent.get("id") or (await look(services, code, caller)).id
        photos = [
            ("photo", (f"{number}", file.file, file.content_type or "application/octet-stream"))
            for number, file in enumerate(sent.files, 1)
        ]
        try:
            if not photos:
                raise Problem("invalid", 422, Localized("Choose a photo first.", "请先选择照片。"))
            path = at("/v1/submissions/{id}/attachments", id=id)
            await services.send_photos(path, photos, caller, **{CODE: code})
        except Problem as problem:
            if problem.status >= 500 or problem.status == 404:
                raise
            return tracked_page(request, pages, await look(services, code, caller), problem=problem)
    return RedirectResponse(f"/track/{quote(code, safe='')}?said=photos", 303)


@routes.get("/track/{code}/photos/{id}/{photo}", dependencies=[OPEN])
async def one(code: str, id: str, photo: str, request: Request, onward: OnwardDep) -> Response:
    """One of the reporter's own."""
    path = at("/v1/submissions/{id}/attachments/{photo}", id=id, photo=photo)
    return through(await onward.open("intake", "GET", path, resident_of(request).headers(**{CODE: code})))


@routes.get("/track/{code}/evidence/{photo}", dependencies=[OPEN])
async def evidence(code: str, photo: str, request: Request, onward: OnwardDep) -> Response:
    """One of what was found or done."""
    path = at("/v1/track/{code}/evidence/{photo}", code=code, photo=photo)
    return through(await onward.open("workflow", "GET", path, resident_of(request).headers()))
