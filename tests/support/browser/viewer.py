"""Somebody who opens pages, with a device and habits of their own. Whatever goes wrong on a page is kept as a fault."""

import os
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, CDPSession, ConsoleMessage, Locator, Page, Request, Response

from linli.contracts.kinds import Language

Colours: TypeAlias = Literal["light", "dark"]
Network: TypeAlias = Literal["fast", "slow", "offline"]
SLOW = {"latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 20_000}
"""An old phone's network at the edge of its reach: milliseconds, bytes a second."""
OWN = ("data", "blob", "about")
"""Schemes of what a page has within itself."""
OF_A_STATUS = "Failed to load resource: the server responded with a status of"
"""Said by the browser of answers, which are looked at as answers."""
OF_THE_NETWORK = "net::ERR_INTERNET_DISCONNECTED"
"""Said by the browser of what it asks without a network."""

UNTOUCHED: dict[str, Any] = {"animations": "disabled", "caret": "initial"}
"""How a picture is taken: hiding the caret would leave empty styles on fields, which the page's policy refuses when a
script puts such a part in anew."""
AT_MOST = 60_000
"""Milliseconds for what is expected on a page. Machines are slow; nothing passes or fails on it."""


@dataclass(frozen=True, slots=True)
class Device:
    """How a page is looked at."""

    language: Language = Language.ZH
    colours: Colours = "light"
    width: int = 1_280
    height: int = 800
    zoom: int = 1
    """2 is 200 %: the page has half as many pixels of its own."""
    script: bool = True
    still: bool = False
    """Asks for reduced motion."""


class Viewer:
    """A browser's profile with one tab, at one address of the portal's."""

    def __init__(self, context: BrowserContext, page: Page, base: str, device: Device) -> None:
        self.context, self.page, self.base, self.device = context, page, base.rstrip("/"), device
        self.faults: list[str] = []
        self._refusals: set[int] = set()
        self._met: set[tuple[str, str]] = set()
        self._session: tuple[Page, CDPSession] | None = None
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))

    async def open(self, path: str, status: int = 200) -> Response:
        """Go there, and see that the page is whole: the status, no faults. Returns the answer."""
        self.expect(status)
        answer = await self.page.goto(f"{self.base}{path}", wait_until="load")
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status} instead of {status}\n{(await answer.text())[:2_000]}"
        self.blameless()
        return answer

    def expect(self, *statuses: int) -> None:
        """From here on answers with these are meant."""
        self._refusals |= {status for status in statuses if status >= 400}

    def meets(self, origin: str) -> None:
        """From here on requests there are meant."""
        other = urlsplit(origin)
        self._met.add((other.scheme, other.netloc))

    def blameless(self) -> None:
        """Nothing has gone wrong on any page so far."""
        assert not self.faults, "\n".join(self.faults)

    async def network(self, how: Network) -> None:
        """As it is from here on."""
        values = SLOW if how == "slow" else dict.fromkeys(SLOW, -1) | {"latency": 0}
        session = await self.session()
        await session.send("Network.enable")
        await session.send("Network.emulateNetworkConditions", {"offline": how == "offline", **values})

    async def close_the_tab(self) -> None:
        """And come back in a new one."""
        await self.page.close()
        self.page = await self.context.new_page()

    async def session(self) -> CDPSession:
        """Chromium's own protocol, for what Playwright has no word for: one of it for each tab."""
        if self._session is None or self._session[0] is not self.page:
            self._session = self.page, await self.context.new_cdp_session(self.page)
        return self._session[1]

    async def resize(self, width: int, height: int = 800) -> None:
        await self.page.set_viewport_size({"width": width, "height": height})

    async def picture(self, name: str) -> None:
        """A screenshot of the whole page, where `LINLI_SCREENSHOTS` names a folder for it."""
        if folder := os.environ.get("LINLI_SCREENSHOTS"):
            there = Path(folder) / (re.sub(r"[^\w.-]+", "-", name) + ".png")
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(await self.page.screenshot(full_page=True, **UNTOUCHED))

    async def view(self, name: str, top: Locator | None = None) -> None:
        """The same of what is in sight, with `top` as far up as it goes: the page's beginning unless said."""
        await self.page.wait_for_load_state("load")
        await (top or self.page.locator("body")).evaluate("part => part.scrollIntoView({behavior: 'instant'})")
        pictures = "() => [...document.images].every(each => each.complete || each.loading === 'lazy')"
        await self.page.wait_for_function(pictures)
        if folder := os.environ.get("LINLI_SCREENSHOTS"):
            there = Path(folder) / f"{name}.png"
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(await self.page.screenshot(**UNTOUCHED))

    def _asked(self, request: Request) -> None:
        asked, own = urlsplit(request.url), urlsplit(self.base)
        if asked.scheme not in OWN and (asked.scheme, asked.netloc) not in {(own.scheme, own.netloc), *self._met}:
            self.faults.append(f"a request to elsewhere: {request.url}")

    def _answered(self, answer: Response) -> None:
        if answer.status >= 400 and answer.status not in self._refusals:
            self.faults.append(f"{answer.status} for {answer.request.method} {answer.url}")

    def _said(self, message: ConsoleMessage) -> None:
        """Refusals by the page's Content-Security-Policy are among the errors, whether scripts run or not."""
        meant = message.text.startswith(OF_A_STATUS) or OF_THE_NETWORK in message.text
        if message.type == "error" and not meant:
            self.faults.append(f"console: {message.text}")


@asynccontextmanager
async def viewer(
    browser: Browser, base: str, device: Device | None = None, cookies: Sequence[dict[str, str]] = ()
) -> AsyncIterator[Viewer]:
    """Comes with these cookies alone; leaves blameless."""
    given = device or Device()
    context = await browser.new_context(
        locale=given.language.value,
        timezone_id="Asia/Shanghai",
        color_scheme=given.colours,
        java_script_enabled=given.script,
        reduced_motion="reduce" if given.still else "no-preference",
        viewport={"width": given.width // given.zoom, "height": given.height // given.zoom},
        device_scale_factor=given.zoom,
        service_workers="allow",
    )
    context.set_default_timeout(AT_MOST)
    if cookies:
        await context.add_cookies([{"url": base, **each} for each in cookies])  # type: ignore[arg-type, list-item]  # url, name, value
    try:
        yield (there := Viewer(context, await context.new_page(), base, given))
        there.blameless()
    finally:
        await context.close()
