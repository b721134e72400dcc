"""`linli register`, `vote`, `publicity`, `clearing` and `lineage` on real services, as an office types them."""

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.affairs import Affairs
from tests.support.command_line import CommandLine
from tests.support.keys import bearer, key_for, known_to
from tests.support.photos import jpeg, scene
from tests.support.services import until

CHINESE, ENGLISH = {"LINLI_LANGUAGE": "zh"}, {"LINLI_LANGUAGE": "en"}
HEAD = "楼号,单元,房号,建筑面积（㎡）,面积来源,业主姓名,证件号码"

ASKED = """
snapshot: {snapshot}
channels: [paper, code, proxy]
tellers: ["{first}", "{second}"]
matters:
  - {{id: a, text: 建电动车棚, legal_class: common_parts}}
"""


class Office:
    """One who types commands. Files that are named are in its folder."""

    def __init__(self, affairs: Affairs, folder: Path, key: str | None = None) -> None:
        folder.mkdir(exist_ok=True)
        key_file = None
        if key is not None:
            key_file = folder / "a.key"
            key_file.touch(0o600)
            key_file.write_text(key)
        self.folder, self._linli = folder, CommandLine(affairs.system, folder / "home", key_file)

    async def does(self, *typed: str) -> Any:
        """The JSON of a command that succeeds."""
        code, printed, told = await self._linli.run(*typed, "--json")
        assert code == 0, f"{typed}: {printed}{told}"
        return json.loads(printed)

    async def says(self, *typed: str, language: dict[str, str] = ENGLISH, code: int = 0) -> str:
        """All that a command tells."""
        ended, printed, told = await self._linli.run(*typed, **language)
        assert ended == code, f"{typed}: {printed}{told}"
        return printed + told

    def file(self, name: str, content: str | bytes = b"a scan") -> str:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)


@pytest.fixture
async def office(affairs: Affairs, tmp_path: Path) -> Office:
    return Office(affairs, tmp_path)


async def another(affairs: Affairs, folder: Path) -> tuple[str, Office]:
    """A second person with a key of their own: its id, and their commands."""
    made = await key_for(affairs.system, "operator", scopes=None)
    await known_to(affairs.system, "neighbourhood", bearer(made["key"]))
    return f"key:{made['id']}", Office(affairs, folder, made["key"])


async def test_a_register_is_brought_in_with_the_row_of_each_finding(office: Office) -> None:
    here = ("--neighbourhood", "东院", "--community", "test")
    wrong = office.file("wrong.csv", f"{HEAD}\n3,1,101,60.00,登记簿,王一,A1\n3,1,102,六十,登记簿,王二,A2\n")
    told = await office.says("register", "import", wrong, *here, code=1)
    assert "Row 3: " in told and "1 faults: nothing was kept." in told, told
    told = await office.says("register", "import", wrong, *here, "--check", language=CHINESE, code=1)
    assert "第 3 行" in told and "1 处错误，未导入" in told, told

    doubtful = office.file("doubtful.csv", f"{HEAD}\n3,1,101,60.00,登记簿,王一,A1\n3,1,102,6000.00,登记簿,王二,A2\n")
    told = await office.says("register", "import", doubtful, *here, code=1)
    assert "to be looked at" in told and "--doubts-seen" in told, told
    kept = await office.does("register", "import", doubtful, *here, "--doubts-seen")
    assert (kept["register"]["units"], kept["faults"]) == (2, [])
    register = kept["register"]["id"]
    [one, _] = await office.does("register", "owners", register)
    entry = ("--stairwell", one["stairwells"][0], "--owner", one["owner"], "--area-from", "registry")
    correct = ("register", "correct", register, one["units"][0], *entry, "--because", "measured")
    deed = office.file("deed.pdf")
    assert "no area" in await office.says(*correct, "--area", "6O", "--evidence", deed, code=2)
    await office.does(*correct, "--area", "61.50", "--evidence", deed)
    frozen = await office.does("register", "freeze", register, "s-typed")
    assert (frozen["area"], list(frozen["snapshots"])) == (6_061_50, ["s-typed"])
    assert "s-typed" in await office.says("register", "show", register)
    assert register in await office.says("register", "list", "东院")
    form = office.folder / "form.xlsx"
    await office.says("register", "form", "--out", str(form))
    assert form.read_bytes().startswith(b"PK")
    assert "already" in await office.says("register", "form", "--out", str(form), code=2)


async def test_ballots_are_taken_for_a_vote_that_was_drafted_in_a_file(
    affairs: Affairs, office: Office, tmp_path: Path
) -> None:
    lines = [f"3,{1 + at % 2},{at}01,60.00,登记簿,业主{at},K{at}" for at in range(1, 7)]
    listed = office.file("register.csv", "\n".join([HEAD, *lines]))
    kept = await office.does("register", "import", listed, "--neighbourhood", "east", "--doubts-seen")
    register = kept["register"]["id"]
    await office.does("register", "freeze", register, "s-vote")
    owners = [each["owner"] for each in await office.does("register", "owners", register)]
    (first, teller), (second, other) = [await another(affairs, tmp_path / each) for each in ("one", "two")]
    assert "vote.yaml:1" in await office.says("vote", "draft", "东院", office.file("vote.yaml", "a: [1"), code=1)
    asked = ASKED.format(snapshot="s-vote", first=first, second=second)
    vote = (await office.does("vote", "draft", "东院", office.file("vote.yaml", asked)))["id"]
    revised = office.file("vote.yaml", asked.replace("电动车棚", "电动车充电棚"))
    await office.does("vote", "draft", "东院", revised, "--vote", vote)
    told = await office.says("vote", "notice", vote, language=CHINESE)
    assert "公告中" in told and "起可以开始投票" in told, told
    now = await affairs.later(days=16)
    until_then = (now + timedelta(days=7)).isoformat()
    assert "taken until" in await office.says("vote", "open", vote, "--until", until_then)

    pdf = office.folder / "ballots.pdf"
    await office.says("vote", "ballots", vote, "--pdf", str(pdf))
    assert pdf.read_bytes().startswith(b"%PDF") and pdf.stat().st_mode & 0o077 == 0
    papers = await office.does("vote", "ballots", vote, "--owner", owners[0])
    assert [each["owner"] for each in papers] == owners[:1] and papers[0]["code"]
    letter, scan = office.file("letter.pdf"), office.file("ballot.jpg")
    assert "--agent" in await office.says("vote", "proxy", vote, owners[5], code=2)
    await office.does("vote", "proxy", vote, owners[5], "--agent", owners[0], "--letter", letter)
    assert (await office.does("vote", "proxy", vote, owners[5], "--revoke"))["proxies"] == {}

    received = ("--scan", scan, "--received", (await affairs.later(seconds=0)).isoformat())
    paper = ("vote", "paper", vote)
    receipts = [await teller.does(*paper, owner, "--choice", "a=approve", *received) for owner in owners[:2]]
    aside = ("vote", "spoil", vote, owners[1], "--ballot", receipts[1]["ballot"], "--because")
    said = await teller.does(*aside, "unsigned")
    assert (said["waits_for_another"], said["ballot_id"]) == (first, receipts[1]["ballot"]), "one alone puts none aside"
    assert "until another teller" in await teller.says(*aside, "unsigned"), "nor does the same one twice"
    assert "another reason" in await other.says(*aside, "forged", code=1)
    assert (await other.does(*aside, "unsigned"))["ballot_id"] is None
    await teller.does(*paper, owners[1], "--choice", "a=oppose", *received)
    assert "MATTER=" in await teller.says(*paper, owners[2], "--choice", "yes", *received, code=2)
    assert "2 owners, 120.00 ㎡ of 6 owners, 360.00 ㎡" in await office.says("vote", "turnout", vote)
    assert receipts[0]["seal"] in await office.says("vote", "seals", vote)
    assert (await office.says("vote", "voted", vote)).count("✓") == 2
    stopped = await office.does("vote", "void", vote, "--ground", "notice", "--document", letter)
    assert stopped["state"] == "voided"


async def test_a_vote_is_counted_declared_and_challenged(affairs: Affairs, office: Office, tmp_path: Path) -> None:
    await affairs.frozen(await affairs.register(), "s-count")
    matter = {"id": "a", "text": "建电动车棚", "legal_class": "common_parts"}
    vote = await affairs.prepared("s-count", [matter])
    keys = [header["Authorization"].removeprefix("Bearer ") for _, header in affairs.tellers]
    tellers = [Office(affairs, tmp_path / str(at), key) for at, key in enumerate(keys)]
    await affairs.opened(vote)
    papers = await affairs.post(f"/v1/votes/{vote}/ballots:deliver", {})
    for each in papers[:40]:
        path, marked = f"/v1/ballots/{each['code']}", {"choices": {"a": "approve"}}
        await affairs.post(path, marked, 201, client=affairs.system.resident)
    await affairs.later(days=8)
    await office.does("vote", "close", vote)
    assert "a: passed" in await office.says("vote", "count", vote)
    [counted] = (await office.does("vote", "count", vote))["matters"]
    found = {name: counted[name] for name in ("matter", "approve", "oppose", "abstain")}
    for each in tellers:
        certified = await each.does("vote", "certify", vote, each.file("found.yaml", json.dumps([found])))
    assert certified["state"] == "counted"
    assert "finds the same numbers" in await office.says("vote", "recount", vote)
    chosen = await tellers[1].says("vote", "choices", vote, "--no-names")
    assert "a=approve" in chosen and "业主" not in chosen, chosen
    await office.does("vote", "declare", vote)
    await office.does("vote", "publish", vote)
    sheet = office.folder / "sheet.pdf"
    await office.says("vote", "print", vote, "sheet", "--out", str(sheet))
    assert sheet.read_bytes().startswith(b"%PDF")
    paper = ("--document", office.file("letter.pdf"))
    owner = papers[0]["owner"]
    challenged = await office.does("vote", "challenge", vote, owner, "--ground", "procedure", *paper)
    [challenge] = challenged["challenges"]
    await office.does("vote", "settle", vote, challenge, "--dismissed", *paper)
    told = await office.says("vote", "show", vote)
    assert "result posted" in told and "dismissed" in told and "建电动车棚" in told, told
    assert vote in await office.says("vote", "list", "东院")


async def test_a_notice_is_posted_missed_changed_and_taken_down(affairs: Affairs, office: Office) -> None:
    text, other, photo = office.file("plan.pdf", "方案"), office.file("other.pdf", "另一方案"), office.file("b3.jpg")
    wanted = ("--subject", "plan", "--of", "plan-9", "--building", "b3", "--building", "b4")
    assert "--digest" in await office.says("publicity", "prepare", "东院", *wanted, code=2)
    made = await office.does("publicity", "prepare", "东院", *wanted, "--text", text)
    notice, digest = made["id"], made["digest"]
    seen = ("--photo", photo, "--at", (await affairs.later(seconds=0)).isoformat())
    await office.does("publicity", "post", notice, "b3", "--text", text, *seen)
    await office.does("publicity", "post", notice, "b4", "--digest", digest, *seen)
    shown = await office.does("publicity", "show", notice)
    assert (sorted(shown["posted"]), shown["first_day"] is not None) == (["b3", "b4"], True)
    assert "Its days: " in await office.says("publicity", "show", notice)
    told = await office.says("publicity", "miss", notice, "b4", language=CHINESE)
    assert "2 栋中 1 栋已张贴" in told and "未张贴：b4" in told, told
    told = await office.says("publicity", "list", "东院")
    assert "1/2" in told and "of a plan plan-9" in told, told
    assert notice in await office.says("publicity", "board", "东院")
    assert (await office.does("publicity", "change", notice, "--text", other))["posted"] == {}
    await office.says("publicity", "complete", notice, code=1)
    assert "taken down" in await office.says("publicity", "end", notice)


async def test_an_illegal_structure_is_cleared_with_photos_from_files(
    affairs: Affairs, office: Office, tmp_path: Path
) -> None:
    _, checker = await another(affairs, tmp_path / "checker")

    def photo(at: int) -> str:
        picture = scene(96, 72)
        picture.paste((at, at, at), (0, 0, 48, 36))
        return office.file(f"{at}.jpg", jpeg(picture))

    where = ("--what", "彩钢板棚", "--where", "消防通道")
    made = await office.does("clearing", "find", "东院", *where, "--photo", photo(1), "--photo", photo(2))
    clearing = made["id"]
    today = (await affairs.later(seconds=0)).date()
    served = ("--document", office.file("served.pdf"), "--remove-by", (today + timedelta(days=10)).isoformat())
    told = await office.says("clearing", "notice", clearing, *served)
    assert "told to remove it" in told and "An appeal can be made until" in told, told
    await office.does("clearing", "appeal", clearing, "--on", today.isoformat())
    await office.does("clearing", "decide", clearing, "--goes", "--why", "未取得许可")
    shown = ("--before", photo(3), "--after", photo(4), "--voluntary")
    await office.does("clearing", "clear", clearing, *shown)
    taken = (await affairs.later(seconds=0)).isoformat()
    checked = await checker.does("clearing", "check", clearing, "--clean", "--photo", photo(5), "--taken", taken)
    assert checked["state"] == "checked"
    assert "已复查" in await office.says("clearing", "list", "东院", language=CHINESE)
    assert "彩钢板棚" in await office.says("clearing", "show", clearing)
    told = await office.says("clearing", "history", clearing)
    assert "linli.clearing.checked.v1" in told, told


async def test_what_became_of_a_demand_is_told_in_both_languages(affairs: Affairs, office: Office) -> None:
    id = (await affairs.system.submit(kind="demand", title="加装电梯", neighbourhood="east")).json()["id"]

    async def heard() -> bool:
        answer = await affairs.system.operator.get(f"{affairs.url}/v1/lineage/{id}")
        return bool(answer.status_code == 200)

    await until(heard)
    english, chinese = await asyncio.gather(
        office.says("lineage", "show", id), office.says("lineage", "show", id, language=CHINESE)
    )
    assert "as a case: " in english and "Something is still to come of it." in english, english
    assert "诉求: " in chinese and "还有后续" in chinese, chinese
    found = await office.does("lineage", "show", id)
    assert datetime.fromisoformat(found["steps"][0]["at"]).tzinfo is not None
    assert "none-such" in await office.says("lineage", "show", "none-such", code=1)
