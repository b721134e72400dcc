"""Finding a case among 100,000 open ones: by words, by the hotline's number, by age; never by reading all of them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import httpx2
import pytest

from linli.storage import mongo
from linli.text.grams import grams_of
from tests.support.builders import NOON, community, submitted
from tests.support.services import running
from workflow.cases.document import document_of
from workflow.cases.domain.submitted import open_case, route_case
from workflow.community.domain.directory import Directory
from workflow.main import build, migrate
from workflow.settings import WorkflowSettings

OPEN, PAGE = 100_000, 20
STREETS = ("东门", "西门", "南门", "北门")
THINGS = ("路灯不亮", "水管漏水", "垃圾没清", "噪音扰民", "车辆乱停")
ONE = "5号楼电梯有异响"
"""What somebody looks for who has lost the code."""


def _id(number: int) -> str:
    return f"0199e0a4-0000-7000-8000-{number:012d}"


def _of_its_own(number: int) -> dict[str, Any]:
    title = ONE if number == 7 else f"{STREETS[number % 4]}{THINGS[number % 5]}{number % 97}号"
    called = NOON - timedelta(minutes=(number * 7919) % OPEN)
    names = {"_id": _id(number), "tracking_hash": str(number), "title": title, "grams": sorted(grams_of(title))}
    owed = dict.fromkeys(("accept_by", "owed_by"), called + timedelta(days=1))
    return names | owed | {"external_id": f"20261103{number:06d}", "submitted_at": called}


def _template() -> dict[str, Any]:
    """A case as workflow writes it, at the triage desk; the timer has no part in this."""
    directory = Directory(community(), 1)
    event: Any = submitted("s1", neighbourhood="east").data
    case, _ = open_case("s1", event, directory, NOON)
    return document_of(route_case(case, directory, NOON)[0])


@pytest.fixture
async def desk(
    settings_for: Callable[..., Awaitable[WorkflowSettings]],
) -> AsyncIterator[tuple[httpx2.AsyncClient, mongo.Database]]:
    settings = await settings_for(WorkflowSettings)
    client = mongo.connect(settings)
    database = client[settings.database("workflow")]
    template = _template()
    for start in range(0, OPEN, 10_000):  # before the indexes: to build these at once takes a third of the time
        copies = [template | _of_its_own(number) for number in range(start, start + 10_000)]
        await database.cases.insert_many(copies, ordered=False)
    async with running(build(settings), partial(migrate, settings)) as http:
        http.headers["Authorization"] = f"Bearer {settings.secret('operator.key')}"
        await http.put("/v1/communities/test", json=community().model_dump(mode="json"))
        await database.command("profile", 2)
        yield http, database
        await database.command("profile", 0)
    client.close()


async def looked_at(database: mongo.Database) -> tuple[int, int]:
    """Documents and keys that the last list read."""
    asked = {"ns": f"{database.name}.cases", "command.find": {"$exists": True}}
    last = await database["system.profile"].find_one(asked, sort=[("ts", -1)])
    assert last
    return int(last["docsExamined"]), int(last["keysExamined"])


async def test_among_100_000_open_cases_one_is_found_by_what_is_known_of_it_and_so_are_its_repeats(
    desk: tuple[httpx2.AsyncClient, mongo.Database],
) -> None:
    await found_by_what_is_known_of_it(*desk)
    await repeats_found_however_many_came_after(*desk)


async def found_by_what_is_known_of_it(http: httpx2.AsyncClient, database: mongo.Database) -> None:
    async def ids(**asked: Any) -> list[str]:
        answer = await http.get("/v1/cases", params={"limit": PAGE} | asked)
        assert answer.status_code == 200, answer.text
        return [case["id"] for case in answer.json()["items"]]

    assert await ids(q="电梯 异响") == [_id(7)]
    docs, keys = await looked_at(database)
    assert docs <= 2 and keys <= 4, "its rarest letters lead to it"
    assert await ids(q="电梯 东门") == []
    assert len(await ids(q="东门 漏水", neighbourhood="east")) == PAGE
    docs, keys = await looked_at(database)
    assert docs <= PAGE * 12, "of those in one place the newest are read"
    assert await ids(external_id="20261103000042") == [_id(42)]
    assert (await looked_at(database))[0] == 1
    assert await ids(id=[_id(3), _id(5), _id(OPEN + 1)]) == [_id(5), _id(3)]
    for order, field in (("age", "submitted_at"), ("due", "accept_by"), ("updated", "updated_at")):
        page = (await http.get("/v1/cases", params={"sort": order, "limit": PAGE, "state": "triage"})).json()
        docs, _ = await looked_at(database)
        assert docs <= PAGE * 2, order
        after = (await http.get("/v1/cases", params={"sort": order, "limit": PAGE, "cursor": page["next"]})).json()
        both = [case for each in (page, after) for case in each["items"]]
        assert len({case["id"] for case in both}) == 2 * PAGE, f"no case twice by {field}"
        if order == "age":
            times = [case["submitted_at"] for case in both]
            assert times == sorted(times)
    early = {"called_before": (NOON - timedelta(minutes=OPEN - 3)).isoformat(), "count": "true"}
    assert (await http.get("/v1/cases", params=early)).json()["total"] == 2
    for wrong in ({"q": "13900000101"}, {"q": "灯"}, {"sort": "age", "cursor": _id(1)}, {"sort": "colour"}):
        assert (await http.get("/v1/cases", params=wrong)).status_code == 422


async def repeats_found_however_many_came_after(http: httpx2.AsyncClient, database: mongo.Database) -> None:
    """An import of a year must not hide what was reported before it; and the look stays bounded."""
    template = await database.cases.find_one({"_id": _id(7)})
    assert template
    again, nowhere = f"{ONE[:-1]}声", "0199e0a4-0000-7000-9000-000000000002"
    asked = {"_id": "0199e0a4-0000-7000-9000-000000000001", "title": again, "tracking_hash": "a"}
    for each in (asked, asked | {"_id": nowhere, "tracking_hash": "b", "neighbourhood": None}):
        await database.cases.insert_one(
            template | each | {"grams": sorted(grams_of(again)), "external_id": each["_id"]}
        )
    for id in (asked["_id"], nowhere):
        answer = await http.get(f"/v1/cases/{id}/repeats")
        assert _id(7) in [each["id"] for each in answer.json()["items"]], answer.text
    common = await http.get(f"/v1/cases/{_id(8)}/repeats")
    assert len(common.json()["items"]) == 10
    joined = {"ns": f"{database.name}.cases", "command.pipeline.$unionWith": {"$exists": True}}
    looks = [found async for found in database["system.profile"].find(joined)]
    assert len(looks) == 3 and not [look for look in looks if "COLLSCAN" in look["planSummary"]]
    for look in looks:
        assert look["keysExamined"] <= 24 * 2 * (200 + 10), "the newest of each pair of letters, and no more"
