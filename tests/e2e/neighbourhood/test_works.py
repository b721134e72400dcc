"""A package of works from its opening to its handover, over HTTP on real servers."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.support.affairs import PLACE, SCAN, Affairs
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.site import SHED, Site, with_a_site
from tests.support.system import system_on


@pytest.fixture(scope="module")
async def affairs(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Affairs]:
    async with system_on(stack, tmp_path_factory.mktemp("logs"), LINLI_PLAY_TIME="true") as system:
        await system.load(parties=with_a_site())
        affairs = Affairs(system)

        async def heard_of_the_community() -> bool:
            answer = await affairs.ask("/v1/clearings", {**PLACE, "what": "棚", "place": "东侧", "photos": ["0" * 64]})
            return bool(answer.status_code == 422 and answer.json().get("reason") == "photo_unknown")

        await until(heard_of_the_community, 40)
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
