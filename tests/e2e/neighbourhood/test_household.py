"""What a household does over several affairs: it is known by one id, and one erasure reaches all that it wrote."""

from typing import Any

from tests.support.affairs import Affairs
from tests.support.covenants import Drafting
from tests.support.keys import known_to, party_key
from tests.support.plans import BUILDINGS, Drawing, item
from tests.support.rounds import QUESTIONS, Asking, wants
from tests.support.services import until
from tests.support.site import a_photo

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


async def test_a_household_sends_photos_with_its_answer_and_who_holds_the_round_sees_them(affairs: Affairs) -> None:
    first, other = QUESTIONS
    asking = await (await Asking.drafted(affairs, [first, {**other, "photos": 2}])).opened()
    mine, theirs = await asking.invites("b3", ["3号楼2单元101", "3号楼2单元102"])
    resident, url = affairs.system.resident, f"{affairs.url}/v1/answers/{mine['code']}/photos"

    async def send(*pictures: bytes, to: str = url) -> Any:
        return await resident.post(to, files=[("photo", ("IMG_1.jpg", each, "image/jpeg")) for each in pictures])

    assert (await send(b"no picture")).status_code in {415, 422}
    sent = await send(a_photo(), a_photo())
    assert sent.status_code == 201, sent.text
    pictured, unused = sent.json()["photos"]
    said = wants("楼道的灯不亮")
    said[1]["photos"] = [pictured]
    elsewhere = {"digest": asking.digest, "answers": said}
    path = f"/v1/answers/{theirs['code']}"
    assert await affairs.refused(path, elsewhere, 422, client=resident) == "photo_unknown", "it is another household's"
    wrong = {"digest": "0" * 64, "answers": said}
    mine_at = f"/v1/answers/{mine['code']}"
    assert await affairs.refused(mine_at, wrong, 422, client=resident) == "other_questions", "it names nothing"
    answered = await asking.answers(mine, said)
    assert answered["answers"][1]["photos"] == [pictured]
    await affairs.post(f"{mine_at}:withdraw", client=resident)
    answered = await asking.answers(mine, said)
    assert answered["answers"][1]["photos"] == [pictured], "what was taken back waits to be named again"
    own = await resident.get(f"{url}/{pictured}")
    assert (own.status_code, own.headers["content-type"]) == (200, "image/jpeg")
    assert b"Exif" not in own.content

    lines = {each["household"]: each["photos"] for each in await affairs.get(f"{asking.path}/households")}
    assert lines == {mine["household"]: [pictured], theirs["household"]: []}
    desk = f"{affairs.url}{asking.household(mine, f'/photos/{pictured}')}"
    assert (await affairs.system.operator.get(desk)).content == own.content
    company = await known_to(affairs.system, "neighbourhood", await party_key(affairs.system, "water-co"))
    assert (await resident.get(desk, headers=company)).status_code == 403

    async def on_record() -> bool:
        found = await affairs.system.get("neighbourhood", "/v1/audit", what="households:read", object=asking.id)
        return {"read", "refused"} <= {each["outcome"] for each in found["items"]}

    await until(on_record)
    await affairs.post(asking.household(mine, ":erase"))
    for gone in (desk, f"{url}/{unused}"):
        assert (await affairs.system.operator.get(gone)).status_code == 404
    assert (await send(a_photo())).status_code == 409, "who is forgotten sends nothing more"
