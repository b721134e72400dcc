"""The office's pages of communities, residents, partners and outages: each command once, over HTTP."""

import io
import json
import re
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.support.builders import community
from tests.support.desk import hidden
from tests.support.keys import key_for
from tests.support.portal import Visitor, portal_beside
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """With a partner that fetches its events."""
    async with system_on(stack, Path(tmp_path_factory.mktemp("logs"))) as running, portal_beside(running):
        await running.load()
        body = {"community": "test", "party": "water-co", "ways": ["pull"]}
        answer = await running.operator.post(f"{running.urls['workflow']}/v1/partners", json=body)
        assert answer.status_code == 200, answer.text
        yield running


async def told(who: Visitor, path: str, **fields: Any) -> str:
    """The page to which a command leads."""
    answer = await who.send(path, **fields)
    assert answer.status_code == 303, answer.text
    return unescape(await who.page(answer.headers["Location"]))


async def test_a_new_version_is_checked_compared_tried_and_only_then_published(
    system: System, operator: Visitor
) -> None:
    before = (await system.get("workflow", "/v1/communities"))["items"][0]["version"]
    data = (await operator.get("/office/communities/test/data.json")).json()
    assert data == await system.get("workflow", "/v1/communities/test")

    broken = await operator.send("/office/communities/test/new", text=json.dumps(data | {"triage": "nobody"}))
    assert (broken.status_code, "nobody" in broken.text, "Put it in force" in broken.text) == (200, True, False)
    unreadable = await operator.send("/office/communities/test/new", text="id: test\n  name: [")
    assert "Line 2" in unreadable.text

    draft = data | {"name": HOSTILE, "rules": data["rules"][1:]}
    checked = await operator.send("/office/communities/test/new", text=json.dumps(draft))
    assert checked.status_code == 200
    assert "Put it in force" in checked.text
    assert "<script>alert" not in checked.text
    assert re.search(r"rules lift.*?removed", checked.text, re.DOTALL)
    assert (await system.get("workflow", "/v1/communities"))["items"][0]["version"] == before

    yaml = "\n".join(f"{name}: {json.dumps(value)}" for name, value in draft.items())
    page = await told(operator, "/office/communities/test/publish", text=yaml)
    assert f"Version {before + 1} is in force." in page
    assert (await system.get("workflow", "/v1/communities/test"))["name"] == HOSTILE
    part = await operator.send("/office/communities/test/new", text=json.dumps(data["rules"]), section="rules")
    assert re.search(r"rules lift.*?added", part.text, re.DOTALL)
    assert "测试街道" not in part.text, "the rest stays as it is"
    same = await operator.send("/office/communities/test/new", text=json.dumps(draft))
    assert "nothing would change" in same.text
    compared = unescape(await operator.page(f"/office/communities/test/differences?older={before}&newer={before + 1}"))
    assert "测试街道" in compared
    await told(operator, "/office/communities/test/publish", text=json.dumps(data))


async def test_a_file_can_be_uploaded_and_aliases_are_refused(operator: Visitor, system: System) -> None:
    token = re.search(r'name="csrf" value="([^"]+)"', await operator.page("/office/communities/test/new"))
    assert token
    content = community().model_dump_json().encode()
    for sent, expected in ((content, "nothing would change"), (b"a: &x [1]\nb: *x\n", "Line 2"), (b"\xff", "UTF-8")):
        answer = await operator.http.post(
            "/office/communities/test/new",
            data={"csrf": token.group(1)},
            files={"file": ("c.json", sent, "application/json")},
            headers={"Origin": operator.url, "Sec-Fetch-Site": "same-origin"},
        )
        assert expected in answer.text


async def test_a_community_is_retired_and_taken_back(system: System, operator: Visitor) -> None:
    assert "takes no new submissions from now on" in await operator.page("/office/communities/test/retire")
    assert "no new submissions" in await told(operator, "/office/communities/test/retire")
    assert (await system.get("workflow", "/v1/communities"))["items"][0]["retired_at"]
    assert "takes submissions again" in await told(operator, "/office/communities/test/unretire")


async def test_a_policy_is_tried_with_the_result_as_a_list(system: System, operator: Visitor) -> None:
    sent = await system.submit(kind="report", title="电梯坏了", neighbourhood="east", category="facilities.lift")

    async def opened() -> Any:
        return await system.case(sent.json()["id"])

    await until(opened)
    assert 'name="text"' in await operator.page("/office/communities/test/try")
    draft = [{"id": "all", "name": "一般事项", "within": {"grid": "P1D"}, "remind_before": "PT2H"}]
    answer = await operator.send("/office/communities/test/try", text=json.dumps(draft))
    said = await system.operator.post(
        f"{system.urls['workflow']}/v1/policies:try", json={"community": "test", "escalation": draft}
    )
    assert said.status_code == 200, said.text
    assert f"Of {said.json()['cases']} cases" in answer.text
    assert "电梯" in answer.text
    wrong = await operator.send("/office/communities/test/try", text='[{"id": "x"}]')
    assert 'role="alert"' in wrong.text


async def test_a_resident_gets_all_that_is_held_and_is_erased_after_it_was_asked(
    system: System, operator: Visitor
) -> None:
    reporter = {"name": HOSTILE, "phone": "13912340123"}
    sent = await system.submit(kind="report", title="水管漏水", neighbourhood="east", reporter=reporter)
    id = sent.json()["id"]

    async def opened() -> Any:
        return await system.case(id)

    await until(opened)
    page = await operator.send("/office/privacy", resident="13912340123")
    assert page.status_code == 200
    assert id in page.text
    assert "13912340123" not in page.text.replace('value="13912340123"', "")
    assert "<script>alert" not in page.text

    export = await operator.send("/office/privacy/export", resident="13912340123")
    assert export.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(export.content)) as archive:
        held = json.loads(archive.read("resident.json"))
    assert [each["id"] for each in held["submissions"]] == [id]
    assert [each["id"] for each in held["cases"]] == [id]
    assert "13912340123" in json.dumps(held)

    sure = await operator.send("/office/privacy/erase", resident="13912340123")
    assert "cannot be undone" in sure.text
    assert id in sure.text
    still = await operator.send("/office/privacy/erase", resident="13912340123", sure="true")
    assert still.status_code == 200, "an open case is asked about again"
    page_after = await told(operator, "/office/privacy/erase", resident="13912340123", sure="true", also_open="true")
    assert "1 submission is erased." in page_after
    assert id in page_after
    again = await operator.send("/office/privacy", resident="13912340123")
    assert again.status_code == 404
    log = (await system.get("intake", "/v1/audit", object=id, limit=100))["items"]
    assert {"residents:export", "residents:erase"} <= {each["what"] for each in log}


@pytest.mark.long
async def test_a_long_story_is_exported_to_its_first_step(system: System, operator: Visitor) -> None:
    reporter = {"name": "王秀英", "phone": "13912340124"}
    sent = await system.submit(kind="report", title="漏水很久了", neighbourhood="east", reporter=reporter)
    id = sent.json()["id"]

    async def opened() -> Any:
        return await system.case(id)

    await until(opened)
    for n in range(210):
        await system.act(id, "note", message=f"第 {n} 次查看")
    export = await operator.send("/office/privacy/export", resident="13912340124")
    with zipfile.ZipFile(io.BytesIO(export.content)) as archive:
        held = json.loads(archive.read("resident.json"))
    (case,) = held["cases"]
    assert [step["sequence"] for step in case["history"]] == list(range(1, case["version"] + 1))
    assert held["not_included"] == []


async def test_an_outage_is_declared_extended_and_over(system: System, operator: Visitor) -> None:
    form = await operator.page("/office/outages/new")
    assert 'value="water-co"' in form
    fields = {"community": "test", "party": "water-co", "neighbourhoods": "east"}
    day = datetime.now(UTC).date() + timedelta(days=3)
    page = await told(operator, "/office/outages/new", outage="tel-1", until=f"{day}T18:00", **fields)
    assert "Outage tel-1" in page
    [listed] = (await system.get("workflow", "/v1/outages"))["items"]
    assert listed["text_en"] in unescape(await operator.page("/office/outages"))
    one = await system.get("workflow", "/v1/outages/test/water-co/tel-1")
    assert datetime.fromisoformat(one["until"]) == datetime.fromisoformat(f"{day}T18:00+08:00"), "in the office's zone"

    base = "/office/outages/test/water-co/tel-1"
    assert "told the new time" in await operator.page(f"{base}/extend")
    await told(operator, f"{base}/extend", until=f"{day}T20:00")
    later = (await system.get("workflow", "/v1/outages/test/water-co/tel-1"))["until"]
    assert datetime.fromisoformat(later) == datetime.fromisoformat(f"{day}T20:00+08:00")
    assert "asked whether it is back" in await operator.page(f"{base}/restore")
    await told(operator, f"{base}/restore", message="已恢复供水")
    assert (await system.get("workflow", "/v1/outages/test/water-co/tel-1"))["state"] == "restored"
    refused = await operator.send("/office/outages/new", outage="tel-2", until="soon", **fields)
    assert (refused.status_code, "no time" in refused.text) == (422, True)


async def test_a_form_that_is_sent_twice_is_one_report(system: System, operator: Visitor) -> None:
    made = hidden(await operator.page("/office/outages/new"))
    fields = {"community": "test", "party": "water-co", "neighbourhoods": "east", "outage": "tel-3"}
    fields |= {name: made[name][0] for name in ("report", "said_at")}
    assert "taken before" not in await told(operator, "/office/outages/new", **fields)
    assert "It has been taken before." in await told(operator, "/office/outages/new", **fields)
    base = "/office/outages/test/water-co/tel-3"
    made = hidden(await operator.page(f"{base}/extend"))
    later = {name: made[name][0] for name in ("report", "said_at")}
    later["until"] = f"{datetime.now(UTC).date() + timedelta(days=3)}T18:00"
    assert "taken before" not in await told(operator, f"{base}/extend", **later)
    assert "It has been taken before." in await told(operator, f"{base}/extend", **later)


async def test_a_partner_is_shown_tried_paused_resumed_given_secrets_and_ended(
    system: System, operator: Visitor
) -> None:
    base = "/office/partners/test/water-co"
    listed = (await system.get("workflow", "/v1/partners"))["items"]
    page = await operator.page("/office/partners")
    assert [f"/office/partners/{each['community']}/{each['party']}" in page for each in listed] == [True]
    assert "never read" in await operator.page(base)
    page = await told(operator, f"{base}/try")
    assert "Two orders for trying" in page
    assert "nothing yet" in page
    assert "cases go on" in await operator.page(f"{base}/pause")
    assert "It is paused." in await told(operator, f"{base}/pause")
    assert (await system.get("workflow", "/v1/partners/test/water-co"))["standing"] == "paused"
    assert "goes on" in await told(operator, f"{base}/resume")
    refused = await operator.send(f"{base}/rotate")
    assert (refused.status_code, "no secret" in refused.text) == (409, True)

    key = await key_for(system, "party", party="water-co", community="test", name="partner test/water-co")
    assert "cannot be undone" in await operator.page(f"{base}/revoke")
    page = await told(operator, f"{base}/revoke")
    assert f"Key {key['id']} is revoked." in page
    assert (await system.get("workflow", "/v1/partners/test/water-co"))["standing"] == "revoked"
    assert (await operator.get(f"{base}/nonsense")).status_code == 404
