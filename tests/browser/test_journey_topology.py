"""What an operator does at the topology: sees it change undisturbed, and goes from a node to what is behind it."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Page, expect

from linli.contracts.kinds import Language
from tests.browser.conftest import Visit
from tests.support.builders import ZONE
from tests.support.quarter import Quarter
from tests.support.services import until

MAP = "#map [data-id]"
TABLE = "#table [data-id]"
TOLD = "elements => elements.map(each => [each.dataset.id, each.dataset.state ?? each.dataset.flow, each.dataset.rate])"


FIGURES = """where => Object.fromEntries([...document.querySelectorAll(where)].map(each => {
    const said = each.querySelector('title') ?? each.lastElementChild;
    return [each.dataset.id, said.textContent.replace(/\\s+/g, ' ').trim()];
}))"""
"""Of each node what its title says in the picture, and its last cell in the table."""


async def told(page: Page, where: str) -> list[Any]:
    return sorted(await page.eval_on_selector_all(where, TOLD), key=str)


async def moment_of(page: Page) -> int:
    """The number of the sample that is shown."""
    return int(await page.locator(MAP).first.get_attribute("data-seq") or 0)


async def next_sample(page: Page) -> None:
    """Waits until the page shows another one."""
    before = await moment_of(page)

    async def another() -> bool:
        return await moment_of(page) != before

    await until(another)


async def test_the_table_says_what_the_picture_says(visit: Visit) -> None:
    who = await visit("operator")
    await who.open("/topology")
    drawn, listed = await told(who.page, MAP), await told(who.page, TABLE)
    assert drawn == listed
    assert len(drawn) > 10
    seen = set(await who.page.eval_on_selector_all(f"{MAP}, {TABLE}", "all => all.map(each => each.dataset.seq)"))
    assert len(seen) == 1
    await who.picture("journey-topology")


@pytest.mark.parametrize("language", Language)
async def test_a_node_s_title_has_the_figures_of_its_row(language: Language, visit: Visit) -> None:
    who = await visit("operator", language=language)
    await who.open("/topology")
    titles, cells = await who.page.evaluate(
        f"() => ['#map a[data-id]', '#table tr[data-state]'].map({FIGURES})"
    )  # in one go: there is something new every five seconds
    assert titles.keys() == cells.keys()
    assert [(title, cells[id]) for id, title in titles.items() if not title.endswith(cells[id])] == []
    assert sum(bool(each) for each in cells.values()) > 10


async def test_news_takes_neither_focus_nor_place_nor_selection_and_says_nothing_that_was_said(visit: Visit) -> None:
    who = await visit("operator", language=Language.EN)
    await who.open("/topology")
    link = who.page.locator(f"{TABLE} a").last
    await link.focus()
    await link.scroll_into_view_if_needed()
    id = await link.get_attribute("href")
    await who.page.evaluate(
        """() => {
            const told = document.querySelector('#told');
            window.said = [told.textContent];
            new MutationObserver(() => window.said.push(told.textContent))
                .observe(told, {childList: true, characterData: true, subtree: true});
            const range = document.createRange();
            range.selectNodeContents(document.querySelector('#table h2'));
            getSelection().removeAllRanges();
            getSelection().addRange(range);
        }"""
    )
    place = "document.activeElement.getBoundingClientRect().top"
    at = await who.page.evaluate(place)
    await next_sample(who.page)
    assert await who.page.evaluate("document.activeElement.getAttribute('href')") == id
    assert abs(await who.page.evaluate(place) - at) < 50, "also where something above it has become longer"
    assert await who.page.evaluate("getSelection().toString()") == "The same as a table"
    said = await who.page.evaluate("window.said")
    assert [text for text, before in zip(said[1:], said, strict=False) if text == before] == []
    assert said[-1] == await who.page.locator("#told").text_content(), "all that it said was heard"


async def test_the_address_is_the_view(visit: Visit) -> None:
    who = await visit("operator", language=Language.EN)
    await who.open("/topology")
    moment = await who.page.locator("#moment time").get_attribute("datetime")
    there = datetime.fromisoformat(str(moment)).astimezone(ZONE) + timedelta(seconds=1)
    await who.page.get_by_label("Then", exact=True).fill(there.strftime("%Y-%m-%dT%H:%M:%S"))
    await who.page.get_by_label("Compared with").fill(there.strftime("%Y-%m-%dT%H:%M:%S"))
    await who.page.get_by_role("button", name="Show").click()
    await expect(who.page).to_have_url(re.compile(r"[?&]at=.*&since="))
    await expect(who.page.get_by_text("Nothing is otherwise.")).to_be_visible()
    shown = await told(who.page, TABLE)
    await who.page.reload()
    assert await told(who.page, TABLE) == shown
    await who.page.get_by_role("button", name="Now", exact=True).click()
    await expect(who.page).to_have_url(re.compile(r"/topology$"))


async def test_from_a_node_and_from_a_case_one_press_leads_to_what_is_behind(quarter: Quarter, visit: Visit) -> None:
    who = await visit("operator", language=Language.EN)
    await who.open("/topology")
    await who.page.locator(f"{MAP}[id^='n-service:workflow']").first.press("Enter")
    await expect(who.page).to_have_url(re.compile(r"/topology/.+"))
    await who.picture("journey-topology-node")
    await who.open("/topology")
    await who.page.get_by_label("One case's way").fill(quarter.places["case"])
    await who.page.keyboard.press("Enter")
    await expect(who.page).to_have_url(re.compile(rf"/topology/way/{quarter.places['case']}"))
    await who.picture("journey-topology-way")


@pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])
async def test_a_finding_is_acknowledged_muted_and_told_of_again(script: bool, quarter: Quarter, visit: Visit) -> None:
    """That of the record which has been parked since the quarter's beginning."""
    who = await visit("operator", language=Language.EN, script=script)
    finding = who.page.locator("[id='f-parked@parking:workflow']")

    async def found() -> bool:
        await who.open("/topology/parking:workflow")
        return bool(await finding.count())

    await until(found)
    await expect(finding.get_by_role("link")).to_have_count(0)
    if await finding.get_by_role("button", name="Acknowledge").count():
        await finding.get_by_role("button", name="Acknowledge").click()
    await expect(finding).to_contain_text("Acknowledged by operator")
    await finding.get_by_label("Mute for").select_option("8")
    await finding.get_by_role("button", name="Mute", exact=True).click()
    await expect(who.page).to_have_url(re.compile("/topology/parking:workflow$"))
    await expect(finding).to_contain_text("Muted until")
    await finding.get_by_role("button", name="Tell of it again").click()
    await expect(finding).not_to_contain_text("Muted until")
    await who.page.get_by_role("main").get_by_role("button", name=re.compile("parked", re.IGNORECASE)).click()
    await expect(who.page).to_have_url(re.compile("/office/parked"))
