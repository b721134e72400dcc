"""What a company's key reads of its community's common affairs: every GET is in one of these tables."""

from pathlib import Path

from tests.support.affairs import PLACE, Affairs
from tests.support.covenants import Drafting
from tests.support.forces import formed
from tests.support.keys import bearer, key_for, known_to, party_key
from tests.support.rounds import Asking
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.site import Site, with_a_site
from tests.support.system import system_on

HELD = {
    "/v1/rounds": "which demands are one matter, before it is settled",
    "/v1/rounds/{round}": "the same",
    "/v1/rounds/{round}/proposals": "the same",
    "/v1/rounds/{round}/needs": "needs of households",
    "/v1/rounds/{round}/households": "doors",
    "/v1/rounds/{round}/households/{household}/photos/{sha256}": "photos of households",
    "/v1/registers/{register}/owners": "owners",
    "/v1/votes/{vote}/count": "what is not declared yet",
    "/v1/votes/{vote}/sheet": "the same",
    "/v1/votes/{vote}/ballots": "who chose what",
    "/v1/votes/{vote}/ballots.pdf": "the same",
    "/v1/plans/{plan}/objections": "words of households",
    "/v1/covenants/{covenant}/comments": "words of households",
    "/v1/taskforces/{force}/members": "names",
    "/v1/meetings/{meeting}/minutes.pdf": "names",
    "/v1/deliberations/{talk}/record": "words",
    "/v1/works/{works}/representatives": "names",
    "/v1/works/{works}/history": "words of residents",
    "/v1/works/{works}/defects": "words of residents",
    "/v1/works/{works}/photos/{sha256}": "people may be on them",
    "/v1/clearings/{clearing}/history": "who lives where",
    "/v1/clearings/{clearing}/photos/{sha256}": "people may be on them",
    "/v1/lineage/{id}": "what is still a draft",
}
"""Why a company that has no part in an affair does not read it: it is refused (403)."""
FOR_ALL_PARTIES = {
    *("/v1/publicity", "/v1/publicity/{id}"),
    "/v1/rounds/{id}/reach",
    *("/v1/registers", "/v1/registers:form", "/v1/registers/{id}", "/v1/votes", "/v1/votes/{id}"),
    *("/v1/votes/{id}/list.pdf", "/v1/votes/{id}/notice"),
    *("/v1/plans", "/v1/plans/{id}", "/v1/plans/{id}/versions/{n}", "/v1/plans/{id}/versions/{n}:compare"),
    *("/v1/covenant-templates", "/v1/covenants", "/v1/covenants/{id}", "/v1/covenants/{id}/texts/{digest}"),
    *("/v1/taskforces", "/v1/taskforces/{id}", "/v1/meetings", "/v1/meetings/{id}", "/v1/meetings/{id}/minutes"),
    "/v1/meetings/{id}/invitation.ics",
    *("/v1/actions", "/v1/actions/{id}", "/v1/deliberations", "/v1/deliberations/{id}"),
    *("/v1/works", "/v1/works/{id}", "/v1/clearings", "/v1/clearings/{id}"),
    "/v1/whoami",
}
"""How an affair stands: ids, hashes, offices' words, figures; nobody's name, door, choice or words."""
FOR_ALL = ("public", "board", "bulletins", "matters", "turnout", "list", "seals", "outcome", "progress", "result")
BY_CODE = ("answers", "ballots", "objections", "signing", "talks", "site")
OPERATORS = ("keys", "audit", "parked", "traces", "retention", "clock")


def shape(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


def known(path: str) -> bool:
    parts = [part for part in path.replace(":", "/").split("/") if part]
    if shape(path) in {*map(shape, HELD), *map(shape, FOR_ALL_PARTIES)} or parts[0] != "v1":
        return True
    return (parts[1] in BY_CODE and parts[2] == "{code}") or parts[1] in OPERATORS or bool({*parts} & {*FOR_ALL})


async def test_a_company_with_no_part_in_an_affair_reads_how_it_stands_and_nobody_behind_it(
    stack: Servers, tmp_path: Path
) -> None:
    async with system_on(stack, tmp_path, LINLI_PLAY_TIME="true") as system:
        await system.load(parties=with_a_site())
        affairs = Affairs(system)
        await affairs.hears_of_the_community()
        site = await Site(affairs).begin()
        sha = await site.photo("grid")
        found = {**PLACE, "what": "棚", "place": "东侧", "photos": [await _of_a_shed(site)]}
        register = await affairs.register()
        await affairs.frozen(register, "s-1")
        matters = [{"id": "a", "text": "甲", "legal_class": "common_parts"}]
        force = await formed(affairs, ("community-1", "community", "village"))
        asking = await Asking.drafted(affairs)
        ids = {
            "round": asking.id,
            "register": register,
            "vote": await affairs.prepared("s-1", matters),
            "works": site.id,
            "clearing": (await affairs.post("/v1/clearings", found, 201))["id"],
            "plan": (await affairs.get("/v1/plans", params=PLACE))[0]["id"],
            "covenant": (await Drafting.begun(affairs, "owners")).id,
            "force": force,
            "sha256": sha,
            "household": "h-1",
            "id": await _demand(affairs),
        }
        company = await known_to(system, "neighbourhood", await party_key(system, "water-co"))
        node = await known_to(system, "neighbourhood", await party_key(system, "village"))
        wrong = []
        for path in HELD:
            if "{meeting}" in path or "{talk}" in path:
                continue  # their own tests: test_taskforce.py, test_deliberation.py
            url = affairs.url + path.format(**ids)
            refused = await system.resident.get(url, params=PLACE, headers=company)
            read = await system.resident.get(url, params=PLACE, headers=node)
            teller = path.endswith(("/ballots", "/ballots.pdf"))  # a node of the tree is none either
            closed = {403, 409} if "/ballots" in path else {403}  # before the vote has closed nobody sees one
            if refused.status_code not in closed or (read.status_code == 403 and not teller):
                wrong.append((path, refused.status_code, read.status_code, refused.text[:120]))
        assert not wrong, wrong
        for path in ("/v1/works/{works}/history", "/v1/works/{works}/representatives"):
            builds = await system.resident.get(affairs.url + path.format(**ids), headers=site.keys["builder"])
            assert builds.status_code == 200, "who builds there reads what is said there"
        there = (await system.resident.get(f"{affairs.url}/openapi.json")).json()["paths"]
        await system.load(id="elsewhere", parties=with_a_site())
        elsewhere = bearer((await key_for(system, "party", party="village", community="elsewhere"))["key"])
        lineage = f"{affairs.url}/v1/lineage/{ids['id']}"
        theirs = await system.resident.get(lineage, headers=await known_to(system, "neighbourhood", elsewhere))
        assert theirs.status_code == 404, "another community's node does not learn that it is there"
        unknown = [path for path, operations in there.items() if "get" in operations and not known(path)]
        assert not unknown, f"say in a table above who reads {unknown}"


async def _of_a_shed(site: Site) -> str:
    path = f"/v1/clearings/photos?community={PLACE['community']}&neighbourhood={PLACE['neighbourhood']}"
    return await site.photo("grid", path=path)


async def _demand(affairs: Affairs) -> str:
    """One that has a lineage."""
    id = str((await affairs.system.submit(kind="demand", title="加装电梯", neighbourhood="east")).json()["id"])

    async def heard() -> bool:
        return bool((await affairs.system.operator.get(f"{affairs.url}/v1/lineage/{id}")).status_code == 200)

    await until(heard)
    return id
