"""The neighbourhood's page with its feeds, open data, and the residents' API at the portal's address."""

from collections.abc import AsyncIterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.support.portal import Visitor
from tests.support.services import until
from tests.support.system import System

ATOM = "{http://www.w3.org/2005/Atom}"
TOLD = {"id": "lines", "title": "停车划线", "text": "周六<b>早八点", "since": "2026-01-01"}


@pytest.fixture(scope="module", autouse=True)
async def known(system: System) -> AsyncIterator[dict[str, Any]]:
    """A report of the neighbourhood: its receipt."""
    await system.load(announcements=[TOLD], open_data=True)
    said = {"kind": "report", "title": "王秀英家停水", "neighbourhood": "east", "category": "water"}
    receipt = (await system.submit(**said)).json()

    async def opened() -> bool:
        return await system.case(receipt["id"]) is not None

    await until(opened)
    yield receipt


async def test_a_neighbourhood_shows_figures_and_notices_and_nobodys_words(anybody: Visitor) -> None:
    assert "/n/test/east" in await anybody.page("/n")
    page = await anybody.page("/n/test/east")
    assert "停车划线" in page and "周六&lt;b&gt;早八点" in page and "供水" in page
    assert "王秀英" not in page
    assert (await anybody.get("/n/test/nowhere")).status_code == 404
    assert (await anybody.get("/n/nowhere/east")).status_code == 404


async def test_only_the_page_that_is_made_for_it_may_be_put_into_anothers(anybody: Visitor) -> None:
    embedded = await anybody.get("/n/test/east?embed=1")
    assert "frame-ancestors *" in embedded.headers["Content-Security-Policy"]
    assert "<form" not in embedded.text and "停车划线" in embedded.text
    whole = await anybody.get("/n/test/east")
    assert "frame-ancestors 'none'" in whole.headers["Content-Security-Policy"]


async def test_the_feeds_say_the_same(anybody: Visitor) -> None:
    atom = ET.fromstring((await anybody.get("/n/test/east/feed.atom")).content)  # noqa: S314 - our own
    titles = {each.findtext(f"{ATOM}title") for each in atom.iter(f"{ATOM}entry")}
    feed = (await anybody.get("/n/test/east/feed.json")).json()
    assert titles == {each["title"] for each in feed["items"]} > {"停车划线"}
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert "王秀英" not in str(feed)
    ids = [each["id"] for each in feed["items"]]
    assert len(ids) == len(set(ids))


async def test_a_month_is_to_be_had_as_a_table(anybody: Visitor) -> None:
    page = await anybody.page("/open-data")
    address = page.split('href="/v1/open-data/')[1].split('"')[0]
    table = await anybody.get(f"/v1/open-data/{address}")
    assert table.headers["Content-Type"].startswith("text/csv")
    assert table.text.splitlines()[0].lstrip("\ufeff").startswith("reported_on,kind,category")


async def test_the_residents_api_is_at_the_same_address_and_nothing_of_staff_s(
    system: System, anybody: Visitor, known: dict[str, Any]
) -> None:
    key = (system.servers.secrets_dir / "operator.key").read_text().strip()
    program = {"Accept": "application/json", "Authorization": f"Bearer {key}"}
    for path in ("/v1/cases", "/v1/keys", "/v1/audit", f"/v1/submissions/{known['id']}", "/internal/v1/photos"):
        assert (await anybody.http.get(path, headers=program)).status_code == 404, path
    for path in ("/v1/submissions:batch", "/v1/residents:erase", "/v1/track/x/evidence"):
        assert (await anybody.http.post(path, json={}, headers=program)).status_code in {404, 405}, path
    said = {"kind": "report", "title": "东门路灯不亮", "neighbourhood": "east"}
    headers = {"Accept": "application/json", "Idempotency-Key": "by-the-portal"}
    receipts = [await anybody.http.post("/v1/submissions", json=said, headers=headers) for _ in range(2)]
    assert [each.status_code for each in receipts] == [201, 201]
    assert receipts[1].headers["Idempotency-Replayed"] == "true"
    assert receipts[0].json() == receipts[1].json()
    code = receipts[0].json()["tracking_code"]

    async def opened() -> bool:
        answer = await anybody.http.get(f"/v1/track/{code}", headers={"Accept": "application/json"})
        return answer.status_code == 200

    await until(opened)
    led = await anybody.get(f"/v1/track/{code}")
    assert (led.status_code, led.headers["Location"]) == (303, f"/track/{code}")
    wrong = await anybody.http.post("/v1/submissions", content=b"{", headers={"Content-Type": "application/json"})
    assert (wrong.status_code, wrong.headers["Content-Type"]) == (400, "application/problem+json")


async def test_a_case_is_followed_live_through_the_portal(anybody: Visitor, known: dict[str, Any]) -> None:
    async with anybody.http.stream("GET", f"/v1/stream?track={known['tracking_code']}") as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        heard = ""
        async for text in stream.aiter_text():
            heard += text
            if "event: linli.case.opened.v1" in heard:
                return
    raise AssertionError(heard)
