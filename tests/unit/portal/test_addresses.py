"""What is asked of the portal leads to the address at a service that it names, or nowhere."""

from collections.abc import AsyncIterator
from urllib.parse import unquote

import httpx2
import pytest
from fastapi import FastAPI

from linli.web.problems import Problem
from portal.addresses import at, checked
from portal.main import build
from portal.residents.passing import Onward
from portal.services import Caller, Services
from portal.settings import PortalSettings
from portal.vouching import Vouching

NOBODY = "http://127.0.0.1:1"
"""Where nothing listens: what goes out is answered 503."""
ELSEWHERE = (
    *("/v1/neighbourhoods/../cases", "/v1/neighbourhoods/%2e%2e/cases", "/v1/neighbourhoods/test/.."),
    *("/v1/neighbourhoods/./east", "/v1/neighbourhoods/a%2F..%2Fcases", "/v1/neighbourhoods/a\\b/c"),
    *("/v1/neighbourhoods/a%5Cb/c", "/v1/neighbourhoods/te%0Ast/east", "/v1/neighbourhoods/te%00st/east"),
)
NO_NAMES = ("/n/../changes%3Fseconds=3600", "/n/test/..", "/n/%2e%2e/cases", "/n/te%0Ast/east", "/n/test/east%3Fdays=1")


@pytest.fixture
async def app() -> AsyncIterator[FastAPI]:
    service = build(PortalSettings(intake_url=NOBODY, workflow_url=NOBODY, notify_url=NOBODY))
    yield service.app
    await service.close()


async def status_of(app: FastAPI, target: bytes, accept: bytes = b"application/json") -> int:
    """What the portal answers to a request line's target, as its server hands it on."""
    raw, _, query = target.partition(b"?")
    found: list[int] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            found.append(int(str(message["status"])))

    scope = {
        **{"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http"},
        **{"path": unquote(raw.decode("latin-1")), "raw_path": raw, "query_string": query, "root_path": ""},
        **{"headers": [(b"host", b"l.example"), (b"accept", accept), (b"authorization", b"Bearer k")]},
        **{"client": ("192.0.2.1", 1), "server": ("127.0.0.1", 8100)},
    }
    await app(scope, receive, send)  # type: ignore[arg-type]  # plain mappings are messages
    return found[0]


@pytest.mark.parametrize("target", ELSEWHERE)
async def test_nothing_is_passed_on_to_another_address_than_was_asked_for(app: FastAPI, target: str) -> None:
    assert await status_of(app, target.encode()) == 404


async def test_what_no_address_can_be_is_not_there(app: FastAPI) -> None:
    assert await status_of(app, "/v1/neighbourhoods/小区/east".encode()) == 404
    assert await status_of(app, b"/v1/neighbourhoods/test/" + b"x" * 70_000) == 404
    assert await status_of(app, b"/v1/requests?community=" + b"x" * 70_000) == 404
    assert await status_of(app, b"/v1/neighbourhoods/test/east") == 503, "this one is asked for"


async def test_what_is_said_twice_is_passed_on_twice(app: FastAPI) -> None:
    gone_out: list[httpx2.URL] = []

    async def out(request: httpx2.Request) -> None:
        gone_out.append(request.url)

    app.state.provided[Onward]._clients["workflow", False].event_hooks = {"request": [out]}
    await status_of(app, b"/v1/requests?id=a&community=test&id=b&category=&category=water%2Blift")
    [url] = gone_out
    told = [("id", "a"), ("id", "b"), ("community", "test"), ("category", ""), ("category", "water+lift")]
    assert sorted(url.params.multi_items()) == sorted(told)


@pytest.mark.parametrize("target", NO_NAMES)
async def test_a_public_page_is_asked_for_by_names_alone(app: FastAPI, target: str) -> None:
    assert await status_of(app, target.encode()) == 422


@pytest.mark.parametrize("target", ["/report/outlines/..", "/n/../x/feed.atom", "/n/x/../feed.json"])
async def test_so_are_its_feeds_and_its_map(app: FastAPI, target: str) -> None:
    assert await status_of(app, target.encode()) == 422


@pytest.mark.parametrize(
    "path", [*ELSEWHERE, "/v1/cases?dry_run=true", "/v1/cases#x", "/healthz", "v1/cases", "/v1/小区"]
)
async def test_no_call_goes_to_such_a_path_whoever_makes_it(path: str) -> None:
    with pytest.raises(Problem) as refused:
        checked(path)
    assert refused.value.status == 404
    services = Services(Vouching(None), workflow=NOBODY)
    caller = Caller("key", "192.0.2.1")
    try:
        for call in (services.read(path, caller), services.send("workflow", path, {}, caller)):
            with pytest.raises(Problem) as refused:
                await call
            assert refused.value.status == 404
        with pytest.raises(Problem) as refused:
            await services.picture("workflow", path, caller)
        assert refused.value.status == 404
    finally:
        await services.close()


@pytest.mark.parametrize("target", [b"/v1/sign-in-links", b"/v1/topology/findings:mute", b"/look", b"/sign-out"])
async def test_an_address_that_only_takes_what_is_sent_to_it_says_so(app: FastAPI, target: bytes) -> None:
    assert await status_of(app, target, b"*/*") == 405
    assert await status_of(app, target, b"text/html") == 405
    assert await status_of(app, b"/no/such" + target) == 404


@pytest.mark.parametrize("part", ["a/b", "a?b", "a#b", "a b", "小区", "a%2Eb", "a:b", "..."])
def test_a_part_stays_one_part(part: str) -> None:
    path = at("/v1/cases/{id}:close", id=part)
    assert unquote(path) == f"/v1/cases/{part}:close"
    assert path.count("/") == 3 and not {"?", "#", " "} & set(path)
