"""One browser for each process of a test run; without Chromium all tests here are skipped, and one line says so."""

from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.support.browser import chromium as debian
from tests.support.browser.viewer import AT_MOST, Device, Viewer, viewer
from tests.support.quarter import Quarter, Role, quarter_on
from tests.support.servers import Servers

Arrive = Callable[..., Awaitable[Viewer]]
Visit = Callable[..., Awaitable[Viewer]]
Measured = Callable[[str, str], None]
FAILED = pytest.StashKey[bool]()
expect.set_options(timeout=AT_MOST)


@pytest.fixture(scope="session", autouse=True)
def chromium() -> None:
    """Skips where there is none."""
    reason = debian.no_chromium()
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope="session")
async def browser(chromium: None) -> AsyncIterator[Browser]:
    async with debian.browser() as started:
        yield started


@pytest.fixture(scope="session")
async def quarter(chromium: None, stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Quarter]:
    """One for each process of a test run: a test finds what others did in it, and makes cases of its own."""
    async with quarter_on(stack, tmp_path_factory.mktemp("quarter")) as running:
        yield running


@pytest.fixture
def visit(quarter: Quarter, arrive: Arrive) -> Visit:
    """Brings somebody to the quarter's portal: `await visit("operator", width=320)`; a resident unless said."""

    async def come(role: Role = "resident", **device: Any) -> Viewer:
        cookies = tuple({"name": name, "value": value} for name, value in (await quarter.cookies(role)).items())
        return await arrive(quarter.url, cookies, **device)

    return come


@pytest.fixture
async def arrive(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Arrive]:
    """Brings somebody to an address: `await arrive(base, width=320)`. All leave at the end, and blameless.

    Of a test that fails, each viewer's last view is kept (`LINLI_SCREENSHOTS`).
    """
    here: list[Viewer] = []
    async with AsyncExitStack() as stack:

        async def come(base: str, cookies: tuple[dict[str, str], ...] = (), **device: Any) -> Viewer:
            who = await stack.enter_async_context(viewer(browser, base, Device(**device), cookies))
            here.append(who)
            return who

        yield come
        if request.node.stash.get(FAILED, False):
            for number, who in enumerate(here):
                await who.picture(f"failed-{request.node.name}-{number}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """All tests that are skipped name this file, so that pytest tells of them in one line."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    if report.skipped and isinstance(report.longrepr, tuple):
        report.longrepr = (__file__, 0, report.longrepr[2])
    return report
