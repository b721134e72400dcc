"""A building site over HTTP, as its parties drive it: each with its own key, photos sent as a telephone sends them."""

import random
from datetime import timedelta
from typing import Any

from PIL import Image

from tests.support.affairs import PLACE, SCAN, Affairs
from tests.support.builders import community
from tests.support.keys import known_to, party_key
from tests.support.photos import jpeg, scene
from tests.support.plans import Drawing, item

SITE = {"client": "street", "design": "institute", "builder": "builder-co", "supervisor": "supervisor-co"}
PARTIES = [
    {"id": "institute", "name": "设计院", "kind": "builder", "parent": "street"},
    {"id": "builder-co", "name": "建筑公司", "kind": "builder", "parent": "street"},
    {"id": "supervisor-co", "name": "监理公司", "kind": "supervisor", "parent": "street"},
]
_PLANS: dict[str, dict[str, Any]] = {}
"""What packages are opened of, by system: a neighbourhood has one final plan."""
SHED = {
    "id": "shed-1",
    "name": "电动车棚",
    "place": "3号楼东侧",
    "location": {"lon": 120.405, "lat": 36.105},
    "trades": ["electrics"],
    "maintained_by": "estate",
    "papers": [{"name": "使用说明书", "sha256": SCAN}],
}


def with_a_site() -> list[dict[str, Any]]:
    """The small community's parties, and those of a site."""
    return [*(party.model_dump(mode="json") for party in community().parties), *PARTIES]


def a_photo() -> bytes:
    """Another one each time."""
    picture = scene(96, 72)
    picture.paste(tuple(random.randrange(256) for _ in range(3)), (0, 0, 48, 36))
    exif = Image.Exif()
    exif[0x010E] = "GPS 36.1, 120.4"
    return jpeg(picture, exif=exif)


def built_by(affairs: Affairs, plan: dict[str, Any]) -> None:
    """From here on packages of this system are of a plan that the test has drawn itself."""
    _PLANS[affairs.system.prefix] = plan


async def of_a_final_plan(affairs: Affairs) -> dict[str, Any]:
    """The plan's item with the demands that it cites, as a package names them."""
    system = affairs.system.prefix
    if system not in _PLANS:
        drawing = await Drawing.begun(affairs, "d-1", "d-2")
        await drawing.does("write_item", item=item("shed", "d-1", "d-2", title="电动车棚"))
        digest = (await drawing.final())["versions"][-1]["digest"]
        _PLANS[system] = {"plan_id": drawing.id, "plan_hash": digest, "items": ["shed"], "demands": ["d-1", "d-2"]}
    return _PLANS[system]


class Site:
    """A package in the making. `keys` are the headers of its parties, by role, and of the grid."""

    def __init__(self, affairs: Affairs) -> None:
        self.affairs, self.keys, self.id = affairs, dict[str, dict[str, str]](), ""

    async def begin(self, **changes: Any) -> "Site":
        """The parties have their keys, the package is open."""
        for role, party in {**SITE, "grid": "grid-1", "other": "water-co"}.items():
            key = await party_key(self.affairs.system, party)
            self.keys[role] = await known_to(self.affairs.system, "neighbourhood", key)
        return await self.another(**changes)

    async def another(self, **changes: Any) -> "Site":
        appointed = [{"role": role, "party": party} for role, party in SITE.items()]
        plan = await of_a_final_plan(self.affairs)
        wanted = {**PLACE, **plan, "title": "电动车棚", "appointed": appointed, "trades": ["electrics"], **changes}
        self.id = (await self.affairs.post("/v1/works", wanted, 201))["id"]
        return self

    async def does(self, role: str, verb: str, status: int = 200, /, **said: Any) -> Any:
        """A party's command."""
        return await self.affairs.post(f"/v1/works/{self.id}:{verb}", said, status, headers=self.keys[role])

    async def refused(self, role: str, verb: str, status: int = 409, /, **said: Any) -> str:
        return await self.affairs.refused(f"/v1/works/{self.id}:{verb}", said, status, headers=self.keys[role])

    async def photo(self, role: str, picture: bytes | None = None, path: str | None = None) -> str:
        """Send one; its hash."""
        now = await self.affairs.later(seconds=0)
        sent = await self.affairs.system.operator.post(
            self.affairs.url + (path or f"/v1/works/{self.id}/photos"),
            files=[("photo", ("IMG_1.jpg", picture or a_photo(), "image/jpeg"))],
            data={"taken_at": (now - timedelta(minutes=1)).isoformat(), "lon": "120.405", "lat": "36.105"},
            headers=self.keys[role],
        )
        assert sent.status_code == 201, sent.text
        [kept] = sent.json()["photos"]
        return str(kept["sha256"])

    async def convened(self) -> "Site":
        """Built, asked for, and all called together."""
        now = await self.affairs.later(seconds=0)
        await self.does("builder", "complete")
        await self.does("builder", "request_acceptance", warranty_letter=SCAN)
        await self.does("client", "convene_acceptance", on=(now + timedelta(days=2)).date().isoformat())
        return self

    async def signed(self) -> "Site":
        """By all who must, with the residents' yes."""
        for role in SITE:
            await self.does(role, "sign_acceptance", role=role, agrees=True)
        ids = [each["id"] for each in await self.speakers()]
        await self.does("grid", "hold_gate", representatives=ids, agrees=True)
        return self

    async def speakers(self) -> list[dict[str, str]]:
        """Three residents' representatives, with their codes."""
        path, named = f"/v1/works/{self.id}/representatives", {"names": ["王大妈", "李师傅", "张老师"]}
        return list(await self.affairs.post(path, named, headers=self.keys["grid"]))

    async def filed(self) -> "Site":
        now = await self.affairs.later(seconds=0)
        await self.does("client", "file_acceptance", number="青建备2026-118", on=now.date().isoformat())
        return self
