"""Every step of every affair at the desk, each a form of its own that leads back to the affair's page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Query, Response
from starlette.datastructures import UploadFile

from linli.contracts.base import Slug
from linli.security.auth import OPEN
from linli.web.bodies import takes
from linli.web.problems import Problem
from portal.addresses import at, nothing_here
from portal.pages.language import gettext
from portal.pages.route import page_router
from portal.renewal.forms import KEPT, Filled, Form, read
from portal.renewal.given import AtTheDesk, Id, StaffVisit
from portal.renewal.giving import Giving, give, refused, shown
from portal.renewal.steps.fields import with_truths
from portal.renewal.steps.kinds import KINDS
from portal.renewal.steps.step import Kind, Known, Step, Wrong
from portal.residents.forms import MOST_BYTES

routes = page_router()
STEP, BEGIN = "/desk/affairs/{kind}/{id}/{step}", "/desk/renewal/{community}/{neighbourhood}/new/{kind}"
Of = Annotated[str, Query(max_length=120)]


@routes.get(STEP, dependencies=[OPEN])
async def show(kind: Slug, id: Id, step: Id, here: AtTheDesk, of: Of = "") -> Response:
    """What the step asks."""
    return shown(here, (await _step(here, kind, id, step, of)).giving)


@routes.post(STEP, dependencies=[OPEN, takes(MOST_BYTES)])
async def take(kind: Slug, id: Id, step: Id, here: AtTheDesk, of: Of = "") -> Response:
    """Take it; what stands in its way is said at its field, and what was written stays."""
    filled = await read(here.visit.request)
    return await _given(here, await _step(here, kind, id, step, of, filled.key), kind, filled)


@routes.get(BEGIN, dependencies=[OPEN])
async def show_new(community: Slug, neighbourhood: Slug, kind: Slug, here: AtTheDesk, of: Of = "") -> Response:
    """What a new affair needs."""
    return shown(here, (await _new(here, kind, community, neighbourhood, of)).giving)


@routes.post(BEGIN, dependencies=[OPEN, takes(MOST_BYTES)])
async def begin(community: Slug, neighbourhood: Slug, kind: Slug, here: AtTheDesk, of: Of = "") -> Response:
    """Begin it, and lead to its page."""
    filled = await read(here.visit.request)
    return await _given(here, await _new(here, kind, community, neighbourhood, of, filled.key), kind, filled)


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that is being taken, and in which neighbourhood."""

    giving: Giving
    place: Mapping[str, str]


async def _step(here: StaffVisit, kind: str, id: str, name: str, of: str, key: str = "") -> Taken:
    found = KINDS.get(kind)
    step = found.named(name) if found else None
    if found is None or step is None:
        raise nothing_here()
    affair = await here.get(at("/v1/{kind}/{id}", kind=kind, id=id))
    page = found.page_of(affair)
    return await _giving(found, step, Known(here, affair, of, key), step.where(kind, id), page)


async def _new(here: StaffVisit, kind: str, community: str, neighbourhood: str, of: str, key: str = "") -> Taken:
    found = KINDS.get(kind)
    if found is None or found.begin is None:
        raise nothing_here()
    place = {"community": community, "neighbourhood": neighbourhood}
    await here.get("/v1/board", place)  # so that a place that there is not is said to be none
    page = at("/desk/renewal/{community}/{neighbourhood}", **place)
    return await _giving(found, found.begin, Known(here, place, of, key), at("/v1/{kind}", kind=kind), page)


async def _giving(kind: Kind, step: Step, known: Known, to: str, back: str) -> Taken:
    asks, title = await step.asks(known), step.title()
    done = gettext("It is done: %(what)s.") % {"what": title}
    form = Form(title, title, done, asks.fields, asks.follows, step.permission)

    def checked(said: dict[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, str]]:
        try:
            return asks.made(with_truths(asks.fields, said)), {}
        except Wrong as wrong:
            return said, wrong.faults

    def lead(answer: Any) -> str:
        named = isinstance(answer, Mapping) and "id" in answer
        return kind.page_of(answer if named else known.affair)

    request = known.here.visit.request
    address = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    return Taken(Giving(form, address, to, back, gettext("Back"), checked, asks.also, lead), known.place)


async def _given(here: StaffVisit, taken: Taken, kind: str, filled: Filled) -> Response:
    try:
        filled = await _with_photos(here, taken, kind, filled)
    except Problem as problem:
        return shown(here, taken.giving, refused(taken.giving.form, filled, problem))
    return await give(here, taken.giving, filled)


async def _with_photos(here: StaffVisit, taken: Taken, kind: str, filled: Filled) -> Filled:
    """Photos are sent first: what shows them names their hashes. Those of a form that was refused were sent before."""
    said = dict(filled.said)
    raw = await here.visit.request.form()
    for each in taken.giving.form.fields:
        if each.kind != "photos":
            continue
        files = [file for file in raw.getlist(each.name) if isinstance(file, UploadFile) and file.size]
        kept = [str(digest) for digest in raw.getlist(f"{KEPT}{each.name}")]
        said[each.name] = await _sent(here, taken, kind, files) if files else kept
    return replace(filled, said=said)


async def _sent(here: StaffVisit, taken: Taken, kind: str, files: list[UploadFile]) -> list[str]:
    parts = []
    for number, file in enumerate(files, 1):
        await file.seek(0)
        parts.append(("photo", (f"{number}", file.file, file.content_type or "application/octet-stream")))
    when = {"taken_at": here.visit.office.now().isoformat()}
    path = at("/v1/{kind}/photos", kind=kind)
    kept = await here.services.send_form("neighbourhood", path, parts, when, here.caller, taken.place)
    return [str(each["sha256"]) for each in kept["photos"]]
