"""What stands around every page, asked in this process: nothing that it needs is there."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import httpx2
import pytest
from fastapi import Request, Response
from pymongo.errors import AutoReconnect
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

from linli.web.problems import Problem
from portal.main import build
from portal.office import said
from portal.residents.public import Public
from portal.settings import PortalSettings
from portal.signin import cookie
from portal.signin.credential import Credential
from portal.signin.oidc import cookie as browser_cookie
from portal.signin.person import Person
from portal.signin.renewal import Renewal
from portal.signin.sealing import sealed
from portal.signin.sessions import Found, Sessions
from portal.signin.store import Stored
from tests.support.builders import NOON

Ask = Callable[..., httpx2.AsyncClient]


@pytest.fixture
async def asking(tmp_path: Path) -> AsyncIterator[Ask]:
    """A client of a portal that people reach at `address`; `query`: what it says in place of its own."""
    opened: list[tuple[httpx2.AsyncClient, Callable[[], Awaitable[None]]]] = []

    def at(address: str = "http://127.0.0.1:8100", query: bytes | None = None, **headers: str) -> httpx2.AsyncClient:
        service = build(PortalSettings(portal_url=address, secrets_dir=tmp_path))

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await service.app(scope if query is None else dict(scope, query_string=query), receive, send)

        headers = {"Accept": "text/html", "Accept-Language": "en"} | headers
        client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app), base_url="http://portal.example", headers=headers
        )
        opened.append((client, service.close))
        return client

    yield at
    for client, close in opened:
        await client.aclose()
        await close()


@pytest.mark.parametrize("back", ["//[", "http://[", "/\\[", "//[::1"])
async def test_an_address_that_is_none_leads_to_the_first_page(asking: Ask, back: str) -> None:
    answer = await asking().post("/look", data={"theme": "dark", "back": back})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://["},
        {"Origin": "null"},
        {"Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://portal.example"},
    ],
    ids=str,
)
async def test_a_form_from_elsewhere_is_refused(asking: Ask, headers: dict[str, str]) -> None:
    answer = await asking().post("/look", data={"theme": "dark"}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://portal.example"},
        {"Origin": "https://linli.example"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://as-a-proxy-has-it.example"},
        {"Sec-Fetch-Site": "none"},
    ],
    ids=str,
)
async def test_a_form_of_ours_is_taken_also_behind_a_proxy_that_changes_the_host(
    asking: Ask, headers: dict[str, str]
) -> None:
    answer = await asking("https://linli.example").post("/look", data={"theme": "dark"}, headers=headers)
    assert answer.status_code == 303


async def test_an_address_that_is_not_escaped_is_no_fault_of_ours(asking: Ask) -> None:
    answer = await asking(query=b"next=\xff").get("/")
    assert (answer.status_code, "cannot be read" in answer.text) == (400, True)


@pytest.mark.parametrize(("address", "prefix"), [("https://linli.example", "__Host-"), ("http://127.0.0.1:8100", "")])
async def test_by_tls_a_cookie_is_secure_and_of_this_host_alone_also_behind_a_proxy(
    asking: Ask, tmp_path: Path, address: str, prefix: str
) -> None:
    client = asking(address)
    looked = (await client.post("/look", data={"theme": "dark", "language": "en"})).headers.get_list("Set-Cookie")
    assert ["; Secure" in each for each in looked] == [bool(prefix)] * 2
    provided = {PortalSettings: PortalSettings(portal_url=address, secrets_dir=tmp_path)}
    app = SimpleNamespace(state=SimpleNamespace(provided=provided))
    request = Request({"type": "http", "scheme": "http", "headers": [], "app": app})
    gives: list[tuple[str, Callable[[Response, Request], None]]] = [
        ("linli_session", lambda response, request: cookie.give(response, request, "t")),
        ("linli_session", cookie.take_away),
        ("linli_sign_in", lambda response, request: browser_cookie.give(response, request, "t")),
    ]
    for name, give in gives:
        give(response := Response(), request)
        (given,) = response.headers.getlist("set-cookie")
        assert given.startswith(f"{prefix}{name}=")
        assert "Path=/;" in given
        assert ("Secure" in given) is bool(prefix)


def test_what_the_office_has_done_is_told_by_the_sessions_next_page_whatever_its_cookie_is(tmp_path: Path) -> None:
    provided = {PortalSettings: PortalSettings(secrets_dir=tmp_path)}
    app = SimpleNamespace(state=SimpleNamespace(provided=provided))

    def request(session_key: str | None, **cookies: str) -> Request:
        written = "; ".join(f"{name}={value}" for name, value in cookies.items())
        scope = {"type": "http", "scheme": "http", "headers": [(b"cookie", written.encode())]}
        return Request(scope | {"app": app, "state": {"session_key": session_key}})

    answer = said.done(request("of the session", linli_session="a" * 43), "/office/keys", "made", secret="linli_x")
    content = answer.headers["set-cookie"].partition("=")[2].partition(";")[0].strip('"')
    found = said.take(request("of the session", linli_session="b" * 43, linli_said=content))
    assert found
    assert (found.text, found.secret) == ("made", "linli_x")
    assert said.take(request("of another", linli_session="a" * 43, linli_said=content)) is None
    assert said.take(request(None, linli_said=content)) is None


async def test_of_who_is_not_signed_in_no_form_for_staff_is_read(asking: Ask) -> None:
    read: list[int] = []

    async def form() -> AsyncIterator[bytes]:
        for part in range(1_000):
            read.append(part)
            yield b"x" * 10_000

    forms = ("/office/communities/test/publish", "/office/keys/new", "/desk/cases/c1/do/evidence", "/sessions/c1/end")
    for path in forms:
        urlencoded = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await asking().post(path, content=form(), headers=urlencoded)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=%2F"), path
        assert not read, path


async def test_what_is_public_is_kept_by_caches_unless_it_brings_a_cookie_or_is_for_who_is_signed_in(
    asking: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[Found | None] = [None]

    async def find(*_: object, **__: object) -> Found | None:
        return found[0]

    async def nowhere(*_: object) -> dict[str, object]:
        return {"items": []}

    monkeypatch.setattr(Sessions, "find", find)
    monkeypatch.setattr(Public, "places", nowhere)
    client, kept = asking(), []
    person = Person("s1", "00" * 16, "key:k1", "operator", None, None, frozenset(), Credential("k"))
    for found[0] in (None, Found(person, "key"), Found(person, "key", "t" * 43)):
        answer = await client.get("/report/outlines/test", headers={"Cookie": f"linli_session={'c' * 43}"})
        kept.append((answer.status_code, answer.headers["Cache-Control"], "Set-Cookie" in answer.headers))
    assert kept == [(200, "public, max-age=600", False), (200, "no-store", False), (200, "no-store", True)]


class Records:
    """Of sessions: is away so often when it is to keep something, and then keeps it."""

    def __init__(self, away: int) -> None:
        self.away, self.kept = away, b""

    async def claim_renewal(self, *_: object) -> bool:
        return True

    async def renewed(self, _: str, sealed: bytes) -> None:
        if self.away:
            self.away -= 1
            raise AutoReconnect("away")
        self.kept = sealed


class Issuer:
    async def renew(self, credential: Credential) -> Credential:
        return replace(credential, key="new", refresh="next")


@pytest.mark.parametrize(("away", "seconds", "is_kept"), [(2, 0, True), (2, 30, False)], ids=["a moment", "too long"])
async def test_renewed_tokens_are_kept_once_the_database_is_back_within_the_time_that_nobody_else_asks(
    away: int, seconds: int, is_kept: bool
) -> None:
    times = iter([NOON, NOON, *[NOON + timedelta(seconds=seconds)] * 9])
    store, key = Records(away), "session key"
    due = Credential("old", "spent", None, NOON, NOON)
    stored = Stored("s1", "k", "operator", None, "", sealed(key, due.text()), NOON, NOON, NOON, "")
    renewal = Renewal(store, Issuer(), lambda: next(times))  # type: ignore[arg-type]  # all that it asks of the store
    if is_kept:
        kept, renewed = await renewal.fresh(stored, key)
        assert (store.kept, renewed.refresh) == (kept, "next")
    else:
        with pytest.raises(AutoReconnect):
            await renewal.fresh(stored, key)


async def test_a_new_sign_in_ends_the_session_that_this_browser_had_once_it_succeeds(
    asking: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[tuple[str, str]] = []

    async def find(*_: object, **__: object) -> Found:
        return Found(Person("s1", "00" * 16, "key:k1", "operator", None, None, frozenset(), Credential("k")), "key")

    async def begin(_: Sessions, credential: Credential, *__: object) -> tuple[str, None]:
        if credential.key != "linli_k":
            raise Problem("unauthorised", 401, "not accepted")
        return "t" * 43, None

    async def end(_: Sessions, principal: str, id: str) -> bool:
        ended.append((principal, id))
        return True

    for each in (find, begin, end):
        monkeypatch.setattr(Sessions, each.__name__, each)
    client = asking()
    cookies = {"Cookie": f"linli_session={'c' * 43}"}
    assert (await client.post("/sign-in", data={"key": "linli_wrong"}, headers=cookies)).status_code == 403
    assert ended == []
    assert (await client.post("/sign-in", data={"key": "linli_k"}, headers=cookies)).status_code == 303
    assert ended == [("key:k1", "s1")]


async def test_sign_ins_that_succeed_count_by_where_they_come_from(
    asking: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []

    async def begin(_: Sessions, credential: Credential, *__: object) -> tuple[str, None]:
        begun.append(credential.key)
        return "t" * 43, None

    monkeypatch.setattr(Sessions, "begin", begin)
    monkeypatch.setenv("LINLI_RATE_RESIDENTS", "3/minute")
    client, statuses = asking(), []
    for _ in range(4):
        client.cookies.clear()
        statuses.append((await client.post("/sign-in", data={"key": "linli_k"})).status_code)
    assert statuses == [303, 303, 303, 429]
    assert len(begun) == 3


@pytest.mark.parametrize(
    ("error", "status", "logged"),
    [(AutoReconnect("away"), 503, "mongodb_away"), (KeyError("name"), 500, "request_failed")],
    ids=["an outage", "a fault"],
)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
async def test_what_passes_by_itself_is_503_and_a_fault_of_ours_is_500_and_logged_once(
    asking: Ask, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, logged: str, accept: str
) -> None:
    client = asking(Accept=accept)

    async def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(Public, "communities", fails)
    with capture_logs() as logs:
        answer = await client.get("/n")
    assert answer.status_code == status
    assert [each["event"] for each in logs] == [logged]
    assert "name" not in [each.get("error") for each in logs]
    if accept == "application/json" and status == 500:
        assert answer.json()["type"] == "urn:linli:problem:internal_error"
    else:
        assert ("try again" in answer.text) is (status == 503)
