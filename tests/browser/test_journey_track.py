"""What a resident does with a code, and what everybody sees of a neighbourhood."""

import csv
from pathlib import Path

import pytest
from playwright.async_api import expect

from linli.contracts.kinds import Language
from tests.browser.conftest import Visit
from tests.browser.test_journey_resident import PHONE, photo, photos_of
from tests.support.quarter import Quarter
from tests.support.services import until

with_and_without_scripts = pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])


@with_and_without_scripts
async def test_the_code_opens_the_story_to_which_words_and_photos_are_added(
    script: bool, quarter: Quarter, visit: Visit
) -> None:
    receipt = await quarter.report("树枝压在电线上", category="facilities.lift")
    who = await visit(**PHONE, script=script)
    await who.open("/track")
    await who.page.get_by_label("Tracking code").fill(receipt["tracking_code"].lower())
    await who.page.get_by_role("button", name="Look").click()
    await expect(who.page.get_by_role("heading", level=1)).to_have_text("树枝压在电线上")
    await who.page.get_by_label("Words").fill("It is the tree at the back")
    await who.page.get_by_role("button", name="Add", exact=True).click()
    await expect(who.page.get_by_text("Thank you, it was added.")).to_be_visible()
    await who.page.get_by_label("Photos").set_input_files([photo(), photo("b.jpg", 300)])
    await who.page.get_by_role("button", name="Add photos").click()
    if script:
        await expect(who.page.locator("#sending")).to_have_text("sent")
    else:
        await expect(who.page.get_by_text("Thank you, the photos were added.")).to_be_visible()
    assert await photos_of(quarter, receipt["id"]) == 2

    async def told() -> bool:
        await who.page.goto(f"{who.base}/track/{receipt['tracking_code']}")
        words = await who.page.get_by_text("It is the tree at the back").count()
        return bool(words) and await who.page.get_by_alt_text("Photo 2").count() == 1

    await until(told)
    await who.picture(f"journey-track-added-{'scripts' if script else 'plain'}")


async def test_the_link_of_a_letter_leads_to_the_same_page_and_looking_changes_nothing(
    quarter: Quarter, visit: Visit
) -> None:
    receipt = await quarter.report("门口积水", category="facilities.lift")
    before = await quarter.system.case(receipt["id"])
    who = await visit(**PHONE)
    await who.open(f"/v1/track/{receipt['tracking_code']}")
    await expect(who.page).to_have_url(f"{quarter.url}/track/{receipt['tracking_code']}")
    for path in ("", "/withdraw", f"/receipt?id={receipt['id']}"):
        await who.open(f"/track/{receipt['tracking_code']}{path}")
    assert await quarter.system.case(receipt["id"]) == before


@with_and_without_scripts
async def test_a_months_table_is_saved_by_anybody_where_the_operator_allows_it(
    script: bool, quarter: Quarter, visit: Visit, tmp_path: Path
) -> None:
    await quarter.report(
        "王秀英家的电梯", category="facilities.lift", reporter={"name": "王秀英", "phone": "13812345678"}
    )
    await quarter.system.load(open_data=True)
    who = await visit(language=Language.EN, script=script)

    async def opened() -> bool:
        await who.open("/open-data")
        return bool(await who.page.get_by_role("link", name="CSV").count())

    await until(opened)
    async with who.page.expect_download() as saving:
        await who.page.get_by_role("link", name="CSV").first.click()
    await (await saving.value).save_as(tmp_path / "month.csv")
    said = (tmp_path / "month.csv").read_text("utf-8-sig")
    assert len(list(csv.reader(said.splitlines()))) > 1
    assert not {"王秀英", "13812345678"} & set(said.replace(",", "\n").split())
    assert "王秀英" not in said
    await quarter.system.load()
