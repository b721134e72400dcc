"""The whole story of a renewal comes to its figures, and the portal shows each stage of it."""

import html
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest

from linli.contracts.kinds import Kind
from linli_cli.community.commands import read_folder
from linli_cli.demo.command import sample_folder
from linli_cli.demo.disputes import ENDINGS
from linli_cli.demo.renewal.figures import figures
from linli_cli.demo.renewal.pages import EVERYBODY, OPERATOR, pages
from linli_cli.demo.renewal.play import ACTS, play
from linli_cli.demo.renewal.stage import PLACE, Stage
from linli_cli.demo.renewal.story import COMMUNITY, MATTERS, NEIGHBOURHOOD, SHED
from linli_cli.demo.renewal.taskforce import ACTIONS, SEATS
from linli_cli.demo.renewal.works import GRID
from linli_cli.demo.sample_submissions import load_submissions
from tests.support.affairs import Affairs, units
from tests.support.keys import key_for
from tests.support.portal import visitor
from tests.support.renewal import Speaking
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import PORTAL, System, system_on


@dataclass(frozen=True, slots=True)
class Played:
    """The system on which it was played, and what was seen."""

    system: System
    stage: Stage
    acts: list[str]


@pytest.fixture(scope="module")
async def played(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Played]:
    async with system_on(stack, tmp_path_factory.mktemp("logs"), LINLI_PLAY_TIME="true") as system:
        folder = sample_folder()
        community, said = read_folder(folder).community, load_submissions(folder)
        answer = await system.operator.put(
            f"{system.urls['workflow']}/v1/communities/{community.id}", json=community.model_dump(mode="json")
        )
        assert answer.is_success, answer.text
        system.launch(PORTAL)
        affairs = Affairs(system)

        async def heard() -> bool:
            asked = await affairs.ask("/v1/registers?check=true", {**PLACE, "units": units()[:1]})
            return bool(asked.status_code == 200)

        await until(heard)
        demands, disputes = ([each for each in said if each["kind"] == kind] for kind in (Kind.DEMAND, Kind.DISPUTE))
        stage, acts = Stage(Speaking(system), ZoneInfo(community.timezone)), list[str]()
        await play(stage, demands, acts.append, disputes)
        await system.ready(PORTAL)
        yield Played(system, stage, acts)


async def test_the_story_comes_to_its_figures(played: Played) -> None:
    wrong = [(each.name, each.wanted, each.found) for each in figures(played.stage.seen) if not each.right]
    assert wrong == []
    assert played.acts == list(ACTS)


SHOWN: Mapping[str, Sequence[str]] = {
    "what the survey came to": ("37 of 48 have answered", *(each.title for each in MATTERS)),
    "one household's answer, and what became of it": ("3号楼门前这条路该重新铺了", "道路与人行道"),
    "the survey at the desk": ("Published for all", *(each.title for each in MATTERS)),
    "seats, meeting and tasks": (*SEATS, "Minutes confirmed", "槐荫社区会议室", *(what for what, _ in ACTIONS)),
    "the notice board": (
        "37 of 48 have answered",
        *("Final · version 2 · ¥5,670,000.00", "What is not taken up, and why (3)"),
        "34 of 46 owners (73.9 %) · 2,160.00 ㎡ of 2,880.00 ㎡ (75.0 %)",
        f"{SHED}: Passed",
    ),
    "the plan as everybody reads it": (
        *("Final", "Version 2", "¥5,670,000.00", "电动车棚与充电（移至东侧空地）", "It answers 5 demands."),
        *("1 objection", "燃气管网改造由燃气公司明年单独立项。"),
    ),
    "what the household objected, and the answer": (
        *("车棚挡住消防通道，救护车进不来。", "version 1", "It is right: the plan will change."),
        "车棚移到东侧，让出消防通道；变压器由供电公司增容。",
    ),
    "both versions of the plan side by side": (
        *("taken up 34", "declined, each with a reason 3", "¥5,670,000.00"),
        "电动车棚与充电 What 电动车棚与充电 电动车棚与充电（移至东侧空地）",
        "It is right: 车棚移到东侧，让出消防通道；变压器由供电公司增容。",
        "燃气管网改造由燃气公司明年单独立项。",
    ),
    "the talk about the shed, and what was promised": (
        *("车棚挡住消防通道，怎么办？", "车棚移到东侧空地，供电公司增容。", "Against it: 1"),
        *("power-company · comes", "Taken up"),
    ),
    "what the talk came to, for everybody": ("车棚移到东侧空地，供电公司增容。", "A household"),
    "what the power company owes, at its own desk": ("请电力公司到场核实变压器容量", "六十天内完成变压器增容。"),
    "the result of the vote": (
        "34 of 46 owners (73.9 %) · 2,160.00 ㎡ of 2,880.00 ㎡ (75.0 %)",
        f"{SHED} 26 · 1,680.00 ㎡ 8 · 480.00 ㎡ 0 · 0.00 ㎡ 34 · 2,160.00 ㎡ ● Passed",
        "20 · 1,320.00 ㎡ 14 · 840.00 ㎡ 0 · 0.00 ㎡ 34 · 2,160.00 ㎡ ● Passed",
        "All seals (34)",
    ),
    "the vote at the desk": ("Result published", "26 · 1,680.00 ㎡", "20 · 1,320.00 ㎡", "May be challenged until"),
    "all works of the neighbourhood": (
        "Open defects: 0 of 1",
        *(each.title for each in MATTERS if each.estimate),
    ),
    "the shed, from its beginning to its warranty": (
        *("Handed over 100 %", "Rounds of the site: 1 · Open defects: 0 of 1", "已完工，准备验收。"),
        *("filed as 青建备2026-118", "Electrics: until 2029-"),
    ),
    "the same for who spoke for the residents": ("Handed over · 100 %", "Put right"),
    "the same for its builder": (
        *("Here you are: Builder", "earthing · Looked at and covered", "Put right", "地面有裂缝"),
        *("yes, by 3 who speak for them", "青建备2026-118", "heshun-property"),
    ),
    "the covenant with its signatures": ("槐荫里管理规约", "Owners' covenant · In force", "Signatures 40"),
    "the same for a household that signed": (
        *("槐荫里管理规约", "In force", "Households that have signed 40"),
        *("Your household has signed exactly this text.", "谢谢，写入说明。"),
    ),
    "a dispute for who reported it": ("The agreement is kept.", ENDINGS[0].agreed[0], "李老师"),
    "the same at the desk": ("The agreement is kept", ENDINGS[0].agreed[0], "Signed by 3"),
    "a demand's way to what was built for it": (
        *("Demand", "Survey of needs", "Put together with others like it", "Answered in the plan: final", "Promise"),
        *("Building works: handed over", "Defect: done and checked", "Acceptance: filed with the authority"),
        "How it ended: All that was built for it is accepted.",
    ),
    "a demand's way to the reason why not": (
        *("Plan of the works: not taken up", "Reason: 燃气管网改造由燃气公司明年单独立项。"),
        "How it ended: The plan does not take it up.",
    ),
}
"""What each page has to say, by what the command calls it."""
STANDS = {"kept": "The agreement is kept.", "escalated": "There is no agreement; the next level decides."}


async def test_each_stage_is_on_its_page_for_whom_it_is_meant(played: Played) -> None:
    system, shown = played.system, pages(played.stage.seen)
    assert [each.words for each in shown] == list(SHOWN)
    assert {each.act for each in shown} >= set(ACTS) - {"covenant"}, "the covenant is with its signatures"
    readers = {each.reader for each in shown} | {GRID}
    keys: dict[str, str | None] = {EVERYBODY: None}
    keys[OPERATOR] = (system.servers.secrets_dir / "operator.key").read_text().strip()
    for party in readers - keys.keys():
        keys[party] = (await key_for(system, "party", party=party, community=COMMUNITY))["key"]
    async with AsyncExitStack() as sessions:
        at = {who: await sessions.enter_async_context(visitor(system.urls[PORTAL], keys[who])) for who in readers}
        missing = {
            each.words: [text for text in SHOWN[each.words] if text not in said]
            for each in shown
            for said in [words_of(await at[each.reader].page(each.path.partition("#")[0]))]
            if not all(text in said for text in SHOWN[each.words])
        }
        assert not missing, missing
        works = await at[EVERYBODY].page(f"/n/{COMMUNITY}/{NEIGHBOURHOOD}/works")
        assert len(set(re.findall(r'href="/works/([^"]+)"', works))) == 8
        owed = words_of(await at["power-company"].page("/desk/actions"))
        assert "公示施工期间停车安排" not in owed, "what the property company owes is not its own"
        for each, ending in zip(played.stage.seen["disputes"], ENDINGS, strict=True):
            stands = words_of(await at[EVERYBODY].page(f"/track/{each['code']}/mediation"))
            assert STANDS[ending.state] in stands, each
        plan = played.stage.seen["plan"]
        compared = await at[OPERATOR].page(f"/desk/plans/{plan['id']}?before=2&after=2")
        assert all(each["digest"] in compared for each in plan["versions"]) and "<ins>" not in compared
        mediates = f"/desk/cases/{played.stage.seen['disputes'][0]['case']}/mediation"
        assert "Signed by 3" in words_of(await at[GRID].page(mediates)), "its mediator's own desk"
        assert (await at[EVERYBODY].get(f"/desk/plans/{plan['id']}")).status_code == 303, "staff only"


def words_of(page: str) -> str:
    """What a person reads on it, with single blanks."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split()).replace(" :", ":")
