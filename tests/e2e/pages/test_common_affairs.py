"""A vote on the pages: a resident's ballot without any script, what the board shows of it, and the office's steps."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.support.affairs import PLACE, Affairs
from tests.support.covenants import Drafting
from tests.support.keys import key_for
from tests.support.markup import markup
from tests.support.plans import BUILDINGS, Drawing, item
from tests.support.quarter import SESSION
from tests.support.servers import Servers
from tests.support.services import PATIENCE, until
from tests.support.system import PORTAL, system_on

pytestmark = pytest.mark.timeout(600)
OWN = {"Sec-Fetch-Site": "same-origin"}
MATTERS: list[Mapping[str, Any]] = [
    {"id": "a", "text": "在 3 号楼东侧空地建电动车棚", "legal_class": "common_parts"},
    {"id": "b", "text": "通过《管理规约》第二版", "legal_class": "covenant"},
]
BASE = f"/desk/renewal/{PLACE['community']}/{PLACE['neighbourhood']}"
HEADS = "楼号,单元,房号,建筑面积（㎡）,面积来源,业主姓名,证件号码"


@pytest.fixture(scope="module")
async def affairs(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Affairs]:
    logs: Path = tmp_path_factory.mktemp("affairs")
    async with system_on(stack, logs, LINLI_PLAY_TIME="true", LINLI_RATE_GUESSES="20/hour") as system:
        await system.load()
        system.launch(PORTAL, LINLI_TRUSTED_PROXIES="127.0.0.0/8")
        await system.ready(PORTAL)
        affairs = Affairs(system)
        await affairs.hears_of_the_community()
        yield affairs


def browser(affairs: Affairs, **headers: str) -> httpx2.AsyncClient:
    given = {"Accept": "text/html", "Accept-Language": "en"} | headers
    return httpx2.AsyncClient(base_url=affairs.system.urls[PORTAL], headers=given, timeout=PATIENCE, verify=False)


async def signed_in(affairs: Affairs, key: str) -> httpx2.AsyncClient:
    async with browser(affairs) as http:
        answer = await http.post("/sign-in", data={"key": key, "next": "/"})
        assert answer.status_code == 303, answer.text
    http = browser(affairs)
    http.cookies.set(SESSION, answer.cookies[SESSION])
    return http


async def sent(http: httpx2.AsyncClient, page: str, to: str, **fields: Any) -> httpx2.Response:
    """A form of this page's, and the page that it leads to."""
    shown = await http.get(page)
    token = str(markup(shown.text).field_of("csrf"))
    files = fields.pop("files", None)
    answer = await http.post(to, data={"csrf": token} | fields, files=files, headers=OWN)
    return await http.get(answer.headers["location"]) if answer.status_code == 303 else answer


async def test_an_owner_votes_by_the_code_and_finds_the_seal_in_the_public_list(affairs: Affairs) -> None:
    await affairs.frozen(await affairs.register(), "s-1")
    vote = await affairs.prepared("s-1", MATTERS)
    await affairs.opened(vote)
    papers = await affairs.post(f"/v1/votes/{vote}/ballots:deliver", {})
    code = papers[0]["code"]
    async with browser(affairs) as http:
        led = await http.get("/ballot", params={"code": code.lower()})
        assert led.status_code == 303
        shown = await http.get(led.headers["location"])
        assert "Joint decision of the owners" in shown.text
        assert MATTERS[0]["text"] in shown.text
        assert papers[0]["doors"][0] not in shown.text, "doors are masked"
        assert not [each for each in markup(shown.text).of("input") if "checked" in each], (
            "nothing is chosen for anybody"
        )
        key = markup(shown.text).field_of("key")
        address = f"/ballot/{code}"
        nothing = await http.post(address, data={"key": key, "step": "look", "choice-a": "blank"}, headers=OWN)
        assert nothing.status_code == 422
        choice = {"key": key, "choice-a": "approve", "choice-b": "blank"}
        sure = await http.post(address, data=choice | {"step": "look"}, headers=OWN)
        assert "Left blank: no vote in this matter" in sure.text
        receipt = await http.post(address, data=choice | {"step": "vote"}, headers=OWN)
        assert receipt.status_code == 200, receipt.text
        again = await http.post(address, data=choice | {"step": "vote"}, headers=OWN)
        assert again.text == receipt.text, "sent twice it is one vote, with one receipt"
        [to] = [each["href"] for each in markup(receipt.text).of("a") if "seal=" in each.get("href", "")]
        public = await http.get(to)
        assert "this seal is in the list" in public.text
        assert "this seal is in the list" not in (await http.get(f"/vote/{vote}", params={"seal": "0" * 64})).text
        second = await http.post(address, data=choice | {"step": "vote", "key": "b" * 32}, headers=OWN)
        assert second.status_code == 409
        assert "You have voted" in (await http.get(address)).text
        board = await http.get(f"/board/{PLACE['community']}/{PLACE['neighbourhood']}")
        assert "1 of 46 owners" in board.text
        assert "Passed" not in board.text + public.text, "no result before it is declared"


async def test_wrong_codes_are_refused_in_words_and_count_by_the_visitor_s_address(affairs: Affairs) -> None:
    async with browser(affairs, **{"X-Forwarded-For": "203.0.113.7"}) as http:
        for wrong in ("2222-2222-2222-2222", "x", "%", "ü"):
            answer = await http.get("/ballot", params={"code": wrong})
            assert (await http.get(answer.headers["location"])).status_code == 404
        statuses = [(await http.get(f"/ballot/2222-2222-2222-{at}")).status_code for at in range(2222, 2250)]
    assert statuses[0] == 404
    assert statuses[-1] == 429
    async with browser(affairs, **{"X-Forwarded-For": "203.0.113.8"}) as http:
        assert (await http.get("/ballot/2222-2222-2222-2222")).status_code == 404


async def test_the_office_takes_a_vote_from_the_register_s_file_to_the_published_result(affairs: Affairs) -> None:
    operator = await signed_in(affairs, affairs.operator_key)
    async with operator as http:
        await brought_in(http, affairs)
        vote = await drafted(http, affairs)
        page = f"/desk/votes/{vote}"
        assert "is posted" in (await sent(http, page, f"{page}/do/notice")).text
        early = await sent(http, page, f"{page}/do/open", closes_at="2030-01-01T18:00")
        assert early.status_code == 409
        assert "alert" in early.text
        now = await affairs.later(days=16)
        closes_at = now + timedelta(days=7)
        wanted = await sent(http, page, f"{page}/do/open", closes_at=f"{closes_at:%Y-%m-%dT%H:%M}")
        assert "The vote is open." in wanted.text, wanted.text
        papers = await affairs.post(f"/v1/votes/{vote}/ballots:deliver", {})
        for paper in papers:
            await affairs.post(
                f"/v1/ballots/{paper['code']}", {"choices": {"a": "approve"}}, 201, client=affairs.system.resident
            )
        await affairs.later(days=8)
        assert "is closed" in (await sent(http, page, f"{page}/do/close")).text
    found = {f"matters.0.{mark}.{what}": "0" for mark in ("oppose", "abstain") for what in ("heads", "area")}
    found |= {"matters.0.approve.heads": "2", "matters.0.approve.area": "120.00"}
    for at, (_, header) in enumerate(affairs.tellers):
        async with await signed_in(affairs, header["Authorization"].removeprefix("Bearer ")) as http:
            no_number = await sent(http, page, f"{page}/certify", **found | {"matters.0.approve.area": "x"})
            assert (no_number.status_code, faulty(no_number)) == (422, {"matters.0.approve.area"})
            assert markup(no_number.text).field_of("matters.0.approve.heads") == "2", "what was filled in stays"
            others = await sent(http, page, f"{page}/certify", **found | {"matters.0.approve.heads": "1"})
            assert others.status_code == 422
            assert "other numbers" in others.text
            certified = await sent(http, page, f"{page}/certify", **found)
            assert ("Another teller" if at == 0 else "the count is certified") in certified.text
    operator = await signed_in(affairs, affairs.operator_key)
    async with operator as http:
        assert "is declared" in (await sent(http, page, f"{page}/do/declare")).text
        assert "is published" in (await sent(http, page, f"{page}/do/publish")).text
    async with browser(affairs) as http:
        public = await http.get(f"/vote/{vote}")
        assert "Passed" in public.text
        result = await http.get(f"/vote/{vote}/result.pdf")
        assert result.content.startswith(b"%PDF")


async def brought_in(http: httpx2.AsyncClient, affairs: Affairs) -> None:
    """A register from its file, whose faults are told by their rows; frozen as s-2."""
    page = f"{BASE}/register"
    wrong = "\n".join([HEADS, "3,1,101,60.00,登记簿,王一,A1", "3,1,102,六十,登记簿,王二,A2"]).encode()
    rows = await sent(http, page, page, step="check", files={"file": ("a.csv", wrong)})
    assert "1 rows are wrong" in rows.text, rows.text
    good = wrong.replace("六十".encode(), b"60.00")
    checked = await sent(http, page, page, step="check", files={"file": ("a.csv", good)})
    assert "It can be taken: 2 units" in checked.text, checked.text
    digest = markup(checked.text).field_of("checked")
    other = await sent(http, page, page, step="take", checked="0" * 64, files={"file": ("a.csv", good)})
    assert "another file" in other.text
    taken = await sent(http, page, page, step="take", checked=digest, files={"file": ("a.csv", good)})
    assert "The register is taken: 2 units of 2 owners." in taken.text
    [register] = [each["id"] for each in await affairs.get("/v1/registers", params=PLACE) if each["units"] == 2]
    frozen = await sent(http, BASE, f"{BASE}/freeze/{register}", snapshot="s-2")
    assert "frozen as s-2" in frozen.text


async def drafted(http: httpx2.AsyncClient, affairs: Affairs) -> str:
    """By the form; what is wrong is said at its field, and sent twice it is one vote."""
    page, (one, two) = f"{BASE}/vote", await affairs.two_tellers()
    form = markup((await http.get(page)).text)
    assert "s-2" in [each["value"] for each in form.of("option") if "selected" in each], "the newest frozen register"
    wanted = {"snapshot": "s-2", "channels": ["code", "paper", "proxy"], "tellers.0": one, "tellers.1": one}
    wanted |= {"matters.0.en": "A bicycle shed", "matters.0.legal_class": "lift", "key": str(form.field_of("key"))}
    empty = await sent(http, page, page, **wanted)
    assert (empty.status_code, faulty(empty)) == (422, {"matters.0.zh"})
    assert "A bicycle shed" in empty.text, "what was filled in stays"
    wanted |= {"matters.0.zh": MATTERS[0]["text"]}
    more = await sent(http, page, page, **wanted, more="1")
    assert {"matters.0.zh", "matters.1.zh"} <= {each.get("name") for each in markup(more.text).of("textarea")}
    too_few = await sent(http, page, page, **wanted)
    assert (too_few.status_code, faulty(too_few)) == (409, {"tellers.1"})
    wanted |= {"tellers.1": two, "key": str(markup(too_few.text).field_of("key"))}
    in_writing = await sent(http, page, page, **wanted)
    assert (in_writing.status_code, faulty(in_writing)) == (422, {"matters.0.legal_class"})
    of_some = {"matters.0.legal_class": "home_to_business", "key": str(markup(in_writing.text).field_of("key"))}
    whom = await sent(http, page, page, **wanted | of_some)
    assert (whom.status_code, faulty(whom)) == (422, {"matters.0.stairwells"})
    of_all = {"matters.0.legal_class": "common_parts", "key": str(markup(whom.text).field_of("key"))}
    unknown = await sent(http, page, page, **wanted | of_all, **{"matters.0.units": "no such door"})
    assert (unknown.status_code, faulty(unknown)) == (422, {"matters.0.units"})
    letter = {"office_confirms": ("letter.pdf", b"%PDF")}
    first, second = [await sent(http, page, page, **wanted | of_all, files=letter) for _ in range(2)]
    assert "The vote is prepared" in first.text, first.text
    assert first.url == second.url, "sent twice it is one vote"
    assert "Joint decision of the owners" in first.text, "by the office's letter"
    vote = first.url.path.rpartition("/")[2]
    kept = await http.get(f"/desk/votes/{vote}/prepare")
    assert "A bicycle shed" in kept.text
    assert markup(kept.text).field_of("kept.office_confirms")
    return vote


def faulty(answer: httpx2.Response) -> set[str]:
    return markup(answer.text).faulty()


async def test_proxies_papers_and_challenges_are_dealt_with_at_the_desk(affairs: Affairs) -> None:
    await affairs.frozen(await affairs.register(), "s-3")
    vote = await affairs.prepared("s-3", MATTERS)
    await affairs.post(f"/v1/votes/{vote}:notice")
    page = f"/desk/votes/{vote}"
    door = [f"3号楼2单元{at}0{side}" for at in range(1, 7) for side in (1, 2)]
    letter = {"letter": ("letter.jpg", b"signed")}
    async with await signed_in(affairs, affairs.operator_key) as http:
        form = f"{page}/do/lodge_proxy"
        nobody = await sent(http, form, form, principal="nobody's door", agent=door[11], files=letter)
        assert (nobody.status_code, faulty(nobody)) == (422, {"principal"})
        again = str(markup(nobody.text).field_of("kept.letter"))
        unsigned = await sent(http, form, form, principal=door[0], agent=door[11])
        assert (unsigned.status_code, faulty(unsigned)) == (409, {"letter"})
        lodged = await sent(http, form, form, principal=door[0], agent=door[11], **{"kept.letter": again})
        assert "The proxy is lodged." in lodged.text
        for at in (1, 2):
            await sent(http, form, form, principal=door[at], agent=door[11], files=letter)
        http.headers["Accept-Language"] = "zh"
        too_many = await sent(http, form, form, principal=door[3], agent=door[11], files=letter)
        assert (too_many.status_code, faulty(too_many)) == (409, {"agent"})
        assert "一人最多受 3 名业主委托" in too_many.text
        assert markup(too_many.text).field_of("principal") == door[3]
        http.headers["Accept-Language"] = "en"
        listed = await http.get(f"{page}/proxies")
        [back, *_] = [each["href"] for each in markup(listed.text).of("a") if "revoke_proxy" in each["href"]]
        revoke = back.partition("?")[0]
        assert "is taken back" in (await sent(http, back, revoke, principal=door[2])).text

        now = await affairs.later(days=16)
        closes_at = now + timedelta(days=7)
        await affairs.post(f"/v1/votes/{vote}:open", {"closes_at": closes_at.isoformat()})
        assert (await sent(http, f"{page}/box/print", f"{page}/box/print")).content.startswith(b"%PDF")
        ballot = await entered(http, affairs, page, door, closes_at)
        await challenged(http, page, door[4])
    async with await signed_in(affairs, affairs.tellers[0][1]["Authorization"].removeprefix("Bearer ")) as http:
        form = f"{page}/box/spoil"
        aside = {"owner": door[5], "because": "unsigned"}
        assert faulty(await sent(http, form, form, **aside, ballot_id="b-1")) == {"ballot_id"}
        assert "until another teller says the same" in (await sent(http, form, form, **aside, ballot_id=ballot)).text
    async with await signed_in(affairs, affairs.tellers[1][1]["Authorization"].removeprefix("Bearer ")) as http:
        assert "is put aside" in (await sent(http, form, form, **aside, ballot_id=ballot)).text
        form = f"{page}/do/void"
        stopped = await sent(http, form, form, ground="notice", files={"document": ("says.pdf", b"%PDF")})
        assert "Stopped, no result" in stopped.text


async def entered(
    http: httpx2.AsyncClient, affairs: Affairs, page: str, door: Sequence[str], closes_at: datetime
) -> str:
    """A paper, as two people read it; the number of its ballot."""
    form, since = f"{page}/box/paper", await affairs.later(minutes=2)
    received = f"{since:%Y-%m-%dT%H:%M}"
    paper = {"owner": door[5], "received_at": received, "choices.m0": "approve"}
    assert faulty(await sent(http, form, form, **paper)) == {"scan"}
    scan = {"scan": ("paper.jpg", b"a paper")}
    to_read = await sent(http, form, form, **paper, files=scan)
    assert "A second person reads the paper" in to_read.text
    assert not [each for each in markup(to_read.text).of("option") if "selected" in each], "not what was read first"
    held = {each["name"]: each["value"] for each in markup(to_read.text).of("input") if each["type"] == "hidden"}
    held.pop("csrf")
    differs = await sent(http, form, form, **held | {"second.choices.m0": "oppose"})
    assert (differs.status_code, faulty(differs)) == (422, {"second.choices.m0"})
    into = [await sent(http, form, form, **held | {"second.choices.m0": "approve"}) for _ in range(2)]
    assert all("The ballot is in the box" in each.text for each in into), "sent twice it is one ballot"
    assert "1 of 46 owners" in (await http.get(page)).text
    ballot = markup(into[0].text).text.partition("in the box: ")[2].partition(".")[0]
    twice = held | {"key": "c" * 32, "choices.m1": "abstain"}
    twice |= {"second.choices.m0": "approve", "second.choices.m1": "abstain"}
    has_voted = await sent(http, form, form, **twice)
    assert (has_voted.status_code, faulty(has_voted)) == (409, {"owner"})
    assert markup(has_voted.text).field_of("received_at") == received
    by_proxy = await sent(http, form, form, **paper | {"owner": door[7], "by_proxy": "yes"}, files=scan)
    assert faulty(by_proxy) == {"by_proxy"}
    when = {"step": "second", "second.choices.m0": "approve", "received_at": f"{closes_at:%Y-%m-%dT%H:%M}"}
    not_open = await sent(http, form, form, **paper | {"owner": door[8]} | when, files=scan)
    assert (not_open.status_code, faulty(not_open)) == (409, {"received_at"})
    return ballot


async def challenged(http: httpx2.AsyncClient, page: str, door: str) -> None:
    """By an owner; it is recorded once, and dismissed."""
    form, said = f"{page}/do/challenge", {"document": ("says.pdf", b"%PDF")}
    key = str(markup((await http.get(form)).text).field_of("key"))
    for _ in range(2):
        filed = await sent(http, form, form, key=key, owner=door, ground="procedure", files=said)
        assert "The challenge is recorded." in filed.text
    assert filed.text.count("do/settle_challenge") == 1, "sent twice it is one challenge"
    form, id = f"{page}/do/settle_challenge", f"c-{key[:12]}"
    settled = await sent(http, form, form, challenge_id=id, upheld="no", files=said)
    assert "Dismissed" in settled.text


async def test_a_demand_s_way_is_drawn_for_staff_and_told_to_nobody_who_has_no_key(affairs: Affairs) -> None:
    receipt = (await affairs.system.submit(kind="demand", title="加装电梯", neighbourhood="east")).json()

    async def known() -> bool:
        answer = await affairs.system.operator.get(f"{affairs.url}/v1/lineage/{receipt['id']}")
        return bool(answer.status_code == 200)

    await until(known)
    key = (await key_for(affairs.system, "auditor"))["key"]
    async with await signed_in(affairs, key) as http, browser(affairs) as nobody:
        drawn = await http.get(f"/lineage/{receipt['id']}")
        assert "Demand" in drawn.text
        assert "Something is still to come of it." in drawn.text
        assert f"/lineage/{receipt['id']}" in (await http.get(f"/desk/cases/{receipt['id']}")).text
        assert (await nobody.get(f"/lineage/{receipt['id']}")).status_code == 303
        assert (await nobody.get(f"/track/{receipt['tracking_code']}")).status_code == 200


async def test_a_household_objects_to_a_plan_with_its_code_and_reads_the_answer(affairs: Affairs) -> None:
    drawing = await Drawing.begun(affairs, "d-park")
    await drawing.does("write_item", item=item("shed", title="电动车棚"))
    await drawing.does("decline", demand="d-park", reason={"zh": "该处为消防通道。"})
    await drawing.does("freeze", buildings=BUILDINGS)
    [made] = await affairs.post(f"{drawing.path}/codes:deliver", {"doors": ["3号楼1单元101"]})
    async with browser(affairs) as http:
        board = await http.get(f"/board/{PLACE['community']}/{PLACE['neighbourhood']}")
        assert "/objections" in [each.get("href") for each in markup(board.text).of("a")]
        assert "该处为消防通道。" in (await http.get(f"/plans/{drawing.id}")).text
        assert (await http.get(f"/plans/{drawing.id}/plan.pdf")).content.startswith(b"%PDF")
        led = await http.get("/objections", params={"code": made["code"].lower()})
        page = led.headers["location"]
        shown = markup((await http.get(page)).text)
        said = {"key": shown.field_of("key"), "item": "shed", "text": "离窗户太近。"}
        empty = await http.post(page, data=said | {"text": " "}, headers=OWN)
        assert (empty.status_code, 'role="alert"' in empty.text) == (422, True), empty.text
        for _ in range(2):  # a second click is the same objection
            answer = await http.post(page, data=said, headers=OWN)
            assert answer.status_code == 303, answer.text
        there = await http.get(answer.headers["location"])
        assert there.text.count("Waits for its answer") == 1
        [objection] = [each["objection"] for each in await affairs.get(f"{drawing.path}/objections")]
        outcome = {"outcome": "explained", "answer": {"zh": "距离符合规范。"}}
        await drawing.does("answer_objection", objection=objection, **outcome)
        assert "距离符合规范。" in (await http.get(page)).text
        late = await http.post(f"{page}/{objection}/withdraw", data={"key": "w"}, headers=OWN)
        assert late.status_code in {303, 409}
        assert (await http.get("/objections/2222-2222-2222-2222")).status_code == 404


async def test_a_household_comments_on_a_covenant_and_signs_exactly_its_text(affairs: Affairs) -> None:
    drafting = await Drafting.begun(affairs, "residents")
    await drafting.does("open_comments")
    [made] = await affairs.post(f"{drafting.path}/codes:deliver", {"doors": ["3号楼1单元101"]})
    async with browser(affairs) as http:
        page = (await http.get("/signing", params={"code": made["code"]})).headers["location"]
        shown = markup((await http.get(page)).text)
        said = {"key": shown.field_of("key"), "digest": shown.field_of("digest"), "text": "第二条写得太重。"}
        answer = await http.post(f"{page}/comments", data=said, headers=OWN)
        assert "Waits for its answer." in (await http.get(answer.headers["location"])).text
        early = await http.post(f"{page}/sign", data=said | {"key": "early"}, headers=OWN)
        assert (early.status_code, 'role="alert"' in early.text) == (422, True), early.text
        [comment] = [each["comment"] for each in await affairs.get(f"{drafting.path}/comments")]
        await drafting.does("answer_comment", comment_id=comment, taken=False, answer="消防要求，不能改轻。")
        assert "消防要求，不能改轻。" in (await http.get(page)).text

        await affairs.later(days=31)
        body = {"digest": await drafting.digest()}
        await affairs.post(f"{drafting.path}:review", body, headers=await drafting.reviewer())
        await drafting.does("record_assembly", **await drafting.assembly("a-1", present=40, yes=40))
        shown = markup((await http.get(page)).text)
        exactly = {"key": shown.field_of("key"), "digest": shown.field_of("digest")}
        answer = await http.post(f"{page}/sign", data=exactly, headers=OWN)
        signed = await http.get(answer.headers["location"])
        assert "Your household has signed exactly this text." in signed.text
        board = await http.get(f"/board/{PLACE['community']}/{PLACE['neighbourhood']}")
        assert "<dt>Signatures</dt><dd>1</dd>" in board.text
        answer = await http.post(f"{page}/withdraw", data=exactly | {"key": "back"}, headers=OWN)
        assert "Sign this text" in (await http.get(answer.headers["location"])).text
