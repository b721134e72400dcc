"""Mediation through the HTTP API of a running system: who reads what, what is refused, what an erasure takes away."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from linli.messaging.kafka import read_all
from tests.support.builders import ZONE
from tests.support.keys import party_key
from tests.support.mediation import Dispute, dispute_of, json_of, mediated
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with system_on(stack, tmp_path_factory.mktemp("logs")) as running:
        await running.load()
        yield running


async def readings(system: System, dispute: Dispute) -> list[dict[str, Any]]:
    found = await system.get("workflow", "/v1/audit", what="mediations:statements", object=dispute.id)
    return list(found["items"])


async def test_statements_are_for_who_takes_part_and_each_reading_is_on_record(system: System) -> None:
    dispute = await mediated(system)
    secret = "他家夜里总有三个人说话"
    json_of(await dispute.guest(dispute.code, "/statements", text=secret))
    json_of(await dispute.staff("state", dispute.grid, whose=dispute.other, text="我没有"))

    stranger, above = await party_key(system, "water-co"), await party_key(system, "street")
    url = f"{dispute.path}/statements"
    assert (await system.operator.get(url)).status_code == 403
    assert (await system.resident.get(url)).status_code == 401
    assert (await system.resident.get(url, headers=stranger)).status_code == 404
    assert (await system.resident.get(url, headers=above)).status_code == 403, "who sees the case does not hear it"
    refused = await dispute.staff("state", above, whose="reporter", text="甲")
    assert refused.status_code == 403

    for headers, own in ((dispute.grid, url), (None, f"{dispute.by_code}/{dispute.other_code}/statements")):
        read = json_of(await system.resident.get(own, headers=headers))
        assert [each["text"] for each in read["items"]] == [secret, "我没有"]

    async def on_record() -> bool:
        entries = await readings(system, dispute)
        read = {each["principal"] for each in entries if each["outcome"] == "read"}
        no = [each for each in entries if each["outcome"] == "refused"]
        return f"{dispute.id}.mediation:{dispute.other}" in read and len(read) == 2 and bool(no)

    await until(on_record)
    stands = await dispute.stands()
    assert stands["statements"] == 2
    for text in (str(stands), str(await system.case(dispute.id)), system.log()):
        assert secret not in text


async def test_what_is_agreed_resolves_the_case_and_what_is_broken_opens_it_again(system: System) -> None:
    dispute = await mediated(system, reporter={"name": "王秀英", "phone": "13900000301"})
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    called = json_of(await dispute.staff("call", starts_at=tomorrow, where="二楼", venue="grid-1"))
    assert called["sessions"][0]["venue"] == "grid-1"
    mine = json_of(await system.resident.get(f"{dispute.by_code}/{dispute.code}"))
    assert (mine["you"], mine["sessions"][0]["where"]) == ("reporter", "二楼")

    track = json_of(await system.resident.get(f"{system.urls['workflow']}/v1/track/{dispute.code}"))
    told = [each["message"] for each in track["timeline"] if each["type"] == "linli.case.mediated.v1"]
    assert told and "调解会" in told[0] and "第一网格" in told[0] and "二楼" not in told[0]

    async def notified() -> bool:
        found = await system.get("notify", "/v1/deliveries", case=dispute.id)
        return "reporter_mediated" in {each["kind"] for each in found["items"]}

    await until(notified)

    async def who_mediates_has_letters() -> bool:
        found = await system.get("notify", "/v1/deliveries", kind="affair", recipient="party:grid-1")
        types = {each["event_type"] for each in found["items"] if each["id"].startswith(f"{dispute.id}.mediation")}
        return {f"linli.mediation.{step}.v1" for step in ("mediator_appointed", "session_called")} <= types

    await until(who_mediates_has_letters)
    signed = await dispute.agree("晚十点以后不拖椅子。")
    assert signed["state"] == "in_effect"
    case = await system.case(dispute.id)
    assert case
    assert case["state"] == "resolved"
    broken = json_of(await dispute.staff("visit", kept=False))
    assert broken["state"] == "broken"
    case = await system.case(dispute.id)
    assert case
    assert case["state"] == "dispatched", "the same party has it again"
    json_of(await dispute.staff("escalate", why="broken"))
    case = await system.case(dispute.id)
    assert case
    assert (case["state"], case["party"]["id"]) == ("returned", "village"), "the node above decides"


async def test_a_return_visit_is_told_when_its_day_has_come(system: System) -> None:
    dispute = await mediated(system)
    signed = await dispute.agree("轮流用晾衣绳。", visit_on=datetime.now(ZONE).date().isoformat())
    assert signed["agreements"][-1]["effective_on"]

    async def due() -> bool:
        return bool((await dispute.stands())["agreements"][-1]["visit_due"])

    await until(due)

    async def told() -> bool:
        topic = f"{system.prefix}.mediations"
        types = [dict(each.headers)["ce_type"] async for each in read_all(system.servers.kafka, topic)]
        return b"linli.mediation.visit_fell_due.v1" in types

    await until(told)
    assert json_of(await dispute.staff("visit", kept=True))["state"] == "kept"
    case = await system.case(dispute.id)
    assert case
    assert case["state"] == "closed"


async def test_a_signature_is_for_the_text_that_was_read_and_counts_once(system: System) -> None:
    dispute = await mediated(system)
    json_of(await dispute.staff("hold", came=["party:grid-1", "reporter"]))
    digest = json_of(await dispute.staff("draft", text="甲方案"))["agreements"][-1]["digest"]
    other = await dispute.guest(dispute.code, ":sign", digest="0" * 64)
    assert (other.status_code, other.json()["type"]) == (422, "urn:linli:problem:other_text")
    key = {"Idempotency-Key": uuid4().hex}
    for _ in range(2):
        url = f"{dispute.by_code}/{dispute.code}:sign"
        json_of(await system.resident.post(url, json={"digest": digest}, headers=key))
    again = await dispute.guest(dispute.code, ":sign", digest=digest)
    assert again.json()["type"] == "urn:linli:problem:signed_already"
    url = f"{dispute.by_code}/{dispute.other_code}:sign"
    chinese = {"Accept-Language": "zh-CN"}
    said = await system.resident.post(url, json={"digest": "0" * 64}, headers=chinese)
    assert "一字之差" in said.json()["detail"]


async def test_who_signs_twenty_times_at_once_has_signed_once(system: System) -> None:
    dispute = await mediated(system)
    json_of(await dispute.staff("hold", came=["party:grid-1", "reporter"]))
    digest = json_of(await dispute.staff("draft", text="甲方案"))["agreements"][-1]["digest"]
    answers = await asyncio.gather(*(dispute.guest(dispute.code, ":sign", digest=digest) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200, *[422] * 19]
    stands = await dispute.stands()
    assert stands["agreements"][-1]["signed"] == ["reporter"]
    assert stands["version"] == 6, "opened, appointed, named, held, drafted, signed"


async def test_what_cannot_be_mediated_is_refused(system: System) -> None:
    report = await dispute_of(system, kind="report")
    url = f"{system.urls['workflow']}/v1/cases/{report['id']}/mediation"
    assert (await system.operator.get(url)).status_code == 404
    assert (await system.operator.post(url)).json()["type"] == "urn:linli:problem:no_dispute"
    dispute = await mediated(system)
    assert (await system.operator.post(dispute.path)).json()["type"] == "urn:linli:problem:known_already"
    assert (await dispute.staff("appoint", mediator="party:nobody")).status_code == 404
    company = await dispute.staff("appoint", mediator="party:water-co")
    assert (company.status_code, company.json()["type"]) == (422, "urn:linli:problem:no_mediator_of_the_tree")
    assert (await dispute.staff("concern", side="third_party", name="甲", party="nobody")).status_code == 422
    own = await dispute.staff("concern", side="third_party", name="网格", party="grid-1")
    assert own.json()["type"] == "urn:linli:problem:conflict_of_interest"
    wrong = await system.resident.get(f"{dispute.by_code}/0A1B-2C3D-4E5F")
    assert wrong.status_code == 404


async def test_a_company_that_has_the_case_says_not_who_mediates_and_never_hears_what_is_said(system: System) -> None:
    dispute = Dispute(system, await dispute_of(system))
    await system.act(dispute.id, "reassign", party="estate")
    estate = await party_key(system, "estate")
    assert (await system.resident.post(dispute.path, headers=estate)).status_code == 403
    json_of(await system.operator.post(dispute.path))
    tried = {
        "appoint": {"mediator": "party:estate"},
        "concern": {"side": "respondent", "name": "赵铁柱"},
        "call": {"starts_at": (datetime.now(UTC) + timedelta(days=1)).isoformat()},
        "escalate": {"why": "not_agreed"},
    }
    for action, said in tried.items():
        assert (await dispute.staff(action, estate, **said)).status_code == 403, action
    assert (await system.resident.get(dispute.path, headers=estate)).status_code == 200, "it sees its case"
    assert (await system.resident.get(f"{dispute.path}/statements", headers=estate)).status_code == 403
    theirs = {"community": "test", "name": "物业的人", "party": "estate"}
    added = json_of(await system.operator.post(f"{system.urls['workflow']}/v1/mediators", json=theirs))
    refused = await dispute.staff("appoint", mediator=added["mediator"])
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:linli:problem:conflict_of_interest")


async def test_a_volunteer_mediates_by_a_code_and_may_refuse(system: System) -> None:
    dispute = await mediated(system)
    url = f"{system.urls['workflow']}/v1/mediators"
    added = json_of(await system.operator.post(url, json={"community": "test", "name": "李老师"}))
    listed = json_of(await system.operator.get(url, params={"community": "test", "neighbourhood": "east"}))
    assert {"party:grid-1", added["mediator"]} <= {each["mediator"] for each in listed["items"]}
    code = json_of(await dispute.staff("appoint", mediator=added["mediator"]))["code"]
    assert json_of(await system.resident.get(f"{dispute.by_code}/{code}"))["you"] == added["mediator"]
    left = json_of(await dispute.guest(code, ":decline"))
    assert [each["participant"] for each in left["mediators"]] == ["party:grid-1"]
    assert (await system.resident.get(f"{dispute.by_code}/{code}")).status_code == 404, "the code opens nothing more"
    json_of(await system.operator.post(f"{url}/{added['mediator']}:remove"))
    listed = json_of(await system.operator.get(url, params={"community": "test"}))
    assert added["mediator"] not in {each["mediator"] for each in listed["items"]}


async def test_nobody_has_to_be_mediated(system: System) -> None:
    dispute = await mediated(system)
    declined = json_of(await dispute.guest(dispute.other_code, ":decline"))
    assert declined["state"] == "escalated"
    case = await system.case(dispute.id)
    assert case
    assert case["state"] == "returned"


async def test_an_erased_reporters_mediation_says_nothing_any_more(system: System) -> None:
    dispute = await mediated(system, reporter={"name": "王秀英", "phone": "13900000301"})
    json_of(await dispute.guest(dispute.code, "/statements", text="王秀英说的话"))
    await dispute.agree("王秀英与赵铁柱约定：轮流用晾衣绳。")
    url = f"{system.urls['intake']}/v1/residents:erase"
    erased = await system.operator.post(url, json={"resident": dispute.id})
    assert erased.status_code == 200, erased.text

    async def gone() -> bool:
        read = await system.resident.get(f"{dispute.path}/statements", headers=dispute.grid)
        return json_of(read)["items"] == []

    await until(gone)
    stands = await dispute.stands()
    assert stands["state"] == "in_effect", "that they agreed stays"
    assert "王秀英" not in str(stands) and "赵铁柱" not in str(stands)
    for code in (dispute.code, dispute.other_code):
        assert (await system.resident.get(f"{dispute.by_code}/{code}")).status_code == 404


async def test_what_its_reporter_takes_back_is_not_mediated_any_more_and_the_mediator_hears_why(system: System) -> None:
    dispute = await mediated(system)
    village = json_of(await dispute.staff("appoint", mediator="party:village"))["mediation"]
    assert {each["party"] for each in village["mediators"]} == {"grid-1", "village"}
    json_of(await dispute.guest(dispute.other_code, "/statements", text="我没有"))
    url = f"{system.urls['intake']}/v1/submissions/{dispute.id}:withdraw"
    withdrawn = await system.resident.post(url, json={}, headers={"X-Tracking-Code": dispute.code})
    assert withdrawn.status_code == 200, withdrawn.text

    async def ended() -> bool:
        return (await dispute.stands())["ended"] == "withdrawn"

    await until(ended)
    refused = await dispute.staff("hold", came=["party:grid-1", "reporter"])
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:linli:problem:mediation_state")

    async def told() -> bool:
        found = await system.get("notify", "/v1/deliveries", community="test", limit=500)
        ends = [each for each in found["items"] if each["event_type"] == "linli.mediation.ended.v1"]
        return {each["recipient"] for each in ends} == {"party:grid-1", "party:village"}

    await until(told)
    assert (await dispute.stands())["state"] == "open", "so far they had come"
