"""One browser for each process of a test run; without Chromium all tests here are skipped, and one line says so."""

from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from playwright.async_api import Browser

from tests.support.browser import chromium as debian
from tests.support.browser.visitor import Device, Visitor, visitor

Arrive = Callable[..., Awaitable[Visitor]]
FAILED = pytest.StashKey[bool]()


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


@pytest.fixture
async def arrive(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Arrive]:
    """Brings somebody to an address: `await arrive(base, width=320)`. All leave at the end, and blameless.

    Of a test that fails, each visitor's last view is kept (`LINLI_SCREENSHOTS`).
    """
    here: list[Visitor] = []
    async with AsyncExitStack() as stack:

        async def come(base: str, cookies: tuple[dict[str, str], ...] = (), **device: Any) -> Visitor:
            who = await stack.enter_async_context(visitor(browser, base, Device(**device), cookies))
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
