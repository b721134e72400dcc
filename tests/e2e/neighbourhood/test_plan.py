"""A plan from its draft over a version that is objected to until it holds, over HTTP on real servers."""

import asyncio
from typing import Any

from tests.support.affairs import PLACE, Affairs
from tests.support.keys import known_to, party_key
from tests.support.plans import BUILDINGS, OF_THE_PLACE, Drawing, item


async def test_one_plan_holds_and_the_next_takes_its_place(affairs: Affairs) -> None:
    """The first here: nothing holds there yet."""
    answers = await asyncio.gather(
        *(affairs.ask("/v1/plans", {**PLACE, "title": {"zh": f"方案{at}"}}) for at in range(5))
    )
    assert sorted(each.status_code for each in answers) == [201] + [409] * 4
    assert {each.json().get("reason") for each in answers} == {None, "plan_drafted"}
    first = Drawing(affairs, next(each.json()["id"] for each in answers if each.status_code == 201))
    await first.does("write_item", item=item("roof"))
    await first.final()
    anew = {**PLACE, "title": {"zh": "新方案"}}
    assert await affairs.refused("/v1/plans", anew, 422) == "plan_holds"
    second = await Drawing.begun(affairs, replaces=first.id)
    await second.does("write_item", item=item("shed"))
    await second.final()
    lines: list[dict[str, Any]] = await affairs.get(OF_THE_PLACE)
    stands = {each["id"]: (each["stage"], each["replaced_by"]) for each in lines}
    assert stands == {first.id: ("superseded", second.id), second.id: ("finalised", None)}


async def of_three_demands(affairs: Affairs) -> Drawing:
    """Two are cited, one is declined, and the first version hangs."""
    drawing = await Drawing.begun(affairs, "d-roof", "d-shed", "d-park")
    wrong = item("roof", "d-roof") | {"estimate": 1}
    assert await drawing.refused("write_item", 422, item=wrong) == "shares_wrong"
    await drawing.does("write_item", item=item("roof", "d-roof"))
    await drawing.does("write_item", item=item("shed", "d-shed", title="电动车棚"))
    assert await drawing.refused("freeze", buildings=BUILDINGS) == "demands_unanswered"
    await drawing.does("decline", demand="d-park", reason={"zh": "该处为消防通道。"})
    assert await drawing.refused("freeze", 422) == "buildings_wrong"
    first = await drawing.does("freeze", buildings=BUILDINGS)
    assert (first["stage"], len(first["versions"])) == ("noticed", 1)
    hangs = await affairs.get(f"/v1/board/{first['publicity']}")
    assert hangs["digest"] == first["versions"][0]["digest"]
    return drawing


async def test_a_plan_is_final_once_every_objection_has_its_answer(affairs: Affairs) -> None:
    drawing, resident = await of_three_demands(affairs), affairs.system.resident
    await drawing.posted()
    [made, mine] = await affairs.post(f"{drawing.path}/codes:deliver", {"households": ["h-1", "h-2"]})
    behind, other = f"/v1/objections/{made['code']}", f"/v1/objections/{mine['code']}"
    shown = await resident.get(f"{affairs.url}{behind}")
    assert shown.json()["plan"]["declined"][0]["reason"]["zh"] == "该处为消防通道。", shown.text
    filed = await affairs.post(behind, {"text": "车棚离窗户太近。", "item": "shed"}, 201, client=resident)
    asked = await affairs.post(f"{drawing.path}/objections", {"household": "h-3", "text": "谁来出钱？"}, 201)
    gone = await affairs.post(other, {"text": "不同意"}, 201, client=resident)
    assert await affairs.refused(f"{behind}/{gone['objection']}:withdraw", client=resident) == "not_theirs"
    await affairs.post(f"{other}/{gone['objection']}:withdraw", client=resident)

    assert await drawing.refused("finalise") == "days_not_over"
    await affairs.later(days=30)
    assert await drawing.refused("finalise") == "objections_open"
    said: dict[str, Any] = {"outcome": "explained", "answer": {"zh": "财政出资。"}}
    await drawing.does("answer_objection", objection=asked["objection"], **said)
    said = {"outcome": "upheld", "answer": {"zh": "移到东侧。"}}
    await drawing.does("answer_objection", objection=filed["objection"], **said)
    assert await drawing.refused("finalise") == "objection_upheld"
    await drawing.does("write_item", item=item("shed", "d-shed", title="电动车棚（东侧）"))
    assert (await drawing.final())["stage"] == "finalised"

    own = (await resident.get(f"{affairs.url}{behind}")).json()["objections"]
    assert [(each["text"], each["outcome"]) for each in own] == [("车棚离窗户太近。", "upheld")]
    anybody = await resident.get(f"{affairs.url}/v1/public/plans?community=test&neighbourhood=east")
    assert [(each["number"], each["stage"]) for each in anybody.json()] == [(2, "finalised")], anybody.text
    assert "h-1" not in anybody.text
    assert "窗户" not in anybody.text
    company = await known_to(affairs.system, "neighbourhood", await party_key(affairs.system, "water-co"))
    read = (await resident.get(f"{affairs.url}{drawing.path}", headers=company)).json()["objections"]
    assert [(each["household"], each["words"]) for each in read.values()] == [(f"household-{n}", "") for n in (1, 2, 3)]
    held = (await affairs.get(drawing.path))["objections"]
    assert {each["household"] for each in held.values()} == {"h-1", "h-2", "h-3"}
    written = await affairs.get(f"{drawing.path}/objections")
    assert {each["text"] for each in written} == {"车棚离窗户太近。", "谁来出钱？", "不同意"}
    assert await drawing.refused("remove_item", item="roof") == "plan_final"
    await opens_no_other_works(affairs, drawing)


async def opens_no_other_works(affairs: Affairs, drawing: Drawing) -> None:
    """Than those of the final version's items."""
    plan = await affairs.get(drawing.path)
    before, final = (each["digest"] for each in plan["versions"])
    wanted = {**PLACE, "title": "车棚", "plan_id": drawing.id, "appointed": [], "trades": [], "items": ["shed"]}
    wanted |= {"plan_hash": final, "demands": ["d-shed"]}
    assert await affairs.refused("/v1/works", wanted | {"plan_hash": before}, 422) == "not_the_plan"
    assert await affairs.refused("/v1/works", wanted | {"items": ["pond"]}, 422) == "unknown_item"
    assert await affairs.refused("/v1/works", wanted | {"demands": ["d-park"]}, 422) == "unknown_demand"
    assert await affairs.refused("/v1/works", wanted | {"plan_id": "none-such"}, 422) == "unknown_plan"


async def test_one_changed_character_begins_the_days_anew(affairs: Affairs) -> None:
    drawing = await of_three_demands(affairs)
    await drawing.hung_for_its_days()
    await drawing.does("write_item", item=item("shed", "d-shed", title="电动车棚。"))
    assert await drawing.refused("finalise") == "not_frozen"
    second = await drawing.does("freeze")
    before, after = second["versions"]
    on_board = await affairs.get(f"/v1/board/{second['publicity']}")
    assert (on_board["digest"], on_board["hangs_in"]) == (after["digest"], 0)
    assert await drawing.refused("finalise") == "days_not_over"
    old = {"building": "b3", "digest": before["digest"], "posted_at": (await affairs.later()).isoformat()}
    assert await affairs.refused(f"/v1/publicity/{second['publicity']}:post", old, 422) == "other_text"
    await drawing.posted()
    assert await drawing.refused("finalise") == "days_not_over"
    await affairs.later(days=30)
    assert (await drawing.does("finalise"))["stage"] == "finalised"
    assert (await affairs.get(f"/v1/board/{second['publicity']}"))["stage"] == "completed"
    both = await affairs.get(f"{drawing.path}/versions/1:compare?with=2")
    assert (both["same"], [each["fields"] for each in both["changed"]]) == (False, [["title"]])


async def test_a_version_is_printed_and_can_be_edited_on_paper(affairs: Affairs) -> None:
    drawing = await Drawing.begun(affairs)
    await drawing.does("write_item", item=item("roof"))
    await drawing.does("freeze", buildings=BUILDINGS)
    where = f"{affairs.url}{drawing.path}/versions/1"
    for form, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        answer = await affairs.system.operator.get(f"{where}?as={form}")
        assert answer.content.startswith(begins), answer.text
    paper = await affairs.system.resident.get(f"{affairs.url}/v1/public/plans/{drawing.id}/paper")
    assert paper.content.startswith(b"%PDF"), paper.text
    await affairs.get(f"{drawing.path}/versions/2", 404)
    await affairs.get(f"{drawing.path}/versions/1:compare?with=2", 404)
    unknown = await affairs.system.resident.get(f"{affairs.url}/v1/objections/2345-6789-ABCD-EFGH")
    assert unknown.status_code == 404
    [code] = await affairs.post(f"{drawing.path}/codes:deliver", {"households": ["h-1"]})
    assert await affairs.refused(f"{drawing.path}/codes:deliver?as=pdf", {"households": ["h-1"]}, 422) == "unknown_door"
    assert await affairs.refused(f"{drawing.path}/codes:deliver", {}, 422)
    letter = await affairs.ask(f"{drawing.path}/codes:deliver?as=pdf", {"doors": ["3号楼1单元101"]})
    assert letter.content.startswith(b"%PDF"), letter.text
    [newer] = await affairs.post(f"{drawing.path}/codes:deliver", {"households": ["h-1"]})
    said = {"text": "不同意"}
    assert await affairs.refused(f"/v1/objections/{code['code']}", said, client=affairs.system.resident) == "old-code"
    await affairs.post(f"/v1/objections/{newer['code']}", said, 201, client=affairs.system.resident)
