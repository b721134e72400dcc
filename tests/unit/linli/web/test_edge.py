"""What every answer has, and what no request may be, whatever the route."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated, Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from linli.application import telemetry
from linli.security.auth import OPEN
from linli.security.rates import Rates
from linli.web.app import create_app, router
from linli.web.edge import Body
from linli.web.problems import Problem
from tests.support.gate import gate_without_limits

ASKING = {"Origin": "https://office.example", "Access-Control-Request-Method": "POST"}


class Said(BaseModel):
    """A body with a bound."""

    text: Annotated[str, Field(max_length=1_000)]


def app_with(**more: Any) -> FastAPI:
    routes = router()

    @routes.get("/words", dependencies=[OPEN])
    async def words() -> dict[str, str]:
        return {"said": "something personal"}

    @routes.post("/words", dependencies=[OPEN])
    async def say(body: Said) -> int:
        return len(body.text)

    @routes.get("/live", dependencies=[OPEN])
    async def live() -> StreamingResponse:
        async def lines() -> AsyncIterator[bytes]:
            while True:
                yield b"and on\n"
                await asyncio.sleep(0.01)

        return StreamingResponse(lines(), headers={"Cache-Control": "private"})

    return create_app("t", "t", [routes], provided={}, **{"checks": {}, "gate": gate_without_limits()} | more)


def asking(app: FastAPI) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://linli.example")


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    async with asking(app_with()) as client:
        yield client


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
async def test_a_slash_too_many_is_not_there_and_leads_nowhere(client: httpx2.AsyncClient, method: str) -> None:
    answer = await client.request(method, "/words/", headers={"Host": "evil.example"})
    assert answer.status_code == 404
    assert "location" not in answer.headers
    assert "evil.example" not in answer.text


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "identity, gzip", "br", "deflate", "x-unknown"])
async def test_a_packed_body_is_refused_with_what_would_be_taken(client: httpx2.AsyncClient, encoding: str) -> None:
    packed = gzip.compress(b'{"text":"x"}')
    answer = await client.post("/words", content=packed, headers={"Content-Encoding": encoding})
    assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "identity")
    assert answer.json()["type"] == "urn:linli:problem:body_encoded"


async def test_a_body_that_says_that_it_is_not_packed_is_taken(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/words", json={"text": "灯"}, headers={"Content-Encoding": "identity"})
    assert (answer.status_code, answer.json()) == (200, 1)


async def test_head_is_answered_like_get_and_a_post_alone_is_not_asked_for_with_it(client: httpx2.AsyncClient) -> None:
    for path in ("/words", "/healthz", "/readyz", "/metrics"):
        head, get = await client.head(path), await client.get(path)
        assert (head.status_code, head.content) == (get.status_code, b""), path
        assert head.headers["content-type"] == get.headers["content-type"]
    refused = await client.delete("/words")
    assert refused.headers["allow"] == "GET, HEAD, POST"


async def test_head_of_a_stream_ends(client: httpx2.AsyncClient) -> None:
    async with asyncio.timeout(5):
        assert (await client.head("/live")).status_code == 200


async def test_no_answer_is_kept_or_guessed_at_unless_the_route_says_so(client: httpx2.AsyncClient) -> None:
    for path in ("/words", "/healthz", "/nothing"):
        answer = await client.get(path)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await client.head("/live")).headers["cache-control"] == "private"


async def test_no_page_of_another_origin_may_ask_unless_it_is_named(client: httpx2.AsyncClient) -> None:
    answer = await client.options("/words", headers=ASKING)
    assert answer.status_code == 405
    assert "access-control-allow-origin" not in answer.headers


async def test_a_page_of_a_named_origin_may_ask_and_reads_also_what_it_is_refused_with() -> None:
    async with asking(app_with(cors_origins=("https://office.example",))) as client:
        preflight = await client.options("/words", headers=ASKING)
        assert preflight.headers["access-control-allow-origin"] == "https://office.example"
        assert preflight.status_code == 200
        origin = {"Origin": "https://office.example"}
        refused = await client.post("/words", headers=origin, content=b"x", params={})
        assert refused.status_code >= 400
        assert refused.headers["access-control-allow-origin"] == "https://office.example"
        other = await client.options("/words", headers=ASKING | {"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers


async def test_a_body_is_bounded_by_what_its_model_can_hold_in_any_spelling(client: httpx2.AsyncClient) -> None:
    fullest = b'{"text":"' + rb"\ud83d\ude00" * 1_000 + b'"}'
    answer = await client.post("/words", content=fullest, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()) == (200, 1_000)
    over = await client.post("/words", content=b" " * 100_000, headers={"Content-Type": "application/json"})
    assert (over.status_code, over.json()["title"]) == (413, "Body too large")


async def test_what_it_goes_on_without_is_told_and_makes_it_unready_only_for_who_is_strict() -> None:
    async def away() -> str:
        return "Kafka does not answer."

    async with asking(app_with(checks={"kafka": away}, does_without=frozenset({"kafka"}))) as client:
        easy, strict = await client.get("/readyz"), await client.get("/readyz?strict=true")
        assert (easy.status_code, easy.json()["ready"], easy.json()["warnings"]) == (200, True, ["kafka"])
        assert easy.json()["checks"]["kafka"] == "Kafka does not answer."
        assert (strict.status_code, strict.json()["ready"]) == (503, False)
    async with asking(app_with(checks={"kafka": away})) as client:
        assert (await client.get("/readyz")).status_code == 503


async def test_a_body_must_come_at_a_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linli.web.edge.BODY_PATIENCE", 0.05)

    async def trickle() -> dict[str, Any]:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"x", "more_body": True}

    body = Body({"type": "http", "headers": []}, trickle)
    await body.allow(1_000)
    with pytest.raises(Problem, match="body_too_slow"):
        for _ in range(50):
            await body.receive()


async def test_the_description_is_written_once_and_counted_apart_from_what_residents_have_to_do() -> None:
    gate = replace(gate_without_limits(), rates=Rates(residents="3/minute"))
    async with asking(app_with(gate=gate)) as client:
        answers = [await client.get("/openapi.json") for _ in range(5)]
        assert [each.status_code for each in answers] == [200, 200, 200, 429, 429]
        assert answers[0].json()["info"]["title"] == "t"
        assert answers[0].headers["cache-control"] == "max-age=300"
        assert (await client.get("/docs")).status_code == 429
        assert (await client.get("/healthz")).status_code == 200


async def test_who_asks_at_the_same_time_whether_it_is_ready_is_answered_by_one_look() -> None:
    looks = 0

    async def look() -> None:
        nonlocal looks
        looks += 1
        await asyncio.sleep(0.02)

    async with asking(app_with(checks={"mongodb": look})) as client:
        await asyncio.gather(*(client.get("/readyz") for _ in range(20)))
        assert looks == 1
        await client.get("/readyz")
        assert looks == 2


async def test_each_answer_is_counted_once_but_to_who_asks_how_it_is(client: httpx2.AsyncClient) -> None:
    def counted() -> dict[str, float]:
        values = {status: telemetry.ANSWERS.labels(status)._value.get() for status in ("2xx", "4xx")}
        return values | {
            "seconds": next(s.value for s in telemetry.ANSWER_SECONDS.collect()[0].samples if "count" in s.name)
        }

    before = counted()
    for path in ("/words", "/none", "/healthz", "/readyz", "/metrics"):
        await client.get(path)
    assert {name: after - before[name] for name, after in counted().items()} == {"2xx": 1, "4xx": 1, "seconds": 2}
