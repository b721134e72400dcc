"""One matter that many reported, and one case that several parties have to do; through HTTP, and to the letter."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.support.command_line import CommandLine
from tests.support.journey import Mailbox, mailbox_on, stream
from tests.support.keys import party_key
from tests.support.servers import Servers, free_ports
from tests.support.services import until
from tests.support.system import System, system_on

LIFT = {"kind": "report", "category": "facilities.lift", "neighbourhood": "east"}
JOINED, NEWS, DONE = "已与同类反映合并办理", "有了新进展", "已办结"


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[System, Mailbox]]:
    (port,) = free_ports(1)
    with mailbox_on("127.0.0.1", port) as box:
        mail = {"LINLI_SMTP_HOST": "127.0.0.1", "LINLI_SMTP_PORT": str(port)}
        async with system_on(stack, tmp_path_factory.mktemp("logs"), **mail) as running:
            await running.load()
            yield running, box


async def report(system: System, who: str, title: str, **fields: Any) -> tuple[str, str]:
    """A report by somebody with an address; the case's id and the tracking code, once a party or a desk has it."""
    reporter = {"name": who, "email": f"{who}@residents.example"}
    receipt = (await system.submit(title=title, reporter=reporter, **{**LIFT, **fields})).json()

    async def routed() -> bool:
        return await system.case(receipt["id"]) is not None

    await until(routed)
    return receipt["id"], receipt["tracking_code"]


async def letters(box: Mailbox, who: str, *subjects: str) -> list[str]:
    """What somebody was written, one letter for each of these words in its subject; two may overtake one another."""

    def found() -> list[tuple[str, str]]:
        sent = box.to(f"{who}@residents.example")
        return [(word, letter) for word in dict.fromkeys(subjects) for letter in sent if word in letter.splitlines()[0]]

    async def come() -> bool:
        return sorted(word for word, _ in found()) == sorted(subjects)

    await until(come)
    assert len(box.to(f"{who}@residents.example")) == len(subjects), "and no other"
    there = found()
    return [there.pop(next(n for n, (word, _) in enumerate(there) if word == wanted))[1] for wanted in subjects]


async def states(system: System, *ids: str) -> list[str]:
    cases = [await system.case(id) for id in ids]
    return [case["state"] for case in cases if case]


async def post(system: System, id: str, action: str, body: dict[str, Any], **headers: str) -> httpx2.Response:
    return await system.operator.post(f"{system.urls['workflow']}/v1/cases/{id}:{action}", json=body, headers=headers)


async def test_what_three_reported_is_one_case_and_each_of_them_hears_every_step(
    system: tuple[System, Mailbox], tmp_path: Path
) -> None:
    linli, box = system
    a, _ = await report(linli, "wang", "电梯停了")
    b, b_code = await report(linli, "li", "2单元电梯坏了")
    c, _ = await report(linli, "zhao", "电梯又不动了")
    await letters(box, "zhao", "已转交")
    merged = await linli.act(b, "merge", into=a, message="同一部电梯")
    assert (merged["merged_into"], merged["state"], merged["resolve_by"]) == (a, "dispatched", None)
    command = CommandLine(linli, tmp_path / "home")
    assert (await command.figures("act", c, "merge", "--into", a))["merged_into"] == a
    head = await linli.case(a)
    assert head
    assert head["followers"] == [b, c]

    for action, message in (("accept", None), ("progress", "配件明天到"), ("resolve", "已换曳引机")):
        await linli.act(a, action, message=message)
    assert await states(linli, a, b, c) == ["resolved"] * 3
    await letters(box, "wang", "已转交", NEWS, DONE)
    for who in ("li", "zhao"):
        told = await letters(box, who, "已转交", JOINED, NEWS, DONE)
        assert "配件明天到" in told[-2]
        assert "已换曳引机" in told[-1]
        assert "/follow-up" in told[-1]
    to_party = [str(letter["Subject"]) for letter in box.messages if "e@linli.example" in letter["To"]]
    assert sum(subject.startswith("【派单】") for subject in to_party) == 3, "each dispatch once"
    assert sum(subject.startswith("【又有人反映】") for subject in to_party) == 2, "and that two others wait"
    timeline = (await linli.resident.get(f"{linli.urls['workflow']}/v1/track/{b_code}")).json()["timeline"]
    assert [entry["message"] for entry in timeline if entry["message"]] == ["配件明天到", "已换曳引机"]
    assert "同一部电梯" not in str(timeline), "why they were joined is among staff"
    live: list[dict[str, Any]] = []
    await stream(linli, b_code, live)
    assert [event["event"].split(".")[2] for event in live][-4:] == ["merged", "accepted", "progressed", "resolved"]
    shown = await command.figures("cases", "--category", "facilities.lift", "--merged")
    assert shown["total"] == 3
    followers = await command.figures("cases", "--merged-into", a)
    assert {case["id"] for case in followers["items"]} == {b, c}
    await _is_counted_once(linli, a, b, c)
    await _one_of_them_was_another_matter(linli, box, a, b, c, b_code)


async def _is_counted_once(linli: System, a: str, b: str, c: str) -> None:
    listed = await linli.get("workflow", "/v1/cases", category="facilities.lift", count="true")
    assert ([case["id"] for case in listed["items"]], listed["total"]) == ([a], 1)
    everything = await linli.get("workflow", "/v1/cases", category="facilities.lift", merged="true")
    assert {case["id"] for case in everything["items"]} == {a, b, c}
    followers = await linli.get("workflow", "/v1/cases", merged_into=a)
    assert {case["id"] for case in followers["items"]} == {b, c}
    stats = await linli.get("workflow", "/v1/stats", community="test", by="category")
    (row,) = [row for row in stats["rows"] if row["key"] == "facilities.lift"]
    assert (row["cases"], row["resolved"]) == (1, 1)
    tried = {"community": "test", "escalation": [{"id": "o", "name": "一般", "within": {"grid": "P1D"}}]}
    trial = await linli.operator.post(f"{linli.urls['workflow']}/v1/policies:try", json=tried)
    (group,) = [group for group in trial.json()["by_category"] if group["id"] == "facilities.lift"]
    assert group["cases"] == 1


async def _one_of_them_was_another_matter(linli: System, box: Mailbox, a: str, b: str, c: str, b_code: str) -> None:
    url = f"{linli.urls['workflow']}/v1/track/{b_code}/follow-up"
    given = await linli.resident.post(url, json={"contacted": True, "solved": False, "satisfied": False})
    assert given.json()["reopen_requested"] is True
    await linli.act(a, "close")
    assert await states(linli, a, b, c) == ["closed", "resolved", "closed"], "whoever asks for more is heard first"
    stats = await linli.get("workflow", "/v1/stats", community="test", by="category")
    (row,) = [row for row in stats["rows"] if row["key"] == "facilities.lift"]
    assert (row["cases"], row["resolution"]) == (1, {"rate": 0.0, "yes": 0, "of": 1})

    undone = await linli.act(b, "unmerge", message="是另一部电梯")
    assert (undone["state"], undone["party"]["id"], undone["merged_into"]) == ("dispatched", "estate", None)
    assert undone["resolve_by"] is not None
    head = await linli.case(a)
    assert head
    assert head["followers"] == [c]
    told = await letters(box, "li", "已转交", JOINED, NEWS, DONE, "现单独办理")
    assert "物业公司" in told[-1]

    async def the_party_has_heard() -> bool:
        page = await linli.get("notify", "/v1/deliveries", case=b, limit=100)
        return {"party_not_satisfied", "party_unmerged"} <= {each["kind"] for each in page["items"]}

    await until(the_party_has_heard)


async def test_a_case_is_split_between_two_parties_and_answered_as_one(
    system: tuple[System, Mailbox], tmp_path: Path
) -> None:
    linli, box = system
    id, code = await report(linli, "sun", "地下室又湿又暗", category=None)
    command = CommandLine(linli, tmp_path / "home")
    parts = ("--part", "estate=换灯", "--part", "water-co=查漏点")
    whole = await command.figures("act", id, "split", *parts, "--message", "两家一起")
    assert (whole["state"], whole["party"]["id"], len(whole["parts"])) == ("accepted", "street", 2)
    lamp, leak = whole["parts"]
    told = await letters(box, "sun", "已收到", "由几个单位分头办理")
    assert "物业公司、水务公司" in told[-1]
    assert "查漏点" not in told[-1]

    async def both_have_heard() -> bool:
        kinds = [await linli.get("notify", "/v1/deliveries", case=part, limit=100) for part in (lamp, leak)]
        return [[each["recipient"] for each in page["items"]] for page in kinds] == [
            ["party:estate"],
            ["party:water-co"],
        ]

    await until(both_have_heard)
    refused = await post(linli, id, "resolve", {"message": "好了"}, **{"If-Match": f'"{whole["version"]}"'})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:linli:problem:not_allowed")
    await linli.act(leak, "accept")
    await linli.act(leak, "progress", message="已找到漏点")
    told = await letters(box, "sun", "已收到", "由几个单位分头办理", NEWS)
    assert "水务公司：已找到漏点" in told[-1]

    await linli.act(lamp, "accept")
    await asyncio.gather(*(linli.act(part, "resolve", message=f"{part[-4:]}好了") for part in (lamp, leak)))
    story = await linli.case(id)
    assert story
    assert story["state"] == "resolved", "the two met in the story of the whole"
    assert [(part["id"], part["party"]["id"], part["state"]) for part in story["parts_stand"]] == [
        (lamp, "estate", "resolved"),
        (leak, "water-co", "resolved"),
    ]
    told = await letters(box, "sun", "已收到", "由几个单位分头办理", NEWS, NEWS, DONE)
    assert f"物业公司：{lamp[-4:]}好了\n水务公司：{leak[-4:]}好了" in told[-1].replace("\r\n", "\n")
    await _one_part_is_done_again(linli, id, lamp, leak, code)


async def _one_part_is_done_again(linli: System, id: str, lamp: str, leak: str, code: str) -> None:
    url = f"{linli.urls['workflow']}/v1/track/{code}/follow-up"
    await linli.resident.post(url, json={"contacted": True, "solved": False, "satisfied": False})
    await linli.act(leak, "reopen", message="还在滴水")
    assert await states(linli, id, lamp, leak) == ["accepted", "resolved", "dispatched"]
    for action in ("accept", "resolve"):
        await linli.act(leak, action, message="换了接头")
    await linli.resident.post(url, json={"contacted": True, "solved": True, "satisfied": True})
    await linli.act(id, "close")
    assert await states(linli, id, lamp, leak) == ["closed"] * 3
    for each in (id, lamp, leak):
        story = await linli.case(each)
        assert story
        assert [entry["sequence"] for entry in story["history"]] == list(range(1, story["version"] + 1))
    stats = await linli.get("workflow", "/v1/stats", community="test", by="party")
    there = {row["key"] for row in stats["rows"] if row["cases"]}
    assert {"estate", "water-co", "street"} <= there, "a part is its party's work"
    parts = await linli.get("workflow", "/v1/cases", part_of=id)
    assert {case["id"] for case in parts["items"]} == {lamp, leak}


async def test_a_reporter_who_takes_it_back_leaves_the_others_theirs(system: tuple[System, Mailbox]) -> None:
    linli, _ = system
    (a, a_code), (b, b_code), (c, _) = [await report(linli, who, "电梯异响") for who in ("qian", "wu", "zheng")]
    for id in (b, c):
        await linli.act(id, "merge", into=a)

    async def take_back(id: str, code: str) -> None:
        url = f"{linli.urls['intake']}/v1/submissions/{id}:withdraw"
        assert (await linli.resident.post(url, json={}, headers={"X-Tracking-Code": code})).status_code == 200

    await take_back(b, b_code)

    async def one_left() -> bool:
        head = await linli.case(a)
        return bool(head and head["followers"] == [c])

    await until(one_left)
    assert await states(linli, a, b, c) == ["dispatched", "withdrawn", "dispatched"]
    await take_back(a, a_code)

    async def noted() -> bool:
        head = await linli.case(a)
        return bool(head and head["history"][-1]["type"] == "linli.case.noted.v1")

    await until(noted)
    assert await states(linli, a, c) == ["dispatched", "dispatched"]
    await linli.act(a, "accept")
    assert await states(linli, a, c) == ["accepted", "accepted"]
    await linli.act(c, "unmerge")
    assert await states(linli, a, c) == ["withdrawn", "dispatched"], "nobody waits for the first any more"


async def test_a_party_whose_case_goes_on_with_another_hears_that_nothing_is_left_to_do(
    system: tuple[System, Mailbox],
) -> None:
    linli, box = system
    ours, _ = await report(linli, "han", "电梯井进水")
    theirs, _ = await report(linli, "yang", "水管爆了", category=None)
    await linli.act(ours, "accept")
    merged = await linli.act(ours, "merge", into=theirs, message="水从爆管处来")
    assert merged["party"]["id"] == "water-co"

    def letter() -> list[str]:
        found = [each for each in box.to("e@linli.example") if "并案" in each.splitlines()[0]]
        return [each for each in found if "电梯井进水" in each]

    async def come() -> bool:
        return bool(letter())

    await until(come)
    assert "由水务公司负责，贵方不必再办" in letter()[0]
    assert "水从爆管处来" in letter()[0]


async def test_what_cannot_be_merged_is_refused_with_the_place_to_go_to(system: tuple[System, Mailbox]) -> None:
    linli, _ = system
    (a, _), (b, _), (c, _) = [await report(linli, who, "电梯门关不上") for who in ("feng", "chen", "chu")]
    first = await post(linli, b, "merge", {"into": a}, **{"If-Match": '"2"', "Idempotency-Key": "desk-3-merge-b"})
    again = await post(linli, b, "merge", {"into": a}, **{"If-Match": '"2"', "Idempotency-Key": "desk-3-merge-b"})
    assert (first.status_code, again.json()) == (200, first.json())
    into_follower = await post(linli, c, "merge", {"into": b}, **{"If-Match": '"2"'})
    assert (into_follower.status_code, into_follower.json()["head"]) == (409, a)
    on_follower = await post(linli, b, "accept", {}, **{"If-Match": '"3"'})
    assert (on_follower.status_code, on_follower.json()["head"]) == (409, a)
    for id, body, version, status in (
        (c, {"into": "none-such"}, "2", 404),
        (c, {"into": a}, "1", 412),
        (c, {"into": c}, "2", 409),
        (c, {}, "2", 422),
    ):
        answer = await post(linli, id, "merge", body, **{"If-Match": f'"{version}"'})
        assert answer.status_code == status, (body, answer.text)
    one_part = {"parts": [{"party": "estate", "message": "修"}]}
    assert (await post(linli, c, "split", one_part, **{"If-Match": '"2"'})).status_code == 422
    unknown = {"parts": [{"party": party, "message": "修"} for party in ("estate", "nobody")]}
    assert (await post(linli, c, "split", unknown, **{"If-Match": '"2"'})).json()["type"].endswith("unknown_party")


async def test_a_party_joins_only_cases_that_it_sees_and_only_as_the_node_above(
    system: tuple[System, Mailbox],
) -> None:
    linli, _ = system
    mine, _ = await report(linli, "wei", "电梯按钮坏了")
    second, _ = await report(linli, "jiang", "电梯按钮不灵")
    hidden, _ = await report(linli, "shen", "停水了", category=None)
    grid, estate = [await party_key(linli, party) for party in ("grid-1", "estate")]

    async def ask(key: dict[str, str], into: str) -> httpx2.Response:
        url = f"{linli.urls['workflow']}/v1/cases/{mine}:merge"
        return await linli.resident.post(url, json={"into": into}, headers=key | {"If-Match": '"2"'})

    assert (await ask(estate, second)).status_code == 403
    not_seen, absent = await ask(grid, hidden), await ask(grid, "none-such")
    assert (not_seen.status_code, not_seen.json()) == (404, absent.json())
    assert (await ask(grid, second)).status_code == 200


async def test_many_cases_are_acted_on_by_one_command_and_a_second_run_does_nothing_twice(
    system: tuple[System, Mailbox], tmp_path: Path
) -> None:
    linli, _ = system
    (a, _), (b, _), (c, c_code) = [
        await report(linli, f"tower-{n}", f"停水：{n}号水塔", category=None) for n in range(3)
    ]
    command = CommandLine(linli, tmp_path / "home")

    async def act(*arguments: str) -> tuple[int, list[str]]:
        code, printed, told = await command.run("act", *arguments, "--json")
        assert printed, told
        return code, [json.loads(line)["result"] for line in printed.splitlines()]

    ids, table = tmp_path / "ids.txt", tmp_path / "cases.csv"
    ids.write_text(f"{a}\n{b}\n", encoding="utf-8")
    assert await act("accept", "--from", str(ids), "--dry-run") == (0, ["would be done"] * 2)
    assert await states(linli, a, b, c) == ["dispatched"] * 3
    assert await act("accept", "--from", str(ids), "--yes") == (0, ["done"] * 2)
    assert await act("accept", "--from", str(ids), "--yes") == (0, ["done before"] * 2)

    table.write_text(f"案件,操作,答复\n{a},resolve,已修好\n{c},resolve,已修好\n", encoding="gb18030")
    assert await act("--from", str(table), "--yes") == (1, ["done", "refused"])
    chosen = ("--filter", "q=水塔", "--filter", "state=accepted")
    assert await act("progress", *chosen, "--message", "明天到", "--yes") == (0, ["done"])
    assert await states(linli, a, b, c) == ["resolved", "accepted", "dispatched"]

    for _ in range(2):  # twice is once
        assert (await command.figures("withdraw", c_code, "--reason", "水来了"))["id"] == c

    async def withdrawn() -> bool:
        return await states(linli, c) == ["withdrawn"]

    await until(withdrawn)
    code, _, told = await command.run("withdraw", "0000-0000-0000")
    assert (code, "Traceback" in told) == (1, False)
