"""A neighbourhood's bulletins 简报: asking for them with a mailbox, and what its owner does by the letter's code."""

from typing import Any

from fastapi import Response
from fastapi.responses import RedirectResponse

from linli.contracts.base import Slug
from linli.security.auth import OPEN
from linli.web.bodies import takes
from linli.web.problem_words import ANSWER_IN, document
from linli.web.problems import Problem, not_found
from portal.addresses import at
from portal.pages.route import page_router
from portal.renewal import words
from portal.renewal.given import Anybody, Visit
from portal.residents.given import FormsDep

routes = page_router()
MOST_WORDS = 16 * 1024
HEARS = ("milestones", "every_step", "ends")


@routes.get("/bulletins/{community}/{neighbourhood}", dependencies=[OPEN])
async def ask(community: Slug, neighbourhood: Slug, here: Anybody) -> Response:
    """Asks for a mailbox, how much is wanted, and consent."""
    return await _asking(here, community, neighbourhood)


@routes.post("/bulletins/{community}/{neighbourhood}", dependencies=[OPEN, takes(MOST_WORDS)])
async def asked(community: Slug, neighbourhood: Slug, here: Anybody, forms: FormsDep) -> Response:
    """The same answer for every mailbox: a letter asks its owner."""
    async with forms.read(here.request) as sent:
        said = {name: sent.get(name) or "" for name in ("email", "hears", "consents")}
    new = {
        "community": community,
        "neighbourhood": neighbourhood,
        "email": said["email"].strip(),
        "language": ANSWER_IN.get().value,
        "hears": said["hears"] if said["hears"] in HEARS else HEARS[0],
        "consents": said["consents"] == "yes",
    }
    try:
        await here.services.send("intake", "/v1/subscriptions", new, here.caller)
    except Problem as problem:
        if problem.status not in {400, 422}:
            raise
        return await _asking(here, community, neighbourhood, 422, said=said, fault=str(document(problem)["detail"]))
    return await _asking(here, community, neighbourhood, done=True)


@routes.get("/bulletins/{code}", dependencies=[OPEN])
async def own(code: str, here: Anybody) -> Response:
    """What the code of a letter opens. Looking changes nothing: mail scanners do."""
    return await _own(here, code)


@routes.post("/bulletins/{code}", dependencies=[OPEN, takes(MOST_WORDS)])
async def change(code: str, here: Anybody, forms: FormsDep) -> Response:
    """Confirm, hear more or less, or end it."""
    async with forms.read(here.request) as sent:
        do, hears = sent.get("do"), sent.get("hears")
    path = at("/v1/subscriptions/{code}", code=code)
    if do == "end":
        await here.services.remove("intake", path, here.caller)
        return here.page("bulletins_own.html", subscription=None, code=code, place=None)
    if do == "confirm":
        await here.services.send("intake", f"{path}:confirm", {}, here.caller)
    elif hears in HEARS:
        await here.services.put("intake", path, {"hears": hears}, here.caller)
    return RedirectResponse(at("/bulletins/{code}", code=code), 303)


async def _asking(here: Visit, community: str, neighbourhood: str, status: int = 200, **values: Any) -> Response:
    place = await _place(here, community, neighbourhood)
    shown: dict[str, Any] = {"said": {}, "fault": None, "done": False} | values
    return here.page("bulletins.html", status, community=community, place=place, hears=_choices(), **shown)


async def _own(here: Visit, code: str) -> Response:
    found = await here.services.get("intake", at("/v1/subscriptions/{code}", code=code), here.caller)
    place = await _place(here, found["community"], found["neighbourhood"])
    return here.page("bulletins_own.html", subscription=found, code=code, place=place, hears=_choices())


async def _place(here: Visit, community: str, neighbourhood: str) -> dict[str, Any]:
    places = await here.public.places(community)
    place = next((each for each in places["items"] if each["id"] == neighbourhood), None)
    if place is None:
        raise not_found("neighbourhood")
    return dict(place)


def _choices() -> list[tuple[str, str]]:
    """What is sent, and what the page says."""
    return [(each, words.hears(each)) for each in HEARS]
