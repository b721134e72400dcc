"""The resident is asked by every way that was left: by letter, by text message, by telephone. 回访"""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.support.command_line import CommandLine, figures_of, operate
from tests.support.keys import party_key
from tests.support.notify import Mailbox, mail_server
from tests.support.portal import portal_beside
from tests.support.reception import slug
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.sms import Gateway, sms_gateway
from tests.support.system import System, system_on

MOBILE, LANDLINE, ADDRESS = "138 0013 8000", "0532-8765 4321", "wang@residents.example"
CONTENT = {"contacted": True, "solved": True, "satisfied": True}
DISCONTENT = {"contacted": True, "solved": False, "satisfied": False}


@pytest.fixture(scope="module")
def mailbox() -> Any:
    with mail_server() as mailbox:
        yield mailbox


@pytest.fixture(scope="module")
def gateway_and_variables(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with sms_gateway(tmp_path_factory.mktemp("keys")) as both:
        yield both


@pytest.fixture(scope="module")
def gateway(gateway_and_variables: tuple[Gateway, dict[str, str]]) -> Gateway:
    return gateway_and_variables[0]


@pytest.fixture(scope="module")
async def system(
    stack: Servers,
    tmp_path_factory: pytest.TempPathFactory,
    mailbox: Mailbox,
    gateway_and_variables: tuple[Gateway, dict[str, str]],
) -> AsyncIterator[System]:
    mail = {"LINLI_SMTP_HOST": "127.0.0.1", "LINLI_SMTP_PORT": str(mailbox.port)}
    logs = tmp_path_factory.mktemp("logs")
    async with system_on(stack, logs, **mail, **gateway_and_variables[1]) as running, portal_beside(running):
        await running.load()
        yield running


async def resolved(system: System, **reporter: str) -> tuple[str, str]:
    """A case of the property company that it says is done: its id and its tracking code."""
    said = {"kind": "report", "title": "电梯坏了", "neighbourhood": "east", "category": "facilities.lift"}
    answer = await system.submit(**said, reporter=reporter or None)
    assert answer.status_code == 201, answer.text
    id, code = answer.json()["id"], answer.json()["tracking_code"]

    async def dispatched() -> bool:
        case = await system.case(id)
        return bool(case and case["state"] == "dispatched")

    await until(dispatched)
    for action in ("accept", "resolve"):
        await system.act(id, action, message="修好了")
    return id, code


async def deliveries(system: System, case: str, kind: str) -> dict[str, tuple[str, str | None]]:
    """How each channel's delivery of a notice ended, once all have."""

    async def ended() -> dict[str, tuple[str, str | None]]:
        items = (await system.get("notify", "/v1/deliveries", case=case, limit=100))["items"]
        found = {each["channel"]: (each["state"], each["reason"]) for each in items if each["kind"] == kind}
        return found if found and all(state != "due" for state, _ in found.values()) else {}

    return await until(ended)


async def record(
    system: System, id: str, key: dict[str, str] | None = None, version: int | None = None, **said: Any
) -> httpx2.Response:
    """What staff write down, as an operator or with a party's headers."""
    case = await system.case(id)
    assert case
    headers = {"If-Match": f'"{version or case["version"]}"'} | (key or {})
    client = system.operator if key is None else system.resident
    return await client.post(f"{system.urls['workflow']}/v1/cases/{id}:follow_up", json=said, headers=headers)


async def awaiting(system: System) -> set[str]:
    return {case["id"] for case in (await system.get("workflow", "/v1/cases", awaiting_follow_up="true"))["items"]}


async def test_who_left_only_a_mobile_is_asked_by_message_and_answers_by_its_link(
    system: System, gateway: Gateway
) -> None:
    id, code = await resolved(system, phone=MOBILE)
    assert await deliveries(system, id, "reporter_resolved") == {
        "email": ("replaced", "by_sms"),
        "sms": ("sent", None),
    }
    assert (await deliveries(system, id, "reporter_dispatched"))["sms"] == ("sent", None)
    texts = [text for text in gateway.to("+8613800138000") if code in text]
    assert len(texts) == 2  # dispatched, resolved
    [link] = [found[0] for text in texts if (found := re.search(r"http\S+/follow-up$", text))]
    page = await system.resident.get(link)
    assert "您对办理结果满意吗" in page.text
    assert (await system.resident.post(link, data=dict.fromkeys(CONTENT, "yes"))).status_code == 303
    case = await system.case(id)
    assert case
    assert (case["satisfied"], case["history"][-1]["by"], case["history"][-1]["data"]["recorded"]) == (
        True,
        "resident",
        False,
    )


async def test_who_left_both_is_asked_by_both_and_told_the_rest_by_letter(
    system: System, gateway: Gateway, mailbox: Mailbox
) -> None:
    id, code = await resolved(system, phone="139 0013 9000", email=ADDRESS)
    assert await deliveries(system, id, "reporter_resolved") == {"email": ("sent", None), "sms": ("sent", None)}
    assert await deliveries(system, id, "reporter_dispatched") == {"email": ("sent", None)}
    assert len(gateway.to("+8613900139000")) == 1
    letters = [letter.get_body(("plain",)) for letter in mailbox.to(ADDRESS)]
    assert sum(f"{code}/follow-up" in body.get_content() for body in letters if body) == 1


async def test_who_left_only_a_landline_waits_to_be_called_until_the_answer_is_written_down(system: System) -> None:
    id, _ = await resolved(system, phone=LANDLINE)
    assert await deliveries(system, id, "reporter_resolved") == {
        "email": ("replaced", "by_sms"),
        "sms": ("skipped", "not_mobile"),
    }
    assert id in await awaiting(system)
    answer = await record(system, id, **DISCONTENT, message="还是不亮，打13800138000", by="grid-1")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["satisfied"], answer.json()["decide_by"] is not None) == (False, True)
    assert id not in await awaiting(system)
    case = await system.case(id)
    assert case
    rated = case["history"][-1]
    assert (rated["type"], rated["by"], rated["data"]["recorded"]) == ("linli.case.rated.v1", "grid-1", True)
    assert rated["data"]["message"] == "还是不亮，打138****8000"
    assert await deliveries(system, id, "party_not_satisfied") == {"email": ("sent", None)}


async def test_who_asked_for_more_hears_what_was_decided_and_why(system: System, mailbox: Mailbox) -> None:
    ask = "huang@residents.example"
    id, code = await resolved(system, phone="137 0013 7000", email=ask)
    link = f"{system.urls['workflow']}/v1/track/{code}/follow-up"
    assert (await system.resident.post(link, json=DISCONTENT)).json()["reopen_requested"] is True
    assert await deliveries(system, id, "node_not_satisfied") == {"email": ("sent", None)}, (
        "who decides is told at once"
    )
    told = await figures_of(system, "deliveries", "list", "--case", id, "--kind", "node_not_satisfied")
    assert (told["total"], told["items"][0]["recipient"]) == (1, "party:grid-1")
    shown = await figures_of(system, "deliveries", "show", told["items"][0]["id"])
    assert shown == told["items"][0]
    assert (await operate(system, "deliveries", "retry", shown["id"]))[0] != 0, "what was sent is not sent again"
    await system.act(id, "reopen", message="明天再去一次")
    assert await deliveries(system, id, "reporter_reopened") == {"email": ("sent", None)}
    for action in ("accept", "resolve"):
        await system.act(id, action, message="换了灯管")
    assert (await system.resident.post(link, json=DISCONTENT)).json()["reopen_requested"] is True
    await system.act(id, "close", message="灯已亮，现场核实过")
    assert await deliveries(system, id, "reporter_not_reopened") == {"email": ("sent", None)}
    bodies = [body.get_content() for letter in mailbox.to(ask) if (body := letter.get_body(("plain",)))]
    for words in ("明天再去一次", "现场核实过"):
        assert sum(words in body for body in bodies) == 1


async def test_an_answer_by_telephone_and_one_by_the_link_are_the_same_answer(system: System) -> None:
    id, code = await resolved(system)
    link = f"{system.urls['workflow']}/v1/track/{code}/follow-up"
    assert (await record(system, id, **DISCONTENT)).status_code == 200
    assert (await system.resident.post(link, json=CONTENT)).json() == CONTENT | {"reopen_requested": False}
    case = await system.case(id)
    assert case
    same = await record(system, id, **CONTENT)
    assert (same.status_code, same.json()["version"]) == (200, case["version"])  # no step without news
    await system.act(id, "close")
    late = await record(system, id, **DISCONTENT)
    assert (late.status_code, slug(late)) == (409, "no_follow_up")
    page = await system.resident.get(link)
    assert (page.status_code, "<form" in page.text, "已经结案" in page.text) == (200, False, True)
    form = await system.resident.post(link, data=dict.fromkeys(CONTENT, "false"))
    assert (form.status_code, "已经结案" in form.text) == (409, True)


async def test_the_party_that_did_the_work_does_not_ask_how_it_was(system: System) -> None:
    id, _ = await resolved(system)
    estate, grid, water = [await party_key(system, party) for party in ("estate", "grid-1", "water-co")]
    own, others = [await record(system, id, key=key, **CONTENT) for key in (estate, water)]
    assert [(answer.status_code, slug(answer)) for answer in (own, others)] == [(403, "forbidden"), (404, "not_found")]
    for name, status in (("estate", 403), ("nobody", 422)):
        answer = await record(system, id, **CONTENT, by=name)
        assert answer.status_code == status, answer.text
    stale = await record(system, id, key=grid, version=1, **CONTENT)
    assert (stale.status_code, slug(stale)) == (412, "case_changed")
    assert (await record(system, id, key=grid, **CONTENT)).status_code == 200
    case = await system.case(id)
    assert case
    assert case["history"][-1]["by"] == "grid-1"


async def test_the_command_lists_whom_to_call_and_writes_the_answer_down(system: System, tmp_path: Path) -> None:
    id, _ = await resolved(system, name="王芳", phone="13900000377")
    linli = CommandLine(system, tmp_path / "home")
    assert id in {case["id"] for case in (await linli.figures("cases", "--awaiting-follow-up"))["items"]}
    code, printed, told = await linli.run("contact", id, "--reason", "follow_up")
    assert (code, "13900000377" in printed, "王芳" in printed) == (0, True, True), told
    looked = ("audit", "--object", id, "--outcome", "read", "--principal", "operator")
    (entry,) = (await linli.figures(*looked))["items"]
    assert (entry["what"], entry["reason"]) == ("contacts:call", "follow_up")
    answers = ("--contacted", "yes", "--solved", "no", "--satisfied", "no")
    code, printed, told = await linli.run("follow-up", id, *answers, "--message", "还是不亮", "--by", "grid-1")
    assert (code, "A person decides" in printed) == (0, True), told
    assert id not in {case["id"] for case in (await linli.figures("cases", "--awaiting-follow-up"))["items"]}
    code, _, _ = await linli.run("follow-up", id, "--contacted", "perhaps", "--solved", "no", "--satisfied", "no")
    assert code == 2


async def test_the_command_shows_a_case_and_says_what_an_action_did(system: System, tmp_path: Path) -> None:
    id, _ = await resolved(system)
    other, _ = await resolved(system)
    linli = CommandLine(system, tmp_path / "home")
    for action in ("reopen", "accept"):
        code, printed, told = await linli.run("act", id, action)
        assert (code, "; next due " in printed) == (0, True), told
    code, printed, told = await linli.run("act", id, "pause", "--waiting-for", "part", "--message", "等配件")
    assert (code, "paused, waiting for part" in printed) == (0, True), told
    code, printed, told = await linli.run("cases", "--category", "facilities.lift")
    assert (code, id in printed, other in printed, "paused (part)" in printed) == (0, True, True, True), told
    code, printed, told = await linli.run("case", id)
    assert code == 0, told
    for said in (f"{id}  version", "电梯坏了", "resolve   by 20", "paused     → accepted", "等配件"):
        assert said in printed
    story = await linli.figures("case", id)
    assert [entry["type"] for entry in story["history"]][-1] == "linli.case.paused.v1"
    silent = {"LINLI_LANGUAGE": "", "LC_ALL": "C.UTF-8"}  # so the installation says it
    code, printed, told = await linli.run("act", id, "note", "--message", "配件到了", **silent)
    assert (code, "电梯坏了：已备注，仍为办理中。" in printed) == (0, True), told
    code, _, told = await linli.run("act", id, "accept", **silent)
    assert (code, "workflow 答复 409：事项现在“办理中”，不能“签收”" in told) == (1, True), told
    code, printed, told = await linli.run("cases", "--category", "facilities.lift", **silent)
    assert (code, "已挂起（等待分办）" in printed, "列出" in printed) == (0, True, True), told
    code, _, told = await linli.run("act", id, "resolve", LINLI_LANGUAGE="zh-CN")
    assert (code, "`resolve` 需要 --message：给反映人的答复。" in told) == (2, True), told
    parts = ("--part", "estate=修电梯", "--part", "grid-1=告知居民")
    assert (await linli.run("act", id, "resume"))[0] == 0
    code, printed, told = await linli.run("act", id, "split", *parts)
    listed = (await linli.figures("cases", "--part-of", id))["items"]
    assert (code, "split into 2 parts" in printed, len(listed)) == (0, True, 2), told
    assert all(each["id"] in printed for each in listed)
