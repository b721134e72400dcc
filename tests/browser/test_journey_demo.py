"""From what `linli demo` prints, and nothing else, three people do their main work: the journey of docs/tour.md.

It has a stack of its own. In each language the same matter goes from who reports it to whoever closes the books on it.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from linli.contracts.kinds import Language
from linli.messaging.connection import Cluster
from tests.browser.conftest import Arrive
from tests.support.browser.viewer import Viewer
from tests.support.building_site import entrance
from tests.support.demo import Printed, demo_left_running
from tests.support.photos import jpeg
from tests.support.poison import Raw, send_raw
from tests.support.services import until

pytestmark = pytest.mark.timeout(900)
TABLET: dict[str, Any] = {"width": 760, "height": 900}
OFFICE: dict[str, Any] = {"width": 1_280, "height": 860}
FENCES = "works.site.safety"
"""A category of the demo's community; whose it is, its rules say."""
PARKED = "[id='f-parked@parking:workflow']"


@dataclass(frozen=True, slots=True)
class Words:
    """What people write, in one language."""

    language: Language
    title: str
    text: str
    place: str
    answer: str
    thanks: str
    given_up: str

    def picture(self, name: str) -> str:
        """Of a view, as the tour knows it."""
        return f"tour-{name}-{self.language.value[:2]}"


ALL = (
    Words(
        Language.ZH,
        "施工围挡挡住了单元门",
        "围挡紧贴单元门口，轮椅和婴儿车出不来。",
        "3号楼2单元",
        "围挡已后移三米，门口清理干净，轮椅可以通行。",
        "当天就办好了，谢谢。",
        "测试程序写错，与发送方核实过",
    ),
    Words(
        Language.EN,
        "The site's fence blocks our entrance",
        "It stands right in front of the door: no wheelchair and no pram gets out.",
        "Building 3, entrance 2",
        "The fence stands three metres further back, and the way is clear.",
        "Done the same day, thank you.",
        "A program under trial; its owner was asked",
    ),
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a resident keeps."""

    id: str
    code: str


@pytest.fixture(scope="module")
async def printed(chromium: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Printed]:
    async with demo_left_running(tmp_path_factory.mktemp("demo") / "home") as said:
        yield said


async def test_who_has_only_the_printed_addresses_does_the_work_of_all_three(printed: Printed, arrive: Arrive) -> None:
    resident = await arrive(printed.pages, still=True, **TABLET)
    clerk, operator = [await arrive(printed.pages, still=True, **OFFICE) for _ in range(2)]
    await signs_in(operator, printed.operator)
    await signs_in(clerk, printed.party)
    for words in ALL:
        receipt = await reports(resident, words)
        await accepts_and_resolves(clerk, words, receipt)
        await says_how_it_was(resident, words, receipt)
        await decides_on_what_is_parked(operator, words, printed)
        await looks_at_the_whole(operator, words, receipt)


async def speak(who: Viewer, words: Words) -> None:
    """By the button at the foot of each page."""
    other = who.page.locator(f"button[name=language][value='{words.language}']")
    if await other.count():
        await other.click()
    await expect(who.page.locator("html")).to_have_attribute("lang", words.language)


async def reports(who: Viewer, words: Words) -> Receipt:
    """In words, with a point on the map and a photo; and sees whose it has become."""
    page = who.page
    await who.open("/")
    await speak(who, words)
    await who.view(words.picture("first"))
    await page.locator("a.door[href='/report']").click()
    await expect(page.locator("#title")).to_have_value("")  # of what was sent before, nothing is left on the device
    await page.locator("#title").fill(words.title)
    await page.locator("#text").fill(words.text)
    await page.locator("#place").fill(words.place)
    await page.locator("#category").select_option(FENCES)
    await who.view(words.picture("report"))
    await page.locator("#open-map").click()
    await page.locator("#map path.leaflet-interactive").first.click()
    await expect(page.locator("#no-point")).to_be_visible()
    await expect(page.locator("#neighbourhood")).not_to_have_value("")
    await page.locator("#photo").set_input_files([photo("door.jpg", fenced=True)])
    await expect(page.locator("#photos img")).to_be_visible()
    await who.view(words.picture("place"), page.locator("#on-map"))
    await page.locator("#send").click()
    await expect(page).to_have_url(re.compile(r"/track/.+/receipt\?id="))
    await expect(page.locator("#sending")).to_have_text(re.compile("^(sent|已发送)"))
    await who.view(words.picture("receipt"))
    found = re.search(r"/track/([^/]+)/receipt\?id=([^&]+)", page.url)
    assert found
    receipt = Receipt(found[2], found[1])
    await until_there(who, f"/track/{receipt.code}", page.locator(".timeline > li").nth(1))
    await who.view(words.picture("track"))
    return receipt


async def signs_in(who: Viewer, link: str) -> None:
    """By a printed link, which says whom it signs in before it does."""
    await who.page.goto(link)
    for words in ALL:
        await speak(who, words)
        await who.view(words.picture("sign-in"))
    await who.page.locator("form[action='/sign-in/link'] button").click()
    await expect(who.page.locator("form[action='/sign-out']")).to_be_visible()


async def accepts_and_resolves(who: Viewer, words: Words, receipt: Receipt) -> None:
    """It is the first that the desk shows: its clock is the shortest."""
    page = who.page
    await who.open("/")
    await speak(who, words)
    await page.locator("nav a[href='/desk']").first.click()
    first = page.locator("tr[data-case]").first
    await expect(first).to_contain_text(words.title)
    await expect(page.locator("#desk-map path").first).to_be_attached()
    await who.view(words.picture("desk"))
    await first.locator("a.case").click()
    await does(who, "accept", receipt)
    await page.locator(".actions a[href$='/do/resolve']").click()
    await page.locator("main textarea[name=message]").fill(words.answer)
    await page.locator("#photo").set_input_files([photo("after.jpg", fenced=False)])
    await who.view(words.picture("resolve"))
    await done(who, "resolve", receipt)
    sides = page.locator(".side-by-side > div")
    for side in (sides.nth(0), sides.nth(1)):
        await seen(side.locator("img"))
    await who.view(words.picture("before-after"), page.locator("#photos-title"))
    await who.view(words.picture("case"))


async def does(who: Viewer, name: str, receipt: Receipt) -> None:
    await who.page.locator(f".actions a[href$='/do/{name}']").click()
    await done(who, name, receipt)


async def done(who: Viewer, name: str, receipt: Receipt) -> None:
    """The form has been filled in."""
    await who.page.locator("main button[name=step][value=do]").click()
    await expect(who.page).to_have_url(re.compile(rf"/desk/cases/{receipt.id}\?done={name}$"))


async def says_how_it_was(who: Viewer, words: Words, receipt: Receipt) -> None:
    """Sees what was done, and answers."""
    page = who.page
    ask = page.locator(f"a[href='/track/{receipt.code}/follow-up']")
    await until_there(who, f"/track/{receipt.code}", ask)
    await seen(page.locator(".timeline .photos img"))
    await who.view(words.picture("solved"))
    await ask.click()
    for question in ("contacted", "solved", "satisfied"):
        await page.locator(f"input[name={question}][value=yes]").check()
    await page.locator("main textarea").fill(words.thanks)
    await who.view(words.picture("follow-up"))
    await page.locator("main form button").click()
    await expect(page.locator(".note.ok")).to_be_visible()
    await page.locator("a.brand").click()
    await page.locator("a.door[href='/n']").click()
    await page.locator("main a[href^='/n/']").first.click()
    await who.view(words.picture("neighbourhood"))


async def decides_on_what_is_parked(who: Viewer, words: Words, printed: Printed) -> None:
    """Somebody's program writes what is no event: the topology finds it, and it is given up for a reason."""
    page = who.page
    await who.open("/")
    await speak(who, words)
    record = Raw(b"nothing", f'{{"for": "{words.language}"}}'.encode())
    (sent,) = await send_raw(Cluster(printed.addresses["kafka"]), "linli.intake", [record])
    finding = page.locator(f"{PARKED}:not(.ended)")
    await until_there(who, "/topology", finding)
    await who.view(words.picture("topology"), page.locator("h1"))
    acknowledge = finding.locator(".judge form:not(:has([name=hours])) button")
    if await acknowledge.count():
        await acknowledge.click()
    await expect(finding).to_be_visible()
    await expect(acknowledge).to_have_count(0)
    await who.view(words.picture("finding"), page.locator("#findings"))
    await page.locator("#findings a[href*='parking']").first.click()
    await page.locator("main a[href^='/office/parked']").first.click()
    parked = page.locator("article.record").filter(has_text=f"{sent.place.topic}/{sent.place.partition}@{sent.offset}")
    await expect(parked).to_have_count(1)
    await who.view(words.picture("parked"))
    await parked.locator("a[href$='/discard']").click()
    await page.locator("main textarea[name=reason]").fill(words.given_up)
    await page.locator("main form button.contrast").click()
    await expect(page.locator(".note").first).to_be_visible()
    await expect(parked).to_have_count(0)
    await who.view(words.picture("discarded"))


async def looks_at_the_whole(who: Viewer, words: Words, receipt: Receipt) -> None:
    """One case's way, and all cases' figures."""
    page = who.page
    await who.open("/topology")
    await page.locator("#case").fill(receipt.id)
    await page.locator("form[action='/topology/way'] button").click()
    await expect(page).to_have_url(re.compile(rf"/topology/way/{receipt.id}"))
    await who.view(words.picture("way"))
    await page.locator("nav a[href='/reports']").first.click()
    await expect(page.locator("figure.chart").first).to_be_visible()
    await who.view(words.picture("figures"))
    await page.locator("nav a[href='/office']").first.click()
    await who.view(words.picture("office"))


def photo(name: str, *, fenced: bool) -> Any:
    return {"name": name, "mimeType": "image/jpeg", "buffer": jpeg(entrance(fenced=fenced))}


async def seen(picture: Locator) -> None:
    """It has come, and is whole."""
    await picture.first.scroll_into_view_if_needed()
    await expect(picture.first).to_have_js_property("complete", True)
    assert await picture.first.evaluate("picture => picture.naturalWidth") > 0


async def until_there(who: Viewer, path: str, wanted: Locator) -> None:
    """Looks again and again, as who waits for news."""

    async def there() -> bool:
        await who.open(path)
        if await wanted.count():
            return True
        await asyncio.sleep(0.5)
        return False

    await until(there)
