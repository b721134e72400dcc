"""A vote at the desk: the steps that were taken, the next as a form, how many have voted, what the tellers found."""

import asyncio
from typing import Annotated, Any

from fastapi import Path, Query, Response

from linli.security.auth import OPEN
from linli.web.bodies import takes
from portal.addresses import at
from portal.pages.language import gettext
from portal.pages.route import page_router
from portal.renewal import vote_forms, vote_words, words
from portal.renewal.forms import Filled, Form, read
from portal.renewal.given import AtTheDesk, Id, StaffVisit
from portal.renewal.giving import MOST_BYTES, Checked, Giving, give, shown
from portal.renewal.owners import owners_of
from portal.services import NOT_TO_BE_HAD, or_none

routes = page_router()
BASE = "/desk/votes/{id}"
AFTER_CLOSING = frozenset({"closed", "counted", "declared", "published"})
Verb = Annotated[
    str, Path(pattern="^(notice|open|close|declare|publish|(lodge|revoke)_proxy|challenge|settle_challenge|void)$")
]
Of = Annotated[str, Query(max_length=120)]


@routes.get(BASE, dependencies=[OPEN])
async def vote(id: Id, here: AtTheDesk) -> Response:
    """All of one vote."""
    path = at("/v1/votes/{id}", id=id)
    found, texts, turnout = await asyncio.gather(
        here.get(path), here.get(f"{path}/matters"), here.get(f"{path}/turnout")
    )
    texts = words.texts_of(texts)
    closed = found["state"] in AFTER_CLOSING
    count = await or_none(here.get(f"{path}/count"), NOT_TO_BE_HAD | {409}) if closed else None
    name = vote_forms.STEPS.get(found["state"]) if here.person.may("affairs:hold") else None
    is_teller = here.person.may("ballots:count") and here.person.principal in found["terms"]["tellers"]
    step = vote_forms.step(name) if name else None
    counted = vote_forms.certify(found, texts) if is_teller and found["state"] == "closed" else None
    return here.page(
        "desk_vote.html",
        vote=found,
        texts=texts,
        turnout=turnout,
        count=count,
        name=name,
        step=step and (step, Filled.at_first(step)),
        certify=counted and (counted, Filled.at_first(counted)),
        is_teller=is_teller,
        vw=vote_words,
    )


@routes.get(BASE + "/do/{verb}", dependencies=[OPEN])
async def form(id: Id, verb: Verb, here: AtTheDesk, of: Of = "") -> Response:
    """What a step asks for; `of` is whom or what it is about."""
    return shown(here, await _giving(here, id, verb, of))


@routes.post(BASE + "/do/{verb}", dependencies=[OPEN, takes(MOST_BYTES)])
async def take(id: Id, verb: Verb, here: AtTheDesk) -> Response:
    """The step. What stands in its way is said at its form."""
    filled = await read(here.visit.request)
    return await give(here, await _giving(here, id, verb, key=filled.key), filled)


@routes.get(BASE + "/proxies", dependencies=[OPEN])
async def proxies(id: Id, here: AtTheDesk) -> Response:
    """Who votes for whom, by door and name."""
    found = await here.get(at("/v1/votes/{id}", id=id))
    return here.page("desk_proxies.html", vote=found, owners=await owners_of(here, found))


@routes.post(BASE + "/certify", dependencies=[OPEN])
async def certify(id: Id, here: AtTheDesk) -> Response:
    """What a teller has found, matter by matter."""
    path = at("/v1/votes/{id}", id=id)
    found, texts = await asyncio.gather(here.get(path), here.get(f"{path}/matters"))
    matters = [each["id"] for each in found["terms"]["matters"]]

    def named(said: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        return {"matters": [{"matter": id, **each} for id, each in zip(matters, said["matters"], strict=True)]}, {}

    def told(after: Any) -> str:
        same = gettext("The tellers have found the same: the count is certified.")
        return same if after["state"] == "counted" else asked.done

    asked = vote_forms.certify(found, words.texts_of(texts))
    return await give(here, _of(id, asked, "certify", named, told=told))


async def _giving(here: StaffVisit, id: str, verb: str, of: str = "", key: str = "") -> Giving:
    if verb in vote_forms.STEPS.values():
        return _of(id, vote_forms.step(verb), verb)
    if verb == "void":
        return _of(id, vote_forms.void(), verb)
    found = await here.get(at("/v1/votes/{id}", id=id))
    if verb == "settle_challenge":
        return _of(id, vote_forms.settle_challenge(found["challenges"], of), verb, vote_forms.settled)
    owners = await owners_of(here, found)
    match verb:
        case "lodge_proxy":
            whose = vote_forms.whose(owners, "principal", "agent")
            return _of(id, vote_forms.lodge_proxy(owners), verb, whose, back="/proxies")
        case "revoke_proxy":
            whose = vote_forms.whose(owners, "principal")
            return _of(id, vote_forms.revoke_proxy(owners, of), verb, whose, back="/proxies")
        case _:  # the same form sent twice is the same challenge
            also = {"challenge_id": f"c-{key[:12]}"}
            return _of(id, vote_forms.challenge(owners), verb, vote_forms.whose(owners, "owner"), also=also)


def _of(id: str, form: Form, verb: str, checked: Checked | None = None, back: str = "", **further: Any) -> Giving:
    page = at(BASE, id=id)
    address = f"{page}/certify" if verb == "certify" else f"{page}/do/{verb}"
    to = at("/v1/votes/{id}:{verb}", id=id, verb=verb)
    return Giving(form, address, to, page + back, gettext("Vote of the owners"), checked, **further)
