"""A whole vote as people do it: an officer prepares and leads it on the desk, an owner votes on a telephone with the
keyboard alone, a paper is read by two people, two tellers certify, everybody reads what came of it on the board."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
from playwright.async_api import expect

from linli.contracts.kinds import Language
from tests.browser.conftest import Arrive
from tests.browser.test_journey_form import tab_to
from tests.support.affairs import PLACE, Affairs
from tests.support.browser import measures
from tests.support.browser.axe import assert_accessible
from tests.support.browser.viewer import Viewer
from tests.support.quarter import SESSION
from tests.support.servers import Servers
from tests.support.system import PORTAL, system_on

pytestmark = pytest.mark.timeout(600)
BASE = f"/desk/renewal/{PLACE['community']}/{PLACE['neighbourhood']}"
PHONE: dict[str, Any] = {"width": 360, "height": 740, "language": Language.ZH}
HEADS = "楼号,单元,房号,建筑面积（㎡）,面积来源,业主姓名,证件号码"
ROWS = "\n".join([HEADS, "3,1,101,60.00,登记簿,王一,A1", "3,1,102,60.00,登记簿,王二,A2"])
REGISTER: Any = {"name": "register.csv", "mimeType": "text/csv", "buffer": ROWS.encode()}
SCAN: Any = {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
QUESTION = "在 3 号楼东侧空地建电动车棚"


@pytest.fixture(scope="module")
async def affairs(chromium: None, stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Affairs]:
    """A system of its own: days pass in it."""
    async with system_on(stack, tmp_path_factory.mktemp("vote"), LINLI_PLAY_TIME="true") as system:
        await system.load()
        system.launch(PORTAL)
        await system.ready(PORTAL)
        affairs = Affairs(system)
        await affairs.hears_of_the_community()
        await affairs.two_tellers()
        yield affairs


async def at_the_desk(arrive: Arrive, affairs: Affairs, key: str) -> Viewer:
    base = affairs.system.urls[PORTAL]
    async with httpx2.AsyncClient(base_url=base, headers={"Accept": "text/html"}, timeout=30, verify=False) as http:
        answer = await http.post("/sign-in", data={"key": key, "next": "/"})
    cookie = {"name": SESSION, "value": str(answer.cookies[SESSION])}
    return await arrive(base, (cookie,), language=Language.EN)


async def press(who: Viewer, button: str, told: str) -> None:
    """A button, and what the next page says."""
    await who.page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
    await expect(who.page.get_by_role("main")).to_contain_text(told)


def written(moment: datetime) -> str:
    """As a field for a moment has it."""
    return f"{moment:%Y-%m-%dT%H:%M}"


async def test_a_vote_is_led_on_the_desk_cast_on_a_telephone_and_read_on_the_board(
    affairs: Affairs, arrive: Arrive
) -> None:
    officer = await at_the_desk(arrive, affairs, affairs.operator_key)
    address = await drafted(officer, affairs)
    await press(officer, "Post the notice", "The notice of the vote is posted.")
    closes_at = await affairs.later(days=16) + timedelta(days=7)
    await officer.page.get_by_label("Vote until").fill(written(closes_at))
    await press(officer, "Open the vote", "The vote is open.")
    papers = await affairs.post(f"/v1/votes{address.removeprefix('/desk/votes')}/ballots:deliver", {})
    by_door = {each["doors"][0]: each["code"] for each in papers}
    (mine, code), (other, _) = sorted(by_door.items())
    await vote_by_keyboard(await arrive(affairs.system.urls[PORTAL], **PHONE), code)
    assert mine != other
    await enter_a_paper(officer, address, other, await affairs.later(minutes=2))
    await officer.open(address)
    await expect(officer.page.locator("#turnout")).to_contain_text("2 of 2 owners")
    await affairs.later(days=8)
    await press(officer, "Close the vote", "The vote is closed.")
    for number, (_, header) in enumerate(affairs.tellers):
        teller = await at_the_desk(arrive, affairs, header["Authorization"].removeprefix("Bearer "))
        await certify(teller, address, "the count is certified" if number else "Another teller")
    await officer.open(address)
    await press(officer, "Declare the result", "The result is declared.")
    await press(officer, "Publish the result", "The result is published.")
    anybody = await arrive(affairs.system.urls[PORTAL], **PHONE)
    await anybody.open(f"/board/{PLACE['community']}/{PLACE['neighbourhood']}")
    await expect(anybody.page.get_by_role("main")).to_contain_text(QUESTION)
    assert await measures.wider_than_the_page(anybody.page) == []
    await anybody.open(address.removeprefix("/desk").replace("/votes/", "/vote/"))
    await expect(anybody.page.get_by_role("main")).to_contain_text("通过")
    await expect(anybody.page.get_by_role("main")).to_contain_text("书面向主持单位提出异议")


async def drafted(officer: Viewer, affairs: Affairs) -> str:
    """From the file of the register to the draft; the vote's page at the desk."""
    await officer.open(BASE)
    page = officer.page
    await page.get_by_role("button", name="Bring in a register").click()
    await page.get_by_label("File").set_input_files(REGISTER)
    await press(officer, "Check it", "It can be taken: 2 units")
    await page.get_by_label("The same file once more").set_input_files(REGISTER)
    await press(officer, "Take it", "The register is taken: 2 units of 2 owners.")
    await press(officer, "Freeze", "The register is frozen as")
    await page.get_by_role("button", name="Prepare a vote").click()
    main = page.get_by_role("main")
    await main.get_by_label("Question, in Chinese").fill(QUESTION)
    await main.get_by_label("Legal class").select_option("common_parts")
    await main.get_by_label("With a code, on these pages").check()
    for number, (teller, _) in enumerate(affairs.tellers, 1):
        await main.get_by_label(f"Teller {number}").fill(teller if number == 2 else affairs.tellers[1][0])
    officer.expect(409)
    await press(officer, "Prepare it", "2 tellers are needed.")
    await expect(main.get_by_label("Question, in Chinese")).to_have_value(QUESTION)
    await assert_accessible(page)
    await main.get_by_label("Teller 1").fill(affairs.tellers[0][0])
    await main.get_by_label("Scan of the letter").set_input_files(SCAN)
    await press(officer, "Prepare it", "The vote is prepared.")
    await assert_accessible(page)
    return "/" + page.url.partition("//")[2].partition("/")[2]


async def vote_by_keyboard(owner: Viewer, code: str) -> None:
    """Tab, space and enter; nothing is pressed with a finger or a mouse."""
    keyboard, main = owner.page.keyboard, owner.page.get_by_role("main")
    await owner.open("/ballot")
    await tab_to(owner, main.get_by_label("投票码"))
    await keyboard.type(code.lower())
    await keyboard.press("Enter")
    await expect(main).to_contain_text(QUESTION)
    assert await measures.wider_than_the_page(owner.page) == []
    await assert_accessible(owner.page)
    await tab_to(owner, main.get_by_role("radio").first)
    await keyboard.press("Space")
    await expect(main.get_by_role("radio").first).to_be_checked()
    await tab_to(owner, main.locator("button[value=look]"))
    await keyboard.press("Enter")
    await tab_to(owner, main.locator("button[value=vote]"))
    await keyboard.press("Enter")
    await expect(main.locator(".seal code")).to_be_visible()
    assert await measures.wider_than_the_page(owner.page) == []
    await tab_to(owner, main.locator("a[role=button]"))
    await keyboard.press("Enter")
    await expect(main.locator(".note.ok")).to_be_visible()


async def enter_a_paper(officer: Viewer, address: str, door: str, at: datetime) -> None:
    """As one person reads it, then as another one does: where they differ nothing goes into the box."""
    await officer.open(address)
    main = officer.page.get_by_role("main")
    await main.get_by_role("link", name="Enter a paper").click()
    await main.get_by_label("Whose paper: a door").fill(door)
    await main.get_by_label("When it went into the box").fill(written(at))
    await main.get_by_label("Scan of the paper").set_input_files(SCAN)
    await main.get_by_label(QUESTION).select_option("approve")
    await press(officer, "Let a second person read it", "A second person reads the paper")
    await assert_accessible(officer.page)
    await main.get_by_label(QUESTION).select_option("oppose")
    officer.expect(422)
    await press(officer, "Put it into the box", "The first person has read something else.")
    await main.get_by_label(QUESTION).select_option("approve")
    await press(officer, "Put it into the box", "The ballot is in the box")


async def certify(teller: Viewer, address: str, told: str) -> None:
    """From the teller's own sheet: both owners are for it."""
    await teller.open(address)
    main = teller.page.get_by_role("main")
    for mark in ("For", "Against", "Abstain"):
        await main.get_by_label(f"{mark}: owners").fill("2" if mark == "For" else "0")
        await main.get_by_label(f"{mark}: ㎡").fill("120.00" if mark == "For" else "0")
    await press(teller, "Certify", told)
