"""Wrong keys and links lock nobody out of their address, nor does a page elsewhere that has browsers ask for them."""

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest

from linli.web.localized import Localized
from linli.web.problems import Problem
from portal.main import build
from portal.settings import PortalSettings
from portal.signin.links import SignInLinks
from portal.signin.oidc.office import Office
from portal.signin.sessions import Sessions
from tests.support.builders import NOON

RIGHT, WRONG = "linli_0123456789_" + "A" * 43, "linli_0123456789_" + "B" * 43
GUESSES, TRIES = 4, 20
ELSEWHERE = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"}
REFUSED = Problem("unauthorised", 401, Localized("This key does not count.", "该密钥无效。"))


class Right:
    """Sessions, links and the office's issuer, which know what is right."""

    def __init__(self) -> None:
        self.sign_ins = SimpleNamespace(back=self._back)
        self.provider = SimpleNamespace(url="https://issuer.example", exchange=self._exchange)

    async def _back(self, _browser: str, state: str) -> Any:
        return SimpleNamespace(next="/", verifier="v", nonce="n") if state == "right" else None

    async def _exchange(self, *_: str) -> Any:
        return SimpleNamespace(key=RIGHT)

    async def begin(self, credential: Any, *_: Any) -> tuple[str, None]:
        if credential.key != RIGHT:
            raise REFUSED
        return "t" * 43, None

    async def make(self, caller: Any) -> Any:
        if caller.key != RIGHT:
            raise REFUSED
        return SimpleNamespace(code="c", ends_at=NOON)

    async def look(self, code: str) -> Any:
        return SimpleNamespace(role="operator", party=None, principal="p", ends_at=NOON) if code == "right" else None

    async def open(self, code: str, *_: Any) -> str | None:
        return "t" * 43 if code == "right" else None


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """An office's one address, before a portal."""
    limits = {"rate_guesses": f"{GUESSES}/hour", "rate_residents": f"{TRIES}/hour"}
    service = build(PortalSettings(secrets_dir=tmp_path, **limits))
    app: Any = service.app
    app.state.provided |= dict.fromkeys((Sessions, SignInLinks, Office), Right())
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://portal.example") as client:
        yield client
    await service.close()


async def right_ones(office: httpx2.AsyncClient) -> list[int]:
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/sign-in", {"data": {"key": RIGHT}}),
        ("GET", "/sign-in/link", {"params": {"code": "right"}}),
        ("POST", "/sign-in/link", {"data": {"code": "right"}}),
        ("GET", "/sign-in/oidc/callback", {"params": {"state": "right", "code": "c"}, "headers": ELSEWHERE}),
        ("POST", "/v1/sign-in-links", {"headers": {"Authorization": f"Bearer {RIGHT}"}}),
    ]
    found = []
    for method, path, more in asked:
        found.append((await office.request(method, path, **more)).status_code)
        office.cookies.clear()
    return found


ALL_IN = [303, 200, 303, 303, 201]


async def test_images_on_a_page_elsewhere_are_nobody_s_guesses_and_nobody_s_tries(office: httpx2.AsyncClient) -> None:
    for path in ("/sign-in/link?code=x", "/sign-in/oidc/callback?state=x&code=x"):
        answers = [await office.get(path, headers=ELSEWHERE) for _ in range(2 * TRIES)]
        assert {answer.status_code for answer in answers} == ({410} if "link" in path else {403})
    sent = [await office.post("/v1/sign-in-links", headers=ELSEWHERE) for _ in range(2 * TRIES)]
    assert 429 not in {answer.status_code for answer in sent}
    assert (await office.post("/sign-in", data={"key": WRONG})).status_code == 403, "which is the first wrong one"
    assert await right_ones(office) == ALL_IN


async def test_after_too_many_wrong_ones_the_next_wrong_one_is_told_so_and_a_right_one_gets_in(
    office: httpx2.AsyncClient,
) -> None:
    answers = [await office.get("/sign-in/link?code=x") for _ in range(GUESSES + 2)]
    assert [answer.status_code for answer in answers] == [410] * GUESSES + [429] * 2
    assert (await office.post("/sign-in", data={"key": WRONG})).status_code == 429
    wrong = {"Authorization": f"Bearer {WRONG}"}
    assert (await office.post("/v1/sign-in-links", headers=wrong)).status_code == 429
    assert (await office.get("/sign-in/oidc/callback?state=x&code=x")).status_code == 429
    assert await right_ones(office) == ALL_IN
