"""Photos and follow-ups in workflow's own database: no file without a place in a case, no look-up without an index."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

import httpx2
import pytest

from linli.storage import mongo
from tests.support.builders import community, submitted
from tests.support.reception import picture, slug
from tests.support.services import running, until
from tests.support.topics import publish
from workflow.main import build, migrate
from workflow.migrations import m009_awaiting_follow_up
from workflow.settings import WorkflowSettings


@pytest.fixture
async def settings(settings_for: Callable[..., Awaitable[WorkflowSettings]]) -> WorkflowSettings:
    return await settings_for(WorkflowSettings)


@pytest.fixture
async def http(settings: WorkflowSettings) -> AsyncIterator[httpx2.AsyncClient]:
    async with running(build(settings), partial(migrate, settings)) as client:
        client.headers["Authorization"] = f"Bearer {settings.secret('operator.key')}"
        answer = await client.put("/v1/communities/test", json=community().model_dump(mode="json"))
        assert answer.status_code == 200, answer.text
        await publish(settings.kafka, settings.topic("intake"), *(submitted(f"s{n}") for n in range(3)))

        async def there() -> bool:
            return bool((await client.get("/v1/cases", params={"count": True})).json()["total"] == 3)

        await until(there)
        yield client


@pytest.fixture
async def database(settings: WorkflowSettings) -> AsyncIterator[mongo.Database]:
    client = mongo.connect(settings)
    yield client[settings.database("workflow")]
    client.close()


async def add(http: httpx2.AsyncClient, stage: str, *photos: bytes) -> httpx2.Response:
    files = [("photo", photo) for photo in photos]
    return await http.post("/v1/cases/s0/evidence", params={"stage": stage}, files=files)


async def test_a_photo_that_is_not_listed_leaves_no_file(http: httpx2.AsyncClient, database: mongo.Database) -> None:
    kept = await add(http, "before", picture(), picture(), picture("PNG"))
    assert len(kept.json()["items"]) == 2  # the same file twice in one form is one photo
    assert (await add(http, "before", picture())).status_code == 201
    assert slug(await add(http, "return", picture(), picture("WEBP"))) == "photo_of_another_stage"
    many = await asyncio.gather(*(add(http, "after", picture(size=(9, 9 + n))) for n in range(12)))
    assert sorted(answer.status_code for answer in many) == [201] * 10 + [409] * 2
    assert await database["photos.files"].count_documents({}) == 12
    listed = (await http.get("/v1/cases/s0")).json()["evidence"]
    assert len(listed) == 12
    for each in listed:
        assert len((await http.get(f"/v1/cases/s0/evidence/{each['id']}")).content) == each["size"]


async def test_what_staff_write_with_photos_and_parts_is_masked_like_all_that_they_write(
    http: httpx2.AsyncClient,
) -> None:
    photo, said = {"photo": picture()}, {"message": "已联系住户 13800138000"}
    answer = await http.post("/v1/cases/s0/evidence", params={"stage": "before"}, files=photo, data=said)
    assert answer.status_code == 201, answer.text
    parts = [
        {"party": party, "message": "请先打 138-0013-8000", "title": "找 13800138000"} for party in ("estate", "grid-1")
    ]
    case = (await http.get("/v1/cases/s0")).json()
    split = {"json": {"parts": parts}, "headers": {"If-Match": f'"{case["version"]}"'}}
    whole = (await http.post("/v1/cases/s0:split", **split)).json()
    read = [await http.get(f"/v1/cases/{id}") for id in ("s0", *whole["parts"])]
    assert all("138****8000" in each.text for each in read)
    assert not [each.text for each in read if "13800138000" in each.text or "138-0013-8000" in each.text]


async def test_photos_stay_with_the_case_through_all_that_happens_to_it(http: httpx2.AsyncClient) -> None:
    [photo] = (await add(http, "before", picture())).json()["items"]
    version = (await http.get("/v1/cases/s0")).json()["version"]
    for action in ("accept", "resolve", "reopen"):
        said, headers = {"message": "修好了"}, {"If-Match": f'"{version}"'}
        answer = await http.post(f"/v1/cases/s0:{action}", json=said, headers=headers)
        assert answer.status_code == 200, answer.text
        version = answer.json()["version"]
    assert (await http.get("/v1/cases/s0")).json()["evidence"] == [photo]


async def test_the_body_is_bounded_as_at_intake(http: httpx2.AsyncClient) -> None:
    answer = await add(http, "after", *[b"x" * (9 * 1024 * 1024)] * 5)
    assert (answer.status_code, slug(answer)) == (413, "body_too_large")


async def test_who_waits_to_be_called_is_found_by_an_index_of_its_own(
    http: httpx2.AsyncClient, database: mongo.Database
) -> None:
    for id in ("s0", "s1"):
        version = 2
        for action in ("accept", "resolve"):
            said, headers = {"message": "修好了"}, {"If-Match": f'"{version}"'}
            answer = await http.post(f"/v1/cases/{id}:{action}", json=said, headers=headers)
            version = answer.json()["version"]

    async def waiting(**more: str) -> list[str]:
        page = await http.get("/v1/cases", params={"awaiting_follow_up": "true", **more})
        return [case["id"] for case in page.json()["items"]]

    assert (await waiting(), await waiting(state="closed")) == (["s1", "s0"], [])
    # From before answers were counted, and one whose time is over.
    await database.cases.update_one({"_id": "s0"}, {"$unset": {"answers": "", "evidence": ""}})
    assert await waiting() == ["s1"]
    await m009_awaiting_follow_up(database)
    assert await waiting() == ["s1", "s0"]
    await database.cases.update_one(
        {"_id": "s1"}, [{"$set": {"resolved_at": {"$subtract": ["$$NOW", 15 * 86_400_000]}}}]
    )
    assert await waiting() == ["s0"]
    query = {"state": "resolved", "answers": 0}
    plan: Any = await database.cases.find(query, hint="awaiting_follow_up").sort("_id", -1).explain()
    assert "SORT" not in str(plan["queryPlanner"]["winningPlan"])


async def test_to_be_called_is_each_reporter_of_merged_cases_and_nobody_of_a_part(http: httpx2.AsyncClient) -> None:
    async def act(id: str, action: str, **body: Any) -> dict[str, Any]:
        version = (await http.get(f"/v1/cases/{id}")).json()["version"]
        answer = await http.post(f"/v1/cases/{id}:{action}", json=body, headers={"If-Match": f'"{version}"'})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    await act("s1", "merge", into="s0")
    parts = [{"party": party, "message": "修"} for party in ("estate", "grid-1")]
    for id in (await act("s0", "split", parts=parts))["parts"]:
        await act(id, "accept")
        await act(id, "resolve", message="修好了")
    page = (await http.get("/v1/cases", params={"awaiting_follow_up": "true"})).json()
    assert [case["id"] for case in page["items"]] == ["s1", "s0"]
