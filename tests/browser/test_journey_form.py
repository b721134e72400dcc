"""What makes reporting quicker, and what it is like for who has only a keyboard, looks closely, or is interrupted."""

import pytest
from playwright.async_api import Locator, expect

from linli.contracts.kinds import Language
from tests.browser.conftest import Visit
from tests.browser.test_journey_resident import PHONE, heavy_photo, photo, photos_of, receipt_of
from tests.support.browser.viewer import Viewer
from tests.support.quarter import Quarter
from tests.support.services import until

IN_THE_EAST = {"latitude": 36.105, "longitude": 120.405}
MOST_STOPS = 80
LONGEST = 2_048
"""Pixels of a photo that the browser has made smaller."""


async def tab_to(who: Viewer, wanted: Locator) -> None:
    """By Tab alone, as who has no mouse."""
    for _ in range(MOST_STOPS):
        await who.page.keyboard.press("Tab")
        if await wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{wanted} is not reached by Tab")


async def test_by_keyboard_alone_and_twice_as_large_a_report_is_sent_and_followed(
    quarter: Quarter, visit: Visit
) -> None:
    who = await visit(language=Language.EN, zoom=2)
    await who.open("/")
    await tab_to(who, who.page.get_by_role("link", name="No account needed"))
    await who.page.keyboard.press("Enter")
    await expect(who.page.get_by_role("heading", name="Report", level=1)).to_be_visible()
    await tab_to(who, who.page.get_by_label("In one line"))
    await who.page.keyboard.type("The step at the entrance is broken")
    await tab_to(who, who.page.get_by_label("Neighbourhood"))
    await who.page.keyboard.press("ArrowDown")
    await who.picture("journey-report-twice-as-large")
    await tab_to(who, who.page.get_by_role("button", name="Send", exact=True))
    await who.page.keyboard.press("Enter")
    id, code = await receipt_of(who)
    case = await until(lambda: quarter.system.case(id))
    assert case and case["neighbourhood"]
    await tab_to(who, who.page.get_by_role("main").get_by_role("link", name=code))
    await who.page.keyboard.press("Enter")
    await expect(who.page.get_by_role("heading", level=1)).to_have_text("The step at the entrance is broken")


async def test_where_i_am_is_asked_of_the_device_and_names_the_neighbourhood(visit: Visit) -> None:
    who = await visit(**PHONE)
    await who.context.grant_permissions(["geolocation"], origin=who.base)
    await who.context.set_geolocation(IN_THE_EAST)  # type: ignore[arg-type]  # a plain mapping will do
    await who.open("/report")
    await who.page.get_by_role("button", name="Where I am").click()
    await expect(who.page.get_by_text("A point is set.")).to_be_visible()
    await expect(who.page.get_by_label("Neighbourhood")).to_have_value("east")
    await who.page.get_by_role("button", name="Remove the point").click()
    await expect(who.page.get_by_text("A point is set.")).to_have_count(0)


async def test_a_device_that_does_not_say_where_it_is_holds_nobody_up(visit: Visit) -> None:
    who = await visit(**PHONE)
    await who.open("/report")
    await who.page.get_by_role("button", name="Where I am").click()
    await expect(who.page.get_by_text("The device does not say where you are.")).to_be_visible()


async def test_the_words_name_a_category_and_which_words_did(visit: Visit) -> None:
    who = await visit(**PHONE)
    await who.open("/report")
    await who.page.get_by_label("In one line").fill("电梯有异响")
    hint = who.page.locator(".hint").filter(has_text="because you write: 【电梯】有异响")
    await expect(hint).to_be_visible()
    await hint.get_by_role("button", name="电梯").click()
    await expect(who.page.get_by_label("Category")).to_have_value("facilities.lift")
    await who.picture("journey-report-category")


async def test_a_photo_is_made_smaller_before_it_is_sent(visit: Visit) -> None:
    who = await visit(**PHONE)
    await who.open("/report")
    await who.page.get_by_label("Photos").set_input_files([photo(width=4_000)])
    before, after, *size = await who.page.evaluate(
        """async () => {
            const [file] = document.getElementById('photo').files;
            const small = await linliPhotos.shrink(file);
            const picture = await createImageBitmap(small);
            return [file.size, small.size, picture.width, picture.height];
        }"""
    )
    assert after < before
    assert size == [LONGEST, LONGEST * 3 // 4]


async def test_photos_that_were_not_sent_when_the_tab_was_closed_go_with_the_receipts_next_opening(
    quarter: Quarter, visit: Visit
) -> None:
    who = await visit(**PHONE)
    await who.network("slow")
    await who.open("/report")
    await who.page.get_by_label("In one line").fill("Reported on the way to the bus")
    await who.page.get_by_label("Neighbourhood").select_option("east")
    await who.page.get_by_label("Photos").set_input_files([heavy_photo("a.jpg"), heavy_photo("b.jpg")])
    await who.page.get_by_role("button", name="Send", exact=True).click()
    id, code = await receipt_of(who)
    assert await photos_of(quarter, id) < 2
    await who.close_the_tab()
    await who.open(f"/track/{code}/receipt?id={id}")
    await expect(who.page.locator("#sending")).to_have_text("sent", timeout=90_000)
    assert await photos_of(quarter, id) == 2


@pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])
async def test_the_receipt_is_sent_to_oneself_by_the_devices_own_program(
    script: bool, quarter: Quarter, visit: Visit
) -> None:
    who = await visit(**PHONE, script=script)
    await who.open("/track/{code}/receipt?id={case}".format(**quarter.places))
    letter = await who.page.get_by_role("button", name="Send it to myself").get_attribute("href")
    assert letter and letter.startswith("mailto:?")
    assert quarter.places["code"] in letter
