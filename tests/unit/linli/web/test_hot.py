"""A hot route answers as FastAPI would, whatever it is asked."""

from collections.abc import Iterator
from typing import Annotated, Any

import httpx2
import pytest
from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel, Field

from linli.security.auth import OPEN, Who
from linli.web.app import create_app, router
from linli.web.given import given
from linli.web.hot import HOT
from linli.web.problems import Problem
from tests.support.gate import gate_without_limits


class Words(BaseModel):
    text: Annotated[str, Field(max_length=20)]
    times: Annotated[int, Field(ge=1)] = 1


class Echo(BaseModel):
    text: str
    said: str | None = None


class Shout:
    def of(self, text: str) -> str:
        return text.upper()


async def _loud(request: Request, voice: Annotated[str | None, Header(alias="X-Voice", max_length=5)] = None) -> bool:
    return voice == "loud" or request.headers.get("x-loud") == "1"


Loud = Annotated[bool, Depends(_loud)]


async def echo(
    words: Words, who: Who, loud: Loud, shout: Annotated[Shout, given(Shout)], response: Response
) -> dict[str, Any]:
    """Say it again."""
    if words.text == "taken":
        raise Problem("taken", 409, "It is taken.")
    response.headers["Location"] = f"/{words.times}"
    if words.times > 1:
        response.status_code = 200
    return {"text": shout.of(words.text) if loud else words.text, "said": None if who.id == "anybody" else who.id}


def app() -> Any:
    routes = router()
    for path, dependencies in (("/hot", [OPEN, HOT]), ("/plain", [OPEN])):
        routes.post(
            path, dependencies=dependencies, status_code=201, response_model=Echo, response_model_exclude_none=True
        )(echo)
    return create_app("t", "t", [routes], provided={Shout: Shout()}, checks={}, gate=gate_without_limits())


JSON = {"Content-Type": "application/json"}
REQUESTS: dict[str, tuple[str, bytes, dict[str, str]]] = {
    "plain words": ("POST", b'{"text": "hello"}', JSON),
    "with a charset": ("POST", b'{"text": "hello"}', {"Content-Type": "application/json; charset=utf-8"}),
    "another JSON": ("POST", b'{"text": "hello"}', {"Content-Type": "application/problem+json"}),
    "no content type": ("POST", b'{"text": "hello"}', {}),
    "a form": ("POST", b"text=hello", {"Content-Type": "application/x-www-form-urlencoded"}),
    "another status": ("POST", b'{"text": "hello", "times": 2}', JSON),
    "a header": ("POST", b'{"text": "hello"}', JSON | {"X-Voice": "loud"}),
    "a header twice over": ("POST", b'{"text": "hello"}', JSON | {"X-Voice": "loud", "X-Loud": "1"}),
    "a header too long": ("POST", b'{"text": "hello"}', JSON | {"X-Voice": "louder"}),
    "a wrong field": ("POST", b'{"text": 1, "times": 0}', JSON),
    "a field and a header": ("POST", b'{"times": 1}', JSON | {"X-Voice": "louder"}),
    "no body": ("POST", b"", JSON),
    "no JSON": ("POST", b'{"text": ', JSON),
    "no number": ("POST", b'{"text": NaN}', JSON),
    "half a character": ("POST", rb'{"text": "\ud800"}', JSON),
    "a list": ("POST", b"[]", JSON),
    "a wrong key": ("POST", b'{"text": "hello"}', JSON | {"Authorization": "Bearer nobodys"}),
    "a wrong key and a wrong field": ("POST", b"{}", JSON | {"Authorization": "Bearer nobodys"}),
    "no bearer": ("POST", b'{"text": "hello"}', JSON | {"Authorization": "Basic eA=="}),
    "a problem": ("POST", b'{"text": "taken"}', JSON),
    "too large": ("POST", b'{"text": "' + b"x" * 100_000 + b'"}', JSON),
    "another method": ("GET", b"", {}),
    "packed": ("POST", b"xx", JSON | {"Content-Encoding": "gzip"}),
    "in Chinese": ("POST", b'{"text": 1}', JSON | {"Accept-Language": "zh-CN"}),
}


@pytest.fixture
def both() -> Iterator[httpx2.AsyncClient]:
    yield httpx2.AsyncClient(transport=httpx2.ASGITransport(app()), base_url="http://linli.example")


@pytest.mark.parametrize("name", REQUESTS)
async def test_it_answers_as_the_same_route_that_is_not_hot(both: httpx2.AsyncClient, name: str) -> None:
    method, body, headers = REQUESTS[name]
    hot, plain = [await both.request(method, path, content=body, headers=headers) for path in ("/hot", "/plain")]
    assert (hot.status_code, dict(hot.headers), hot.content) == (plain.status_code, dict(plain.headers), plain.content)


async def test_fastapi_is_not_asked_where_nothing_is_amiss(
    both: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(**_: Any) -> None:
        raise AssertionError("FastAPI was asked")

    monkeypatch.setattr("fastapi.routing.solve_dependencies", fails)
    assert (await both.post("/hot", json={"text": "hello"})).status_code == 201
    assert (await both.post("/plain", json={"text": "hello"})).status_code == 500


async def test_a_header_that_has_to_be_there_and_is_not_is_missed_as_anywhere() -> None:
    async def asks(words: Words, voice: Annotated[str, Header(alias="X-Voice")]) -> Echo:
        return Echo(text=words.text, said=voice)

    routes = router()
    for path, dependencies in (("/hot", [OPEN, HOT]), ("/plain", [OPEN])):
        routes.post(path, dependencies=dependencies)(asks)
    app = create_app("t", "t", [routes], provided={}, checks={}, gate=gate_without_limits())
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://linli.example") as client:
        for headers, status in (({}, 422), ({"X-Voice": "low"}, 200)):
            hot, plain = [await client.post(at, json={"text": "a"}, headers=headers) for at in ("/hot", "/plain")]
            assert (hot.status_code, hot.content) == (status, plain.content)
            assert plain.status_code == status


@pytest.mark.parametrize("what", ["query", "thread", "nothing to read"])
def test_a_route_that_asks_for_more_than_a_hot_one_can_give_is_refused_at_the_start(what: str) -> None:
    routes = router()
    if what == "query":

        @routes.post("/x", dependencies=[OPEN, HOT])
        async def asks(words: Words, times: int) -> Echo: ...

    elif what == "thread":

        @routes.post("/x", dependencies=[OPEN, HOT])
        def waits(words: Words) -> Echo: ...

    else:

        @routes.post("/x", dependencies=[OPEN, HOT])
        async def reads_nothing() -> Echo: ...

    with pytest.raises(TypeError, match="/x is hot"):
        create_app("t", "t", [routes], provided={}, checks={}, gate=gate_without_limits())
