"""A covenant from its draft until it is signed, over HTTP on real servers; and what adopts none."""

from collections.abc import Mapping
from typing import Any

from tests.support.affairs import PLACE, SCAN, Affairs
from tests.support.covenants import TEXT, Drafting
from tests.support.keys import known_to, party_key


async def test_a_residents_covenant_is_adopted_by_an_assembly_and_signed_text_by_text(affairs: Affairs) -> None:
    drafting = await (await Drafting.begun(affairs, "residents")).reviewed()
    resident, first = affairs.system.resident, await drafting.digest()
    few = await drafting.assembly("a-1", present=25, yes=25)
    assert await drafting.refused("record_assembly", **few) == "no_quorum"
    stranger = few | {"present": ["h-900"]}
    assert await drafting.refused("record_assembly", 422, **stranger) == "not_listed"
    # Of thirty who are there fifteen say yes and nobody says no: who is silent has not agreed.
    silent = await drafting.does("record_assembly", **await drafting.assembly("a-2", present=30, yes=15))
    assert silent["versions"][-1]["state"] == "reviewed"
    adopted = await drafting.does("record_assembly", **await drafting.assembly("a-3", present=30, yes=16, no=14))
    assert adopted["versions"][-1]["state"] == "adopted"
    await drafting.in_force()

    codes = await affairs.post(f"{drafting.path}/codes:deliver", {"households": ["h-1", "h-2"]})
    for each in codes:
        await affairs.post(f"/v1/signing/{each['code']}:sign", {"digest": first}, client=resident)
    again = f"/v1/signing/{codes[0]['code']}:sign"
    assert await affairs.refused(again, {"digest": first}, client=resident) == "known_already"
    assert await drafting.refused("sign", 422, household="h-3", digest=first) == "scan_missing"
    await drafting.does("sign", household="h-3", digest=first, scan=SCAN)

    async def shown() -> Any:
        answer = await resident.get(f"{affairs.url}/v1/public/covenants?community=test&neighbourhood=east")
        assert answer.status_code == 200, answer.text
        return answer.json()[0]

    assert ((await shown())["in_force"]["signed"], (await shown())["in_force"]["text"]) == (3, TEXT)
    company = await known_to(affairs.system, "neighbourhood", await party_key(affairs.system, "water-co"))
    read = (await resident.get(f"{affairs.url}{drafting.path}", headers=company)).json()
    assert sorted(read["signatures"]) == [[first, f"household-{n}"] for n in (1, 2, 3)]
    assert sorted((await affairs.get(drafting.path))["signatures"]) == [[first, f"h-{n}"] for n in (1, 2, 3)]
    await drafting.does("draft", title="公约", text=TEXT.replace("不得", "禁止"))
    second = await (await drafting.reviewed()).digest()
    assert await affairs.refused(again, {"digest": second}, 422, client=resident) == "other_text"
    await drafting.does("record_assembly", **await drafting.assembly("a-4", present=40, yes=40))
    await affairs.later(days=1)
    await drafting.in_force()
    now = (await shown())["in_force"]
    assert (now["number"], now["digest"], now["signed"]) == (2, second, 0)
    assert await affairs.refused(again, {"digest": first}, 422, client=resident) == "other_text"
    signed = await affairs.post(again, {"digest": second}, client=resident)
    assert signed["signed"] == sorted([first, second])
    assert "h-1" not in str(await shown())

    await drafting.does("report_breach", breach_id="b-1", article=2, case_id="FS-1")
    settled = await drafting.does("settle_breach", breach_id="b-1", outcome="reminded")
    assert settled["breaches"] == {"b-1": "reminded"}


async def test_every_comment_is_answered_and_no_fine_word_passes_a_review(affairs: Affairs) -> None:
    drafting = await Drafting.begun(affairs, "owners", "第一条 乱停电动车的，罚款五十元。")
    digest, resident = await drafting.digest(), affairs.system.resident
    [code] = await affairs.post(f"{drafting.path}/codes:deliver", {"households": ["h-1"]})
    comments = f"/v1/signing/{code['code']}/comments"
    said = {"digest": digest, "text": "凭什么收钱？"}
    assert await affairs.refused(comments, said, client=resident) == "comments_closed"
    await drafting.does("open_comments")
    assert await affairs.refused(comments, said | {"digest": SCAN}, 422, client=resident) == "other_text"
    made = await affairs.post(comments, said, 201, client=resident)
    paper = await affairs.post(f"{drafting.path}/comments", said | {"household": "h-2", "text": "同意"}, 201)
    this: dict[str, Any] = {"digest": digest}
    reviewer = await drafting.reviewer()
    assert await drafting.refused("review", **this) == "reviewer_is_drafter"
    assert await drafting.refused("review", headers=reviewer, **this) == "comments_open"
    await affairs.later(days=31)
    assert await drafting.refused("review", headers=reviewer, **this) == "comments_unanswered"
    await drafting.does("answer_comment", comment_id=made["comment"], taken=True, answer="改为劝导。")
    await drafting.does("answer_comment", comment_id=paper["comment"], taken=False, answer="谢谢。")
    assert await drafting.refused("review", 422, headers=reviewer, **this) == "sounds_like_a_fine"
    await drafting.does("draft", title="管理规约", text="第一条 乱停电动车的，由邻里劝导。")
    assert await drafting.refused("review", 422, headers=reviewer, **this) == "other_text"
    await affairs.post(f"{drafting.path}:review", {"digest": await drafting.digest()}, headers=reviewer)

    behind = (await resident.get(f"{affairs.url}/v1/signing/{code['code']}")).json()
    assert [(each["text"], each["answer"]) for each in behind["comments"]] == [("凭什么收钱？", "改为劝导。")]
    words = await affairs.get(f"{drafting.path}/comments")
    assert [(each["household"], each["taken"]) for each in words] == [("h-1", True), ("h-2", False)]
    # Nobody signs what nobody has adopted, and no assembly adopts what is the owners'.
    unsigned = {"household": "h-1", "digest": await drafting.digest(), "scan": SCAN}
    assert await drafting.refused("sign", 422, **unsigned) == "other_text"
    wanted = await drafting.assembly("a-1", present=50, yes=50)
    assert await drafting.refused("record_assembly", 422, **wanted) == "wrong_electorate"


async def test_owners_adopt_exactly_their_text_and_no_residents_covenant(affairs: Affairs) -> None:
    owners = await (await Drafting.begun(affairs, "owners")).reviewed()
    residents = await (await Drafting.begun(affairs, "residents", "第一条 爱护公共楼道。")).reviewed()
    other = await (await Drafting.begun(affairs, "facility", "第一条 车棚每月检查一次。")).reviewed()
    await affairs.frozen(await affairs.register(), "s-1")
    texts = {"a": owners.text, "b": residents.text, "c": f"{other.text}。"}
    wanted: list[Mapping[str, Any]] = [
        {"id": id, "text": text, "legal_class": "covenant"} for id, text in texts.items()
    ]
    vote = await affairs.prepared("s-1", wanted)
    await affairs.opened(vote)
    papers = await affairs.post(f"/v1/votes/{vote}/ballots:deliver", {})
    for paper in papers[:40]:
        choices = {"choices": dict.fromkeys(texts, "approve")}
        await affairs.post(f"/v1/ballots/{paper['code']}", choices, 201, client=affairs.system.resident)
    await affairs.later(days=8)
    await affairs.post(f"/v1/votes/{vote}:close")
    count = await affairs.certified(vote)
    assert [each["passed"] for each in count["matters"]] == [True, True, True]
    await affairs.post(f"/v1/votes/{vote}:declare")
    adopted = await owners.newest()
    assert (adopted["state"], adopted["vote_id"]) == ("adopted", vote)
    assert (await residents.newest())["state"] == "reviewed"
    assert (await other.newest())["state"] == "reviewed"
    owner = papers[0]["owner"]
    challenge = {"challenge_id": "c-1", "owner": owner, "ground": "procedure", "document": SCAN}
    await affairs.post(f"/v1/votes/{vote}:challenge", challenge)
    judged = {"challenge_id": "c-1", "upheld": True, "judgment": True, "document": SCAN}
    await affairs.post(f"/v1/votes/{vote}:settle_challenge", judged)
    undone = await owners.newest()
    assert (undone["state"], undone["vote_id"]) == ("reviewed", None)


async def test_a_covenant_begins_from_a_template(affairs: Affairs) -> None:
    known = {each["id"]: each for each in await affairs.get("/v1/covenant-templates")}
    for template in known.values():
        new = {**PLACE, "track": template["track"], "template": template["id"]}
        made = await affairs.post("/v1/covenants", new, 201)
        digest = made["versions"][0]["digest"]
        text = await affairs.get(f"/v1/covenants/{made['id']}/texts/{digest}")
        assert (text["text"], text["title"]) == (template["text"].strip(), template["title"])
    wrong = {**PLACE, "track": "owners", "template": "residents"}
    assert await affairs.refused("/v1/covenants", wrong, 422) == "template"
    assert await affairs.refused("/v1/covenants", {**PLACE, "track": "owners"}, 422) == "no_text"
    await affairs.get("/v1/covenants/none-such", 404)
