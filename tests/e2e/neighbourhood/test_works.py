"""A package of works from its opening to its handover, over HTTP on real servers."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.support.affairs import PLACE, SCAN, Affairs
from tests.support.command_line import CommandLine
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.site import SHED, SITE, Site, a_photo, of_a_final_plan, with_a_site
from tests.support.system import system_on


@pytest.fixture(scope="module")
async def affairs(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Affairs]:
    async with system_on(stack, tmp_path_factory.mktemp("logs"), LINLI_PLAY_TIME="true") as system:
        await system.load(parties=with_a_site())
        affairs = Affairs(system)

        async def heard_of_the_community() -> bool:
            answer = await affairs.ask("/v1/clearings", {**PLACE, "what": "棚", "place": "东侧", "photos": ["0" * 64]})
            return bool(answer.status_code == 422 and answer.json().get("reason") == "photo_unknown")

        await until(heard_of_the_community)
        yield affairs


@pytest.fixture
async def site(affairs: Affairs) -> Site:
    return await Site(affairs).begin()


async def test_a_package_goes_from_its_opening_to_its_handover(site: Site) -> None:
    affairs = site.affairs
    today = (await affairs.later(seconds=0)).date()
    await affairs.post(f"/v1/works/{site.id}:announce_progress", {"percent": 40, "message": "基础已完成"})

    # Hidden work is looked at before it is covered.
    await site.does("builder", "notify_hidden_work", hidden_id="z-1", what="接地线")
    assert await site.refused("builder", "cover_hidden_work", hidden_id="z-1") == "hidden_work_not_passed"
    shown = await site.photo("supervisor")
    await site.does("supervisor", "pass_hidden_work", hidden_id="z-1", photos=[shown])
    await site.does("builder", "cover_hidden_work", hidden_id="z-1")

    # Residents walk the site and find something; it is put right, and looked at by somebody else.
    seen = await site.photo("grid")
    await site.does("grid", "record_round", round_id="r-1", kind="residents", photos=[seen], note="地面有裂缝")
    await site.does("grid", "report_defect", defect_id="f-1", what="地面有裂缝", round_id="r-1", photos=[seen])
    await site.does("supervisor", "confirm_defect", defect_id="f-1")
    due = (today + timedelta(days=7)).isoformat()
    await site.does("supervisor", "order_rectification", defect_id="f-1", to="builder-co", due=due)
    await site.convened()
    await site.signed()
    assert await site.refused("client", "pass_acceptance") == "defects_open"
    before, after = await site.photo("builder"), await site.photo("builder")
    await site.does("builder", "submit_rectification", defect_id="f-1", before=[before], after=[after])
    await site.does("supervisor", "verify_rectification", defect_id="f-1")

    assert await site.refused("client", "hand_over", to="estate", facilities=[SHED]) == "package_state"
    accepted = await site.does("client", "pass_acceptance")
    assert accepted["state"] == "accepted" and accepted["warranties"][0]["trade"] == "electrics"
    await site.filed()
    papers = [{"name": "竣工图", "sha256": SCAN}]
    handed_over = await site.does("client", "hand_over", to="estate", facilities=[SHED], papers=papers)
    assert handed_over["state"] == "handed_over"

    # What a register of facilities needs stands in the event.
    told = await affairs.get(f"/v1/works/{site.id}/history")
    said = told[-1]["said"]
    assert told[-1]["type"] == "linli.package.handed_over.v1"
    assert said["facilities"][0]["maintained_by"] == "estate" and said["facilities"][0]["location"]["lon"] == 120.405
    assert (said["builder"], said["filed"], said["papers"]) == ("builder-co", "青建备2026-118", papers)
    assert said["warranties"] == accepted["warranties"] and said["warranty_letter"] == SCAN
    # What residents wrote is beside the events.
    [reported] = [each["said"] for each in told if each["type"] == "linli.defect.reported.v1"]
    assert reported["what"] == "地面有裂缝"

    board = (await affairs.system.resident.get(f"{affairs.url}/v1/works/{site.id}/progress")).json()
    assert board["announced"] == [{"at": board["announced"][0]["at"], "percent": 40, "message": "基础已完成"}]
    assert (board["defects"], board["defects_open"], board["state"]) == (1, 0, "handed_over")


async def test_nothing_is_covered_before_it_is_passed_and_nobody_passes_their_own(site: Site) -> None:
    assert await site.refused("builder", "cover_hidden_work", hidden_id="z-1") == "unknown"
    shown = await site.photo("builder")
    early = await site.refused("supervisor", "pass_hidden_work", hidden_id="z-1", photos=[shown])
    assert early == "unknown"  # an order of its own: what is told later does not come first
    await site.does("builder", "notify_hidden_work", hidden_id="z-1", what="防水层")
    assert await site.refused("builder", "cover_hidden_work", hidden_id="z-1") == "hidden_work_not_passed"
    assert await site.refused("builder", "pass_hidden_work", hidden_id="z-1", photos=[shown]) == "not_the_role"
    await site.does("supervisor", "fail_hidden_work", hidden_id="z-1", why="搭接不足")
    assert await site.refused("builder", "cover_hidden_work", hidden_id="z-1") == "hidden_work_not_passed"
    # The residents' representatives and all signatures do not open what is hidden.
    await site.convened()
    await site.signed()
    answer = await site.affairs.ask(f"/v1/works/{site.id}:pass_acceptance", {}, headers=site.keys["client"])
    assert (answer.status_code, answer.json()["reason"]) == (409, "hidden_work_not_passed")
    assert "z-1" in answer.json()["detail"]


async def test_who_put_it_right_does_not_verify_it_and_an_open_defect_holds_the_acceptance_up(site: Site) -> None:
    affairs = site.affairs
    today = (await affairs.later(seconds=0)).date()
    seen, before, after = await site.photo("grid"), await site.photo("builder"), await site.photo("builder")
    await site.does("grid", "report_defect", defect_id="f-1", what="扶手松动", photos=[seen])
    assert await site.refused("builder", "dismiss_defect", defect_id="f-1", why="正常") == "not_the_role"
    assert await site.refused("supervisor", "verify_rectification", defect_id="f-1") == "defect_state"
    await site.does("supervisor", "confirm_defect", defect_id="f-1")
    late = {"defect_id": "f-1", "to": "builder-co", "due": (today - timedelta(days=1)).isoformat()}
    assert await site.refused("supervisor", "order_rectification", 422, **late) == "due_passed"
    await site.does("supervisor", "order_rectification", **late | {"due": (today + timedelta(days=3)).isoformat()})
    same = {"defect_id": "f-1", "before": [before], "after": [before]}
    assert await site.refused("builder", "submit_rectification", **same) == "photos_missing"
    await site.does("builder", "submit_rectification", **same | {"after": [after]})
    assert await site.refused("builder", "verify_rectification", defect_id="f-1") == "not_the_role"
    await site.convened()
    await site.signed()
    answer = await affairs.ask(f"/v1/works/{site.id}:pass_acceptance", {}, headers=site.keys["client"])
    assert (answer.status_code, answer.json()["reason"]) == (409, "defects_open")
    assert "f-1" in answer.json()["detail"]
    chinese = await affairs.ask(
        f"/v1/works/{site.id}:pass_acceptance", {}, headers={**site.keys["client"], "Accept-Language": "zh"}
    )
    assert "缺陷" in chinese.json()["detail"]


async def test_nothing_is_handed_over_before_it_is_accepted_and_filed_and_nobody_signs_for_another(site: Site) -> None:
    handed = {"to": "estate", "facilities": [SHED]}
    assert await site.refused("client", "hand_over", **handed) == "package_state"
    await site.convened()
    body = {"role": "supervisor", "agrees": True}
    path = f"/v1/works/{site.id}:sign_acceptance"
    assert await site.affairs.refused(path, body, headers=site.keys["builder"]) == "not_the_role"
    assert await site.affairs.refused(path, body, headers=site.keys["other"]) == "not_the_role"
    assert await site.refused("client", "pass_acceptance") == "signature_missing"
    await site.signed()
    assert await site.refused("client", "hand_over", **handed) == "package_state"
    await site.does("client", "pass_acceptance")
    assert await site.refused("client", "hand_over", **handed) == "package_state"
    await site.filed()
    other = {**SHED, "trades": ["heating"]}
    assert await site.refused("client", "hand_over", 422, to="estate", facilities=[other]) == "facilities"
    await site.does("client", "hand_over", **handed)
    assert await site.refused("client", "hand_over", **handed) == "package_state"


async def test_of_fifty_that_accept_or_sign_at_once_one_counts(site: Site) -> None:
    affairs = site.affairs
    await site.convened()

    async def fifty(role: str, verb: str, body: dict[str, Any]) -> Counter[int]:
        path = f"/v1/works/{site.id}:{verb}"
        asked = (affairs.ask(path, body, headers=site.keys[role]) for _ in range(50))
        return Counter(answer.status_code for answer in await asyncio.gather(*asked))

    assert await fifty("client", "sign_acceptance", {"role": "client", "agrees": True}) == {200: 1, 409: 49}
    for role in ("design", "builder", "supervisor"):
        await site.does(role, "sign_acceptance", role=role, agrees=True)
    ids = [each["id"] for each in await site.speakers()]
    await site.does("grid", "hold_gate", representatives=ids, agrees=True)
    assert await fifty("client", "pass_acceptance", {}) == {200: 1, 409: 49}
    told = Counter(each["type"] for each in await affairs.get(f"/v1/works/{site.id}/history"))
    assert (told["linli.acceptance.passed.v1"], told["linli.acceptance.signed.v1"]) == (1, 4)
    # The same request again, by its key, is the same answer and no second event.
    again = {**site.keys["client"], "Idempotency-Key": "filing-0001"}
    filing = {"number": "备1", "on": (await affairs.later(seconds=0)).date().isoformat()}
    first, second = [await affairs.post(f"/v1/works/{site.id}:file_acceptance", filing, headers=again) for _ in "12"]
    assert first == second


async def test_a_photo_is_sent_first_kept_without_exif_and_belongs_to_one_affair(site: Site) -> None:
    affairs, original = site.affairs, a_photo()
    sha256 = await site.photo("grid", original)
    assert await site.photo("grid", original) == sha256
    path = f"/v1/works/{site.id}/photos/{sha256}"
    kept = await affairs.system.operator.get(affairs.url + path)
    assert kept.headers["content-type"] == "image/jpeg"
    with Image.open(BytesIO(kept.content)) as picture:
        assert not picture.getexif()
    walked = {"round_id": "r-1", "kind": "residents", "photos": ["f" * 64]}
    assert await site.refused("grid", "record_round", 422, **walked) == "photo_unknown"
    assert await site.refused("other", "record_round", 403, **walked | {"photos": [sha256]}) == "None"
    stranger = {"defect_id": "f-x", "what": "裂缝", "photos": []}
    assert await site.refused("other", "report_defect", 403, **stranger) == "None", "it holds no acceptance up"
    assert await site.refused("builder", "record_round", 403, **walked | {"photos": [sha256]}) == "None"
    await site.does("grid", "record_round", **walked | {"photos": [sha256]})
    [said] = [each["said"] for each in await affairs.get(f"/v1/works/{site.id}/history") if "round_id" in each["said"]]
    assert said["photos"][0]["location"] == {"lon": 120.405, "lat": 36.105}
    other = await Site(affairs).begin()
    assert await other.refused("grid", "record_round", 422, **walked | {"photos": [sha256]}) == "photo_elsewhere"
    resident = await affairs.system.resident.get(affairs.url + path)
    assert resident.status_code in {401, 403}
    form = {"files": [("photo", ("x.jpg", a_photo(), "image/jpeg"))], "headers": site.keys["grid"]}
    for data in ({}, {"taken_at": "2099-01-01T00:00:00Z"}, {"taken_at": "2026-01-01T00:00:00Z", "lon": "120"}):
        answer = await affairs.system.operator.post(f"{affairs.url}/v1/works/{site.id}/photos", data=data, **form)
        assert answer.status_code == 422, answer.text
    form["headers"] = site.keys["other"]
    for path in (f"/v1/works/{site.id}/photos", "/v1/clearings/photos?community=test&neighbourhood=east"):
        answer = await affairs.system.operator.post(
            affairs.url + path, data={"taken_at": "2026-01-01T00:00:00Z"}, **form
        )
        assert answer.status_code == 403, "a company that is not of the site takes nobody's room"


async def test_who_has_to_file_is_reminded_and_so_is_who_uses_what_is_under_warranty(site: Site) -> None:
    affairs = site.affairs
    await site.convened()
    await site.signed()
    await site.does("client", "pass_acceptance")

    async def reminded(type: str, **of: Any) -> bool:
        told = await affairs.get(f"/v1/works/{site.id}/history")
        return any(each["type"] == type and of.items() <= each["said"].items() for each in told)

    await affairs.noon(10)
    await until(lambda: reminded("linli.package.duty_reminded.v1", duty="filing"))
    await affairs.later(days=60)
    await until(lambda: reminded("linli.package.duty_reminded.v1", duty="filing", days_before=-1))
    await site.filed()
    package = await affairs.get(f"/v1/works/{site.id}")
    assert package["state"] == "filed"
    for _ in range(2):
        await affairs.later(days=330)
    await until(lambda: reminded("linli.warranty.reminded.v1", trade="electrics"))


async def test_an_illegal_structure_is_cleared_after_its_appeal_and_looked_at_by_somebody_else(site: Site) -> None:
    affairs = site.affairs
    sent = f"/v1/clearings/photos?community={PLACE['community']}&neighbourhood={PLACE['neighbourhood']}"
    found = await site.photo("grid", path=sent)
    wanted = {**PLACE, "what": "彩钢板棚", "place": "3号楼东侧消防通道", "photos": [found], "package_id": site.id}
    clearing = (await affairs.post("/v1/clearings", wanted, 201, headers=site.keys["grid"]))["id"]
    before, after = await site.photo("grid", path=sent), await site.photo("grid", path=sent)
    by_force = {"voluntary": False, "before": [before], "after": [after]}
    here = f"/v1/clearings/{clearing}"

    async def refused(verb: str, body: dict[str, Any], who: str = "grid") -> str:
        return await affairs.refused(f"{here}:{verb}", body, headers=site.keys[who])

    assert await refused("clear", by_force) == "appeal_open"
    today = (await affairs.later(seconds=0)).date()
    notice = {"notice": SCAN, "remove_by": (today + timedelta(days=10)).isoformat()}
    await affairs.post(f"{here}:notice", notice, headers=site.keys["client"])
    await affairs.post(f"{here}:appeal", {"on": today.isoformat()}, headers=site.keys["client"])
    assert await refused("clear", by_force) == "appeal_open"
    await affairs.post(f"{here}:decide_appeal", {"upheld": False, "why": "未取得许可"}, headers=site.keys["client"])
    assert await refused("clear", by_force) == "time_to_remove"
    await affairs.post(f"{here}:clear", {**by_force, "voluntary": True}, headers=site.keys["grid"])
    looked = await site.photo("client", path=sent)
    assert await refused("check", {"clean": True, "photos": [looked]}) == "checker_cleared_it"
    checked = await affairs.post(f"{here}:check", {"clean": True, "photos": [looked]}, headers=site.keys["client"])
    assert checked["state"] == "checked"
    assert len(await affairs.get(f"{here}/history")) == 6


async def test_a_representative_takes_part_by_code_and_a_no_of_their_own_holds_the_gate_shut(site: Site) -> None:
    affairs, resident = site.affairs, site.affairs.system.resident
    first, second, third = await site.speakers()
    assert (await resident.get(f"{affairs.url}/v1/site/XXXX-XXXX-XXXX-XXXX")).status_code == 404
    here = f"/v1/site/{first['code'].lower()}"
    now = await affairs.later(seconds=0)
    sent = await resident.post(
        f"{affairs.url}{here}/photos",
        files=[("photo", ("IMG_1.jpg", a_photo(), "image/jpeg"))],
        data={"taken_at": now.isoformat()},
    )
    assert sent.status_code == 201, sent.text
    shot = sent.json()["photos"][0]["sha256"]
    walked = await affairs.post(f"{here}:record_round", {"photos": [shot], "note": "看了一圈"}, client=resident)
    assert walked["rounds"] == 1
    said = {"what": "张三家窗下有裂缝", "photos": [shot]}
    found = await affairs.post(f"{here}:report_defect", said, client=resident)
    [defect] = found["defects"]
    assert await affairs.refused(f"{here}:say_at_gate", {"agrees": True}, client=resident) == "package_state"
    for_a_party = {**said, "for_party": "builder-co"}
    assert (await affairs.ask(f"{here}:report_defect", for_a_party, client=resident)).status_code == 422
    await site.does("supervisor", "confirm_defect", defect_id=defect["id"])
    await site.convened()

    ids = [each["id"] for each in (first, second, third)]
    made_up = ["rep-made-up", *ids[:2]]
    assert (
        await site.refused("grid", "hold_gate", 422, representatives=made_up, agrees=True) == "unknown_representative"
    )
    await affairs.post(f"{here}:say_at_gate", {"agrees": False, "remark": "裂缝没修"}, client=resident)
    assert await affairs.refused(f"{here}:say_at_gate", {"agrees": False}, client=resident) == "said_already"
    assert await site.refused("grid", "hold_gate", representatives=ids, agrees=True) == "representative_disagrees"
    await affairs.post(f"{here}:say_at_gate", {"agrees": True}, client=resident)
    await site.does("grid", "hold_gate", representatives=ids, agrees=True)

    # What a resident wrote is nowhere in the events, and goes when they are forgotten.
    words = {"张三家窗下有裂缝", "看了一圈", "裂缝没修"}
    history = await affairs.get(f"/v1/works/{site.id}/history")
    by_code = [each for each in history if each["by"] == first["id"]]
    assert {
        each["said"].get("what") or each["said"].get("note") or each["said"].get("remark") for each in by_code
    } >= words
    another = await affairs.post(f"/v1/works/{site.id}/representatives/{second['id']}:code", headers=site.keys["grid"])
    assert (await resident.get(f"{affairs.url}/v1/site/{second['code']}")).status_code == 404
    assert (await resident.get(f"{affairs.url}/v1/site/{another['code']}")).status_code == 200
    forgotten = f"/v1/works/{site.id}/representatives/{first['id']}:forget"
    assert (await affairs.ask(forgotten, headers=site.keys["grid"])).status_code == 204
    assert (await affairs.ask(forgotten, headers=site.keys["grid"])).status_code == 404
    assert (await resident.get(affairs.url + here)).status_code == 404
    left = str(await affairs.get(f"/v1/works/{site.id}/history"))
    assert not [each for each in words if each in left]
    [seen] = await affairs.get(f"/v1/works/{site.id}/defects")
    assert (seen["what"], seen["photos"], seen["state"]) == ("", [shot], "confirmed")


async def test_a_package_is_of_what_the_final_plan_says(site: Site) -> None:
    affairs, plan = site.affairs, await of_a_final_plan(site.affairs)
    package = await affairs.get(f"/v1/works/{site.id}")
    assert package["plan_checked"] and package["plan_hash"] == plan["plan_hash"]
    appointed = [{"role": role, "party": party} for role, party in SITE.items()]
    wanted = {**PLACE, **plan, "title": "电动车棚", "appointed": appointed, "trades": ["electrics"]}
    wrong = {
        "unknown_plan": {"plan_id": "none-such"},
        "not_the_plan": {"plan_hash": "b" * 64},
        "unknown_item": {"items": ["shed", "pool"]},
        "unknown_demand": {"demands": ["d-9"]},
    }
    for reason, changed in wrong.items():
        assert await affairs.refused("/v1/works", wanted | changed, 422) == reason


async def test_the_command_line_says_how_works_stand_in_both_languages(site: Site, tmp_path: Path) -> None:
    affairs, linli = site.affairs, CommandLine(site.affairs.system, tmp_path / "home")
    await affairs.post(f"/v1/works/{site.id}:announce_progress", {"percent": 40, "message": "基础已完成"})
    seen = await site.photo("grid")
    await site.does("grid", "report_defect", defect_id="f-1", what="扶手松动", photos=[seen])
    english, chinese = {"LINLI_LANGUAGE": "en"}, {"LINLI_LANGUAGE": "zh"}
    said = {
        ("list", "东院"): (english, ["being built", "40", site.id]),
        ("show", site.id): (english, ["being built", "supervisor", "has not signed"]),
        ("defects", site.id): (chinese, ["扶手松动", "已反映"]),
        ("progress", site.id): (chinese, ["施工中", "基础已完成"]),
    }
    for arguments, (language, words) in said.items():
        code, printed, told = await linli.run("works", *arguments, **language)
        assert code == 0, told
        assert [each for each in words if each not in printed] == [], printed
    code, _, told = await linli.run("works", "show", "none-such")
    assert code == 1 and "none-such" in told
