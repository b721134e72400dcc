"""What a resident does: report, by telephone and on a bad network; see what became of it; say how it was."""

import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import expect

from linli.contracts.kinds import Language
from tests.browser.conftest import Visit
from tests.support.browser.viewer import Viewer
from tests.support.photos import jpeg, scene
from tests.support.quarter import Quarter
from tests.support.services import until

PHONE: dict[str, Any] = {"width": 360, "height": 740, "language": Language.EN}


def photo(name: str = "lift.jpg", width: int = 640) -> Any:
    return {"name": name, "mimeType": "image/jpeg", "buffer": jpeg(scene(width, width * 3 // 4))}


def heavy_photo(name: str) -> Any:
    """It takes a bad network half a minute."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": jpeg(Image.effect_noise((1_400, 1_000), 120))}


async def photos_of(quarter: Quarter, id: str) -> int:
    return len((await quarter.system.get("intake", f"/v1/submissions/{id}/attachments"))["items"])


async def receipt_of(who: Viewer) -> tuple[str, str]:
    """The page of the receipt: the report's id and its code."""
    await expect(who.page).to_have_url(re.compile(r"/track/.+/receipt\?id="))
    found = re.search(r"/track/([^/]+)/receipt\?id=([^&]+)", who.page.url)
    assert found
    await expect(who.page.locator(".code")).to_have_text(found[1])
    return found[2], found[1]


async def test_a_report_with_a_photo_and_a_point_on_the_map_takes_a_minute(quarter: Quarter, visit: Visit) -> None:
    who = await visit(**PHONE)
    await who.open("/")
    await who.page.get_by_role("link", name="No account needed").click()
    await who.page.get_by_label("In one line").fill("The lamp at the gate is out")
    await who.page.get_by_role("button", name="Pick on the map").click()
    outline = who.page.locator("#map path.leaflet-interactive").first
    await expect(outline).to_be_visible()
    await who.picture("journey-report-map")
    await outline.click()
    await expect(who.page.get_by_text("A point is set.")).to_be_visible()
    await expect(who.page.get_by_label("Neighbourhood")).to_have_value("east")
    await who.page.get_by_label("Photos").set_input_files([photo()])
    await who.page.get_by_role("button", name="Send", exact=True).click()
    id, code = await receipt_of(who)
    await expect(who.page.locator("#sending")).to_have_text("sent")
    await who.picture("journey-report-receipt")
    case = await until(lambda: quarter.system.case(id))
    assert case
    assert (case["neighbourhood"], case["title"]) == ("east", "The lamp at the gate is out")
    assert await photos_of(quarter, id) == 1
    await who.open(f"/track/{code}")
    await expect(who.page.get_by_role("heading", level=1)).to_have_text("The lamp at the gate is out")
    await who.page.get_by_alt_text("Photo 1").scroll_into_view_if_needed()
    await expect(who.page.get_by_alt_text("Photo 1")).to_have_js_property("complete", True)
    assert await who.page.get_by_alt_text("Photo 1").evaluate("picture => picture.naturalWidth") > 0
    await who.picture("journey-report-track")


async def test_without_scripts_the_same_form_does_it(quarter: Quarter, visit: Visit) -> None:
    who = await visit(**PHONE, script=False)
    await who.open("/report")
    await who.page.get_by_label("In one line").fill("No scripts, and a broken bench")
    await who.page.get_by_label("Neighbourhood").select_option("east")
    await who.page.get_by_label("Photos").set_input_files([photo(), photo("b.jpg", 300)])
    await who.page.get_by_role("button", name="Send", exact=True).click()
    id, _ = await receipt_of(who)
    assert await photos_of(quarter, id) == 2


async def test_what_is_missing_is_said_at_the_field_and_nothing_is_lost(visit: Visit) -> None:
    who = await visit(**PHONE, script=False)
    await who.open("/report")
    await who.page.get_by_label("A dispute that needs mediation").check()
    await who.page.get_by_label("In one line").fill("A lamp")
    await who.page.get_by_label("Where exactly").fill("By the gate")
    await who.page.locator("summary").filter(has_text="reach you").click()
    await who.page.get_by_label("Telephone").fill("12")
    who.expect(422)
    await who.page.get_by_role("button", name="Send", exact=True).click()
    await expect(who.page.get_by_label("Telephone")).to_have_attribute("aria-invalid", "true")
    await expect(who.page.get_by_label("Where exactly")).to_have_value("By the gate")


async def test_photos_go_on_where_they_were_when_the_network_comes_back(quarter: Quarter, visit: Visit) -> None:
    who = await visit(**PHONE)
    await who.network("slow")
    await who.open("/report")
    await who.page.get_by_label("In one line").fill("Reported from the cellar")
    await who.page.get_by_label("Neighbourhood").select_option("east")
    await who.page.get_by_label("Photos").set_input_files([heavy_photo("a.jpg"), photo("b.jpg")])
    await who.page.get_by_role("button", name="Send", exact=True).click()
    id, _ = await receipt_of(who)
    await who.network("offline")
    await expect(who.page.get_by_text("waiting for a connection").first).to_be_visible()
    await who.network("fast")
    await expect(who.page.locator("#sending")).to_have_text("sent", timeout=90_000)
    assert await photos_of(quarter, id) == 2


async def test_without_a_network_the_words_are_kept_and_said_to_be(visit: Visit) -> None:
    who = await visit(**PHONE)
    await who.open("/report")
    await who.page.get_by_label("In one line").fill("There is no network down here")
    await who.network("offline")
    await who.page.get_by_role("button", name="Send", exact=True).click()
    await expect(who.page.get_by_text("It was not sent: there is no connection.")).to_be_visible()
    await who.network("fast")
    await who.page.get_by_role("button", name="Send", exact=True).click()
    await receipt_of(who)


async def test_a_draft_outlives_its_tab_and_holds_no_person(visit: Visit) -> None:
    who = await visit(**PHONE)
    await who.open("/report")
    await who.page.get_by_label("In one line").fill("Half a report")
    await who.page.locator("summary").filter(has_text="reach you").click()
    await who.page.get_by_label("Telephone").fill("13812345678")
    await who.page.wait_for_function("() => JSON.stringify(localStorage).includes('Half a report')")
    assert "13812345678" not in await who.page.evaluate("JSON.stringify(localStorage)")
    await who.close_the_tab()
    await who.open("/report")
    await expect(who.page.get_by_label("In one line")).to_have_value("Half a report")
    await who.page.get_by_role("button", name="Start anew").click()
    await expect(who.page.get_by_label("In one line")).to_have_value("")


@pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])
async def test_who_reports_what_is_known_already_is_shown_it_and_added_to_it(
    script: bool, quarter: Quarter, visit: Visit
) -> None:
    title = f"5号楼单元门禁坏了{'' if script else '，进不去'}"
    earlier = await quarter.report(title)
    who = await visit(**PHONE, script=script)
    await who.open("/report")
    await who.page.get_by_label("In one line").fill(title)
    await who.page.get_by_label("Neighbourhood").select_option("east")
    if not script:
        await who.page.get_by_role("button", name="Send", exact=True).click()
        await expect(who.page.get_by_text("Not sent yet.")).to_be_visible()
    same = who.page.get_by_role("group", name="Was it reported already?").get_by_label(title).first
    await same.check()
    await who.picture(f"journey-report-repeat-{'scripts' if script else 'plain'}")
    await who.page.get_by_role("button", name="Send", exact=True).click()
    id, _ = await receipt_of(who)
    case = await until(lambda: quarter.system.case(id))
    assert case and title in str(case), (earlier, case)


@pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])
async def test_a_known_outage_is_told_before_anything_is_sent(script: bool, visit: Visit) -> None:
    who = await visit(**PHONE, script=script)
    await who.open("/report")
    await who.page.get_by_label("In one line").fill("没有水")
    await who.page.get_by_label("Neighbourhood").select_option("west")
    if not script:
        await who.page.get_by_role("button", name="Send", exact=True).click()
        await expect(who.page.get_by_text("Not sent yet.")).to_be_visible()
    await expect(who.page.get_by_role("heading", name="Known already")).to_be_visible()
    await who.picture(f"journey-report-outage-{'scripts' if script else 'plain'}")
    await who.page.get_by_label("What I report is something else").check()
    await who.page.get_by_role("button", name="Send", exact=True).click()
    await receipt_of(who)


async def test_the_page_of_a_code_is_live_and_disturbs_nobody_who_writes(quarter: Quarter, visit: Visit) -> None:
    receipt = await quarter.report("楼道灯不亮", category="facilities.lift")
    who = await visit(**PHONE)
    streams: list[str] = []
    who.page.on("request", lambda asked: streams.append(asked.url) if asked.resource_type == "eventsource" else None)
    await who.open(f"/track/{receipt['tracking_code']}")
    words = who.page.get_by_label("Words")
    await words.fill("It is the third")
    await words.focus()
    at = await who.page.evaluate("scrollY")
    steps = who.page.locator(".timeline > li")
    before = await steps.count()
    await quarter.system.act(receipt["id"], "accept")
    await expect(steps).to_have_count(before + 1)
    await expect(who.page.get_by_role("status").filter(has_text="There is news")).to_be_visible()
    assert set(streams) == {f"{who.base}/live?topics=case:{receipt['id']}"}, "the one that all viewers share"
    await expect(words).to_be_focused()
    await expect(words).to_have_value("It is the third")
    assert abs(await who.page.evaluate("scrollY") - at) < 200, "what was looked at is still there"
    await who.page.keyboard.type(" lamp")
    await who.page.get_by_role("button", name="Add", exact=True).click()
    await expect(who.page.get_by_text("It is the third lamp")).to_be_visible()


async def test_a_report_is_taken_back_after_one_more_question(quarter: Quarter, visit: Visit) -> None:
    receipt = await quarter.report("已经自己修好了")
    who = await visit(**PHONE, script=False)
    await who.open(f"/track/{receipt['tracking_code']}")
    await who.page.get_by_role("link", name="Take it back").click()
    await who.page.get_by_role("button", name="Take it back").click()
    await expect(who.page.get_by_text("It was taken back.")).to_be_visible()

    async def withdrawn() -> bool:
        return ((await quarter.system.case(receipt["id"])) or {})["state"] == "withdrawn"

    await until(withdrawn)


@pytest.mark.parametrize("solved", [True, False])
async def test_who_reported_it_says_how_it_was(solved: bool, quarter: Quarter, visit: Visit) -> None:
    receipt = await quarter.report("门禁失灵", category="facilities.lift")
    await quarter.system.act(receipt["id"], "accept")
    await quarter.system.act(receipt["id"], "resolve", message="已更换")
    who = await visit(**PHONE)
    await who.open(f"/track/{receipt['tracking_code']}")
    await who.page.get_by_role("button", name="Say how it was" if solved else "ask to take it up again").click()
    for question in ("Did somebody get in touch", "Is it solved?", "Are you satisfied?"):
        answer = "Yes" if solved or question.startswith("Did") else "No"
        await who.page.get_by_role("group", name=question).get_by_label(answer).check()
    await who.page.get_by_role("button", name="Send").click()
    await expect(who.page.get_by_role("status").filter(has_text="Thank you")).to_be_visible()

    async def rated() -> bool:
        return "rated" in str(await quarter.system.case(receipt["id"]))

    await until(rated)


async def test_a_receipt_is_printed_and_saved(quarter: Quarter, visit: Visit, tmp_path: Path) -> None:
    who = await visit(**PHONE)
    await who.open("/track/{code}/receipt?id={case}".format(**quarter.places))
    async with who.page.expect_download() as saving:
        await who.page.get_by_role("button", name="Save").click()
    await (await saving.value).save_as(tmp_path / "receipt.txt")
    assert quarter.places["code"] in (tmp_path / "receipt.txt").read_text()
    await who.page.emulate_media(media="print")
    await expect(who.page.locator(".code")).to_be_visible()
    await expect(who.page.get_by_role("navigation")).to_be_hidden()


async def test_the_neighbourhoods_page_tells_what_is_going_on_and_nobodys_words(quarter: Quarter, visit: Visit) -> None:
    who = await visit(language=Language.EN)
    await who.open("/n")
    await who.page.get_by_role("link", name="东院").click()
    await expect(who.page.get_by_role("heading", name="Reported and solved")).to_be_visible()
    await expect(who.page.get_by_role("main")).not_to_contain_text("3号楼的电梯坏了")
    await who.picture("journey-neighbourhood")
