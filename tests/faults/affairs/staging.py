"""What stands before the first fault: open votes of one register, an open round, and a site of a plan of demands."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.faults.affairs.ledger import AffairsLedger, Owner
from tests.support.affairs import PLACE, Affairs
from tests.support.keys import known_to, party_key
from tests.support.plans import Drawing, item
from tests.support.rounds import Asking
from tests.support.services import until
from tests.support.site import SITE, a_photo
from tests.support.system import System

MATTERS: list[Mapping[str, Any]] = [
    {"id": "a", "text": "在 3 号楼东侧空地建电动车棚", "legal_class": "common_parts"},
    {"id": "b", "text": "通过《管理规约》第二版", "legal_class": "covenant"},
]
DEMANDS = 5
UNITS, VOTES = 400, 6
"""One owner for each unit: a ballot each, in each vote."""


@dataclass(slots=True)
class Stage:
    """Where the load plays."""

    affairs: Affairs
    ledger: AffairsLedger
    asking: Asking
    plan: dict[str, Any]
    """The item with its demands, as a package names them."""
    keys: dict[str, dict[str, str]]
    """The headers of the site's parties."""
    to_vote: list[Owner] = field(default_factory=list)
    """Owners who have got no paper yet."""


async def set_up(system: System, ledger: AffairsLedger) -> Stage:
    """All of it, before anything is hurt: a system that plays its time, with the site's parties."""
    affairs = Affairs(system)
    await affairs.hears_of_the_community()
    plan = await _plan(affairs, ledger)
    keys = dict(zip(SITE, await asyncio.gather(*(_key(system, party) for party in SITE.values())), strict=True))
    votes = await _votes(affairs)
    asking = await (await Asking.drafted(affairs)).opened(days=300)
    stage = Stage(affairs, ledger, asking, plan, keys)
    for vote in votes:
        stage.to_vote += [Owner(vote["id"], owner, area) for owner, area in vote["owners"].items()]
    return stage


async def _key(system: System, party: str) -> dict[str, str]:
    return await known_to(system, "neighbourhood", await party_key(system, party))


async def _plan(affairs: Affairs, ledger: AffairsLedger) -> dict[str, Any]:
    """A final plan with an item that cites demands, each the case of somebody."""
    asked = [
        await affairs.system.submit(kind="demand", title=f"加装电梯 第{at}户", neighbourhood="east")
        for at in range(DEMANDS)
    ]
    demands = [answer.json()["id"] for answer in asked]
    ledger.demands.update(demands)

    async def known() -> bool:
        found = [await affairs.system.operator.get(f"{affairs.url}/v1/lineage/{id}") for id in demands]
        return all(answer.status_code == 200 for answer in found)

    await until(known)
    drawing = await Drawing.begun(affairs, *demands)
    await drawing.does("write_item", item=item("shed", *demands, title="电动车棚"))
    digest = (await drawing.final())["versions"][-1]["digest"]
    return {"plan_id": drawing.id, "plan_hash": digest, "items": ["shed"], "demands": demands}


async def _votes(affairs: Affairs) -> list[dict[str, Any]]:
    register = await affairs.register(
        [
            {
                "door": f"{1 + at // 40}号楼{1 + at % 40 // 10}单元{1 + at % 10 // 2}0{1 + at % 2}",
                "stairwell": f"{1 + at // 40}号楼{1 + at % 40 // 10}单元",
                "area": f"{50 + at % 90}.{at % 100:02}",
                "area_from": "登记簿",
                "owner": f"业主{at}",
                "owner_key": f"3702021960{at:08}",
            }
            for at in range(UNITS)
        ]
    )
    await affairs.frozen(register, "s-1")
    owners = {each["owner"]: each["area"] for each in await affairs.get(f"/v1/registers/{register}/owners")}
    ids = [await affairs.prepared("s-1", MATTERS) for _ in range(VOTES)]
    for id in ids:
        await affairs.post(f"/v1/votes/{id}:notice")
    now = await affairs.later(days=16)
    for id in ids:
        closes_at = now.replace(year=now.year + 1)
        await affairs.post(f"/v1/votes/{id}:open", {"closes_at": closes_at.isoformat()})
    return [{"id": id, "owners": owners} for id in ids]


def package_of(stage: Stage, key: str) -> dict[str, Any]:
    """The request that opens a package of the plan's item."""
    appointed = [{"role": role, "party": party} for role, party in SITE.items()]
    return {**PLACE, **stage.plan, "title": f"电动车棚 {key}", "appointed": appointed, "trades": ["electrics"]}


def photo_form(taken_at: str) -> dict[str, Any]:
    """A photo as a telephone sends it."""
    return {
        "files": [("photo", ("IMG_1.jpg", a_photo(), "image/jpeg"))],
        "data": {"taken_at": taken_at, "lon": "120.405", "lat": "36.105"},
    }
