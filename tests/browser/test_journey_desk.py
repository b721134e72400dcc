"""What a clerk does all day: finds what is next, by keyboard; acts on one case and on many; sees what the others do."""

import re
import secrets
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.async_api import Locator, expect

from linli.contracts.kinds import Language
from tests.browser.conftest import Visit
from tests.support.browser.viewer import Viewer
from tests.support.photos import jpeg, scene
from tests.support.quarter import Quarter

with_and_without_scripts = pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])


def unlike(title: str) -> str:
    """A title that no other run has."""
    return f"{title} {secrets.token_hex(3)}"


def do_it(who: Viewer, name: str) -> Locator:
    return who.page.get_by_role("main").get_by_role("button", name=name, exact=False).first


async def state_of(quarter: Quarter, id: str) -> str:
    return str(((await quarter.system.case(id)) or {})["state"])


@with_and_without_scripts
async def test_a_party_accepts_a_case_and_resolves_it_with_a_photo(
    script: bool, quarter: Quarter, visit: Visit
) -> None:
    title = unlike("A gate that does not close")
    receipt = await quarter.report(title, category="facilities.lift")
    who = await visit("estate", language=Language.EN, script=script)
    await who.open("/desk?view=all&sort=newest")
    await who.page.get_by_role("link", name=title).click()
    await expect(who.page.get_by_role("heading", level=1)).to_have_text(title)
    actions = who.page.get_by_role("navigation", name="What can be done")
    await actions.get_by_role("button", name="Accept").click()
    await do_it(who, "Accept").click()
    await expect(who.page).to_have_url(re.compile(rf"/desk/cases/{receipt['id']}"))
    assert await state_of(quarter, receipt["id"]) == "accepted"
    await actions.get_by_role("button", name="Resolve").click()
    await who.page.get_by_label("Words for the reporter").fill("The hinge was replaced")
    file: Any = {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": jpeg(scene(480, 360))}
    await who.page.locator("input[type=file]").first.set_input_files([file])
    await do_it(who, "Resolve").click()
    await expect(who.page.get_by_text("The hinge was replaced").first).to_be_visible()
    assert await state_of(quarter, receipt["id"]) == "resolved"
    assert len(((await quarter.system.case(receipt["id"])) or {})["evidence"]) == 1
    await who.picture(f"journey-desk-resolved-{'scripts' if script else 'plain'}")


async def test_the_list_is_walked_by_keyboard_and_a_case_opened(quarter: Quarter, visit: Visit) -> None:
    title = unlike("The first to walk over")
    await quarter.report(title)
    who = await visit("operator", language=Language.EN)
    await who.open("/desk?view=all&sort=newest")
    titles = await who.page.locator("tr[data-case] a.case").all_text_contents()
    await who.page.keyboard.press("j")
    await expect(who.page.locator("tr[data-case] a.case").nth(0)).to_be_focused()
    await who.page.keyboard.press("j")
    await who.page.keyboard.press("x")
    await expect(who.page.get_by_label(f"Choose: {titles[1]}").first).to_be_checked()
    await who.page.keyboard.press("k")
    await expect(who.page.locator("tr[data-case] a.case").nth(0)).to_be_focused()
    await who.page.keyboard.press("/")
    await expect(who.page.locator("#q")).to_be_focused()
    await who.page.keyboard.type(title)
    await who.page.keyboard.press("Enter")
    await expect(who.page).to_have_url(re.compile(r"q=The(\+|%20)first"))
    await expect(who.page.locator("tr[data-case]")).to_have_count(1)
    await who.page.keyboard.press("j")
    await who.page.keyboard.press("Enter")
    await expect(who.page.get_by_role("heading", level=1)).to_have_text(title)


async def test_a_list_says_that_cases_have_changed_and_takes_nothing_away_from_who_works_on_it(
    quarter: Quarter, visit: Visit
) -> None:
    title = unlike("Watched by two")
    receipts = [await quarter.report(f"{title} {number}", category="facilities.lift") for number in range(2)]
    who = await visit("estate", language=Language.EN, width=800)
    await who.open(f"/desk?view=all&sort=newest&q={quote(title)}")
    await who.page.get_by_label(f"Choose: {title} 0").check()
    await who.page.get_by_label("With the chosen ones").focus()
    at = await who.page.evaluate("scrollY")
    await quarter.system.act(receipts[1]["id"], "accept")
    told = who.page.get_by_role("link", name="1 case of this list has changed: show it")
    await expect(told).to_be_visible(timeout=90_000)
    await expect(who.page.get_by_label(f"Choose: {title} 0")).to_be_checked()
    await expect(who.page.get_by_label("With the chosen ones")).to_be_focused()
    assert await who.page.evaluate("scrollY") == at
    before = who.page.url
    await told.click()
    await expect(told).to_have_count(0)
    assert parse_qs(urlsplit(who.page.url).query) == parse_qs(urlsplit(before).query), "the same list"


async def test_many_are_acted_on_at_once_after_a_look_and_each_has_its_own_result(
    quarter: Quarter, visit: Visit
) -> None:
    title = unlike("One of many")
    receipts = [await quarter.report(title, text=f"{number}", category="facilities.lift") for number in range(3)]
    who = await visit("estate", language=Language.EN)
    await who.open(f"/desk?view=all&sort=newest&q={quote(title)}")
    await expect(who.page.locator("tr[data-case]")).to_have_count(3)
    await who.page.get_by_label("all on this page").check()
    await who.page.get_by_label("With the chosen ones").select_option("accept")
    await who.page.get_by_role("button", name="Look first").click()
    if await do_it(who, "Show what will happen").count():
        await do_it(who, "Show what will happen").click()
    await expect(who.page.get_by_text("Possible with 3 cases.")).to_be_visible()
    await quarter.system.act(receipts[1]["id"], "accept")  # somebody was quicker
    await do_it(who, "Do it:").click()
    await expect(who.page).to_have_url(re.compile(r"/desk/bulk/"))
    await expect(who.page.get_by_text("Done with 2 of 3 cases.")).to_be_visible()
    await expect(who.page.locator("tr[data-case]").filter(has_text="refused")).to_have_count(1)
    await who.picture("journey-desk-many")
    assert [await state_of(quarter, each["id"]) for each in receipts] == ["accepted"] * 3


@pytest.mark.parametrize("name", ["return", "pause", "merge", "split"])
async def test_what_will_happen_to_whom_is_said_before_it_happens(name: str, quarter: Quarter, visit: Visit) -> None:
    receipt = await quarter.report(f"To {name} with care", category="facilities.lift")
    other = await quarter.report("What it may be merged into", category="facilities.lift")
    if name == "pause":
        await quarter.system.act(receipt["id"], "accept")
    who = await visit("operator" if name in {"merge", "split"} else "estate", language=Language.EN)
    await who.open(f"/desk/cases/{receipt['id']}/do/{name}" + (f"?into={other['id']}" if name == "merge" else ""))
    main = who.page.get_by_role("main")
    if name == "return":
        await main.get_by_label(re.compile("reason|why", re.IGNORECASE)).first.fill("Not ours")
    if name == "pause":
        await main.locator("select[name=waiting_for]").select_option(index=1)
        await main.locator("textarea").first.fill("A part has been ordered")
    if name == "split":
        for number, party in ((1, "estate"), (2, "water-co")):
            await main.locator(f"[name=part-{number}-party]").select_option(party)
            await main.locator(f"[name=part-{number}-message]").fill(f"Part {number}")
    before = await quarter.system.case(receipt["id"])
    await do_it(who, "Show what will happen").click()
    await expect(who.page.get_by_role("heading", name="What will happen")).to_be_visible()
    await expect(who.page.locator("#outcome li").first).to_be_visible()
    assert await quarter.system.case(receipt["id"]) == before
    await who.picture(f"journey-desk-{name}")
    await do_it(who, "Do it:").click()
    await expect(who.page).to_have_url(re.compile(rf"/desk(/cases/{receipt['id']})?\?done={name}"))
    after = await quarter.system.case(receipt["id"])
    assert before and after
    assert after["version"] > before["version"]


async def test_two_who_act_on_one_case_see_one_another_and_what_the_other_did(quarter: Quarter, visit: Visit) -> None:
    receipt = await quarter.report("Wanted by two", category="facilities.lift")
    first, second = [await visit(role, language=Language.EN) for role in ("operator", "estate")]
    await second.open(f"/desk/cases/{receipt['id']}")
    await first.open(f"/desk/cases/{receipt['id']}")
    await expect(first.page.get_by_text("One other has this case open:")).to_be_visible()
    await second.open(f"/desk/cases/{receipt['id']}/do/return")
    await quarter.system.act(receipt["id"], "accept")  # the operator, in their name
    await second.page.get_by_label("Reason").fill("My own words")
    second.expect(409, 412)
    await do_it(second, "Show what will happen").click()
    await expect(second.page.get_by_text("Somebody has changed this case while you wrote.")).to_be_visible()
    await expect(second.page.get_by_label("Reason")).to_have_value("My own words")
    await second.picture("journey-desk-conflict")
    await expect(first.page.get_by_text("This case has moved on since you opened it.")).to_be_visible()


async def test_a_filter_is_an_address_that_is_saved_shared_and_forgotten(visit: Visit) -> None:
    who = await visit("estate", language=Language.EN)
    await who.open("/desk?view=all")
    await who.page.get_by_text("Filter", exact=True).click()
    await who.page.get_by_label("Kind").select_option("dispute")
    await who.page.get_by_role("button", name="Show", exact=True).click()
    assert parse_qs(urlsplit(who.page.url).query)["kind"] == ["dispute"]
    await who.page.get_by_label("Save this filter as").fill("Quarrels")
    await who.page.get_by_label("for my colleagues too").check()
    await who.page.get_by_role("button", name="Save", exact=True).click()
    saved = who.page.get_by_role("navigation", name="Saved filters")
    await expect(saved.get_by_role("link", name="Quarrels")).to_be_visible()
    await saved.get_by_role("button", name="Forget this filter: Quarrels").click()
    await expect(who.page.get_by_role("link", name="Quarrels")).to_have_count(0)


async def test_the_map_shows_the_cases_of_the_list(visit: Visit) -> None:
    who = await visit("operator", language=Language.EN)
    await who.open("/desk?view=all")
    await expect(who.page.locator("#desk-map path").first).to_be_attached()
    listed = set(await who.page.locator("tr[data-case]").evaluate_all("rows => rows.map(row => row.dataset.case)"))
    drawn = await who.page.locator("#desk-map").evaluate(
        """map => [...map.querySelectorAll('[data-case], [data-cases]')]
            .flatMap(each => `${each.dataset.case ?? ''} ${each.dataset.cases ?? ''}`.split(' '))
            .concat((map.dataset.without ?? '').split(' ')).filter(Boolean)"""
    )
    assert set(drawn) == listed
    await who.picture("journey-desk-map")


async def test_a_party_neither_finds_nor_opens_what_is_anothers(quarter: Quarter, visit: Visit) -> None:
    receipt = await quarter.report("停水了，是水务的", category="water")
    who = await visit("estate", language=Language.EN)
    await who.open("/desk?view=all&sort=newest&q=%E6%B0%B4%E5%8A%A1")
    await expect(who.page.locator("tr[data-case]")).to_have_count(0)
    await who.open(f"/desk/cases/{receipt['id']}", 404)
    await expect(who.page.get_by_text("停水了，是水务的")).to_have_count(0)
