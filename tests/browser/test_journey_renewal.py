"""A survey as people do it: an office prepares it question by question at the desk, a household answers by the code of
its letter on a telephone with the keyboard alone, and all pages of it fit that telephone."""

from collections.abc import AsyncIterator
from datetime import timedelta
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
ASKED, ELSE = "最需要什么？", "还有什么需要？"


@pytest.fixture(scope="module")
async def affairs(chromium: None, stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Affairs]:
    """A system of its own: days pass in it."""
    async with system_on(stack, tmp_path_factory.mktemp("round"), LINLI_PLAY_TIME="true") as system:
        await system.load()
        system.launch(PORTAL)
        await system.ready(PORTAL)
        affairs = Affairs(system)
        await affairs.hears_of_the_community()
        yield affairs


async def test_a_survey_is_prepared_at_the_desk_and_answered_on_a_telephone_by_keyboard(
    affairs: Affairs, arrive: Arrive
) -> None:
    officer = await at_the_desk(arrive, affairs)
    address = await prepared(officer)
    main = officer.page.get_by_role("main")
    closes_at = await affairs.later(minutes=1) + timedelta(days=10)
    await main.get_by_label("Answers are taken until").fill(f"{closes_at:%Y-%m-%dT%H:%M}")
    await press(officer, "Begin to take answers", "Answers are taken until")
    path = f"/v1{address.removeprefix('/desk')}/households:invite"
    [letter] = await affairs.post(path, {"building": "b3", "doors": ["3号楼1单元101"]})
    household = await arrive(affairs.system.urls[PORTAL], **PHONE)
    await answered_by_keyboard(household, letter["code"])
    await officer.open(f"{address}/households")
    await expect(main).to_contain_text("Answered online")
    await assert_accessible(officer.page)
    await household.open(address.removeprefix("/desk"))
    await expect(household.page.get_by_role("main")).to_contain_text(ASKED)
    assert await measures.wider_than_the_page(household.page) == []
    await household.open(f"/n/{PLACE['community']}/{PLACE['neighbourhood']}/works")
    assert await measures.wider_than_the_page(household.page) == []
    await assert_accessible(household.page)


async def at_the_desk(arrive: Arrive, affairs: Affairs) -> Viewer:
    base = affairs.system.urls[PORTAL]
    async with httpx2.AsyncClient(base_url=base, headers={"Accept": "text/html"}, timeout=30, verify=False) as http:
        answer = await http.post("/sign-in", data={"key": affairs.operator_key, "next": "/"})
    cookie = {"name": SESSION, "value": str(answer.cookies[SESSION])}
    return await arrive(base, (cookie,), language=Language.EN)


async def press(who: Viewer, button: str, told: str) -> None:
    """A button, and what the next page says."""
    await who.page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
    await expect(who.page.get_by_role("main")).to_contain_text(told)


async def prepared(officer: Viewer) -> str:
    """Two questions; one that cannot be asked is refused, and what was written stays."""
    await officer.open(BASE)
    main = officer.page.get_by_role("main")
    await press(officer, "Prepare a survey", "Its questions come next.")
    await main.get_by_label("What the survey is called").fill("问需于民")
    await press(officer, "Prepare a survey", "It is done: Prepare a survey.")
    await press(officer, "Put a question", "How it is answered")
    await main.get_by_label("How it is answered").select_option("single")
    await main.get_by_label("The question").fill(ASKED)
    await main.get_by_label("Options").fill("加装电梯\n重铺路面")
    await main.get_by_label("At most").fill("two")
    officer.expect(422)
    await press(officer, "Put a question", "must be a whole number")
    await expect(main.get_by_label("The question")).to_have_value(ASKED)
    await assert_accessible(officer.page)
    await main.get_by_label("At most").fill("")
    await press(officer, "Put a question", ASKED)
    await press(officer, "Put a question", "How it is answered")
    await main.get_by_label("How it is answered").select_option("text")
    await main.get_by_label("The question").fill(ELSE)
    await press(officer, "Put a question", ELSE)
    await assert_accessible(officer.page)
    return "/" + officer.page.url.partition("//")[2].partition("/")[2]


async def answered_by_keyboard(household: Viewer, code: str) -> None:
    """Tab, space and enter; nothing is pressed with a finger or a mouse."""
    keyboard, main = household.page.keyboard, household.page.get_by_role("main")
    await household.open("/answer")
    await tab_to(household, main.locator("input[name=code]"))
    await keyboard.type(code.lower())
    await keyboard.press("Enter")
    await expect(main).to_contain_text(ASKED)
    assert await measures.wider_than_the_page(household.page) == []
    await assert_accessible(household.page)
    await tab_to(household, main.get_by_role("radio").first)
    await keyboard.press("Space")
    await expect(main.get_by_role("radio").first).to_be_checked()
    await tab_to(household, main.locator("textarea").first)
    await keyboard.type("楼道要装扶手")
    await tab_to(household, main.get_by_role("button"))
    await keyboard.press("Enter")
    await expect(main.locator(".note.ok")).to_be_visible()
    await expect(main).to_contain_text("楼道要装扶手")
    assert await measures.wider_than_the_page(household.page) == []
