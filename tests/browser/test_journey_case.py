"""What a clerk does with one case and with fifty: looks at the whole story, calls, watches, acts, undoes."""

import asyncio
import re
from typing import Any
from urllib.parse import quote

import pytest
from playwright.async_api import expect

from linli.contracts.kinds import Language
from tests.browser.conftest import Visit
from tests.browser.test_journey_desk import do_it, state_of, unlike
from tests.browser.test_journey_form import tab_to
from tests.support.browser.viewer import Viewer
from tests.support.photos import jpeg, scene
from tests.support.quarter import Quarter

with_and_without_scripts = pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])
FIFTY = 50


@with_and_without_scripts
async def test_a_case_has_its_whole_story_on_one_page(script: bool, quarter: Quarter, visit: Visit) -> None:
    who = await visit("operator", language=Language.EN, script=script)
    await who.open(f"/desk/cases/{quarter.places['done']}")
    main = who.page.get_by_role("main")
    await main.get_by_text("Why it went there").click()
    await expect(main.get_by_text("The rule that fits:")).to_be_visible()
    clocks = main.get_by_role("table", name="Clocks")
    await expect(clocks.get_by_role("row").filter(has_text="resolution")).to_contain_text("kept")
    pictures = main.locator(".side-by-side > div")
    await expect(pictures.nth(0).locator("img")).to_have_count(1)
    await expect(pictures.nth(1).locator("img")).to_have_count(1)
    left, right = [await pictures.nth(n).bounding_box() for n in (0, 1)]
    assert left and right
    assert abs(left["y"] - right["y"]) < 5 and right["x"] > left["x"], "side by side"
    story = main.locator(".story .timeline > li")
    for words in ("Received", "Dispatched", "Taken on", "Resolved", "E-mail"):
        await expect(story.filter(has_text=words).first).to_be_attached()
    await who.open(f"/desk/cases/{quarter.places['case']}")
    alike = main.locator(".repeats > li").first
    await expect(alike).to_contain_text("电梯")
    await expect(alike.locator("small")).not_to_be_empty()
    await expect(alike.get_by_role("link", name="Merge into it")).to_be_visible()


@with_and_without_scripts
async def test_a_case_is_watched_and_its_reporter_called_for_a_reason(
    script: bool, quarter: Quarter, visit: Visit
) -> None:
    title = unlike("To be called about")
    receipt = await quarter.report(title, reporter={"name": "李大爷", "phone": "13912345678"})
    who = await visit("operator", language=Language.EN, script=script)
    await who.open(f"/desk/cases/{receipt['id']}")
    await do_it(who, "Watch it").click()
    # A page that is left takes along what it was sending.
    await expect(do_it(who, "Do not watch it any more")).to_be_visible()
    await who.open("/desk?view=watching&sort=newest")
    await who.page.get_by_role("link", name=title).click()
    await expect(who.page.get_by_text("13912345678")).to_have_count(0)
    await who.page.get_by_text("Call the reporter").click()
    await who.page.get_by_label("Why", exact=True).select_option(index=0)
    await do_it(who, "Show how to reach them").click()
    await expect(who.page.get_by_text("13912345678")).to_be_visible()
    await expect(who.page.get_by_text("is in the audit log")).to_be_visible()
    await who.open(f"/desk/cases/{receipt['id']}")
    await do_it(who, "Do not watch it any more").click()
    await expect(do_it(who, "Do not watch it any more")).to_have_count(0)
    await who.open("/desk?view=watching&sort=newest")
    await expect(who.page.get_by_role("link", name=title)).to_have_count(0)


@with_and_without_scripts
async def test_each_action_has_a_form_that_does_it(script: bool, quarter: Quarter, visit: Visit) -> None:
    receipt = await quarter.report(unlike("From hand to hand"), category="facilities.lift")
    clerk = await visit("estate", language=Language.EN, script=script)
    office = await visit("operator", language=Language.EN, script=script)
    id = receipt["id"]
    await act(clerk, id, "return", {"Reason": "Not ours"}, looks=True)
    assert await state_of(quarter, id) == "returned"
    await act(office, id, "reassign", chosen={"party": "estate"}, looks=True)
    await act(clerk, id, "accept")
    await act(clerk, id, "progress", {"Words for the reporter": "Somebody is on the way"})
    await act(clerk, id, "note", {"Note": "The spare part is in the cellar"})
    await act(clerk, id, "pause", {"Words for the reporter": "A part is missing"}, {"waiting_for": "part"}, looks=True)
    await act(clerk, id, "resume")
    await act(clerk, id, "evidence", photo=True)
    await act(office, id, "correct", {"Title": "Put right by staff", "Reason": "By telephone"}, looks=True)
    await act(clerk, id, "resolve", {"Words for the reporter": "Done"}, photo=True)
    await act(office, id, "follow_up", yes=True)
    case = await quarter.system.case(id)
    assert case
    assert (case["title"], case["satisfied"], len(case["evidence"])) == ("Put right by staff", True, 2)
    again = await quarter.report(unlike("Closed too early"), category="facilities.lift")
    await quarter.system.act(again["id"], "accept")
    await quarter.system.act(again["id"], "resolve", message="Done")
    await act(office, again["id"], "close")
    assert await state_of(quarter, again["id"]) == "closed"
    await act(office, again["id"], "reopen", optional={"Words for it": "It is broken again"})
    assert await state_of(quarter, again["id"]) in {"dispatched", "accepted"}


async def act(
    who: Viewer,
    id: str,
    name: str,
    words: dict[str, str] | None = None,
    chosen: dict[str, str] | None = None,
    *,
    optional: dict[str, str] | None = None,
    photo: bool = False,
    yes: bool = False,
    looks: bool = False,
) -> None:
    """From the case's page by its button, with the form filled in, back to the case's page."""
    await who.open(f"/desk/cases/{id}")
    await who.page.locator(f".actions a[href$='/do/{name}']").click()
    main = who.page.get_by_role("main")
    for label, said in ((words or {}) | (optional or {})).items():
        await main.get_by_label(label, exact=words is not None and label in words).first.fill(said)
    for field, value in (chosen or {}).items():
        await main.locator(f"select[name={field}]").select_option(value)
    if photo:
        file: Any = {"name": "seen.jpg", "mimeType": "image/jpeg", "buffer": jpeg(scene(len(name) * 40, 300))}
        await main.locator("input[type=file]").set_input_files([file])
    for each in await main.get_by_label("yes", exact=True).all() if yes else ():
        await each.check()
    if looks:
        await main.locator("button[name=step][value=look]").click()
        await expect(who.page.get_by_role("heading", name="What will happen")).to_be_visible()
    await main.locator("button[name=step][value=do]").click()
    await expect(who.page).to_have_url(re.compile(rf"/desk(/cases/{id})?\?done={name}"))


async def test_by_keyboard_alone_a_case_is_found_and_accepted(quarter: Quarter, visit: Visit) -> None:
    title = unlike("Without a mouse")
    receipt = await quarter.report(title, category="facilities.lift")
    who = await visit("estate", language=Language.EN)
    await who.open("/desk?view=all&sort=newest")
    for key in ("?", "?", "/"):
        await who.page.keyboard.press(key)
    await who.page.keyboard.type(title)
    await who.page.keyboard.press("Enter")
    await expect(who.page.locator("tr[data-case]")).to_have_count(1)
    await who.page.keyboard.press("j")
    await who.page.keyboard.press("Enter")
    await expect(who.page.get_by_role("heading", level=1)).to_have_text(title)
    await tab_to(who, who.page.get_by_role("main").get_by_role("button", name="Accept"))
    await who.page.keyboard.press("Enter")
    await expect(who.page.get_by_role("heading", name="Accept", level=1)).to_be_visible()
    await tab_to(who, do_it(who, "Accept"))
    await who.page.keyboard.press("Enter")
    await expect(who.page).to_have_url(re.compile(r"\?done=accept"))
    assert await state_of(quarter, receipt["id"]) == "accepted"


async def test_keys_are_explained_and_can_be_switched_off(visit: Visit) -> None:
    who = await visit("operator", language=Language.EN)
    await who.open("/desk?view=all")
    await who.page.keyboard.press("?")
    await expect(who.page.get_by_text("next and previous case")).to_be_visible()
    await who.page.get_by_label("Keys are on").uncheck()
    await who.page.locator("h1").click()
    await who.page.keyboard.press("j")
    await expect(who.page.locator("tr.here")).to_have_count(0)
    await who.page.reload()
    await expect(who.page.get_by_label("Keys are on")).not_to_be_checked()


async def test_the_numbers_of_the_views_follow_what_happens(quarter: Quarter, visit: Visit) -> None:
    who = await visit("estate", language=Language.EN)
    await who.open("/desk")
    count = who.page.locator("#tab-post .count")
    before = int(await count.inner_text())
    await who.page.locator("#tab-post").focus()
    await quarter.report(unlike("While somebody looks"), category="facilities.lift")
    await expect(count).to_have_text(str(before + 1), timeout=30_000)
    await expect(who.page.locator("#tab-post")).to_be_focused()


async def test_fifty_are_put_off_after_a_look_and_all_of_it_undone(quarter: Quarter, visit: Visit) -> None:
    title = unlike("A street of lamps")
    receipts = await asyncio.gather(
        *(quarter.report(title, text=f"{number}", category="facilities.lift") for number in range(FIFTY))
    )
    await asyncio.gather(*(quarter.system.act(each["id"], "accept") for each in receipts))
    who = await visit("estate", language=Language.EN)
    await who.open(f"/desk?view=all&sort=newest&q={quote(title)}")
    await expect(who.page.locator("tr[data-case]")).to_have_count(FIFTY)
    await who.page.get_by_label("all on this page").check()
    await who.page.get_by_label("With the chosen ones").select_option("pause")
    await who.page.get_by_role("button", name="Look first").click()
    await who.page.locator("select[name=waiting_for]").select_option("part")
    await who.page.get_by_label("Words for the reporter").fill("The lamps are ordered")
    await do_it(who, "Show what will happen").click()
    await expect(who.page.get_by_text(f"Possible with {FIFTY} cases.")).to_be_visible()
    assert await paused(quarter, receipts) == 0, "that was a look"
    await do_it(who, "Do it:").click()
    await expect(who.page.get_by_text(f"Done with {FIFTY} of {FIFTY} cases.")).to_be_visible()
    assert await paused(quarter, receipts) == FIFTY
    await do_it(who, "Undo it:").click()
    await do_it(who, "Show what will happen").click()
    await do_it(who, "Do it:").click()
    await expect(who.page.get_by_text(f"Done with {FIFTY} of {FIFTY} cases.")).to_be_visible()
    assert await paused(quarter, receipts) == 0
    await who.picture("journey-desk-fifty")


async def paused(quarter: Quarter, receipts: list[dict[str, Any]]) -> int:
    cases = await asyncio.gather(*(quarter.system.case(each["id"]) for each in receipts))
    return sum(bool(each and each["paused_at"]) for each in cases)
