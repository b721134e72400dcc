"""Who looks at a page that cannot know how it is now is told so by the page itself, and no longer once it knows.

The limits are generous, for no test fails on a clock; how long it took is said at the end of the run.
"""

import re
import signal
import time

import pytest
from playwright.async_api import Page, expect

from linli.contracts.kinds import Language
from tests.browser.conftest import Measured, Visit
from tests.support.browser.viewer import Viewer
from tests.support.quarter import Quarter

LIMIT = 120_000.0
"""Milliseconds; half a minute is what is meant."""
AWAY = (500, 502, 503, 504)
NO_NEWS = "There is no news from the server"


async def looking(visit: Visit, quarter: Quarter, *paths: str) -> list[Viewer]:
    """One at each page."""
    viewers = [await visit("operator", language=Language.EN) for _ in paths]
    for who, path in zip(viewers, paths, strict=True):
        who.expect(*AWAY)
        await who.open(path)
        await expect(who.page.locator("#stale")).to_be_empty()
    return viewers


async def told(page: Page) -> None:
    await expect(page.locator("#stale")).to_contain_text(NO_NEWS, timeout=LIMIT)


async def taken_back(page: Page) -> None:
    await expect(page.locator("#stale")).to_be_empty(timeout=LIMIT)


@pytest.mark.timeout(400)
async def test_while_workflow_stands_still_the_desk_says_so_and_the_topology_shows_it(
    quarter: Quarter, visit: Visit, measured: Measured
) -> None:
    desk, case, topology = await looking(visit, quarter, "/desk", f"/desk/cases/{quarter.places['case']}", "/topology")
    quarter.system.signal("workflow", signal.SIGSTOP)
    begun = time.monotonic()
    try:
        for who, name in ((desk, "the desk"), (case, "a case")):
            await told(who.page)
            measured(f"{name} says that it is stale", f"{time.monotonic() - begun:.1f} s after workflow stood still")
        workflow = topology.page.locator("#table [data-id='service:workflow']")
        await expect(workflow).to_have_attribute("data-state", re.compile("stopped|unknown"), timeout=LIMIT)
        measured("the topology shows", f"{time.monotonic() - begun:.1f} s after workflow stood still")
        await desk.picture("journey-stale-desk")
        await topology.picture("journey-stale-workflow")
    finally:
        quarter.system.signal("workflow", signal.SIGCONT)
    await taken_back(desk.page)
    await taken_back(case.page)
    await expect(workflow).to_have_attribute("data-state", "well", timeout=LIMIT)


@pytest.mark.timeout(400)
async def test_while_the_portal_stands_still_every_live_page_says_so(
    quarter: Quarter, visit: Visit, measured: Measured
) -> None:
    """It is the portal that samples: nothing tells the topology's page anything any more."""
    desk, topology = await looking(visit, quarter, "/desk", "/topology")
    quarter.system.signal("portal", signal.SIGSTOP)
    begun = time.monotonic()
    try:
        for who, name in ((topology, "the topology"), (desk, "the desk")):
            await told(who.page)
            measured(f"{name} says that it is stale", f"{time.monotonic() - begun:.1f} s after the portal stood still")
        node = topology.page.locator("#map .node").first
        assert "hatch" in await node.evaluate("node => getComputedStyle(node).fill")
        await topology.picture("journey-stale-topology")
    finally:
        quarter.system.signal("portal", signal.SIGCONT)
    await taken_back(desk.page)
    await taken_back(topology.page)


async def test_who_follows_a_report_is_told_when_no_news_come_and_hears_again_of_what_comes_then(
    quarter: Quarter, visit: Visit, measured: Measured
) -> None:
    receipt = await quarter.report("楼道灯又不亮了", category="facilities.lift")
    who = await visit(language=Language.EN, width=360)
    who.expect(*AWAY)
    await who.open(f"/track/{receipt['tracking_code']}")
    steps = who.page.locator(".timeline > li")
    before = await steps.count()
    quarter.system.kill("workflow")
    begun = time.monotonic()
    try:
        await expect(who.page.locator("#stale")).to_contain_text("There is no news from the office", timeout=LIMIT)
        measured("a report's page says that it is stale", f"{time.monotonic() - begun:.1f} s after workflow ended")
    finally:
        quarter.system.launch("workflow")
        await quarter.system.ready("workflow")
    await quarter.system.act(receipt["id"], "accept")
    await expect(who.page.locator("#stale")).to_be_empty(timeout=LIMIT)
    await expect(steps).to_have_count(before + 1)
