"""What is measured on a page as it stands. Each names the elements that are at fault, so that they can be found."""

import itertools
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from tests.support.browser.viewer import Viewer

SCRIPT = Path(__file__).with_suffix(".js").read_text()


async def wider_than_the_page(page: Page) -> list[str]:
    """What makes it scroll sideways."""
    return await _measured(page, "wide")


async def small_targets(page: Page, least: int = 24) -> list[str]:
    """What is pressed and is smaller, in CSS pixels."""
    return await _measured(page, "small", least)


async def beyond_the_keyboard(page: Page) -> list[str]:
    """Walks by Tab from the first control to the last: what is not reached, not seen, or reached out of turn."""
    expected = await _measured(page, "stops")
    wrong = [f"for the mouse alone: {each}" for each in await _measured(page, "mouseAlone")]
    places: list[int] = []
    for _ in range(3 * len(expected) + 10):
        await page.keyboard.press("Tab")
        stop = await page.evaluate("() => linliMeasures.stop()")
        if stop is None or stop["place"] in places[:-1]:
            break
        if stop["place"] in places:
            continue  # a date has several stops within itself
        if not stop["shown"]:
            wrong.append(f"focus is not to be seen: {stop['html']}")
        if not stop["there"]:
            wrong.append(f"focus is out of sight: {stop['html']}")
        if stop["place"] >= 0:
            places.append(stop["place"])
    wrong += [f"not reached by Tab: {expected[place]}" for place in range(len(expected)) if place not in places]
    wrong += [
        f"reached out of turn: {expected[after]}" for before, after in itertools.pairwise(places) if after < before
    ]
    return wrong


async def moving(page: Page) -> list[str]:
    """What is animated at this moment."""
    return await _measured(page, "moving")


async def states_without_words(page: Page) -> list[str]:
    """Marks of a state that a person who sees no colours, or nothing, cannot tell."""
    return await _measured(page, "mute")


async def needs_script(page: Page) -> list[str]:
    """Forms that nothing sends and controls that nothing answers where no script runs."""
    return await _measured(page, "needsScript")


async def transferred(viewer: Viewer, path: str, status: int = 200) -> dict[str, int]:
    """The bytes on the wire, heads included, of a first visit: by address."""
    session = await viewer.session()
    sizes: dict[str, int] = {}
    names: dict[str, str] = {}
    session.on("Network.requestWillBeSent", lambda told: names.update({told["requestId"]: told["request"]["url"]}))
    session.on(
        "Network.loadingFinished",
        lambda told: sizes.update({names.get(told["requestId"], "?"): int(told["encodedDataLength"])}),
    )
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await viewer.open(path, status)
    return sizes


async def see_no_colours(viewer: Viewer) -> None:
    """From here on the page looks as it does to a person with achromatopsia."""
    session = await viewer.session()
    await session.send("Emulation.setEmulatedVisionDeficiency", {"type": "achromatopsia"})


async def _measured(page: Page, what: str, given: Any = None) -> list[str]:
    """Each time from the script anew: the page may be another one by now."""
    await page.evaluate(SCRIPT)
    found: list[str] = await page.evaluate(f"given => linliMeasures.{what}(given)", given)
    return found
