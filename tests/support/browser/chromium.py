"""Debian's Chromium, driven by Playwright, which fetches none of its own."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

NAMES = ("chromium", "chromium-browser")


def chromium() -> str | None:
    """Where it is, or None."""
    return next((found for found in map(shutil.which, NAMES) if found), None)


def no_chromium() -> str | None:
    """Why no page can be looked at here, or None."""
    return None if chromium() else "no Chromium here: apt-get install --no-install-recommends chromium fonts-noto-cjk"


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """One process, which every viewer has a profile of their own in."""
    async with async_playwright() as playwright:
        # Debian's asks its settings' server and others for news; a page's own requests are what is looked at.
        started = await playwright.chromium.launch(executable_path=chromium(), args=["--disable-background-networking"])
        try:
            yield started
        finally:
            await started.close()
