"""What anybody may ask of a community: places, figures, announcements, suggestions, open data."""

import csv
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from functools import partial

import httpx2
import pytest

from linli.contracts.kinds import Kind
from linli.storage import mongo
from tests.support.builders import NOON, community, submitted
from tests.support.services import running, until
from tests.support.topics import publish
from workflow.main import build, migrate
from workflow.settings import WorkflowSettings

TOLD = {"id": "lines", "title": "停车划线", "text": "周六早八点", "since": "2026-11-01", "neighbourhoods": ["east"]}
RULES = [
    {
        **{"id": "water", "name": "停水", "role": "water", "accept_within": "1h", "resolve_within": "1d"},
        **{"when": {"words": ["没水"]}, "suggests": "water"},
    }
]


@pytest.fixture
async def http(settings_for: Callable[..., Awaitable[WorkflowSettings]]) -> AsyncIterator[httpx2.AsyncClient]:
    settings = await settings_for(WorkflowSettings)
    client = mongo.connect(settings)
    cases = client[settings.database("workflow")].cases
    async with running(build(settings), partial(migrate, settings)) as http:
        operator = {"Authorization": f"Bearer {settings.secret('operator.key')}"}
        data = community(announcements=[TOLD], open_data=True, rules=RULES).model_dump(mode="json")
        assert (await http.put("/v1/communities/test", json=data, headers=operator)).status_code == 200
        came_in = [
            submitted("s1", neighbourhood="east", category="water", title="王秀英家停水"),
            submitted("s2", neighbourhood="east", category="water", submitted_at=NOON + timedelta(minutes=1)),
            submitted("s3", neighbourhood="east", submitted_at=NOON + timedelta(minutes=2)),
            submitted("s4", neighbourhood="west"),
            submitted("s5", Kind.DISPUTE, neighbourhood="east"),
        ]
        await publish(settings.kafka, settings.topic("intake"), *came_in)

        async def opened() -> bool:
            return await cases.count_documents({"state": {"$ne": "open"}}) == len(came_in)

        await until(opened)
        await cases.update_one({"_id": "s1"}, {"$set": {"state": "resolved", "resolved_at": NOON}})
        await cases.update_one({"_id": "s3"}, {"$set": {"state": "withdrawn"}})
        yield http
    client.close()


async def test_anybody_sees_what_is_public_of_a_neighbourhood_and_no_words(http: httpx2.AsyncClient) -> None:
    places = (await http.get("/v1/neighbourhoods/test")).json()
    assert [(each["id"], len(each["outlines"])) for each in places["items"]] == [("east", 1), ("west", 0)]
    answer = await http.get("/v1/neighbourhoods/test/east?days=366")
    east = answer.json()
    assert (east["reported"], east["solved"]) == (2, 1), "neither what was taken back, nor disputes, nor elsewhere"
    assert [(each["service"], each["reported"], each["solved"]) for each in east["categories"]] == [("供水", 2, 1)]
    assert [each["title"] for each in east["announcements"]] == ["停车划线"]
    assert "王秀英" not in answer.text
    assert (await http.get("/v1/neighbourhoods/test/west")).json()["announcements"] == []
    for path in ("/v1/neighbourhoods/none", "/v1/neighbourhoods/test/none", "/v1/open-data/none/2026-11"):
        assert (await http.get(path)).status_code == 404, path
    listed = await http.get("/v1/requests?community=test&neighbourhood=west&requested_after=2026-01-01T00:00:00Z")
    assert [each["id"] for each in listed.json()["items"]] == ["s4"]


async def test_a_category_is_suggested_with_the_word_that_speaks_for_it(http: httpx2.AsyncClient) -> None:
    said = {"kind": "report", "title": "三楼没水了"}
    found = (await http.post("/v1/services/test:suggest", json=said)).json()["items"]
    assert found == [{"category": "water", "name": "供水", "name_en": None, "word": "没水", "said": "三楼【没水】了"}]
    assert (await http.post("/v1/services/none:suggest", json=said)).status_code == 404
    assert (await http.post("/v1/services/test:suggest", json={})).status_code == 422
    assert (await http.post("/v1/services/test:suggest", json=said | {"kind": "dispute"})).json() == {"items": []}


async def test_a_month_is_open_as_json_and_as_a_table_without_persons(http: httpx2.AsyncClient) -> None:
    month = (await http.get("/v1/open-data/test/2026-11")).json()
    assert {(each["neighbourhood"], each["reported_on"], each["solved_on"]) for each in month["items"]} == {
        ("east", "2026-11-23", "2026-11-23"),
        ("east", "2026-11-23", None),
        ("west", "2026-11-23", None),
    }
    assert len(month["items"]) == 3
    answer = await http.get("/v1/open-data/test/2026-11.csv")
    rows = list(csv.DictReader(answer.text.removeprefix("\ufeff").splitlines()))
    assert answer.headers["content-type"].startswith("text/csv")
    assert [{name: value or None for name, value in row.items()} for row in rows] == month["items"]
    assert not any(each in answer.text for each in ("王秀英", "s1", "r-1"))
    assert (await http.get("/v1/open-data/test/2026-10")).json()["items"] == []
    assert (await http.get("/v1/open-data/test/2026-13")).status_code == 422
