"""Dark by the switch at the foot of a page; the map on other people's tiles, in their way to count; a point by keys."""

import re
from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from playwright.async_api import expect
from pytest_httpserver import HTTPServer

from linli.contracts.kinds import Language
from linli.text.coordinates import Crs, to_wgs84
from tests.browser.conftest import Arrive, Visit
from tests.browser.test_journey_form import tab_to
from tests.browser.test_journey_resident import receipt_of
from tests.support.browser.axe import assert_accessible
from tests.support.browser.viewer import Colours, Viewer
from tests.support.photos import scene
from tests.support.portal import portal_beside
from tests.support.quarter import Quarter, Role
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on

FACES: dict[Role, tuple[str, ...]] = {
    "resident": ("/", "/report", "/track/{done_code}", "/track/{code}/receipt?id={case}", "/n/{community}/east"),
    "estate": ("/desk?view=all&sort=newest", "/desk/cases/{done}", "/desk/cases/{case}/do/return"),
    "operator": ("/desk", "/reports", "/office", "/office/parked", "/topology", "/components"),
}
OTHER: dict[Colours, Colours] = {"light": "dark", "dark": "light"}
RED_OF_THE_GROUND = "() => getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g)[0]"
SAME = 1e-5
"""Degrees: a metre."""
APART = 1e-3
"""Less than what lies between the two ways to count, in the east of China."""


@pytest.mark.parametrize("colours", OTHER)
@pytest.mark.parametrize("role", FACES)
async def test_the_switch_chooses_the_colours_whatever_the_device_has_and_all_is_legible(
    role: Role, colours: Colours, quarter: Quarter, visit: Visit
) -> None:
    who = await visit(role, colours=OTHER[colours], still=True)
    await who.open("/")
    await who.page.locator(f"button[name=theme][value={colours}]").click()
    for path in FACES[role]:
        await who.open(path.format(**quarter.places))
        await expect(who.page.locator("html")).to_have_attribute("data-theme", colours)
        ground = await who.page.evaluate(
            "() => getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g)[0]"
        )
        assert (int(ground) < 128) == (colours == "dark"), path
        await assert_accessible(who.page)


async def test_a_point_is_set_by_keyboard_alone(quarter: Quarter, visit: Visit) -> None:
    who = await visit(language=Language.EN, still=True)
    await who.open("/report")
    await who.page.get_by_label("In one line").fill("Set by keys")
    await tab_to(who, who.page.get_by_role("button", name="Pick on the map"))
    await who.page.keyboard.press("Enter")
    await expect(who.page.locator("#map path.leaflet-interactive").first).to_be_visible()
    await tab_to(who, who.page.get_by_role("application"))
    await who.page.keyboard.press("+")
    await who.page.keyboard.press("Enter")
    await expect(who.page.get_by_text("A point is set.")).to_be_visible()
    await expect(who.page.get_by_label("Neighbourhood")).to_have_value("east")
    first = await picked(who)
    await who.page.keyboard.press("ArrowRight")

    async def moved() -> bool:
        await who.page.keyboard.press("Enter")  # on a busy machine the map has not moved yet at the first
        return (await picked(who))[0] > first[0]

    await until(moved)
    assert (await who.page.evaluate("document.activeElement.id")) == "map", "and one may go on from there"


@pytest.fixture
async def on_tiles(
    stack: Servers, tmp_path_factory: pytest.TempPathFactory, httpserver: HTTPServer
) -> AsyncIterator[System]:
    """A system whose map is drawn on tiles of another server, which counts as Amap does."""
    tile = BytesIO()
    scene(256, 256).save(tile, "PNG")
    address = re.compile(r"/tile/\d+/\d+/\d+\.png")
    httpserver.expect_request(address).respond_with_data(tile.getvalue(), content_type="image/png")
    said = {"LINLI_TILES": f"{tiles_of(httpserver)}/tile/{{z}}/{{x}}/{{y}}.png", "LINLI_TILES_CREDIT": "© 瓦片"}
    async with system_on(stack, tmp_path_factory.mktemp("tiles"), LINLI_MAP_CRS="gcj02", **said) as system:
        yield system


def tiles_of(httpserver: HTTPServer) -> str:
    return httpserver.url_for("").rstrip("/")


async def test_on_tiles_that_count_otherwise_the_point_is_where_it_was_picked(
    on_tiles: System, httpserver: HTTPServer, arrive: Arrive
) -> None:
    async with portal_beside(on_tiles) as url:
        who = await arrive(url, language=Language.EN, still=True)
        who.meets(tiles_of(httpserver))
        answer = await who.open("/report")
        assert f" {tiles_of(httpserver)};" in re.sub(r"$", ";", answer.headers["content-security-policy"])
        await who.page.get_by_label("In one line").fill("Picked on a map of Amap's")
        await who.page.get_by_role("button", name="Pick on the map").click()
        await expect(who.page.locator("#map img.leaflet-tile-loaded").first).to_be_visible()
        await expect(who.page.get_by_text("© 瓦片")).to_be_visible()
        await who.page.locator("#map path.leaflet-interactive").first.click()
        await expect(who.page.get_by_text("A point is set.")).to_be_visible()
        await expect(who.page.get_by_label("Neighbourhood")).to_have_value("east")
        lon, lat = await picked(who)
        await who.page.get_by_role("button", name="Send", exact=True).click()
        id, _ = await receipt_of(who)
        case = await until(lambda: on_tiles.case(id))
    assert case
    there = case["location"]["lon"], case["location"]["lat"]
    assert there == pytest.approx(to_wgs84((lon, lat), Crs.GCJ02), abs=SAME)
    assert abs(there[0] - lon) > APART
    assert case["neighbourhood"] == "east"


async def picked(who: Viewer) -> tuple[float, float]:
    """Longitude and latitude as the map counts them."""
    lon, lat = [await who.page.locator(f"input[name={name}]").input_value() for name in ("lon", "lat")]
    return float(lon), float(lat)
