"""A round from its first question to the summary that hangs in the stairwells, over HTTP on real servers."""

import asyncio
import time
from datetime import timedelta

from tests.support.affairs import SCAN, Affairs
from tests.support.databases import databases_of
from tests.support.keys import bearer, key_for
from tests.support.rounds import Asking, many_answers, wants
from tests.support.services import until


async def test_a_round_from_its_first_question_to_what_hangs_in_the_stairwells(  # noqa: PLR0915 - one story
    affairs: Affairs,
) -> None:
    other = bearer((await key_for(affairs.system, "operator", scopes=None))["key"])  # heard of long before it is used
    asking = await Asking.drafted(affairs)
    path, resident = asking.path, affairs.system.resident
    assert (await resident.get(f"{affairs.url}{path}/public")).status_code == 404
    soon = (await affairs.later()) + timedelta(hours=1)
    assert await affairs.refused(f"{path}:open", {"closes_at": soon.isoformat()}, 422) == "closes_too_early"
    await asking.opened()
    letters = await asking.invites("b3", [f"3号楼1单元{floor}01" for floor in range(1, 7)])
    pdf = await affairs.ask(f"{path}/households:invite?as=pdf", {"building": "b4", "doors": ["4号楼1单元101"]})
    assert (pdf.status_code, pdf.content[:4]) == (200, b"%PDF"), pdf.text

    shown = await resident.get(f"{affairs.url}/v1/answers/{letters[0]['code'].lower()}")
    assert shown.status_code == 200, shown.text
    assert (shown.json()["open"], shown.json()["digest"], shown.json()["said"]) == (True, asking.digest, "nothing")
    assert "door" not in shown.json()
    first = await asking.answers(letters[0], wants("希望加装电梯，老人上下楼不方便"))
    assert (first["said"], first["answers"][1]["text"]) == ("answered", "希望加装电梯，老人上下楼不方便")
    await asking.answers(letters[0], wants("希望加装电梯，老人上下楼不方便"))
    await asking.answers(letters[1], wants("老人上下楼不方便，希望加装电梯，电话 13900000101"))
    await asking.answers(letters[2], wants("小区路面坑洼", consent=False))
    await asking.answers(letters[3], wants("邻居家的狗太吵"))
    sheet = {"scan": SCAN, "digest": asking.digest, "answers": wants("增加充电桩", consent=False)}
    assert await affairs.refused(asking.household(letters[0], "/sheet"), sheet, method="PUT") == "answered_already"
    entered = await affairs.ask(asking.household(letters[4], "/sheet"), sheet, method="PUT")
    assert entered.json()["channel"] == "paper", entered.text
    answer = {"digest": asking.digest, "answers": wants("晚了")}
    assert await affairs.refused(f"/v1/answers/{letters[4]['code']}", answer, client=resident) == "answered_already"
    assert (await affairs.get(f"{path}/reach"))["b3"] == {"invited": 6, "answered": 5}

    assert await affairs.refused(f"{path}:close") == "closes_too_early"
    await affairs.later(days=11)
    assert await affairs.refused(f"/v1/answers/{letters[5]['code']}", answer, client=resident) == "round_not_open"
    await affairs.post(f"{path}:close")
    demands = await asking.raised(3)
    case = await affairs.system.get("intake", f"/v1/submissions/{demands['希望加装电梯，老人上下楼不方便']}")
    assert (case["kind"], case["channel"], case["neighbourhood"]) == ("demand", "web", "east")
    assert letters[0]["household"] not in str(case)
    assert not [text for text in demands if "13900000101" in text]

    assert await affairs.refused(f"{path}:summarise") == "sheets_not_checked"
    lines = await affairs.get(f"{path}/households")
    assert [each["door"] for each in lines if each["to_be_read"]] == [letters[4]["door"]]
    again = {"answers": wants("增加充电桩", consent=False)}
    assert await affairs.refused(asking.household(letters[4], "/sheet:check"), again) == "cannot_check"
    await affairs.post(asking.household(letters[4], "/sheet:check"), again, headers=other)

    assert await affairs.refused(f"{path}:summarise") == "demands_not_settled"
    proposals = await affairs.get(f"{path}/proposals")
    lifts, *_ = proposals
    assert sorted(len(each["demands"]) for each in proposals) == [1, 2]
    cluster = {"cluster": "lifts", "title": {"zh": "加装电梯"}, "demands": [each["id"] for each in lifts["demands"]]}
    unknown = cluster | {"demands": ["no-such-demand"]}
    assert await affairs.refused(f"{path}:settle_cluster", unknown) == "no_demand"
    await affairs.post(f"{path}:settle_cluster", cluster)
    left_out = {"demand": demands["邻居家的狗太吵"], "reason": {"zh": "属邻里纠纷，转调解"}}
    await affairs.post(f"{path}:leave_out", left_out)
    summed = await affairs.post(f"{path}:summarise")
    assert (summed["summary"]["invited"], summed["summary"]["responses"], summed["summary"]["checked"]) == (7, 5, 1)
    assert (summed["summary"]["clusters"], summed["summary"]["left_out"]) == (1, 1)
    assert (await resident.get(f"{affairs.url}{path}/public")).json()["summary"] is None
    await affairs.post(f"{path}:publish")

    public = (await resident.get(f"{affairs.url}{path}/public")).json()
    assert public["clusters"] == [{"id": "lifts", "title": {"zh": "加装电梯", "en": ""}, "demands": 2}]
    notice = (await resident.get(f"{affairs.url}/v1/board/{public['notice']}")).json()
    assert (notice["digest"], notice["of_buildings"], notice["hangs_in"]) == (public["summary_digest"], 2, 0)
    mine = (await resident.get(f"{affairs.url}/v1/answers/{letters[3]['code']}")).json()
    assert mine["became"][0]["reason"]["zh"] == "属邻里纠纷，转调解"


async def test_of_fifty_answers_of_one_household_at_once_one_counts(affairs: Affairs) -> None:
    asking = await (await Asking.drafted(affairs)).opened()
    [letter] = await asking.invites("b3", ["3号楼1单元101"])
    path = f"/v1/answers/{letter['code']}"
    bodies = [{"digest": asking.digest, "answers": wants(f"要求{at}")} for at in range(50)]
    answers = await asyncio.gather(*(affairs.ask(path, each, affairs.system.resident) for each in bodies))
    assert sorted(each.status_code for each in answers) == [201] + [409] * 49
    assert (await affairs.get(f"{asking.path}/reach"))["b3"] == {"invited": 1, "answered": 1}
    [newer] = await asking.invites("b3", ["3号楼1单元101"])
    assert newer["household"] == letter["household"]
    assert await affairs.refused(f"{path}:withdraw", client=affairs.system.resident) == "code_invalid"
    await affairs.post(f"/v1/answers/{newer['code']}:withdraw", client=affairs.system.resident)
    assert (await affairs.get(f"{asking.path}/reach"))["b3"] == {"invited": 1, "answered": 0}
    wrong = await affairs.ask("/v1/answers/ABCD-EFGH-JKMN-PQRS", bodies[0], affairs.system.resident)
    assert wrong.status_code == 404


async def test_needs_wait_while_intake_is_away_and_none_is_lost_or_doubled(affairs: Affairs) -> None:
    asking = await (await Asking.drafted(affairs)).opened()
    letters = await asking.invites("b3", [f"3号楼1单元{floor}01" for floor in range(1, 6)])
    for number, letter in enumerate(letters):
        await asking.answers(letter, wants(f"第{number}户要修楼道"))
    await affairs.later(days=11)
    affairs.system.kill("intake")
    await affairs.post(f"{asking.path}:close")
    await asyncio.sleep(2)
    assert await asking.demands() == {}
    affairs.system.launch("intake")
    await affairs.system.ready("intake")
    assert len(await asking.raised(5)) == 5


async def test_what_a_household_wrote_is_forgotten_everywhere(affairs: Affairs) -> None:
    asking = await (await Asking.drafted(affairs)).opened()
    [letter] = await asking.invites("b3", ["3号楼1单元101"])
    await asking.answers(letter, wants("我家孩子生病需要坡道"))
    await affairs.post(asking.household(letter, ":erase"))
    shown = (await affairs.system.resident.get(f"{affairs.url}/v1/answers/{letter['code']}")).json()
    assert "坡道" not in str(shown) and shown["answers"][0]["chosen"] == ["lift"]
    async with databases_of(affairs.system) as databases:
        kept = await databases("neighbourhood").events.find({"subject": {"$regex": letter["household"]}}).to_list(None)
    assert kept and "坡道" not in str([each["outgoing"]["value"] for each in kept])


async def test_a_round_of_twenty_thousand_answers_is_summarised(affairs: Affairs) -> None:
    asking = await (await Asking.drafted(affairs)).opened()
    await asking.invites("b3", ["3号楼1单元101"])
    async with databases_of(affairs.system) as databases:
        await databases("neighbourhood").round_responses.insert_many(many_answers(asking.id, 20_000), ordered=False)
    await affairs.later(days=11)
    await affairs.post(f"{asking.path}:close")
    began = time.perf_counter()
    summed = await affairs.post(f"{asking.path}:summarise", timeout=300)
    print(f"summarised in {time.perf_counter() - began:.1f} s")  # noqa: T201 - a figure for docs/performance.md
    assert (summed["summary"]["invited"], summed["summary"]["responses"]) == (20_001, 20_000)
    assert summed["summary"]["questions"][0]["counts"][0]["times"] == 20_000


async def test_a_need_that_intake_refuses_is_put_aside_and_tried_again(affairs: Affairs) -> None:
    system = affairs.system
    asking = await (await Asking.drafted(affairs)).opened()
    [one, two] = await asking.invites("b3", ["3号楼1单元101", "3号楼1单元102"])
    await asking.answers(one, wants("修楼道"))
    await asking.answers(two, wants("修屋顶"))
    await affairs.later(days=11)

    async def community(verb: str, status: int) -> None:
        done = await system.operator.post(f"{system.urls['workflow']}/v1/communities/test:{verb}")
        assert done.status_code == 200, done.text

        async def heard() -> bool:
            answer = await system.submit(kind="report", title="灯坏了", neighbourhood="east", community="test")
            return bool(answer.status_code == status)

        await until(heard)

    await community("retire", 409)
    await affairs.post(f"{asking.path}:close")

    async def both_are_aside() -> bool:
        return len(await affairs.get(f"{asking.path}/needs")) == 2

    await until(both_are_aside)
    first, second = await affairs.get(f"{asking.path}/needs")
    assert {first["household"], second["household"]} == {one["household"], two["household"]}
    assert (first["question"], first["status"]) == ("else", 409) and first["reason"]
    assert await affairs.refused(f"{asking.path}:summarise") == "needs_not_raised"
    by_hand = {"question": "else", "demand": "0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01"}
    await affairs.post(asking.household(one, ":raise"), by_hand)
    assert len(await affairs.get(f"{asking.path}/needs")) == 1
    await community("unretire", 201)
    await affairs.post(f"{asking.path}/needs:retry")
    assert set(await asking.raised(2)) == {"修楼道", "修屋顶"}
    assert await affairs.get(f"{asking.path}/needs") == []
