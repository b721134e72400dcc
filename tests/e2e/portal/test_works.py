"""The pages of works: the board for everybody, a site by code, and a party's form on the desk."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from tests.support.affairs import PLACE, Affairs
from tests.support.keys import key_for
from tests.support.servers import Servers
from tests.support.services import PATIENCE, until
from tests.support.site import Site, a_photo, with_a_site
from tests.support.system import PORTAL, system_on


@pytest.fixture(scope="module")
async def site(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    async with system_on(stack, tmp_path_factory.mktemp("logs"), LINLI_PLAY_TIME="true") as system:
        await system.load(parties=with_a_site())
        system.launch(PORTAL)
        await system.ready(PORTAL)
        affairs = Affairs(system)

        async def heard_of_the_community() -> bool:
            answer = await affairs.ask("/v1/clearings", {**PLACE, "what": "棚", "place": "东侧", "photos": ["0" * 64]})
            return bool(answer.status_code == 422 and answer.json().get("reason") == "photo_unknown")

        await until(heard_of_the_community)
        yield await Site(affairs).begin()


def browser(site: Site) -> httpx2.AsyncClient:
    here = {"Accept": "text/html", "Accept-Language": "zh-CN", "Sec-Fetch-Site": "same-origin"}
    return httpx2.AsyncClient(base_url=site.affairs.system.urls[PORTAL], headers=here, timeout=PATIENCE)


async def test_everybody_reads_how_far_works_have_come(site: Site) -> None:
    await site.affairs.post(f"/v1/works/{site.id}:announce_progress", {"percent": 40, "message": "基础已完成"})
    async with browser(site) as http:
        board = await http.get("/n/test/east/works")
        assert board.status_code == 200 and "电动车棚" in board.text and "施工中" in board.text
        page = await http.get(f"/works/{site.id}")
        assert page.status_code == 200 and "基础已完成" in page.text and "builder-co" in page.text
        assert (await http.get("/works/none-such")).status_code == 404


async def test_a_representative_walks_the_site_and_reports_by_code(site: Site) -> None:
    [first, *_] = await site.speakers()
    here = f"/site/{first['code']}"
    async with browser(site) as http:
        assert (await http.get("/site/XXXX-XXXX-XXXX-XXXX")).status_code == 404
        assert "在现场" in (await http.get(here)).text
        empty = await http.post(here, files=[("do", (None, "round"))])
        assert empty.status_code == 422 and "照片" in empty.text
        photo = ("photo", ("IMG_1.jpg", a_photo(), "image/jpeg"))
        said = [("do", (None, "defect")), ("words", (None, "地面有裂缝")), ("key", (None, "form-0001")), photo]
        said += [("lon", (None, "120.405")), ("lat", (None, "36.105"))]
        reported = await http.post(here, files=said)
        assert reported.status_code == 303, reported.text
        assert "缺陷已反映" in (await http.get(reported.headers["location"])).text
    [defect] = await site.affairs.get(f"/v1/works/{site.id}/defects")
    assert defect["what"] == "地面有裂缝" and len(defect["photos"]) == 1


async def test_the_supervisor_passes_what_is_hidden_from_the_desk(site: Site) -> None:
    await site.does("builder", "notify_hidden_work", hidden_id="z-1", what="接地线")
    wanted = {"party": "supervisor-co", "community": "test"}
    key = (await key_for(site.affairs.system, "party", **wanted))["key"]
    async with browser(site) as http:
        assert (await http.post("/sign-in", data={"key": key, "next": "/"})).status_code == 303
        here = f"/desk/works/{site.id}"
        page = (await http.get(here)).text
        assert "监理单位" in page and "z-1" in page
        token = page.split('name="csrf" value="')[1].split('"')[0]
        photo = ("photo", ("IMG_1.jpg", a_photo(), "image/jpeg"))
        said = [("csrf", (None, token)), ("do", (None, "hidden")), ("hidden", (None, "z-1")), photo]
        done = await http.post(here, files=said)
        assert done.status_code == 303, done.text
        assert "已记录" in (await http.get(done.headers["location"])).text
    assert (await site.affairs.get(f"/v1/works/{site.id}"))["hidden"] == {"z-1": "passed"}
