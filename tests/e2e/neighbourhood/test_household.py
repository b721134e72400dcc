"""What a household does over several affairs: it is known by one id, and one erasure reaches all that it wrote."""

from tests.support.affairs import Affairs
from tests.support.covenants import Drafting
from tests.support.plans import BUILDINGS, Drawing, item
from tests.support.rounds import Asking, wants
from tests.support.services import until

WORDS = "老人上下楼不方便，希望加装电梯"


async def test_an_erasure_of_a_resident_reaches_what_their_household_wrote_in_all_affairs(affairs: Affairs) -> None:
    asking = await (await Asking.drafted(affairs)).opened()
    mine, other = await asking.invites("b3", ["3号楼1单元101", "3号楼1单元102"])
    await asking.answers(mine, wants(WORDS))
    await asking.answers(other, wants("增加充电桩"))
    drawing = await Drawing.begun(affairs, "d-shed")
    await drawing.does("write_item", item=item("shed", "d-shed", title="电动车棚"))
    await drawing.does("freeze", buildings=BUILDINGS)
    await drawing.posted()
    drafting = await Drafting.begun(affairs, "owners")
    await drafting.does("open_comments")
    for letter in (mine, other):
        said = {"household": letter["household"], "text": f"{letter['door']}的意见"}
        await affairs.post(f"{drawing.path}/objections", said, 201)
        await affairs.post(f"{drafting.path}/comments", {**said, "digest": await drafting.digest()}, 201)
    await affairs.later(days=11)
    await affairs.post(f"{asking.path}:close")
    demand = (await asking.raised(2))[WORDS]

    url = f"{affairs.system.urls['intake']}/v1/residents:erase"
    erased = await affairs.system.operator.post(url, json={"resident": demand})
    assert erased.status_code == 200, erased.text

    async def gone() -> bool:
        written = [*await affairs.get(f"{drawing.path}/objections"), *await affairs.get(f"{drafting.path}/comments")]
        texts = {(each["household"], each["text"]) for each in written}
        return texts == {(mine["household"], ""), (other["household"], f"{other['door']}的意见")}

    await until(gone)
    own = await affairs.system.resident.get(f"{affairs.url}/v1/answers/{mine['code']}")
    assert WORDS not in own.text and own.json()["answers"][0]["chosen"] == ["lift"], "what it chose stays in the count"
    assert WORDS not in str(await affairs.get(f"{asking.path}/proposals?all=true"))
    left = await affairs.system.resident.get(f"{affairs.url}/v1/answers/{other['code']}")
    assert "增加充电桩" in left.text

    for path in (drawing.path, drafting.path):
        theirs = f"{path}/households/{other['household']}"
        assert (await affairs.ask(theirs, method="DELETE")).status_code == 204
        assert (await affairs.ask(theirs, method="DELETE")).status_code == 404, "there is nothing more"


async def test_codes_are_made_for_households_that_there_are_where_somebody_has_listed_the_doors(
    affairs: Affairs,
) -> None:
    asking = await (await Asking.drafted(affairs)).opened()
    [tenant] = await asking.invites("b9", ["9号楼地下室"])  # no owner's, and yet a household
    drafting = await Drafting.begun(affairs, "residents")
    nobody = {"households": [tenant["household"], "h-nobody"]}
    assert await affairs.post(f"{drafting.path}/codes:deliver", nobody), "nobody has listed the doors yet"
    await affairs.register()
    refused = await affairs.ask(f"{drafting.path}/codes:deliver", nobody)
    assert (refused.status_code, refused.json()["reason"]) == (422, "unknown_household")
    assert [each["field"] for each in refused.json()["errors"]] == ["households.1"]
    chinese = await affairs.ask(f"{drafting.path}/codes:deliver", nobody, headers={"Accept-Language": "zh-CN"})
    assert chinese.json()["detail"] == "本小区的名册里没有这一户。"
    [owner] = await asking.invites("b3", ["3号楼1单元201"])
    both = {"households": [tenant["household"], owner["household"]]}
    assert len(await affairs.post(f"{drafting.path}/codes:deliver", both)) == 2
