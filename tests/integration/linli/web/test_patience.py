"""The tests' own client comes again when it is told to, and takes nothing else for a reason to."""

import httpx2
import pytest
from pytest_httpserver import HTTPServer

from tests.support.patience import ONCE, Patient

AWAY = {"type": "urn:linli:problem:storage_unavailable", "detail": "Repeat it with the same Idempotency-Key."}
KEY = {"Idempotency-Key": "a-key-of-its-own"}


@pytest.mark.parametrize(
    ("method", "headers", "once", "said", "answers"),
    [
        ("POST", KEY, False, AWAY, 200),
        ("GET", {}, False, AWAY, 200),
        ("POST", {}, False, AWAY | {"detail": "nothing was stored"}, 200),
        ("POST", {}, False, AWAY, 503),
        ("POST", KEY, True, AWAY, 503),
        ("POST", KEY, False, AWAY | {"type": "urn:linli:problem:photos_busy"}, 503),
    ],
)
async def test_it_asks_again_only_what_may_be_asked_again(
    httpserver: HTTPServer, method: str, headers: dict[str, str], once: bool, said: dict[str, str], answers: int
) -> None:
    httpserver.expect_ordered_request("/x").respond_with_json(said, status=503, headers={"Retry-After": "0"})
    httpserver.expect_ordered_request("/x").respond_with_json({})
    async with httpx2.AsyncClient(transport=Patient()) as client:
        asked = ONCE if once else {}
        answer = await client.request(method, httpserver.url_for("/x"), headers=headers, json={}, extensions=asked)
    assert answer.status_code == answers
    assert len(httpserver.log) == (2 if answers == 200 else 1)
