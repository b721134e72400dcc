"""The desk: lists by address, one case on one page, each action once by its form, conflicts, presence, who sees it."""

import asyncio
import re
from collections.abc import AsyncIterator
from html import unescape

import pytest

from tests.support.databases import databases_of
from tests.support.desk import did, hidden, offered, press, reported
from tests.support.keys import key_for
from tests.support.photos import jpeg, scene
from tests.support.portal import Visitor, inline_in, visitor
from tests.support.services import until
from tests.support.system import System

PHOTO = [("photo", ("a.jpg", jpeg(scene(64, 48)), "image/jpeg"))]
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture(autouse=True)
async def loaded(system: System) -> None:
    await system.load()


async def clerk_of(system: System, party: str) -> str:
    made = await key_for(system, "party", party=party, community="test")
    key: str = made["key"]
    return key


@pytest.fixture
async def estate(system: System) -> AsyncIterator[Visitor]:
    async with visitor(system.urls["portal"], await clerk_of(system, "estate")) as signed_in:
        yield signed_in


@pytest.fixture
async def grid(system: System) -> AsyncIterator[Visitor]:
    async with visitor(system.urls["portal"], await clerk_of(system, "grid-1")) as signed_in:
        yield signed_in


def listed(page: str) -> list[str]:
    return re.findall(r'<tr data-case="([^"]+)"', page)


async def test_a_case_goes_its_whole_way_by_the_forms_of_who_has_it_and_who_decides(
    system: System, estate: Visitor, grid: Visitor
) -> None:
    id = await reported(system)
    page = await estate.page(f"/desk/cases/{id}")
    assert offered(page) == {"accept", "return", "note", "evidence"}, "and nothing that would be refused"
    assert "Take it on" in page
    assert "left" in page
    page = await did(estate, id, "accept", message="马上去看")
    assert "Done: Accept." in page
    assert {"progress", "pause", "resolve"} <= offered(page)
    await did(estate, id, "progress", message="已联系厂家")
    await did(estate, id, "note", message="内部备注")
    await did(estate, id, "evidence", files=PHOTO, stage="before", message="坏了")
    page = await did(estate, id, "pause", waiting_for="part", message="等配件")
    assert "Paused: waits for a part" in page
    assert "resume" in offered(page)
    assert "pause" not in offered(page)
    await did(estate, id, "resume")
    after = [("photo", ("b.jpg", jpeg(scene(80, 60)), "image/jpeg"))]
    page = await did(estate, id, "resolve", message="已换新门机", files=after)
    assert "已换新门机" in page
    assert offered(page) == {"note", "evidence"}
    pictures = set(re.findall(rf'src="(/desk/cases/{id}/evidence/[^"]+)"', page))
    assert len(pictures) == 2
    for address in pictures:
        shown = await estate.get(address)
        assert (shown.headers["Content-Type"], shown.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    assert {"close", "reopen", "follow_up"} <= offered(await grid.page(f"/desk/cases/{id}"))
    page = await did(grid, id, "follow_up", contacted="yes", solved="no", satisfied="no", message="还是不行")
    assert "Decide whether to reopen" in page
    await did(grid, id, "reopen", message="请再去一次")
    await did(estate, id, "accept")
    await did(estate, id, "resolve", message="这次好了")
    page = await did(grid, id, "close", message="已核实")
    case = await system.case(id)
    assert case
    assert case["state"] == "closed"
    for words in ("已联系厂家", "内部备注", "等配件", "请再去一次", "已核实", "by telephone"):
        assert words in page


async def test_a_return_says_who_will_decide_before_it_is_done_and_that_node_sends_it_back(
    system: System, estate: Visitor, grid: Visitor
) -> None:
    id = await reported(system)
    form = await estate.page(f"/desk/cases/{id}/do/return")
    assert 'value="do"' not in form, "first it says what will happen"
    looked = await press(estate, id, "return", step="look", reason="不归我们管")
    assert looked.status_code == 200
    assert "第一网格" in looked.text
    assert "decides whose it is, until" in looked.text
    assert "不归我们管" in looked.text
    assert (await system.case(id) or {})["state"] == "dispatched", "nothing was done"
    done = await press(estate, id, "return", page=looked.text, reason="不归我们管")
    assert done.status_code == 303
    page = await did(grid, id, "send_back", message="就是你们的")
    assert "binding" in page
    assert "return" not in offered(await estate.page(f"/desk/cases/{id}"))


async def test_merge_undo_split_correct_and_reassign_say_what_will_happen(system: System, operator: Visitor) -> None:
    head, other = await reported(system, "1号楼电梯停了"), await reported(system, "1号楼电梯停了！")
    page = await operator.page(f"/desk/cases/{other}")
    assert f"/desk/cases/{other}/do/merge?into={head}" in page, "likely repeats lead to the form"
    assert "similar words" in page
    looked = await press(operator, other, "merge", step="look", into=head)
    assert "every step of that case" in looked.text
    page = await did(operator, other, "merge", into=head, message="同一部电梯")
    assert offered(page) == {"note", "unmerge", "correct", "evidence"}
    assert other in await operator.page(f"/desk/cases/{head}")
    await did(operator, other, "unmerge")
    page = await did(
        operator,
        other,
        "correct",
        title="2号楼电梯停了",
        kind="report",
        category="facilities.lift",
        neighbourhood="west",
        place="2号楼",
        reason="看错了楼号",
    )
    assert "2号楼电梯停了" in page
    assert "How its reporter had it" in page
    parts = {"part-1-party": "estate", "part-1-message": "修门", "part-2-party": "water-co", "part-2-message": "修管"}
    looked = await press(operator, other, "split", step="look", **parts)
    assert "gets a case of its own" in looked.text
    page = await did(operator, other, "split", **parts)
    assert "The parts are being dealt with" in page
    looked = await press(operator, head, "reassign", step="look", party="water-co")
    assert "水务公司" in looked.text
    page = await did(operator, head, "reassign", party="water-co", message="查明是水管")
    assert "水务公司" in page


async def test_a_repeated_press_does_nothing_twice(system: System, estate: Visitor) -> None:
    id = await reported(system)
    form = await estate.page(f"/desk/cases/{id}/do/accept")
    first, second = await asyncio.gather(*(press(estate, id, "accept", page=form) for _ in range(2)))
    assert (first.status_code, second.status_code) == (303, 303)
    case = await system.case(id)
    assert case
    assert [step["type"] for step in case["history"]].count("linli.case.accepted.v1") == 1


async def test_what_somebody_did_meanwhile_is_shown_and_the_form_keeps_its_words(
    system: System, estate: Visitor, grid: Visitor
) -> None:
    id = await reported(system)
    await did(estate, id, "accept")
    mine = await estate.page(f"/desk/cases/{id}/do/progress")
    await did(grid, id, "note", message="网格员已到场")
    news = await estate.page(f"/desk/cases/{id}/now?version=3")
    assert "网格员已到场" in news
    assert "moved on" in news
    answer = await press(estate, id, "progress", page=mine, message="我写了很久的话")
    assert answer.status_code == 412
    assert "Nothing was done" in answer.text
    assert "网格员已到场" in answer.text
    assert "我写了很久的话" in answer.text
    again = await press(estate, id, "progress", page=answer.text, message="我写了很久的话")
    assert again.status_code == 303


async def test_what_is_refused_says_why_and_keeps_the_form(system: System, estate: Visitor) -> None:
    id = await reported(system)
    await did(estate, id, "accept")
    form = await estate.page(f"/desk/cases/{id}/do/resolve")
    answer = await press(estate, id, "resolve", page=form, message="")
    assert answer.status_code == 422
    assert "message" in answer.text
    assert (await press(estate, id, "evidence", stage="after")).status_code == 422
    unknown = await press(estate, id, "note", message="话" * 2_100)
    assert unknown.status_code == 422
    assert (await estate.get(f"/desk/cases/{id}/do/withdraw")).status_code == 404


async def test_a_party_sees_its_own_cases_alone(system: System, estate: Visitor) -> None:
    id = await reported(system, "3号楼停水了", category="water", text="水管裂了")
    async with visitor(system.urls["portal"], await clerk_of(system, "water-co")) as water:
        assert id in listed(await water.page("/desk"))
        assert (await water.get(f"/desk/cases/{id}")).status_code == 200
    assert id not in await estate.page("/desk?view=all")
    for path in ("", "/now?version=1", "/do/accept", "/evidence/abc", "/photos/1"):
        assert (await estate.get(f"/desk/cases/{id}{path}")).status_code == 404, path
    watched = await estate.send(f"/desk/cases/{id}/watch", watch="yes")
    assert watched.status_code == 404
    assert (await estate.get(f"/desk/bulk?action=note&id={id}")).status_code == 404
    assert (await estate.get("/desk/outlines.json?community=other")).json()["features"] == []


async def test_who_is_not_signed_in_is_led_to_the_sign_in_and_an_auditor_changes_nothing(
    system: System, anybody: Visitor
) -> None:
    id = await reported(system)
    assert (await anybody.get("/desk?view=all")).headers["Location"] == "/sign-in?next=%2Fdesk%3Fview%3Dall"
    async with visitor(system.urls["portal"], (await key_for(system, "auditor"))["key"]) as auditor:
        page = await auditor.page(f"/desk/cases/{id}")
        assert offered(page) == set()
        assert 'type="checkbox" name="id"' not in await auditor.page("/desk?view=all")


async def test_filters_are_addresses_that_are_saved_counted_and_shared(
    system: System, estate: Visitor, grid: Visitor
) -> None:
    one, two = await reported(system, "独特的电梯"), await reported(system, "另一部")
    await did(estate, two, "accept")
    page = await estate.page("/desk?view=post&state=accepted")
    assert two in listed(page)
    assert one not in listed(page)
    assert listed(await estate.page("/desk?view=all&q=独特的电梯")) == [one]
    assert two in listed(await estate.page("/desk?view=all&level=property&category=facilities&neighbourhood=east"))
    assert listed(await estate.page("/desk?view=all&level=water")) == []
    cleaned = await estate.get("/desk?view=post&q=&state=accepted&kind=")
    assert cleaned.headers["Location"] == "/desk?view=post&state=accepted"
    assert (await estate.get("/desk?view=all&sort=age&state=nonsense&party=%24ne")).status_code == 200
    saved = await estate.send("/desk/filters", name="在办", query="view=post&state=accepted", shared="yes")
    assert saved.headers["Location"] == "/desk?view=post&state=accepted"
    await estate.send("/desk/filters", name=HOSTILE[:60], query="view=overdue")
    page = await estate.page("/desk")
    assert "在办 <span" in page
    assert "<script>alert" not in page
    async with visitor(system.urls["portal"], await clerk_of(system, "estate")) as colleague:
        page = await colleague.page("/desk")
        assert "在办" in page
        assert "alert(1)" not in page, "what is not shared is one's own"
        assert "/forget" not in page
    assert "在办" not in await grid.page("/desk")
    number = await estate.send("/desk/filters", name="打 13812345678", query="view=all")
    assert number.status_code == 422
    for mine in re.findall(r"/desk/filters/([^/]+)/forget", await estate.page("/desk")):
        await grid.send(f"/desk/filters/{mine}/forget")
        assert f"/desk/filters/{mine}/forget" in await estate.page("/desk"), "it is not theirs"
        await estate.send(f"/desk/filters/{mine}/forget")
    assert "/forget" not in await estate.page("/desk")


async def test_the_numbers_are_those_of_the_lists_and_one_party_never_sees_another_s(
    system: System, estate: Visitor, grid: Visitor, operator: Visitor
) -> None:
    await reported(system, "水管裂了", category="water")
    one, two = await reported(system), await reported(system)
    await did(estate, one, "accept")
    await estate.send(f"/desk/cases/{two}/watch", watch="yes")
    async with visitor(system.urls["portal"], await clerk_of(system, "water-co")) as water:
        for clerk in (estate, water, grid, operator):
            saved = await clerk.send(
                "/desk/filters", name="在办的电梯", query="view=post&state=accepted&category=facilities"
            )
            assert saved.status_code == 303
            await numbers_fit(clerk)
        assert numbers(await estate.page("/desk")) != numbers(await water.page("/desk"))
        alone, page = numbers(await water.page("/desk/counts")), numbers(await water.page("/desk"))
        assert alone.items() <= page.items()


async def test_a_family_is_told_of_on_each_of_its_pages_and_leads_a_party_nowhere_that_is_refused(
    system: System, estate: Visitor, operator: Visitor
) -> None:
    whole, follower = await reported(system, "整件"), await reported(system, "跟随的")
    await did(operator, follower, "merge", into=whole)
    parts = {"part-1-party": "estate", "part-1-message": "换灯", "part-2-party": "water-co", "part-2-message": "查漏点"}
    await did(operator, whole, "split", **parts)
    page = await operator.page(f"/desk/cases/{whole}")
    family = page[page.index("<h2>Family</h2>") :]
    family = family[: family.index("</ul>")]
    ids = re.findall(r"/desk/cases/([0-9a-f-]{36})", family)
    assert ids[0] == follower
    assert len(ids) == 3
    assert family.count("part:") == 2
    assert re.search(
        r"Family</h2>\s*<ul>\s*<li>follows <a href=.{0,60}" + whole, await operator.page(f"/desk/cases/{follower}")
    )
    for part in ids[1:]:
        assert "a part of" in await operator.page(f"/desk/cases/{part}")
    theirs = set(re.findall(r'href="(/desk/cases/[0-9a-f-]{36})"', await estate.page(f"/desk/cases/{whole}")))
    assert [(await estate.get(each)).status_code for each in theirs] == [200] * len(theirs)
    assert sum(f"/desk/cases/{part}" in theirs for part in ids[1:]) == 1


async def test_a_list_tells_how_many_of_its_cases_are_not_as_it_shows_them(
    system: System, estate: Visitor, grid: Visitor
) -> None:
    one, other = await reported(system, "门禁一"), await reported(system, "门禁二")
    seen = hidden(await estate.page("/desk?view=all"))["seen"][0]
    changed = f"/desk/changed?view=all&seen={seen}"
    assert (await estate.get(changed)).status_code == 204
    await did(grid, one, "note", message="已到场")
    await did(estate, other, "accept")
    news = await estate.page(changed)
    assert '<a href="/desk?view=all">2 cases of this list have changed: show them</a>' in news
    told = hidden(news)["told"][0]
    assert (await estate.get(f"{changed}&told={told}")).status_code == 204, "or it is read out again"
    assert (await estate.get("/desk/changed?view=all&seen=xyz")).status_code == 422


async def test_a_filter_that_finds_nothing_by_its_words_is_not_kept_and_shuts_nobody_out(
    system: System, estate: Visitor
) -> None:
    refused = await estate.send("/desk/filters", name="一个字", query="view=all&q=水")
    assert refused.status_code == 422
    assert "一个字" not in await estate.page("/desk")
    await estate.send("/desk/filters", name="从前的", query="view=all&q=水管")
    async with databases_of(system) as database:
        earlier = {"$set": {"query": "view=all&q=水"}}
        assert (await database("portal")["desk_filters"].update_one({"name": "从前的"}, earlier)).modified_count
    page = await estate.page("/desk")
    assert re.search(r"从前的</a>", page), "it has no number"
    assert numbers(page)
    await estate.send(f"/desk/filters/{re.search(r'/desk/filters/([^/]+)/forget', page)[1]}/forget")  # type: ignore[index]


async def numbers_fit(clerk: Visitor) -> None:
    """Whether each view, state and saved filter has as many cases as the desk says, once it counts anew."""

    async def fit() -> bool:
        said = numbers(await clerk.page("/desk"))
        lists = {address: len(await all_of(clerk, address)) for address in said}
        return said == lists and any(said.values())

    await until(fit)


def numbers(page: str) -> dict[str, int]:
    """The number beside each address, and of each state."""
    found = re.findall(r'href="(/desk\?[^"]+)"[^>]*>[^<]*<span class="count">(\d+)<', page)
    found += re.findall(r'name="state" value="(\w+)"[^>]*> [^<]*<span class="count">(\d+)<', page)
    return {
        address if "/" in address else f"/desk?view=all&state={address}": int(number)
        for address, number in ((unescape(address), number) for address, number in found)
    }


async def all_of(clerk: Visitor, address: str) -> list[str]:
    """The cases of a list, to its last page."""
    found: list[str] = []
    following: str | None = address
    while following:
        page = await clerk.page(following)
        found += listed(page)
        more = re.search(r'href="([^"]+cursor=[^"]+)"', page)
        following = unescape(more[1]) if more else None
    return found


async def test_what_is_watched_stays_in_sight(system: System, estate: Visitor, grid: Visitor) -> None:
    id = await reported(system)
    await did(estate, id, "accept")
    await estate.send(f"/desk/cases/{id}/watch", watch="yes")
    assert listed(await estate.page("/desk?view=watching")) == [id]
    assert listed(await grid.page("/desk?view=watching")) == []
    await estate.send(f"/desk/cases/{id}/watch")
    assert listed(await estate.page("/desk?view=watching")) == []


async def test_two_who_have_a_case_open_know_of_one_another(system: System, estate: Visitor, grid: Visitor) -> None:
    id = await reported(system)
    assert "has this case open" not in await estate.page(f"/desk/cases/{id}")
    page = await grid.page(f"/desk/cases/{id}")
    assert "One other has this case open" in page
    assert "物业公司" in page
    assert "第一网格" in await estate.page(f"/desk/cases/{id}/now?version=2")


async def test_what_a_page_of_a_case_shows_already_is_not_put_in_anew(
    system: System, estate: Visitor, grid: Visitor
) -> None:
    id = await reported(system)
    page = await estate.page(f"/desk/cases/{id}")
    part = re.search(r'hx-get="([^"]+/now[^"]+)"', page)
    assert part and 'hx-include="#now-seen"' in page
    for happens in (None, grid.page(f"/desk/cases/{id}"), did(grid, id, "note", message="已到场")):
        if happens:
            await happens
            page = await estate.page(part[1] + "&seen=" + hidden(page)["seen"][0])
        again = await estate.get(part[1] + "&seen=" + hidden(page)["seen"][0])
        assert (again.status_code, again.text) == (204, ""), "or a screen reader says it again"


async def test_the_list_has_what_the_map_shows_and_what_was_written_is_text(system: System, operator: Visitor) -> None:
    spot = {"lat": 36.104, "lon": 120.405}
    id = await reported(system, HOSTILE, text=HOSTILE, place="<b>东门</b>", location=spot)
    page = await operator.page("/desk?view=all")
    assert re.search(rf'<tr data-case="{id}" data-lat="36.104" data-lon="120.405" data-place="east"', page)
    outlines = (await operator.get("/desk/outlines.json?community=test")).json()
    assert [each["properties"]["id"] for each in outlines["features"]] == ["east"]
    for address in (
        f"/desk/cases/{id}",
        "/desk?view=all",
        f"/desk/cases/{id}/do/correct",
        f"/desk/bulk?action=note&id={id}",
    ):
        page = await operator.page(address)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>东门" not in page
        assert not inline_in(page)


async def test_who_has_to_call_sees_the_number_once_with_the_reason_in_the_log(
    system: System, operator: Visitor, estate: Visitor
) -> None:
    id = await reported(system, reporter={"name": "王秀英", "phone": "13812345678"})
    page = await operator.page(f"/desk/cases/{id}")
    assert "13812345678" not in page
    shown = await operator.send(f"/desk/cases/{id}/contact", why="follow_up")
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "no-store")
    assert "13812345678" in shown.text
    (entry,) = (await system.get("intake", "/v1/audit", object=id, what="contacts:call"))["items"]
    assert (entry["reason"], entry["objects"]) == ("follow_up", [id])
    assert "/contact" not in await estate.page(f"/desk/cases/{id}")
    assert (await estate.send(f"/desk/cases/{id}/contact", why="follow_up")).status_code == 403


async def test_the_desk_speaks_chinese(system: System, estate: Visitor) -> None:
    id = await reported(system)
    await estate.send("/look", page="", language="zh-CN")
    page = await estate.page("/desk")
    assert "轮到我" in page
    assert "还剩" in page
    assert "由谁负责，为什么" in await estate.page(f"/desk/cases/{id}")
    refused = await press(estate, id, "note", message="")
    assert refused.status_code in {303, 422}
