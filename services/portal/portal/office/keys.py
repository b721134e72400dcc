"""API keys: the list, a new one that is shown once, the end of one."""

from typing import Annotated, Any

from fastapi import Form, Request, Response

from linli.contracts.kinds import Channel
from linli.gathering import few_at_once
from linli.security.auth import OPEN
from linli.security.permissions import declared
from linli.web.bodies import takes
from linli.web.localized import Localized
from linli.web.problems import Problem, not_found
from portal.addresses import at
from portal.office.asking import of_each
from portal.office.officer import Officer, ServicesDep, ShownDep, need
from portal.office.said import done
from portal.office.words import role as role_word
from portal.pages.language import _
from portal.pages.route import page_router
from portal.services import Caller, Name, Services

routes = page_router(prefix="/office/keys")
ROLES = ("party", "operator", "auditor", "service")
CHANGE = "keys:change"
MOST_BYTES = 32_000
"""Of a form with every box ticked."""


@routes.get("", dependencies=[OPEN])
async def listing(request: Request, staff: Officer, services: ServicesDep, shown: ShownDep) -> Response:
    """All keys that work anywhere, the newest first."""
    keys, silent = await _all(services, staff.caller(request))
    return shown.page("keys.html", keys=keys, silent=silent)


@routes.get("/new", dependencies=[OPEN])
async def form(request: Request, staff: Officer, services: ServicesDep, shown: ShownDep) -> Response:
    """What the new key is to allow."""
    need(staff, CHANGE)
    caller = staff.caller(request)
    communities = (await services.read("/v1/communities", caller))["items"] if staff.may("communities:read") else []
    paths = [at("/v1/communities/{id}", id=each["id"]) for each in communities]
    parties = [
        (f"{data['id']}/{each['id']}", f"{data['name']} · {each['name']}")
        for data in await few_at_once(lambda path: services.read(path, caller), paths)
        for each in data["parties"]
    ]
    limits = {"scopes": sorted(declared()), "channels": sorted(Channel), "communities": communities}
    return shown.page("key_new.html", roles=ROLES, parties=parties, **limits)


@routes.post("/new", dependencies=[OPEN, takes(MOST_BYTES)])
async def make(
    request: Request,
    staff: Officer,
    services: ServicesDep,
    name: Annotated[str, Form(max_length=200)],
    role: Annotated[str, Form(max_length=20)],
    party: Annotated[str, Form(max_length=200)] = "",
    days: Annotated[str, Form(max_length=5)] = "",
    scopes: Annotated[list[str] | None, Form(max_length=200)] = None,
    communities: Annotated[list[str] | None, Form(max_length=50)] = None,
    channels: Annotated[list[str] | None, Form(max_length=20)] = None,
) -> Response:
    """Make it; the next page shows it, this once."""
    wanted: dict[str, Any] = {"name": name, "role": role, "scopes": scopes or None}
    if role == "party":
        community, _slash, id = party.partition("/")
        wanted |= {"party": id or None, "community": community or None}
    if role == "service":
        wanted |= {"communities": communities or None, "channels": channels or None}
    if days.strip():
        wanted["expires_in_days"] = _number(days.strip())
    made = await services.send("workflow", "/v1/keys", wanted, staff.caller(request))
    text = _("Key %(id)s is made (%(role)s). Copy it now: it is not shown again.")
    return done(request, "/office/keys", text % {"id": made["id"], "role": role_word(made["role"])}, secret=made["key"])


@routes.get("/{id}/revoke", dependencies=[OPEN])
async def sure(id: str, request: Request, staff: Officer, services: ServicesDep, shown: ShownDep) -> Response:
    """What ends with it."""
    need(staff, CHANGE)
    keys, _silent = await _all(services, staff.caller(request))
    key = next((each for each in keys if each["id"] == id), None)
    if key is None:
        raise not_found("key")
    children = _made_with(id, keys)
    will = [_("Whoever uses it is refused from now on, and signed out here within ten seconds.")]
    if children:
        names = ", ".join(f"{each['name']} ({each['id']})" for each in children)
        will.append(_("With it end the keys that were made with it: %(names)s") % {"names": names})
    will.append(_("It cannot be undone; a new key can be made."))
    facts = [(_("Name"), key["name"]), (_("Role"), role_word(key["role"])), (_("Party"), key["party"])]
    return shown.sure(
        _("Revoke key %(id)s?") % {"id": id},
        will,
        at("/office/keys/{id}/revoke", id=id),
        _("Revoke"),
        "/office/keys",
        facts=facts,
        fields={"elsewhere": "true"} if key["elsewhere"] else {},
    )


@routes.post("/{id}/revoke", dependencies=[OPEN])
async def revoke(
    id: str,
    request: Request,
    staff: Officer,
    services: ServicesDep,
    elsewhere: Annotated[bool, Form()] = False,
) -> Response:
    """End it, and those that were made with it."""
    path, asked = at("/v1/keys/{id}:revoke", id=id), {"elsewhere": "true"} if elsewhere else None
    key = await services.send("workflow", path, {}, staff.caller(request), asked)
    text = _("Key %(id)s is revoked.") % {"id": id}
    return done(
        request, "/office/keys", text, lines=[_("Ended with it: %(id)s") % {"id": i} for i in key["ended_with_it"]]
    )


async def _all(services: Services, caller: Caller) -> tuple[list[dict[str, Any]], list[Name]]:
    """Workflow's keys, those that only others know, and who did not say."""
    items = [key | {"elsewhere": []} for key in (await services.read("/v1/keys", caller))["items"]]
    made = {key["id"] for key in items}
    others: dict[str, dict[str, Any]] = {}
    answers, silent = await of_each(services, ("intake", "notify"), "/v1/keys", caller, none_is_enough=True)
    for name, answer in answers:
        for key in answer["items"]:
            if key["id"] not in made:
                unmade: dict[str, Any] = {"name": "?", "last_four": "?", "created_at": None, "created_by": None}
                others.setdefault(key["id"], key | unmade | {"elsewhere": []})["elsewhere"].append(name)
    return [*items, *others.values()], silent


def _made_with(id: str, keys: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that live and were made with it, with those that were made with these."""
    theirs = [key for key in keys if key["created_by"] == f"key:{id}" and not key["revoked_at"]]
    return [each for key in theirs for each in (key, *_made_with(key["id"], keys))]


def _number(said: str) -> int:
    if not said.isdecimal() or not said.isascii():
        detail = Localized("'{said}' is no number of days.", "“{said}”不是天数。", said=said)
        raise Problem("invalid", 422, detail)
    return int(said)
