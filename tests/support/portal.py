"""The portal beside a system, and who looks at its pages."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from typing import Any

import httpx2

from tests.support.patience import page_of
from tests.support.services import PATIENCE
from tests.support.system import PORTAL, System

_FORM_TOKEN = re.compile(r'name="csrf" value="([0-9a-f]+)"')


class _Inline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        self.found += [f"{tag} {name}" for name in names if name == "style" or name.startswith("on")]
        self.found += [tag] if tag == "style" or (tag == "script" and "src" not in names) else []


def inline_in(page: str) -> list[str]:
    """What a browser would refuse to run or to style: scripts and styles inside the page's own HTML."""
    parser = _Inline()
    parser.feed(page)
    return parser.found


class Visitor:
    """A browser without scripts: keeps cookies, sends forms as a page of the portal would."""

    def __init__(self, url: str, language: str = "en") -> None:
        self.url = url
        self.http = httpx2.AsyncClient(
            base_url=url, timeout=PATIENCE, headers={"Accept": "text/html", "Accept-Language": language}
        )

    async def get(self, path: str, **headers: str) -> httpx2.Response:
        return await self.http.get(path, headers=headers)

    async def page(self, path: str) -> str:
        """A page that is there, if not at once on a machine that is busy."""
        answer = await page_of(lambda: self.get(path))
        assert answer.status_code == 200, (answer.status_code, answer.text)
        return answer.text

    async def send(self, path: str, *, page: str | None = None, **fields: Any) -> httpx2.Response:
        """A form, with the token that `page` (or the page at `path`) has."""
        token = _FORM_TOKEN.search(page if page is not None else (await self.get("/sessions")).text)
        data = fields | ({"csrf": token.group(1)} if token else {})
        return await self.http.post(path, data=data, headers={"Origin": self.url, "Sec-Fetch-Site": "same-origin"})

    async def sign_in(self, key: str) -> None:
        answer = await self.send("/sign-in", page="", key=key)
        assert answer.status_code == 303, answer.text


@asynccontextmanager
async def portal_beside(system: System) -> AsyncIterator[str]:
    """Its address, while it runs, before the small community."""
    await system.load()
    system.launch(PORTAL)
    await system.ready(PORTAL)
    yield system.urls[PORTAL]


@asynccontextmanager
async def visitor(url: str, key: str | None = None, language: str = "en") -> AsyncIterator[Visitor]:
    """Somebody at the portal, signed in with a key if there is one."""
    found = Visitor(url, language)
    try:
        if key:
            await found.sign_in(key)
        yield found
    finally:
        await found.http.aclose()
