"""Act: what the plan says is built, looked at, refused, put right and accepted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from linli_cli.demo.renewal.stage import PLACE, Person, Stage
from linli_cli.demo.renewal.story import SCAN

SITE = {
    "client": "fushan-road-office",
    "design": "renewal-design",
    "builder": "renewal-builder",
    "supervisor": "renewal-supervisor",
}
"""Who signs an acceptance."""
REPRESENTATIVES = ["王大妈", "李师傅", "张老师"]
GRID = "huaiyin-grid-1"


@dataclass(slots=True)
class Site:
    """A package, and the keys of its parties by role."""

    stage: Stage
    id: str
    people: Mapping[str, Person]

    async def does(self, role: str, verb: str, /, **said: Any) -> Any:
        return await self.stage.do(f"/v1/works/{self.id}:{verb}", said, by=self.people[role])

    async def refused(self, role: str, verb: str, /, **said: Any) -> str:
        path = f"/v1/works/{self.id}:{verb}"
        return await self.stage.speaker.refused("neighbourhood", path, said, headers=self.people[role].headers)

    async def photo(self, role: str) -> str:
        """A photo from the site; its hash."""
        taken_at = (await self.stage.now()) - timedelta(minutes=1)
        path = f"/v1/works/{self.id}/photos"
        return await self.stage.speaker.photo("neighbourhood", path, taken_at, self.people[role].headers)


async def build(stage: Stage, plan: Mapping[str, Any], packages: Sequence[Mapping[str, Any]]) -> list[str]:
    """Each package of the plan's items, from its opening to its handover; the first with all that can go wrong."""
    people = {role: await stage.party(party) for role, party in {**SITE, "grid": GRID}.items()}
    ids = []
    for number, package in enumerate(packages):
        appointed = [{"role": role, "party": party} for role, party in SITE.items()]
        opened = await stage.do("/v1/works", {**PLACE, **plan, **package, "appointed": appointed})
        site = Site(stage, str(opened["id"]), people)
        ids.append(site.id)
        await site.does("client", "announce_progress", percent=10, message="已进场施工。")
        if number == 0:
            await _hidden_work(site)
            await _defect(site)
        await _completed(site)
        if number == 0:
            stage.seen["acceptance_refused"] = await site.refused("client", "pass_acceptance")
            await _rectified(site)
        stage.seen["accepted"] = await site.does("client", "pass_acceptance")
        today = (await stage.now()).date().isoformat()
        await site.does("client", "file_acceptance", number=f"青建备2026-{118 + number}", on=today)
        stage.seen.setdefault("handed_over", []).append(await _handed_over(site, package))
    return ids


async def _hidden_work(site: Site) -> None:
    await site.does("builder", "notify_hidden_work", hidden_id="earthing", what="车棚接地线")
    site.stage.seen["cover_refused"] = await site.refused("builder", "cover_hidden_work", hidden_id="earthing")
    await site.does("supervisor", "pass_hidden_work", hidden_id="earthing", photos=[await site.photo("supervisor")])
    await site.does("builder", "cover_hidden_work", hidden_id="earthing")


async def _defect(site: Site) -> None:
    seen = [await site.photo("grid")]
    await site.does("grid", "record_round", round_id="walk-1", kind="residents", photos=seen, note="地面有裂缝")
    await site.does("grid", "report_defect", defect_id="crack", what="地面有裂缝", round_id="walk-1", photos=seen)
    await site.does("supervisor", "confirm_defect", defect_id="crack")
    due = ((await site.stage.now()) + timedelta(days=7)).date().isoformat()
    await site.does("supervisor", "order_rectification", defect_id="crack", to=SITE["builder"], due=due)


async def _completed(site: Site) -> None:
    await site.does("client", "announce_progress", percent=100, message="已完工，准备验收。")
    await site.does("builder", "complete")
    await site.does("builder", "request_acceptance", warranty_letter=SCAN)
    on = ((await site.stage.now()) + timedelta(days=2)).date().isoformat()
    await site.does("client", "convene_acceptance", on=on)
    await site.stage.later(days=2)
    for role in SITE:
        await site.does(role, "sign_acceptance", role=role, agrees=True)
    path = f"/v1/works/{site.id}/representatives"
    speakers = await site.stage.do(path, {"names": REPRESENTATIVES}, by=site.people["grid"])
    site.stage.seen.setdefault("representatives", []).append(speakers)
    for each in speakers:
        await site.stage.do(f"/v1/site/{each['code']}:say_at_gate", {"agrees": True}, operator=False)
    ids = [each["id"] for each in speakers]
    await site.does("grid", "hold_gate", representatives=ids, agrees=True)


async def _rectified(site: Site) -> None:
    before, after = await site.photo("builder"), await site.photo("builder")
    await site.does("builder", "submit_rectification", defect_id="crack", before=[before], after=[after])
    await site.does("supervisor", "verify_rectification", defect_id="crack")


async def _handed_over(site: Site, package: Mapping[str, Any]) -> Any:
    facility = {
        "id": f"{site.id[-12:]}-1",
        "name": package["title"],
        "place": "槐荫里3号楼",
        "trades": package["trades"],
        "maintained_by": "heshun-property",
    }
    return await site.does("client", "hand_over", to="heshun-property", facilities=[facility])
