"""Lists over many cases, as MongoDB's profiler saw them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx2
import pytest

from linli.storage import mongo
from tests.support.builders import community, submitted
from tests.support.services import running, until
from tests.support.topics import publish
from workflow.main import build, migrate
from workflow.settings import WorkflowSettings

CASES, PAGE = 20_000, 50
STATES = (*["closed"] * 96, "triage", "dispatched", "accepted", "resolved")
PARTIES = ("village", "grid-1", "estate", "water-co")
FOLLOWERS = 29
"""One case in so many follows another."""


@dataclass
class Desk:
    """A running workflow with many cases, and what its database has been asked."""

    http: httpx2.AsyncClient
    database: mongo.Database

    async def read(self, operation: str) -> int:
        """How many cases the last operation of this kind has read."""
        asked = {"ns": f"{self.database.name}.cases", f"command.{operation}": {"$exists": True}}
        last = await self.database["system.profile"].find_one(asked, sort=[("ts", -1)])
        assert last
        return int(last["docsExamined"])


@pytest.fixture
async def desk(settings_for: Callable[..., Awaitable[WorkflowSettings]]) -> AsyncIterator[Desk]:
    settings = await settings_for(WorkflowSettings)
    client = mongo.connect(settings)
    database = client[settings.database("workflow")]
    async with running(build(settings), partial(migrate, settings)) as http:
        http.headers["Authorization"] = f"Bearer {settings.secret('operator.key')}"
        await http.put("/v1/communities/test", json=community().model_dump(mode="json"))
        await publish(settings.kafka, settings.topic("intake"), submitted("s1", neighbourhood="east"))
        template = await until(lambda: database.cases.find_one({"_id": "s1", "state": "triage"}))
        await database.cases.delete_many({})
        del template["due_at"]  # the timer has no part in this
        await database.cases.insert_many([template | _of_its_own(number) for number in range(CASES)], ordered=False)
        await database.command("profile", 2)
        yield Desk(http, database)
        await database.command("profile", 0)
    client.close()


def _of_its_own(number: int) -> mongo.Document:
    follows = {"merged_into": f"c{number - 1:06}"} if number % FOLLOWERS == 1 else {}
    party = PARTIES[number // len(STATES) % len(PARTIES)]
    names = {"_id": f"c{number:06}", "tracking_hash": str(number)}
    return names | {"state": STATES[number % len(STATES)], "party": party} | follows


async def test_a_page_reads_little_more_than_it_shows_and_a_count_what_it_counts(desk: Desk) -> None:
    filters = ({}, {"state": "closed"}, {"state": "triage"}, {"party": "estate"}, {"neighbourhood": "east"})
    for asked in (*filters, {"community": "test"}):
        answer = await desk.http.get("/v1/cases", params=asked | {"limit": str(PAGE)})
        assert len(answer.json()["items"]) == PAGE
        assert await desk.read("find") <= PAGE * 1.2, asked
    found = (await desk.http.get("/v1/cases", params={"state": "triage", "count": "true"})).json()
    matching = CASES // len(STATES)
    assert matching * 0.9 < found["total"] < matching
    assert await desk.read("aggregate") == matching, "those that follow another are looked at and left out"


async def test_many_filters_are_counted_at_once_each_as_the_list_has_it_and_no_further_than_asked(desk: Desk) -> None:
    filters: list[dict[str, Any]] = [
        {},
        {"state": ["triage", "accepted"]},
        {"state": ["resolved"], "party": "estate"},
        {"party_kind": "property", "community": "test"},
        {"overdue": True},
        {"sort": "due"},
        {"id": ["c000000", "c000001", "c000002"]},
        {"id": ["c000001"], "merged": True},
        {"party": "nobody"},
    ]
    lists = [(await desk.http.get("/v1/cases", params=each | {"count": True, "limit": 1})).json() for each in filters]
    totals = [each["total"] for each in lists]
    assert totals[0] > 10_000 > totals[3] > totals[1] > totals[2] > totals[-1] == 0
    answer = await desk.http.post("/v1/cases:count", json={"filters": filters})
    assert answer.json() == {"totals": [min(10_000, each) for each in totals]}
    bounded = await desk.http.post("/v1/cases:count", json={"filters": [{"state": ["closed"]}], "at_most": PAGE})
    assert bounded.json() == {"totals": [PAGE]}
    assert await desk.read("aggregate") <= PAGE * 1.2


@pytest.mark.parametrize(
    "body",
    [
        {"filters": []},
        {"filters": [{}] * 21},
        {"filters": [{"limit": 1}]},
        {"filters": [{"party": "$ne"}]},
        {"filters": [{"q": "x"}]},
        {"filters": [{"overdue": 1}]},
        {"filters": [{}], "at_most": 0},
        {"filters": [{}], "at_most": 10_001},
        {},
    ],
)
async def test_what_cannot_be_counted_is_refused(desk: Desk, body: dict[str, Any]) -> None:
    assert (await desk.http.post("/v1/cases:count", json=body)).status_code == 422


async def test_a_filter_that_finds_nothing_is_named_among_those_that_do(desk: Desk) -> None:
    for words in ("x", "13812345678"):
        answer = await desk.http.post("/v1/cases:count", json={"filters": [{}, {"overdue": True}, {"q": words}]})
        assert [each["field"] for each in answer.json()["errors"]] == ["filters.2.q"]


async def test_what_takes_too_long_is_not_counted_and_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow.cases.api.cases.COUNTED_WITHIN", 0.0)
    answer = await desk.http.post("/v1/cases:count", json={"filters": [{}, {"state": ["closed"]}]})
    assert answer.json() == {"totals": [None, None]}
