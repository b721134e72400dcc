"""What everybody does at the portal: switch language and colours, and, of staff, sign in and out."""

import re

import pytest
from playwright.async_api import expect

from linli.contracts.kinds import Language
from tests.browser.conftest import Visit
from tests.support.keys import key_for
from tests.support.quarter import Quarter

with_and_without_scripts = pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])


@with_and_without_scripts
async def test_one_press_switches_language_or_colours_and_the_page_stays(script: bool, visit: Visit) -> None:
    who = await visit(language=Language.ZH, script=script)
    await who.open("/sign-in?next=%2Fsessions")
    await who.page.get_by_role("button", name="English").click()
    await expect(who.page.locator("html")).to_have_attribute("lang", "en")
    await who.page.get_by_role("button", name="Dark").click()
    await expect(who.page.locator("html")).to_have_attribute("data-theme", "dark")
    await expect(who.page).to_have_url(re.compile(r"/sign-in\?next="))
    await who.open("/")
    await expect(who.page.locator("html")).to_have_attribute("lang", "en")


@with_and_without_scripts
async def test_staff_sign_in_where_they_wanted_to_go_and_leave_nothing_behind(
    script: bool, quarter: Quarter, visit: Visit
) -> None:
    who = await visit(language=Language.EN, script=script)
    await who.page.goto(f"{quarter.url}/sessions")
    await expect(who.page).to_have_url(re.compile(r"/sign-in\?next="))
    who.expect(403)
    await who.page.get_by_label("Key").fill("not-the-key")
    await who.page.keyboard.press("Enter")
    await expect(who.page.get_by_role("alert")).to_be_visible()
    await who.page.get_by_label("Key").fill(await quarter.key("estate"))
    await who.page.keyboard.press("Enter")
    await expect(who.page).to_have_url(f"{quarter.url}/sessions")
    await expect(who.page.get_by_role("main")).to_contain_text("estate")
    await who.page.get_by_role("button", name="Sign out").click()
    await expect(who.page).to_have_url(f"{quarter.url}/")
    await who.page.go_back()  # the next at this computer
    await expect(who.page.get_by_role("main")).not_to_contain_text("estate")
    assert not [each for each in await who.context.cookies() if each.get("name") == "linli_session"]


@with_and_without_scripts
async def test_who_left_a_computer_signed_in_ends_that_session_from_another(
    script: bool, quarter: Quarter, visit: Visit
) -> None:
    key = (await key_for(quarter.system, "party", party="estate", community="test"))["key"]
    left, here = [await visit(language=Language.EN, script=script) for _ in range(2)]
    for who in (left, here):
        await who.open("/sign-in?next=%2Fsessions")
        await who.page.get_by_label("Key").fill(key)
        await who.page.keyboard.press("Enter")
        await expect(who.page).to_have_url(f"{quarter.url}/sessions")
    rows = here.page.get_by_role("table", name="Where I am signed in").locator("tbody tr")
    await expect(rows).to_have_count(2)
    await rows.get_by_role("button", name="End", exact=True).click()
    await expect(rows).to_have_count(1)
    await expect(rows).to_contain_text("This one")
    await left.page.goto(f"{left.base}/desk")
    await expect(left.page).to_have_url(re.compile(r"/sign-in\?next=%2Fdesk"))


async def test_who_comes_by_keyboard_skips_to_the_content(visit: Visit) -> None:
    who = await visit(language=Language.EN)
    await who.open("/")
    await who.page.keyboard.press("Tab")
    await expect(who.page.get_by_role("link", name="Skip to the content")).to_be_focused()
    await who.page.keyboard.press("Enter")
    await who.page.keyboard.press("Tab")
    assert await who.page.evaluate("document.querySelector('main').contains(document.activeElement)")
