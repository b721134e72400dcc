"""Cases that move together, on real servers: many hands at once, and the timer."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from linli.storage import mongo
from tests.integration.workflow.test_cases import Desk
from tests.support.builders import community, submitted, withdrawn
from tests.support.services import running, until
from workflow.cases.domain.merging import FOLLOWERS_AT_MOST
from workflow.main import build, migrate
from workflow.settings import WorkflowSettings

PARTS = {"parts": [{"party": "estate", "message": "换灯"}, {"party": "water-co", "message": "查漏点"}]}
DEALT_WITH = {"triage", "dispatched", "accepted", "returned"}


@pytest.fixture
async def desk(settings_for: Callable[..., Awaitable[WorkflowSettings]]) -> AsyncIterator[Desk]:
    settings = await settings_for(WorkflowSettings)
    async with running(build(settings), partial(migrate, settings)) as http:
        http.headers["Authorization"] = f"Bearer {settings.secret('operator.key')}"
        await http.put("/v1/communities/test", json=community().model_dump(mode="json"))
        yield Desk(http, settings)


async def do(desk: Desk, id: str, action: str, **body: Any) -> dict[str, Any]:
    """An action on the version that there is, which succeeds."""
    answer = await desk.act(await desk.routed(id), action, **body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def let_time_pass(desk: Desk, days: int, *ids: str) -> None:
    """Make it so long ago that these cases were resolved."""
    client = mongo.connect(desk.settings)
    try:
        cases = client[desk.settings.database("workflow")].cases
        for case in await cases.find({"_id": {"$in": list(ids)}}).to_list(None):
            earlier = {"resolved_at": case["resolved_at"] - timedelta(days=days)}
            if "due_at" in case:
                earlier["due_at"] = case["due_at"] - timedelta(days=days)
            await cases.update_one({"_id": case["_id"]}, {"$set": earlier})
    finally:
        client.close()


async def test_silence_closes_a_case_with_its_parts_and_all_that_follow_it_once_each(desk: Desk) -> None:
    await desk.submit(*(submitted(f"s{n}") for n in range(3)))
    for id in ("s1", "s2"):
        await desk.routed("s0")
        await do(desk, id, "merge", into="s0")
    parts = (await do(desk, "s0", "split", **PARTS))["parts"]
    for part in parts:
        for action in ("accept", "resolve"):
            await do(desk, part, action, message="修好了")
    together = ["s0", "s1", "s2", *parts]
    assert [(await desk.routed(id))["state"] for id in together] == ["resolved"] * 5
    await let_time_pass(desk, 14, *together)

    async def closed() -> bool:
        return [(await desk.routed(id))["state"] for id in together] == ["closed"] * 5

    await until(closed)
    for id in together:
        story = await desk.routed(id)
        types = [entry["type"] for entry in story["history"]]
        assert types.count("linli.case.closed.v1") == 1
        assert [entry["sequence"] for entry in story["history"]] == list(range(1, story["version"] + 1))


async def test_two_parts_that_end_in_one_moment_end_the_whole(desk: Desk) -> None:
    await desk.submit(*(submitted(f"s{n}") for n in range(8)))
    parts = []
    for n in range(8):
        parts += (await do(desk, f"s{n}", "split", **PARTS))["parts"]
    await asyncio.gather(*(do(desk, part, "accept") for part in parts))
    await asyncio.gather(*(do(desk, part, "resolve", message="修好了") for part in parts))
    assert [(await desk.routed(f"s{n}"))["state"] for n in range(8)] == ["resolved"] * 8


async def test_a_case_is_put_right_with_its_parts_and_routed_anew_with_what_follows_it(desk: Desk) -> None:
    lift = {"title": "电梯停了", "category": "facilities.lift", "neighbourhood": "east", "place": "西门"}
    await desk.submit(*(submitted(f"s{n}", **lift) for n in range(3)))
    await asyncio.gather(*(desk.routed(f"s{n}") for n in range(3)))
    await do(desk, "s1", "merge", into="s0")
    right = {"reason": "听错了", "title": "停水了", "category": "water", "location": {"lon": 120.405, "lat": 36.105}}
    head = await do(desk, "s0", "correct", **right, reroute=True)
    assert (head["party"]["id"], head["state"], head["reported"]["title"]) == ("water-co", "dispatched", "电梯停了")
    assert (await desk.routed("s1"))["party"]["id"] == "water-co"
    routing = (await desk.http.get("/v1/cases/s0/routing")).json()
    assert (routing["outcome"], routing["party"]["id"]) == ("dispatched", "water-co")
    again = await desk.act(await desk.routed("s0"), "correct", **right)
    assert (again.status_code, again.json()["type"]) == (409, "urn:linli:problem:nothing_to_correct")
    parts = (await do(desk, "s2", "split", **PARTS))["parts"]
    await do(desk, "s2", "correct", reason="听错了", place=None, neighbourhood=None)
    for id in ("s2", *parts):
        case = await desk.routed(id)
        assert (case["place"], case["neighbourhood"]) == (None, None)
        assert case["history"][-1]["data"]["was_place"] == "西门"
        assert [entry["sequence"] for entry in case["history"]] == list(range(1, case["version"] + 1))


@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        ({"place": "东门"}, 422, "invalid"),
        ({"reason": "x"}, 422, "invalid"),
        ({"reason": "x", "title": None}, 422, "invalid"),
        ({"reason": "x", "category": "none-such"}, 422, "unknown_category"),
        ({"reason": "x", "neighbourhood": "none-such"}, 422, "unknown_neighbourhood"),
        ({"reason": "x", "location": {"lon": 500, "lat": 36}}, 422, "invalid"),
    ],
)
async def test_what_a_case_cannot_be_is_refused(desk: Desk, body: dict[str, Any], status: int, slug: str) -> None:
    await desk.submit(submitted("s0"))
    answer = await desk.act(await desk.routed("s0"), "correct", **body)
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (status, slug), answer.text


async def test_a_head_with_500_followers_is_resolved_at_once_for_all_of_them(desk: Desk) -> None:
    await desk.submit(*(submitted(f"s{n}") for n in range(2)))
    await desk.routed("s1")
    await do(desk, "s1", "merge", into="s0")
    await do(desk, "s0", "accept")
    client = mongo.connect(desk.settings)
    cases = client[desk.settings.database("workflow")].cases
    follower = await cases.find_one({"_id": "s1"})
    assert follower
    ids = [f"f{n:03}" for n in range(FOLLOWERS_AT_MOST - 1)]
    await cases.insert_many([follower | {"_id": id, "tracking_hash": id} for id in ids])
    await cases.update_one({"_id": "s0"}, {"$set": {"followers": ["s1", *ids]}})
    client.close()
    began = asyncio.get_running_loop().time()
    head = await do(desk, "s0", "resolve", message="长" * 2_000)
    assert head["state"] == "resolved"
    assert asyncio.get_running_loop().time() - began < mongo.ANSWER_WITHIN, "well within a transaction's 60 seconds"
    last = await desk.routed(ids[-1])
    assert (last["state"], last["history"][-1]["data"]["message"]) == ("resolved", "长" * 2_000)


async def test_a_batch_takes_back_a_head_and_its_followers_at_once(desk: Desk) -> None:
    await desk.submit(*(submitted(f"s{n}") for n in range(4)))
    await asyncio.gather(*(desk.routed(f"s{n}") for n in range(4)))
    for n in range(1, 4):
        await do(desk, f"s{n}", "merge", into="s0")
    await desk.submit(*(withdrawn(f"s{n}") for n in range(4)))

    async def gone() -> bool:
        return [(await desk.routed(f"s{n}"))["state"] for n in range(4)] == ["withdrawn"] * 4

    await until(gone)
    assert not await desk.parked()


async def test_whatever_many_do_at_once_what_moves_together_stays_together(desk: Desk) -> None:
    luck = random.Random(20261123)
    await desk.submit(*(submitted(f"s{n}") for n in range(6)))
    await asyncio.gather(*(desk.routed(f"s{n}") for n in range(6)))
    answers: dict[int, int] = {}

    async def somebody(times: int) -> None:
        for _ in range(times):
            ids = [case["id"] for case in (await desk.http.get("/v1/cases", params={"merged": True})).json()["items"]]
            id = luck.choice(ids)
            action = luck.choice(["accept", "resolve", "close", "reopen", "merge", "merge", "unmerge", "split"])
            body = PARTS if action == "split" else {"into": luck.choice(ids)} if action == "merge" else {}
            answer = await desk.act(await desk.routed(id), action, **body, message="好的")
            answers[answer.status_code] = answers.get(answer.status_code, 0) + 1

    await asyncio.gather(*(somebody(40) for _ in range(5)))
    assert set(answers) <= {200, 409, 412}, answers
    assert answers[200] > 20
    page = (await desk.http.get("/v1/cases", params={"merged": True, "limit": 500})).json()
    cases = {case["id"]: case for case in page["items"]}
    for case in cases.values():
        story = await desk.routed(case["id"])
        assert [entry["sequence"] for entry in story["history"]] == list(range(1, story["version"] + 1))
        _stays_together(case, cases)


def _stays_together(case: dict[str, Any], cases: dict[str, dict[str, Any]]) -> None:
    assert case["party"]
    assert all(cases[id]["merged_into"] == case["id"] for id in case["followers"])
    if case["merged_into"]:
        head = cases[case["merged_into"]]
        assert case["id"] in head["followers"]
        assert (case["state"], case["party"], head["merged_into"]) == (head["state"], head["party"], None)
    states = {cases[id]["state"] for id in case["parts"]}
    if states & DEALT_WITH:
        assert case["state"] in DEALT_WITH, "what is not done is not resolved"
    if states == {"closed"}:
        assert case["state"] != "accepted", "what is done is not left open"
