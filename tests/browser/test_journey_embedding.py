"""What others may show within their own page: the neighbourhood as it is made for that, and nothing else."""

import contextlib

import pytest
from playwright.async_api import expect
from pytest_httpserver import HTTPServer

from linli.contracts.kinds import Language
from tests.browser.conftest import Arrive
from tests.support.portal_pages import PAGES
from tests.support.quarter import SESSION, Quarter
from tests.support.services import until

OTHERS = [each for each in PAGES if not each.embeddable]
AT_ONCE = 20


def shown_by_others(httpserver: HTTPServer, *addresses: str) -> str:
    """A page at another origin that shows these, one after the other; its address."""
    frames = "".join(f'<iframe src="{each}" title="{number}"></iframe>' for number, each in enumerate(addresses))
    page = f"<!doctype html><html lang=en><title>Elsewhere</title><link rel=icon href=data:,><h1>Elsewhere</h1>{frames}"
    httpserver.expect_request("/").respond_with_data(page, content_type="text/html; charset=utf-8")
    return httpserver.url_for("/").rstrip("/")


async def test_the_neighbourhood_is_shown_within_the_page_of_another(
    quarter: Quarter, arrive: Arrive, httpserver: HTTPServer
) -> None:
    (page,) = [each for each in PAGES if each.embeddable]
    who = await arrive(shown_by_others(httpserver, quarter.url + page.address(quarter.places)), language=Language.EN)
    await who.page.goto(who.base)
    inner = who.page.frame_locator("iframe")
    await expect(inner.get_by_role("heading", name="Reported and solved")).to_be_visible()
    assert await inner.locator("form, script").count() == 0
    async with who.context.expect_page() as opening:
        await inner.get_by_role("link", name="Linli").click()
    opened = await opening.value
    await expect(opened).to_have_url(f"{quarter.url}/n/test/east")
    await who.picture("journey-embedded")
    elsewhere = [each for each in who.faults if not each.startswith(f"a request to elsewhere: {quarter.url}/")]
    assert elsewhere == []
    who.faults.clear()


@pytest.mark.parametrize("first", range(0, len(OTHERS), AT_ONCE))
async def test_no_other_page_is_shown_within_the_page_of_another_whoever_is_signed_in(
    first: int, quarter: Quarter, arrive: Arrive, httpserver: HTTPServer
) -> None:
    pages = OTHERS[first : first + AT_ONCE]
    cookies = ({"name": SESSION, "value": (await quarter.cookies("operator"))[SESSION], "url": quarter.url},)
    who = await arrive(
        shown_by_others(httpserver, *(quarter.url + each.address(quarter.places) for each in pages)), cookies
    )
    who.expect(403, 404)
    await who.page.goto(who.base, wait_until="load")
    frames = who.page.main_frame.child_frames
    assert len(frames) == len(pages)

    def shown() -> dict[str, str]:
        named = zip(pages, frames, strict=True)
        return {page.name: frame.url for page, frame in named if not frame.url.startswith("chrome-error:")}

    async def all_refused() -> bool:
        return not shown()

    with contextlib.suppress(AssertionError):
        await until(all_refused)  # a frame is told of some time after it was refused
    assert shown() == {}
    refusals = [each for each in who.faults if "frame-ancestors 'none'" in each]
    assert len(refusals) >= len(pages)
    who.faults.clear()
