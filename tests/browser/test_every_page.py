"""What is asked of every page, whatever it shows: the ten rules, as far as a page alone can keep them."""

from typing import Literal

import pytest

from linli.contracts.kinds import Language
from tests.browser.conftest import Visit
from tests.support.browser import measures
from tests.support.browser.axe import assert_accessible
from tests.support.portal_pages import PAGES, Page
from tests.support.quarter import Quarter

COLOURS: tuple[Literal["light", "dark"], ...] = ("light", "dark")
HEAVIEST = 100_000
"""Bytes on the wire of a resident's page with all that it loads."""
LANGUAGES = (Language.ZH, pytest.param(Language.EN, marks=pytest.mark.long))
"""In the other one a page differs by its words alone: before a release."""
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@pytest.mark.parametrize("language", LANGUAGES)
@each_page
async def test_it_is_accessible_in_both_colours_fits_and_can_be_touched(
    page: Page, language: Language, quarter: Quarter, visit: Visit
) -> None:
    who = await visit(page.role, language=language, still=True)  # a colour that fades in is none yet
    await who.open(page.address(quarter.places), page.status)
    assert await who.page.get_attribute("html", "lang") == language.value
    for colours in COLOURS:
        await who.page.emulate_media(color_scheme=colours)
        await assert_accessible(who.page)
        await who.picture(f"{page.name}-{language}-{colours}")
    for width in (1_280, 640, 320):  # 640 is 200 % of 1280, 320 is 400 %
        await who.resize(width)
        assert await measures.wider_than_the_page(who.page) == []
        assert await measures.small_targets(who.page) == []
    await assert_accessible(who.page)
    await who.picture(f"{page.name}-{language}-narrow")


@each_page
async def test_all_of_it_is_reached_by_keyboard_it_rests_when_asked_to_and_needs_no_colours(
    page: Page, quarter: Quarter, visit: Visit
) -> None:
    who = await visit(page.role, still=True)
    await who.open(page.address(quarter.places), page.status)
    assert await measures.moving(who.page) == []
    assert await measures.states_without_words(who.page) == []
    await measures.see_no_colours(who)
    await who.picture(f"{page.name}-without-colours")
    assert await measures.beyond_the_keyboard(who.page) == []


@each_page
async def test_it_works_without_scripts(page: Page, quarter: Quarter, visit: Visit) -> None:
    who = await visit(page.role, script=False)
    await who.open(page.address(quarter.places), page.status)
    assert await measures.needs_script(who.page) == []
    assert await who.page.locator("main h1").count() == 1


@pytest.mark.parametrize("page", [each for each in PAGES if each.role == "resident"], ids=lambda page: page.name)
async def test_a_residents_page_is_light(page: Page, quarter: Quarter, visit: Visit) -> None:
    who = await visit()
    sizes = await measures.transferred(who, page.address(quarter.places), page.status)
    assert sum(sizes.values()) <= HEAVIEST, sizes
