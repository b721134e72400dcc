"""A vote of the owners from the register to the published result, over HTTP on real servers."""

import asyncio
from datetime import timedelta
from typing import Any

from tests.support.affairs import PLACE, SCAN, Affairs
from tests.support.keys import known_to, party_key
from tests.support.services import until

MATTERS = [
    {"id": "a", "text": "在 3 号楼东侧空地建电动车棚", "legal_class": "common_parts"},
    {"id": "b", "text": "通过《管理规约》第二版", "legal_class": "covenant"},
]


async def test_the_demo_s_vote_comes_to_its_figures_and_a_recount_to_the_same(affairs: Affairs) -> None:
    register = await affairs.register()
    frozen = await affairs.frozen(register, "s-1")
    assert (frozen["units"], frozen["heads"], frozen["area"]) == (48, 46, 2_880_00)
    owners = {each["name"]: each for each in await affairs.get(f"/v1/registers/{register}/owners")}
    vote = await affairs.prepared("s-1", MATTERS)
    assert await affairs.refused(f"/v1/votes/{vote}:open", {"closes_at": "2030-01-01T00:00:00Z"}) == "state"
    await affairs.post(f"/v1/votes/{vote}:notice")
    assert await affairs.refused(f"/v1/votes/{vote}:open", {"closes_at": "2030-01-01T00:00:00Z"}) == "short-notice"
    now = await affairs.later(days=16)
    await affairs.post(f"/v1/votes/{vote}:open", {"closes_at": (now + timedelta(days=7)).isoformat()})

    papers = {each["owner"]: each for each in await affairs.post(f"/v1/votes/{vote}/ballots:deliver", {})}
    assert len(papers) == 46

    def code(number: int) -> str:
        return str(papers[owners[f"业主{number}"]["owner"]]["code"])

    async def by_code(number: int, **choices: str) -> Any:
        return await affairs.post(
            f"/v1/ballots/{code(number)}", {"choices": choices}, 201, client=affairs.system.resident
        )

    # 34 owners vote: the first with three units, so 36 units and 2,160 ㎡.
    for number in range(1, 35):
        choices = {"a": "approve" if number <= 26 else "oppose", "b": "approve" if number <= 20 else "oppose"}
        await by_code(number, **choices)
    again = await affairs.refused(
        f"/v1/ballots/{code(1)}", {"choices": {"a": "oppose"}}, client=affairs.system.resident
    )
    assert again == "has-voted"
    paper = {
        "owner": owners["业主2"]["owner"],
        "choices": {"a": "oppose"},
        "received_at": now.isoformat(),
        "scan": SCAN,
    }
    assert await affairs.refused(f"/v1/votes/{vote}/ballots", paper) == "has-voted"
    turnout = await affairs.get(f"/v1/votes/{vote}/turnout")
    assert turnout["turnout"] == {"area": 2_160_00, "heads": 34}
    assert await affairs.refused(f"/v1/votes/{vote}:close") == "still-open"
    await affairs.get(f"/v1/votes/{vote}/count", 409)

    await affairs.later(days=8)
    await affairs.post(f"/v1/votes/{vote}:close")
    count = await affairs.certified(vote)
    a, b = count["matters"]
    assert (a["approve"], a["passed"]) == ({"area": 1_680_00, "heads": 26}, True)
    assert (b["approve"], b["passed"]) == ({"area": 1_320_00, "heads": 20}, True)
    assert await affairs.get(f"/v1/votes/{vote}/count?anew=true") == count
    company = await known_to(affairs.system, "neighbourhood", await party_key(affairs.system, "water-co"))
    path = f"{affairs.url}/v1/votes/{vote}"
    certified = (await affairs.system.resident.get(path, headers=company)).json()
    listed = (await affairs.system.resident.get(f"{affairs.url}/v1/votes", params=PLACE, headers=company)).json()
    assert (certified["state"], certified["count"]) == ("counted", None)
    assert [each["count"] for each in listed if each["id"] == vote] == [None]
    assert (await affairs.get(f"/v1/votes/{vote}"))["count"] == count
    await affairs.post(f"/v1/votes/{vote}:declare")
    assert (await affairs.system.resident.get(path, headers=company)).json()["count"] == count
    published = await affairs.post(f"/v1/votes/{vote}:publish")
    assert published["state"] == "published"
    lines = await affairs.get(f"/v1/votes/{vote}/list")
    assert sum(line["took_part"] for line in lines) == 36
    assert not [line for line in lines if "业主" in line["owner"]]


async def test_of_fifty_ballots_of_one_owner_at_once_one_counts(affairs: Affairs) -> None:
    await affairs.frozen(await affairs.register(), "s-2")
    vote = await affairs.prepared("s-2", MATTERS)
    await affairs.opened(vote)
    papers = await affairs.post(f"/v1/votes/{vote}/ballots:deliver", {})
    path = f"/v1/ballots/{papers[0]['code']}"
    choices = [{"choices": {"a": "approve" if at % 2 else "oppose"}} for at in range(50)]
    answers = await asyncio.gather(*(affairs.ask(path, each, affairs.system.resident) for each in choices))
    assert sorted(each.status_code for each in answers) == [201] + [409] * 49
    turnout = await affairs.get(f"/v1/votes/{vote}/turnout")
    assert turnout["turnout"]["heads"] == 1


async def test_ballots_of_several_votes_that_come_together_are_counted_each_in_its_own(affairs: Affairs) -> None:
    await affairs.frozen(await affairs.register(), "s-together")
    votes = [await affairs.prepared("s-together", MATTERS) for _ in range(3)]
    for vote in votes:
        await affairs.post(f"/v1/votes/{vote}:notice")
    closes_at = (await affairs.later(days=16)) + timedelta(days=7)
    papers = []
    for vote in votes:
        await affairs.post(f"/v1/votes/{vote}:open", {"closes_at": closes_at.isoformat()})
        papers.append(await affairs.post(f"/v1/votes/{vote}/ballots:deliver", {}))
    voting = [paper["code"] for at, each in enumerate(papers) for paper in each[: 20 + at]]
    choices = [{"choices": {"a": "approve" if at % 3 else "oppose"}} for at in range(len(voting))]
    asked = (
        affairs.ask(f"/v1/ballots/{code}", each, affairs.system.resident)
        for code, each in zip([*voting, *voting[:30]], [*choices, *choices[:30]], strict=True)
    )
    answers = await asyncio.gather(*asked)
    assert sorted(each.status_code for each in answers) == [201] * len(voting) + [409] * 30
    doors = [await affairs.get(f"/v1/votes/{vote}/list?after={first}&limit=24") for vote in votes for first in (0, 24)]
    assert [len(each) for each in doors] == [24] * 6
    assert doors[0] + doors[1] == await affairs.get(f"/v1/votes/{votes[0]}/list")
    await affairs.later(days=8)
    for at, vote in enumerate(votes):
        await affairs.post(f"/v1/votes/{vote}:close")
        count = await affairs.get(f"/v1/votes/{vote}/count")
        assert count["turnout"]["heads"] == 20 + at
        assert await affairs.get(f"/v1/votes/{vote}/count?anew=true") == count


async def test_a_register_comes_as_a_clerk_s_file_with_each_fault_by_its_row(affairs: Affairs) -> None:
    lines = ["东院业主名册,,,,,,", "楼号,单元,房号,建筑面积（㎡）,面积来源,业主姓名,证件号码"]
    lines += ["3,1,101,６０.00,不动产登记簿,王一,A1", "3,1,102,六十,不动产登记簿,王二,A2", "3,1,101,60,登记簿,王三,A3"]
    query = "community=test&neighbourhood=east"
    there = f"{affairs.url}/v1/registers:file?{query}"
    answer = await affairs.system.operator.post(there, content="\n".join(lines).encode("gb18030"))
    assert answer.status_code == 422, answer.text
    assert sorted({each["line"] for each in answer.json()["errors"]}) == [4, 5]
    checked = await affairs.system.operator.post(f"{there}&check=true", content="\n".join(lines).encode())
    assert checked.json()["units"] == 1
    good = "\n".join([*lines[:3], "3,1,102,60,登记簿,王二,A2"]).encode()
    made = await affairs.system.operator.post(there, content=good)
    assert made.status_code == 201, made.text
    assert (made.json()["units"], made.json()["area"]) == (2, 120_00)
    form = await affairs.system.operator.get(f"{affairs.url}/v1/registers:form")
    filled = await affairs.system.operator.post(f"{there}&check=true", content=form.content)
    assert filled.status_code == 200, filled.text


async def test_what_an_office_prints_of_a_vote_is_there(affairs: Affairs) -> None:
    await affairs.frozen(await affairs.register(), "s-3")
    vote = await affairs.prepared("s-3", MATTERS)
    for form, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        notice = await affairs.system.operator.get(f"{affairs.url}/v1/votes/{vote}/notice", params={"as": form})
        assert (notice.status_code, notice.content[: len(begins)]) == (200, begins), notice.text
    await affairs.opened(vote)
    ballots = await affairs.ask(f"/v1/votes/{vote}/ballots:print", {})
    assert ballots.status_code == 200, ballots.text
    assert ballots.content.startswith(b"%PDF")
    assert await affairs.get(f"/v1/votes/{vote}/sheet", 409)
    await affairs.later(days=8)
    await affairs.post(f"/v1/votes/{vote}:close")
    await affairs.certified(vote)
    await affairs.post(f"/v1/votes/{vote}:declare")
    for paper in ("sheet", "result", "list.pdf"):
        answer = await affairs.system.operator.get(f"{affairs.url}/v1/votes/{vote}/{paper}")
        assert answer.content.startswith(b"%PDF"), answer.text
    await affairs.get(f"/v1/votes/{vote}/ballots", 403)
    _, header = affairs.tellers[0]
    lines = await affairs.get(f"/v1/votes/{vote}/ballots", headers=header)
    assert len(lines) == 46


async def test_a_demand_has_a_lineage_that_begins_with_its_case(affairs: Affairs) -> None:
    answer = await affairs.system.submit(kind="demand", title="加装电梯", neighbourhood="east")
    id = answer.json()["id"]

    async def known() -> bool:
        found = await affairs.system.operator.get(f"{affairs.url}/v1/lineage/{id}")
        return bool(found.status_code == 200 and found.json()["steps"])

    await until(known)
    lineage = await affairs.get(f"/v1/lineage/{id}")
    assert lineage["steps"][0]["stage"] == "case"
    assert lineage["end"] is None
