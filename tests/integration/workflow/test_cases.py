"""Workflow on real servers: what comes from Kafka takes effect once, and people act over HTTP."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import httpx2
import pytest
from structlog.testing import capture_logs

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.intake.submission import Point
from linli.contracts.kinds import Kind
from linli.messaging.event_store import EventStore
from linli.messaging.kafka import Outgoing
from linli.privacy.tracking import tracking_hash
from linli.storage import mongo
from linli.working_time import LAST_YEAR
from tests.support.builders import community, garbage, square, submitted, withdrawn
from tests.support.clocks import process_time
from tests.support.servers import Servers
from tests.support.services import running, until
from tests.support.topics import events_on, publish, publish_raw
from workflow.community.holidays import Holidays
from workflow.community.store import CommunityStore
from workflow.main import build, migrate
from workflow.settings import WorkflowSettings


@dataclass
class Desk:
    """A running workflow with the small community loaded, seen by an operator."""

    http: httpx2.AsyncClient
    settings: WorkflowSettings

    async def submit(self, *envelopes: Envelope[Event]) -> None:
        await publish(self.settings.kafka, self.settings.topic("intake"), *envelopes)

    async def raw(self, key: bytes | None, value: bytes) -> None:
        message = Outgoing(self.settings.topic("intake"), (key or b"").decode(), value, {})
        await publish_raw(self.settings.kafka, message)

    async def case(self, id: str) -> dict[str, Any] | None:
        answer = await self.http.get(f"/v1/cases/{id}")
        return answer.json() if answer.status_code == 200 else None

    async def routed(self, id: str) -> dict[str, Any]:
        async def ask() -> dict[str, Any] | None:
            found = await self.case(id)
            return found if found and found["state"] != "open" else None

        found = await until(ask)
        assert found
        return found

    async def act(self, case: dict[str, Any], action: str, **body: Any) -> httpx2.Response:
        headers = {"If-Match": f'"{case["version"]}"'}
        return await self.http.post(f"/v1/cases/{case['id']}:{action}", json=body, headers=headers)

    async def parked(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await self.http.get("/v1/parked")).json()["items"]
        return items


@pytest.fixture
async def desk(settings_for: Callable[..., Awaitable[WorkflowSettings]], stack: Servers) -> AsyncIterator[Desk]:
    settings = await settings_for(WorkflowSettings)
    async with running(build(settings), partial(migrate, settings)) as http:
        http.headers["Authorization"] = f"Bearer {settings.secret('operator.key')}"
        answer = await http.put("/v1/communities/test", json=community().model_dump(mode="json"))
        assert answer.json() == {"id": "test", "version": 1, "changed": True}
        yield Desk(http, settings)


async def test_a_submission_becomes_a_case_with_a_history_and_its_events_reach_kafka(desk: Desk) -> None:
    await desk.submit(submitted("s1", title="小区停水了"))
    case = await desk.routed("s1")
    assert (case["state"], case["party"]["id"], case["rule"]) == ("dispatched", "water-co", "water-words")
    assert [(entry["sequence"], entry["type"]) for entry in case["history"]] == [
        (1, "linli.case.opened.v1"),
        (2, "linli.case.dispatched.v1"),
    ]

    async def on_kafka() -> list[tuple[str, int, str]]:
        events = await events_on(desk.settings.kafka, desk.settings.topic("cases"))
        return [(event.correlationid, event.sequence, event.type) for event in events]

    assert await until(on_kafka) == [("s1", 1, "linli.case.opened.v1"), ("s1", 2, "linli.case.dispatched.v1")]


async def test_a_party_reads_a_history_without_what_leads_to_its_reporter(desk: Desk) -> None:
    await desk.submit(submitted("s1", title="小区停水了"))
    await desk.routed("s1")
    asked = {"name": "水务", "role": "party", "party": "water-co", "community": "test"}
    key = (await desk.http.post("/v1/keys", json=asked)).json()["key"]
    answer = await desk.http.get("/v1/cases/s1", headers={"Authorization": f"Bearer {key}"})
    assert [entry["type"] for entry in answer.json()["history"]] == ["linli.case.opened.v1", "linli.case.dispatched.v1"]
    assert not [name for name in ("resident_id", "tracking_hash") if name in answer.text]
    operators = await desk.http.get("/v1/cases/s1")
    assert {entry["data"]["resident_id"] for entry in operators.json()["history"]} == {"r-1"}
    assert "tracking_hash" not in operators.text


async def test_the_same_events_again_change_nothing(desk: Desk) -> None:
    events = [submitted(f"s{n}") for n in range(20)]
    await desk.submit(*events, *events)
    await desk.submit(*events, submitted("last"))
    await desk.routed("last")
    page = (await desk.http.get("/v1/cases", params={"count": True})).json()
    assert page["total"] == 21
    assert {case["version"] for case in page["items"]} == {2}


async def test_a_withdrawal_that_overtakes_its_submission_waits_for_it(desk: Desk) -> None:
    await desk.submit(withdrawn("s1"))
    await desk.submit(submitted("s2"))
    await desk.routed("s2")
    assert await desk.case("s1") is None
    await desk.submit(submitted("s1"))

    async def gone() -> bool:
        found = await desk.case("s1")
        return bool(found and found["state"] == "withdrawn")

    await until(gone)


async def test_an_unreadable_record_in_the_middle_of_a_batch_is_parked_and_the_rest_goes_on(desk: Desk) -> None:
    await desk.submit(submitted("s1"))
    await desk.raw(b"s1", garbage().value or b"")
    await desk.submit(withdrawn("s1"), submitted("s2"))
    await desk.routed("s2")
    (parked,) = await until(desk.parked)
    assert (parked["reason"], parked["stream"]) == ("not_a_cloudevent", "s1")
    for streams, found in ((["s1", "s2"], [parked]), (["s2"], [])):
        page = (await desk.http.get("/v1/parked", params={"stream": streams})).json()
        assert (page["items"], page["total"]) == (found, len(found))
    assert (await desk.routed("s1"))["state"] == "triage", "what follows in the story waits behind the parked record"

    answer = await desk.http.post(f"/v1/parked/{parked['id']}:discard", json={"reason": "测试数据"})
    assert answer.status_code == 200, answer.text

    async def gone() -> bool:
        return bool((found := await desk.case("s1")) and found["state"] == "withdrawn")

    await until(gone)
    assert await desk.parked() == []


async def test_a_parked_event_is_applied_when_it_is_replayed_after_the_cause_is_gone(desk: Desk) -> None:
    await desk.submit(submitted("s1", community="other"))
    (parked,) = await until(desk.parked)
    assert parked["reason"] == "unknown_community"
    assert (await desk.http.post(f"/v1/parked/{parked['id']}:replay")).status_code == 409
    await desk.submit(withdrawn("s1"))

    data = community(id="other").model_dump(mode="json")
    assert (await desk.http.put("/v1/communities/other", json=data)).status_code == 200
    assert (await desk.http.post(f"/v1/parked/{parked['id']}:replay")).status_code == 200
    assert (await desk.http.post(f"/v1/parked/{parked['id']}:replay")).status_code == 404

    async def gone() -> bool:
        return bool((found := await desk.case("s1")) and found["state"] == "withdrawn")

    await until(gone)


async def test_all_that_was_parked_for_a_reason_is_replayed_at_once(desk: Desk) -> None:
    await desk.submit(*(submitted(f"s{n}", community="other") for n in range(3)))
    await desk.raw(None, b"rubbish")

    async def all_four() -> bool:
        return len(await desk.parked()) == 4

    await until(all_four)
    nothing_named = await desk.http.post("/v1/parked:replay", json={})
    assert nothing_named.status_code == 422
    too_soon = (await desk.http.post("/v1/parked:replay", json={"reason": "unknown_community"})).json()["items"]
    assert [each["outcome"].split(":")[0] for each in too_soon] == ["parked"] * 3
    await desk.http.put("/v1/communities/other", json=community(id="other").model_dump(mode="json"))
    done = (await desk.http.post("/v1/parked:replay", json={"reason": "unknown_community"})).json()["items"]
    assert [each["outcome"] for each in done] == ["replayed"] * 3
    assert {(await desk.routed(f"s{n}"))["community"] for n in range(3)} == {"other"}
    assert [each["reason"] for each in await desk.parked()] == ["not_a_cloudevent"]


async def test_an_event_type_nobody_knows_is_parked(desk: Desk) -> None:
    message = Outgoing(
        desk.settings.topic("intake"),
        "s9",
        b"{}",
        {
            "ce_specversion": b"1.0",
            "ce_id": b"s9:1",
            "ce_type": b"linli.dream.told.v1",
            "ce_source": b"linli/intake",
            "ce_subject": b"s9",
            "ce_time": b"2026-11-23T00:00:00Z",
            "ce_sequence": b"1",
        },
    )
    await publish_raw(desk.settings.kafka, message)
    (parked,) = await until(desk.parked)
    assert (parked["reason"], parked["stream"]) == ("unknown_type", "s9")


async def test_a_case_goes_its_whole_way_through_the_actions(desk: Desk) -> None:
    await desk.submit(submitted("s1", title="停水", kind=Kind.REPORT))
    case = await desk.routed("s1")
    for action, body in [
        ("accept", {}),
        ("progress", {"message": "正在抢修"}),
        ("return", {"reason": "管道属于小区物业"}),
        ("reassign", {"party": "estate", "by": "street"}),
        ("accept", {}),
        ("resolve", {"message": "已修好"}),
        ("close", {}),
        ("reopen", {"message": "又停了"}),
        ("note", {"message": "注意"}),
    ]:
        answer = await desk.act(case, action, **body)
        assert answer.status_code == 200, (action, answer.text)
        assert answer.headers["ETag"] == f'"{case["version"] + 1}"'
        case = answer.json()
    assert (case["state"], case["party"]["id"]) == ("dispatched", "estate")
    history = (await desk.case("s1") or {})["history"]
    assert [entry["sequence"] for entry in history] == list(range(1, 12))


async def test_an_action_on_an_old_version_is_refused_with_the_version_that_is(desk: Desk) -> None:
    await desk.submit(submitted("s1", title="停水"))
    case = await desk.routed("s1")
    first, second = await asyncio.gather(desk.act(case, "accept"), desk.act(case, "accept"))
    assert sorted([first.status_code, second.status_code]) == [200, 412]
    late = first if first.status_code == 412 else second
    assert late.json()["version"] == 3
    assert late.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("action", "body", "headers", "status"),
    [
        ("close", {}, {"If-Match": '"2"'}, 409),
        ("accept", {}, {}, 428),
        ("accept", {}, {"If-Match": "soon"}, 400),
        ("return", {}, {"If-Match": '"2"'}, 422),
        ("resolve", {"message": " \n"}, {"If-Match": '"2"'}, 422),
        ("return", {"reason": " "}, {"If-Match": '"2"'}, 422),
        ("reassign", {"party": "nobody"}, {"If-Match": '"2"'}, 422),
        ("accept", {"unknown": 1}, {"If-Match": '"2"'}, 422),
        ("accept", {}, {"If-Match": '"2"', "Authorization": "Bearer wrong"}, 401),
    ],
)
async def test_a_wrong_action_is_refused_and_changes_nothing(
    desk: Desk, action: str, body: dict[str, Any], headers: dict[str, str], status: int
) -> None:
    await desk.submit(submitted("s1", title="停水"))
    case = await desk.routed("s1")
    answer = await desk.http.post(f"/v1/cases/s1:{action}", json=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.json()["status"] == status
    assert (await desk.case("s1") or {})["version"] == case["version"]


async def test_a_case_is_resolved_with_an_answer_or_not_at_all(desk: Desk) -> None:
    await desk.submit(submitted("s1", title="停水"))
    case = (await desk.act(await desk.routed("s1"), "accept")).json()
    for said in ({}, {"message": None}, {"message": ""}, {"message": " \n "}):
        answer = await desk.act(case, "resolve", **said)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
        assert [error["field"] for error in answer.json()["errors"]] == ["message"], answer.text
    assert (await desk.act(case, "resolve", message="已通水")).json()["state"] == "resolved"
    described = (await desk.http.get("/openapi.json")).json()
    body = described["paths"]["/v1/cases/{id}:resolve"]["post"]["requestBody"]
    schema = described["components"]["schemas"][body["content"]["application/json"]["schema"]["$ref"].split("/")[-1]]
    assert (body["required"], "message" in schema["required"]) == (True, True)


async def test_an_action_on_a_case_that_does_not_exist_is_a_404(desk: Desk) -> None:
    answer = await desk.http.post("/v1/cases/nothing:accept", headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:linli:problem:not_found")


async def test_a_repeated_action_with_the_same_key_gets_the_same_answer(desk: Desk) -> None:
    await desk.submit(submitted("s1", title="停水"))
    await desk.routed("s1")
    headers = {"If-Match": '"2"', "Idempotency-Key": "accept-s1-once"}
    answers = await asyncio.gather(*(desk.http.post("/v1/cases/s1:accept", headers=headers) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["version"] for answer in answers} == {3}
    other = await desk.http.post("/v1/cases/s1:accept", headers=headers, json={"message": "另一个"})
    assert other.status_code == 422


async def test_an_action_that_is_done_and_not_answered_is_answered_when_it_is_repeated(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: Any) -> None:
        raise RuntimeError("between the commit and the answer")

    await desk.submit(submitted("s1", title="停水"))
    await desk.routed("s1")
    headers = {"If-Match": '"2"', "Idempotency-Key": "accept-s1-once"}
    with monkeypatch.context() as patch:
        patch.setattr(CommunityStore, "directory", fails)
        answer = await desk.http.post("/v1/cases/s1:accept", headers=headers)
        assert answer.status_code == 500
    again = await desk.http.post("/v1/cases/s1:accept", headers=headers)
    assert (again.status_code, again.json()["version"]) == (200, 3)


async def test_the_routing_is_explained_by_the_version_that_was_in_force(desk: Desk) -> None:
    await desk.submit(submitted("s1", title="邻居吵架", kind=Kind.DISPUTE, neighbourhood="east"))
    await desk.routed("s1")
    changed = community(rules=[]).model_dump(mode="json")
    assert (await desk.http.put("/v1/communities/test", json=changed)).json()["version"] == 2
    why = (await desk.http.get("/v1/cases/s1/routing")).json()
    assert (why["community_version"], why["rule"], why["party"]["id"]) == (1, "dispute", "grid-1")
    assert [(trial["rule"], trial["failed_on"]) for trial in why["tried"]] == [
        ("lift", "category"),
        ("water-words", "words"),
        ("dispute", None),
    ]
    await desk.submit(submitted("s2", title="邻居吵架", kind=Kind.DISPUTE, neighbourhood="east"))
    assert (await desk.routed("s2"))["state"] == "triage"


async def test_where_deadlines_reach_into_a_year_without_known_holidays_it_is_told(desk: Desk) -> None:
    rule = {"id": "slow", "name": "慢", "role": "property", "accept_within": "1d", "resolve_within": "366d"}
    data = community(rules=[rule | {"working_days": True}]).model_dump(mode="json")
    assert (await desk.http.put("/v1/communities/test", json=data)).status_code == 200
    await desk.submit(submitted("s1", neighbourhood="east"))
    case = await desk.routed("s1")
    year = max(LAST_YEAR, datetime.now(UTC).year) + 1
    assert year in case["holidays_unknown"]
    assert year in (await desk.http.get("/v1/cases/s1/routing")).json()["holidays_unknown"]

    client = mongo.connect(desk.settings)
    database = client[desk.settings.database("workflow")]
    holidays = Holidays(CommunityStore(database, EventStore(database, desk.settings.topic), process_time))
    with capture_logs() as logs:
        await holidays.look()
        await holidays.look()
    client.close()
    assert [entry["year"] for entry in logs if entry["event"] == "holidays_unknown"] == case["holidays_unknown"]
    (told,) = re.findall(
        r"^linli_workflow_working_days_reach_seconds (\S+)$", (await desk.http.get("/metrics")).text, re.M
    )
    assert datetime.fromtimestamp(float(told), UTC).year >= year


async def test_pages_stay_where_they_are_while_others_write(desk: Desk) -> None:
    ids = [f"01900000-0000-7000-8000-{n:012d}" for n in range(9)]
    await desk.submit(*(submitted(id) for id in ids))
    for id in ids:
        await desk.routed(id)
    first = (await desk.http.get("/v1/cases", params={"limit": 4})).json()
    whole = (await desk.http.get("/v1/cases", params={"limit": len(ids)})).json()
    assert (len(whole["items"]), whole["next"]) == (len(ids), None), "no page is empty"
    await desk.submit(submitted("01900000-0000-7000-8000-000000000099"))
    await desk.routed("01900000-0000-7000-8000-000000000099")
    rest = (await desk.http.get("/v1/cases", params={"limit": 50, "cursor": first["next"]})).json()
    assert [case["id"] for case in [*first["items"], *rest["items"]]] == sorted(ids, reverse=True)
    assert rest["next"] is None


async def test_a_tracking_code_shows_the_public_timeline_and_nothing_of_the_staff(desk: Desk) -> None:
    code = "ABCD-EFGH-JKMN"
    await desk.submit(submitted("s1", title="停水", tracking_hash=tracking_hash(code)))
    case = await desk.routed("s1")
    case = (await desk.act(case, "note", message="内部备注")).json()
    case = (await desk.act(case, "accept")).json()
    await desk.act(case, "progress", message="正在抢修")
    desk.http.headers.pop("Authorization")
    answer = await desk.http.get(f"/v1/track/{code.lower()}")
    assert answer.status_code == 200
    assert [(entry["state"], entry["message"]) for entry in answer.json()["timeline"]] == [
        ("open", None),
        ("dispatched", None),
        ("accepted", None),
        ("accepted", "正在抢修"),
    ]
    assert "内部备注" not in answer.text
    assert "r-1" not in answer.text
    for wrong in ("ABCD-EFGH-JKMP", "x", "%00", "A" * 500):
        assert (await desk.http.get(f"/v1/track/{wrong}")).status_code == 404


async def test_a_browser_gets_the_way_as_a_page_and_a_program_as_json(desk: Desk) -> None:
    code = "ABCD-EFGH-JKMN"
    await desk.submit(submitted("s1", title="停水<b>", tracking_hash=tracking_hash(code)))
    case = await desk.routed("s1")
    case = (await desk.act(case, "correct", reason="听错了", title="停电", neighbourhood="east")).json()
    desk.http.headers.pop("Authorization")
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "en-GB"}
    page = await desk.http.get(f"/v1/track/{code}", headers=browser)
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["cache-control"] == "no-store" and page.headers["vary"] == "Accept"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "停水&lt;b&gt;" in page.text and "停电" not in page.text, "as its reporter had it"
    assert "信息已更正" in page.text and "听错了" not in page.text
    assert (await desk.http.head(f"/v1/track/{code}", headers=browser)).status_code == 200
    wrong = await desk.http.get("/v1/track/ABCD-EFGH-JKMP", headers=browser)
    assert wrong.status_code == 404 and "Nothing is known under this code" in wrong.text
    assert wrong.headers["content-type"].startswith("text/html")
    for accept in ("*/*", "application/json"):
        told = await desk.http.get(f"/v1/track/{code}", headers={"Accept": accept})
        assert (told.json()["title"], told.json()["id"]) == ("停水<b>", "s1")


async def test_a_very_long_story_comes_a_page_at_a_time_the_newest_first(desk: Desk) -> None:
    """Of 1,000 steps of 2,000 characters an answer has 200; the public sees its own steps among those of staff."""
    code = "ABCD-EFGH-JKMN"
    await desk.submit(submitted("s1", title="停水", tracking_hash=tracking_hash(code)))
    case = (await desk.act(await desk.routed("s1"), "accept")).json()
    case = (await desk.act(case, "progress", message="正在抢修")).json()
    client = mongo.connect(desk.settings)
    events = client[desk.settings.database("workflow")].events
    note = await events.find_one({"subject": "s1", "sequence": case["version"]})
    assert note
    value = note["outgoing"]["value"].replace("正在抢修", "长" * 2_000)
    del note["_id"]
    longer = [
        note
        | {
            "_id": f"s1:{n}",
            "sequence": n,
            "type": "linli.case.noted.v1",
            "outgoing": note["outgoing"] | {"value": value},
        }
        for n in range(case["version"] + 1, case["version"] + 1_001)
    ]
    await events.insert_many(longer)
    client.close()
    answer = await desk.http.get("/v1/cases/s1")
    assert len(answer.content) < 4_000_000
    sequences, before = [], answer.json()
    while True:
        sequences = [entry["sequence"] for entry in before["history"]] + sequences
        if before["earlier"] is None:
            break
        before = (await desk.http.get("/v1/cases/s1", params={"before": before["earlier"]})).json()
    assert sequences == list(range(1, case["version"] + 1_001))
    told = (await desk.http.get(f"/v1/track/{code}")).json()
    assert [entry["state"] for entry in told["timeline"]] == ["open", "dispatched", "accepted", "accepted"]
    assert told["earlier"] is None
    assert (await desk.http.get("/v1/cases/s1", params={"before": 0})).status_code == 422


async def test_a_faulty_community_is_refused_with_the_fields_that_are_wrong(desk: Desk) -> None:
    data = community().model_dump(mode="json")
    data["rules"][0]["role"] = "dragon"
    answer = await desk.http.put("/v1/communities/test", json=data)
    assert answer.status_code == 422
    assert "nobody fills the role 'dragon'" in answer.text
    assert (await desk.http.get("/v1/communities")).json()["items"][0]["version"] == 1


async def test_the_same_community_again_is_no_new_version(desk: Desk) -> None:
    answer = await desk.http.put("/v1/communities/test", json=community().model_dump(mode="json"))
    assert answer.json() == {"id": "test", "version": 1, "changed": False}


async def test_data_can_be_checked_without_putting_them_in_force(desk: Desk) -> None:
    asked = "/v1/communities/test?dry_run=true"
    would = await desk.http.put(asked, json=community(name="别的街道").model_dump(mode="json"))
    assert would.json() == {"id": "test", "version": 2, "changed": True}
    same = await desk.http.put(asked, json=community().model_dump(mode="json"))
    assert same.json() == {"id": "test", "version": 1, "changed": False}
    await desk.submit(submitted("s1", title="小区停水了"))
    await desk.routed("s1")
    assert (await desk.http.put(asked, json=without("water-co"))).status_code == 409
    assert (await desk.http.get("/v1/communities/test")).json()["name"] == "测试街道"
    assert (await desk.http.get("/v1/communities")).json()["items"][0]["version"] == 1


async def test_versions_are_listed_with_the_time_from_which_each_was_in_force(desk: Desk) -> None:
    for number in range(2, 5):
        data = community(name=f"第{number}版").model_dump(mode="json")
        assert (await desk.http.put("/v1/communities/test", json=data)).json()["version"] == number
    first = (await desk.http.get("/v1/communities/test/versions?limit=3")).json()
    assert ([each["version"] for each in first["items"]], first["next"]) == ([4, 3, 2], 2)
    assert first["items"][0]["at"] > first["items"][1]["at"]
    last = (await desk.http.get(f"/v1/communities/test/versions?before={first['next']}")).json()
    assert ([each["version"] for each in last["items"]], last["next"]) == ([1], None)
    assert (await desk.http.get("/v1/communities/none/versions")).status_code == 404


def without(party: str) -> dict[str, Any]:
    """The small community without a party and what names it."""
    data = community().model_dump(mode="json")
    data["parties"] = [each for each in data["parties"] if each["id"] != party]
    data["roles"] = {role: id for role, id in data["roles"].items() if id != party}
    return data


async def test_a_party_that_has_cases_to_deal_with_cannot_be_left_out(desk: Desk) -> None:
    await desk.submit(submitted("s1", title="小区停水了"), submitted("s2", title="停水"))
    first, second = await desk.routed("s1"), await desk.routed("s2")
    refused = await desk.http.put("/v1/communities/test", json=without("water-co"))
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:linli:problem:party_has_cases")
    assert (refused.json()["parties"], "water-co (2)" in refused.json()["detail"]) == ({"water-co": 2}, True)
    assert (await desk.http.get("/v1/communities")).json()["items"][0]["version"] == 1

    assert (await desk.act(first, "merge", into="s2")).status_code == 200  # it goes where the other goes
    again = await desk.http.put("/v1/communities/test", json=without("water-co"))
    assert again.json()["parties"] == {"water-co": 1}
    second = await desk.routed("s2")
    assert (await desk.act(second, "reassign", party="estate")).status_code == 200
    taken = await desk.http.put("/v1/communities/test", json=without("water-co"))
    assert taken.json() == {"id": "test", "version": 2, "changed": True}
    unmerged = await desk.act(await desk.routed("s1"), "unmerge")
    assert (unmerged.json()["state"], unmerged.json()["party"]["id"]) == ("triage", "street")


async def test_a_case_of_a_party_that_is_no_more_is_the_triage_desks_to_see_and_to_reassign(desk: Desk) -> None:
    await desk.submit(submitted("s1", title="小区停水了"), submitted("s2", title="停水"))
    await desk.routed("s2")
    client = mongo.connect(desk.settings)  # as a case that was routed by the version before, in the same moment
    await client[desk.settings.database("workflow")].cases.update_one(
        {"_id": "s1"}, {"$set": {"party": "gone", "escalated_to": "street"}}
    )
    client.close()
    answers = {}
    for party in ("street", "village"):
        asked = {"name": party, "role": "party", "party": party, "community": "test"}
        key = (await desk.http.post("/v1/keys", json=asked)).json()["key"]
        headers = {"Authorization": f"Bearer {key}"}
        lists = [
            {case["id"] for case in (await desk.http.get("/v1/cases", params=said, headers=headers)).json()["items"]}
            for said in ({}, {"escalated_to": "street"})
        ]
        seen = (await desk.http.get("/v1/cases/s1", headers=headers)).status_code
        match = headers | {"If-Match": '"2"'}
        given = await desk.http.post("/v1/cases/s1:reassign", json={"party": "estate"}, headers=match)
        answers[party] = (*lists, seen, given.status_code)
        if party == "street":
            await desk.act(given.json(), "reassign", party="street")
    assert answers["street"] == ({"s1", "s2"}, {"s1"}, 200, 200)
    assert answers["village"] == (set(), set(), 404, 404)


async def test_the_routing_names_the_word_that_matched_and_the_estates_that_are_near(desk: Desk) -> None:
    east, west = square(120.40, 36.0), square(120.4102, 36.0)
    data = community().model_dump(mode="json")
    data["neighbourhoods"][0]["outline"], data["neighbourhoods"][1]["outline"] = east, west
    assert (await desk.http.put("/v1/communities/test", json=data)).status_code == 200
    first, second = (place["id"] for place in data["neighbourhoods"][:2])

    await desk.submit(submitted("s1", title="我家停\u3000水了", location=Point(lon=120.4101, lat=36.005)))
    await desk.routed("s1")
    why = (await desk.http.get("/v1/cases/s1/routing")).json()

    assert {(place["id"], place["metres"]) for place in why["near"]} == {(first, 9), (second, 9)}
    decided = why["tried"][-1]
    assert (decided["rule"], decided["matched"]) == ("water-words", True)
    assert decided["matches"] == [
        {"condition": "words", "value": "停水", "field": "title", "said": "我家【停\u3000水】了"}
    ]


async def test_changed_rules_are_tried_on_past_cases_and_on_messages_and_change_nothing(desk: Desk) -> None:
    await desk.submit(submitted("s1", title="小区停水了"), submitted("s2", title="楼道灯坏了"))
    await desk.routed("s1")
    await desk.routed("s2")
    lights = {"id": "lights", "name": "灯", "when": {"words": ["灯"], "words_in": ["title"]}, "role": "property"}
    rules = [*community().model_dump(mode="json")["rules"], lights | {"accept_within": "2h", "resolve_within": "7d"}]

    body: dict[str, Any] = {"community": "test", "data": {"rules": rules}}
    on_cases = (await desk.http.post("/v1/rules:try", json=body)).json()
    body["messages"] = [{"ref": "1", "title": "楼道灯坏了"}, {"ref": "2", "title": "别的", "text": "灯"}]
    on_messages = (await desk.http.post("/v1/rules:try", json=body)).json()
    wrong = await desk.http.post("/v1/rules:try", json=body | {"data": {"rules": [lights | {"accept_within": 2}]}})

    assert (on_cases["tried"], on_cases["changed"]) == (2, 1)
    assert (on_cases["from_rule"], on_cases["to_rule"]) == ({"triage": 1}, {"lights": 1})
    [change] = on_cases["changes"]
    assert (change["ref"], change["before"]["outcome"], change["after"]["rule"]) == ("s2", "no_rule", "lights")
    assert change["after"]["matches"][0]["said"] == "楼道【灯】坏了"
    assert [each["ref"] for each in on_messages["changes"]] == ["1"]
    assert (wrong.status_code, wrong.json()["type"]) == (422, "urn:linli:problem:invalid")
    assert (await desk.http.get("/v1/communities")).json()["items"][0]["version"] == 1


async def test_a_community_that_is_retired_stays_so_until_it_is_taken_back(desk: Desk) -> None:
    await desk.submit(submitted("s1", title="小区停水了"))
    case = await desk.routed("s1")

    retired = (await desk.http.post("/v1/communities/test:retire")).json()
    again = (await desk.http.post("/v1/communities/test:retire")).json()
    loaded = await desk.http.put("/v1/communities/test", json=community(name="新名").model_dump(mode="json"))

    assert (retired["version"], retired["changed"], again["changed"]) == (2, True, False)
    assert again["retired_at"] == retired["retired_at"] is not None
    assert loaded.json() == {"id": "test", "version": 3, "changed": True}
    head = (await desk.http.get("/v1/communities")).json()["items"][0]
    assert (head["retired_at"], head["timezone"]) == (retired["retired_at"], "Asia/Shanghai")
    assert (await desk.act(case, "accept")).status_code == 200, "its cases go on"

    back = (await desk.http.post("/v1/communities/test:unretire")).json()
    assert (back["changed"], back["retired_at"]) == (True, None)
    assert (await desk.http.post("/v1/communities/nobody:retire")).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rules": [{"when": {"hours": {"from": 8, "to": 18}}}]}, "rules.0.when.hours.from"),
        ({"rules": [{"when": {"hours": {"from": "08:00Z", "to": "18:00"}}}]}, "rules.0.when.hours.from"),
        ({"rules": [{"accept_within": 2}]}, "rules.0.accept_within"),
        ({"parties": [{"webhook": "https://user:pass@office.example/"}]}, "parties.0.webhook"),
        ({"neighbourhoods": [{"outline": {"type": "Polygon", "coordinates": [[[1, 1], [2, 2], [2, 1], [1, 2]]]}}]},
         "neighbourhoods.0.outline"),
    ],
)  # fmt: skip
async def test_data_that_would_harm_are_refused_with_their_place(
    desk: Desk, change: dict[str, Any], field: str
) -> None:
    data = community().model_dump(mode="json")
    for section, [entry] in change.items():
        data[section][0] |= entry
    answer = await desk.http.put("/v1/communities/test", json=data)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:linli:problem:invalid")
    assert answer.json()["errors"][0]["field"].startswith(field)


async def test_an_action_that_is_only_tried_says_what_it_would_be_and_leaves_no_trace(desk: Desk) -> None:
    await desk.submit(submitted("s1", title="小区停水了"))
    case = await desk.routed("s1")
    assert {"accept", "return", "reassign", "split", "evidence"} <= set(case["may"])
    assert not {"resume", "unmerge", "close", "follow_up"} & set(case["may"])

    async def tried(action: str, version: int, **body: Any) -> httpx2.Response:
        headers = {"If-Match": f'"{version}"', "Idempotency-Key": "tried-0001"}
        return await desk.http.post(f"/v1/cases/s1:{action}?dry_run=true", json=body, headers=headers)

    returned = await tried("return", 2, reason="不归我们管")
    assert (returned.status_code, returned.json()["party"]["id"], returned.json()["state"]) == (
        200,
        "street",
        "returned",
    )
    assert (await tried("resolve", 2, message="好了")).json()["type"] == "urn:linli:problem:not_allowed"
    assert (await tried("accept", 1)).status_code == 412
    assert await desk.case("s1") == case
    log = (await desk.http.get("/v1/audit", params={"object": "s1"})).json()["items"]
    assert [entry for entry in log if entry["outcome"] == "done"] == []
    assert (await desk.act(case, "accept")).status_code == 200


async def test_a_list_may_be_of_several_states_and_of_parties_of_one_kind(desk: Desk) -> None:
    await desk.submit(submitted("s1", title="小区停水了"), submitted("s2", title="别的事"))
    case = await desk.routed("s1")
    await desk.routed("s2")
    await desk.act(case, "accept")

    async def found(**asked: Any) -> set[str]:
        answer = await desk.http.get("/v1/cases", params=asked)
        assert answer.status_code == 200, answer.text
        return {each["id"] for each in answer.json()["items"]}

    assert await found(state=["accepted", "triage"]) == {"s1", "s2"}
    assert await found(state=["accepted", "returned"]) == {"s1"}
    assert await found(party_kind="water") == {"s1"}
    assert await found(party_kind="subdistrict", community="test") == {"s2"}
    assert await found(party_kind="gas") == set()
