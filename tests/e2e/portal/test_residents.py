"""What residents do on the portal's pages, in a browser without scripts: report, follow, add, take back, answer."""

import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from tests.support.photos import corners, jpeg
from tests.support.portal import Visitor, inline_in
from tests.support.services import until
from tests.support.system import System

LIFT = {"kind": "report", "neighbourhood": "east", "category": "facilities.lift", "community": "test"}
OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module", autouse=True)
async def loaded(system: System) -> AsyncIterator[None]:
    rules = [
        {
            **{"id": "lift", "name": "电梯", "when": {"category": ["facilities"]}, "role": "property"},
            **{"accept_within": "2h", "resolve_within": "7d"},
        },
        {
            **{"id": "stuck", "name": "困人", "when": {"words": ["困在"]}, "role": "property"},
            **{"accept_within": "2h", "resolve_within": "7d", "suggests": "facilities.lift"},
        },
    ]
    told = [{"id": "lines", "title": "停车划线", "text": "周六<b>早八点", "since": "2026-01-01"}]
    await system.load(rules=rules, announcements=told, open_data=True)
    yield


async def send(anybody: Visitor, *photos: bytes, **fields: str) -> httpx2.Response:
    """The form as a browser sends it."""
    files = [("photo", (f"{n}.jpg", photo, "image/jpeg")) for n, photo in enumerate(photos)] or None
    key = re.search(r'name="key" value="([0-9a-f]+)"', await anybody.page("/report"))
    assert key
    return await anybody.http.post("/report", data=LIFT | {"key": key[1]} | fields, files=files, headers=OWN)


async def reported(anybody: Visitor, system: System, *photos: bytes, **fields: str) -> tuple[str, str]:
    """A case with its code."""
    answer = await send(anybody, *photos, checked="1", **fields)
    assert answer.status_code == 303, answer.text
    found = urlsplit(answer.headers["Location"])
    code, id = found.path.split("/")[2], parse_qs(found.query)["id"][0]

    async def opened() -> bool:
        case = await system.case(id)
        return case is not None and case["state"] == "dispatched"

    await until(opened)
    return code, id


async def state_of(system: System, id: str) -> Any:
    case = await system.case(id)
    assert case
    return case["state"], case["version"]


async def test_a_report_is_sent_and_its_receipt_can_be_kept(system: System, anybody: Visitor) -> None:
    answer = await send(anybody, title="<b>电梯</b>停在三楼", text="一\r\n二", checked="1")
    assert answer.status_code == 303, answer.text
    receipt = await anybody.page(answer.headers["Location"])
    code = urlsplit(answer.headers["Location"]).path.split("/")[2]
    assert code in receipt and "mailto:" in receipt
    kept = await anybody.get(f"/track/{code}/receipt.txt")
    assert code in kept.text and f"/track/{code}" in kept.text
    assert "attachment" in kept.headers["Content-Disposition"]

    async def known() -> bool:
        return (await anybody.get(f"/track/{code}")).status_code == 200

    await until(known)
    page = await anybody.page(f"/track/{code}")
    id = parse_qs(urlsplit(answer.headers["Location"]).query)["id"][0]
    assert f'data-stream="/live?topics=case:{id}"' in page, "the one that all viewers share"
    assert "&lt;b&gt;电梯&lt;/b&gt;停在三楼" in page and "<b>电梯" not in page
    led = await anybody.get(f"/track?code={code.replace('-', '').lower()}")
    assert (led.status_code, led.headers["Location"]) == (303, f"/track/{code}")
    unknown = await anybody.get("/track/ABCD-EFGH-JKMP")
    assert unknown.status_code == 404 and 'name="code"' in unknown.text


async def test_the_same_form_sent_twice_is_one_report(anybody: Visitor) -> None:
    fields = LIFT | {"key": "a" * 32, "title": "电梯门关不上", "checked": "1"}
    one, other = [await anybody.http.post("/report", data=fields, headers=OWN) for _ in range(2)]
    assert one.status_code == 303
    assert one.headers["Location"] == other.headers["Location"]


async def test_what_is_known_already_is_shown_once_before_it_is_sent(system: System, anybody: Visitor) -> None:
    _, first = await reported(anybody, system, title="5号楼电梯按钮失灵")
    asked = await send(anybody, title="5号楼电梯按钮失灵了", category="")
    assert (asked.status_code, "Not sent yet" in asked.text) == (200, True), asked.text
    assert first not in asked.text
    same = re.search(r'name="same_as" value="([^"]{43})">\s*5号楼电梯按钮失灵 ', asked.text)
    assert same, asked.text
    _, id = await reported(anybody, system, title="5号楼电梯按钮失灵了", same_as=same[1])
    case = await system.case(id)
    assert case and case["attributes"] == {"same_as": first}, "which staff see, and may merge it into"


async def test_a_category_is_suggested_with_the_word_that_speaks_for_it(anybody: Visitor) -> None:
    fields = {"community": "test", "kind": "report", "title": "有人困在里面"}
    part = await anybody.http.post("/report/hints", data=fields, headers=OWN)
    assert 'data-category="facilities.lift"' in part.text and "【困在】" in part.text
    assert "<html" not in part.text


async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(anybody: Visitor) -> None:
    answer = await send(anybody, title="电梯", phone="12", text="很长的说明", checked="1")
    assert answer.status_code == 422
    assert 'id="phone"' in answer.text and "很长的说明" in answer.text
    assert re.search(r'<input id="phone"[^>]*aria-invalid="true"', answer.text)
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert (await anybody.http.post("/report", data=LIFT | {"title": "x"}, headers=foreign)).status_code == 403


async def test_photos_go_with_it_or_after_it_and_only_the_code_opens_them(system: System, anybody: Visitor) -> None:
    code, id = await reported(anybody, system, jpeg(corners()), title="电梯门变形")
    photo = {"photo": ("two.jpg", jpeg(corners(80, 60)), "image/jpeg")}
    added = await anybody.http.post(f"/track/{code}/photos", data={"id": id}, files=photo, headers=OWN)
    assert (added.status_code, added.headers["Location"]) == (303, f"/track/{code}?said=photos")
    shown = set(re.findall(rf'src="(/track/{code}/photos/[^"]+)"', await anybody.page(f"/track/{code}")))
    assert len(shown) == 2
    for address in shown:
        assert (await anybody.get(address)).headers["Content-Type"] == "image/jpeg"
        assert (await anybody.get(address.replace(code, "ABCD-EFGH-JKMP"))).status_code in {403, 404}
    wrong = {"photo": ("no.jpg", b"no photo", "image/jpeg")}
    refused = await anybody.http.post(f"/track/{code}/photos", files=wrong, headers=OWN)
    assert 400 <= refused.status_code < 500 and 'role="alert"' in refused.text


async def test_words_are_added_and_it_is_taken_back_and_looking_changes_nothing(
    system: System, anybody: Visitor
) -> None:
    code, id = await reported(anybody, system, title="电梯异响")
    track = f"/track/{code}"
    added = await anybody.http.post(f"{track}/words", data={"message": "今天更响了"}, headers=OWN)
    assert added.headers["Location"] == f"{track}?said=added", added.text
    assert "今天更响了" in await anybody.page(track)
    empty = await anybody.http.post(f"{track}/words", data={"message": ""}, headers=OWN)
    assert empty.status_code == 422
    before = await state_of(system, id)
    for rest in ("", "/steps", "/receipt", "/receipt.txt", "/withdraw", "/follow-up", "?said=withdrawn"):
        for method in ("GET", "HEAD"):
            assert (await anybody.http.request(method, f"{track}{rest}")).status_code == 200, rest
    assert await state_of(system, id) == before
    back = await anybody.http.post(f"{track}/withdraw", data={"reason": "好了"}, headers=OWN)
    assert back.headers["Location"] == f"{track}?said=withdrawn"

    async def gone() -> bool:
        return "withdrawn" in await anybody.page(track)

    await until(gone)
    page = await anybody.page(track)
    assert "/words" not in page and "/withdraw" not in page


async def test_who_is_not_content_asks_that_it_is_taken_up_again(system: System, anybody: Visitor) -> None:
    code, id = await reported(anybody, system, title="电梯灯不亮")
    await system.act(id, "accept")
    await system.act(id, "resolve", message="换了灯")
    assert "/follow-up?solved=no" in await anybody.page(f"/track/{code}")
    asked = await anybody.page(f"/track/{code}/follow-up?solved=no")
    assert re.search(r'name="solved" value="no" required checked|name="solved" value="no" checked', asked)
    missing = await anybody.http.post(f"/track/{code}/follow-up", data={"solved": "no"}, headers=OWN)
    assert missing.status_code == 422
    said = {"contacted": "yes", "solved": "no", "satisfied": "no", "message": "还是不亮"}
    answer = await anybody.http.post(f"/track/{code}/follow-up", data=said, headers=OWN)
    assert answer.headers["Location"] == f"/track/{code}?said=asked", answer.text
    case = await system.case(id)
    assert case and case["decide_by"]
    await system.act(id, "close")
    over = await anybody.http.post(f"/track/{code}/follow-up", data=said, headers=OWN)
    assert over.status_code == 409 and 'role="alert"' in over.text
    assert "Report it again" in await anybody.page(f"/track/{code}")


async def test_a_page_for_residents_weighs_little(anybody: Visitor) -> None:
    for path in ("/report", "/track", "/n/test/east"):
        page = await anybody.get(path)
        weight = page.num_bytes_downloaded
        loaded = set(re.findall(r'"(/static/[^"]+)"', page.text))
        for address in loaded:
            weight += (await anybody.get(address)).num_bytes_downloaded
        assert weight < 100_000, (path, weight)
        assert not inline_in(page.text)
