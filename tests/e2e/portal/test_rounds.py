"""The pages of rounds: a household answers by its code, the office takes a round from step to step, all read of it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.support.affairs import Affairs
from tests.support.keys import key_for
from tests.support.portal import visitor
from tests.support.rounds import Asking, wants
from tests.support.servers import Servers
from tests.support.site import a_photo
from tests.support.system import PORTAL, system_on

QUESTIONS = [
    {
        "id": "first",
        "kind": "single",
        "text": {"zh": "最需要什么？", "en": "What first?"},
        "options": [{"id": "lift", "text": {"zh": "加装电梯"}}, {"id": "paving", "text": {"zh": "重铺路面"}}],
        "required": True,
    },
    {
        "id": "all",
        "kind": "multiple",
        "text": {"zh": "还要什么？"},
        "options": [{"id": each, "text": {"zh": each}} for each in ("a", "b", "c")],
    },
    {
        "id": "order",
        "kind": "ranking",
        "text": {"zh": "先做什么？"},
        "options": [{"id": each, "text": {"zh": each}} for each in ("a", "b", "c")],
    },
    {"id": "now", "kind": "scale", "text": {"zh": "满意吗？"}, "least": 1, "most": 5},
    {"id": "else", "kind": "text", "text": {"zh": "其他需求"}, "needs": True, "places": True},
]


@pytest.fixture(scope="module")
async def affairs(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Affairs]:
    async with system_on(stack, tmp_path_factory.mktemp("logs"), LINLI_PLAY_TIME="true") as system:
        await system.load()
        system.launch(PORTAL)
        await system.ready(PORTAL)
        affairs = Affairs(system)
        await affairs.hears_of_the_community()
        yield affairs


def of(affairs: Affairs) -> str:
    return affairs.system.urls[PORTAL]


async def test_a_household_answers_by_its_code_and_takes_it_back(affairs: Affairs) -> None:
    asking = await (await Asking.drafted(affairs, QUESTIONS)).opened()
    [letter] = await asking.invites("b3", ["3号楼1单元101"])
    here = f"/answer/{letter['code']}"
    async with visitor(of(affairs), language="zh-CN") as http:
        assert 'href="/letter"' in (await http.get("/")).text
        assert 'href="/answer"' in (await http.get("/letter")).text
        assert "十六位" in (await http.get("/answer")).text
        led = await http.get(f"/answer?code={letter['code'].lower()}")
        assert led.status_code == 303 and led.headers["location"].startswith("/answer/")
        wrong = await http.get("/answer/2222-2222-2222-2222")
        assert wrong.status_code == 404 and "没有这个码" in wrong.text
        page = await http.get(here)
        assert page.status_code == 200 and "加装电梯" in page.text and asking.digest in page.text
        assert 'name="key"' in page.text and 'href="/board/test/east"' in page.text
        assert "3号楼1单元101" not in page.text
        form = {
            "digest": asking.digest,
            "q-else": "楼道要装扶手 <b>",
            "place-else": "1单元",
            "consent-else": "yes",
            "c-all-a": "yes",
            "c-all-c": "yes",
            "r-order-b": "1",
            "r-order-a": "2",
            "q-now": "4",
        }
        missing = await http.send(here, page="", **form)
        assert missing.status_code == 422 and "请回答" in missing.text and "楼道要装扶手 &lt;b&gt;" in missing.text
        sent = await http.send(here, page="", **form, **{"q-first": "lift"})
        assert sent.status_code == 303, sent.text
        done = await http.get(sent.headers["location"])
        assert "谢谢" in done.text and "1. b" in done.text
        [first, several, order, now, other] = (await affairs.get(f"/v1/answers/{letter['code']}"))["answers"]
        assert (first["chosen"], several["chosen"], order["chosen"]) == (["lift"], ["a", "c"], ["b", "a"])
        assert (now["value"], other["place"], other["consent"]) == (4, "1单元", True)
        assert "撤回" in (await http.get(f"{here}/withdraw")).text
        back = await http.send(f"{here}/withdraw", page="")
        assert back.status_code == 303 and "可以重新填写" in (await http.get(back.headers["location"])).text
        public = await http.get(f"/rounds/{asking.id}")
        assert public.status_code == 200 and "0" in public.text and "问需于民" in public.text
    async with visitor(of(affairs)) as http:
        assert "What first?" in (await http.get(here)).text
        foreign = await http.http.post(here, data=form, headers={"Sec-Fetch-Site": "cross-site"})
        assert foreign.status_code == 403


async def test_an_office_takes_a_round_from_its_opening_to_its_publication(affairs: Affairs) -> None:
    asking = await Asking.drafted(affairs, QUESTIONS)
    desk = f"/desk/rounds/{asking.id}"
    async with visitor(of(affairs), language="zh-CN") as http:
        assert (await http.get(desk)).status_code == 303
    key = (await key_for(affairs.system, "operator", scopes=None))["key"]
    async with visitor(of(affairs), key, "zh-CN") as staff:
        listed = await staff.get("/desk/renewal/test/east")
        assert asking.id in listed.text
        too_soon = (await affairs.later()) + timedelta(hours=1)
        refused = await staff.send(desk, do="open", closes_at=too_soon.strftime("%Y-%m-%dT%H:%M"))
        assert refused.status_code == 422 and "征集期须满" in refused.text
        until = (await affairs.later()) + timedelta(days=10)
        opened = await staff.send(desk, do="open", closes_at=until.strftime("%Y-%m-%dT%H:%M"))
        assert opened.status_code == 303, opened.text
        asking.digest = (await affairs.get(asking.path))["digest"]
        office = "槐荫社区服务窗口，工作日 9:00–17:00，0532-00000000"
        doors = "3号楼1单元101\n3号楼1单元102"
        letters = await staff.send(f"{desk}/letters", building="b3", doors=doors, office=office)
        assert letters.content[:4] == b"%PDF"
        [one, two] = await asking.invites("b3", ["3号楼1单元103", "3号楼1单元104"])
        await asking.answers(one, wants("希望加装电梯"))
        await asking.answers(two, wants("邻居的狗太吵"))
        await affairs.later(days=11)
        assert (await staff.send(desk, do="close")).status_code == 303
        demands = await asking.raised(2)
        page = (await staff.get(desk)).text
        assert "希望加装电梯" in page and "b3" in page
        lift, dog = demands["希望加装电梯"], demands["邻居的狗太吵"]
        settled = await staff.send(desk, do="cluster", title="加装电梯", **{f"demand-{lift}": "yes"})
        assert settled.status_code == 303, settled.text
        left = await staff.send(desk, do="leave_out", demand=dog, reason="属邻里纠纷")
        assert left.status_code == 303, left.text
        for step in ("summarise", "publish"):
            assert (await staff.send(desk, do=step)).status_code == 303
    async with visitor(of(affairs), language="zh-CN") as http:
        public = (await http.get(f"/rounds/{asking.id}")).text
        assert "加装电梯" in public and "属邻里纠纷" in public and "已公布" in public
        mine = (await http.get(f"/answer/{two['code']}")).text
        assert "属邻里纠纷" in mine


async def test_a_household_sends_a_photo_with_its_answer_and_the_office_sees_it(affairs: Affairs) -> None:
    pictured = [QUESTIONS[0], {**QUESTIONS[-1], "photos": 2}]
    asking = await (await Asking.drafted(affairs, pictured)).opened()
    [letter] = await asking.invites("b3", ["3号楼3单元101"])
    async with visitor(of(affairs), language="zh-CN") as http:
        assert 'type="file"' in await http.page(f"/answer/{letter['code']}")
        photo = ("photo", ("IMG_1.jpg", a_photo(), "image/jpeg"))
        said = {"digest": asking.digest, "q-first": "lift", "q-else": "楼道的灯不亮"}
        form = [*((name, (None, text)) for name, text in said.items()), photo]
        sent = await http.http.post(
            f"/answer/{letter['code']}", files=form, headers={"Origin": http.url, "Sec-Fetch-Site": "same-origin"}
        )
        assert sent.status_code == 303, sent.text
    key = (await key_for(affairs.system, "operator", scopes=None))["key"]
    async with visitor(of(affairs), key, "zh-CN") as staff:
        desk = f"/desk/rounds/{asking.id}"
        assert "住户上传的照片" in await staff.page(desk)
        shown = await staff.page(f"{desk}/photos")
        assert "3号楼3单元101" in shown
        [line] = await affairs.get(f"{asking.path}/households")
        picture = await staff.get(f"{desk}/photos/{line['household']}/{line['photos'][0]}")
        assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
