"""The tests' own client comes again when it is told to, and takes nothing else for a reason to."""

import httpx2
import pytest
from pytest_httpserver import HTTPServer

from tests.support.patience import ONCE, Patient, page_of

AWAY = {"type": "urn:linli:problem:storage_unavailable"}
BUSY = {"type": "urn:linli:problem:photos_busy"}


@pytest.mark.parametrize(
    ("method", "once", "said", "asked"),
    [("POST", False, AWAY, 2), ("GET", False, AWAY, 2), ("POST", True, AWAY, 1), ("POST", False, BUSY, 1)],
)
async def test_it_asks_again_only_where_a_database_is_away(
    httpserver: HTTPServer, method: str, once: bool, said: dict[str, str], asked: int
) -> None:
    httpserver.expect_ordered_request("/x").respond_with_json(said, status=503, headers={"Retry-After": "0"})
    httpserver.expect_ordered_request("/x").respond_with_json({})
    async with httpx2.AsyncClient(transport=Patient()) as client:
        extensions = ONCE if once else {}
        answer = await client.request(method, httpserver.url_for("/x"), json={}, extensions=extensions)
    assert answer.status_code == (200 if asked == 2 else 503)
    assert len(httpserver.log) == asked


@pytest.mark.parametrize("given", [{}, {"Idempotency-Key": "a-key-of-its-own"}])
async def test_what_it_sends_again_has_the_same_key(httpserver: HTTPServer, given: dict[str, str]) -> None:
    httpserver.expect_ordered_request("/x").respond_with_json(AWAY, status=503, headers={"Retry-After": "0"})
    httpserver.expect_ordered_request("/x").respond_with_json({})
    async with httpx2.AsyncClient(transport=Patient()) as client:
        await client.post(httpserver.url_for("/x"), json={}, headers=given)
    first, second = [request.headers["Idempotency-Key"] for request, _ in httpserver.log]
    assert first == second
    assert first == given.get("Idempotency-Key", first)


@pytest.mark.parametrize(("status", "asked"), [(503, 2), (500, 1), (404, 1)])
async def test_a_page_is_asked_for_again_only_while_a_service_has_no_time(
    httpserver: HTTPServer, status: int, asked: int
) -> None:
    httpserver.expect_ordered_request("/x").respond_with_data("", status=status)
    httpserver.expect_ordered_request("/x").respond_with_data("")
    async with httpx2.AsyncClient() as client:
        answer = await page_of(lambda: client.get(httpserver.url_for("/x")))
    assert answer.status_code == (200 if asked == 2 else status)
    assert len(httpserver.log) == asked
