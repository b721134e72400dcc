"""What every page has: its language, colours, headers and errors; and the sessions of staff."""

import asyncio
import re
from urllib.parse import urlsplit

from tests.support.keys import key_for
from tests.support.portal import Visitor, inline_in, visitor
from tests.support.services import until
from tests.support.system import System


async def test_a_page_is_in_the_readers_language_and_one_press_switches_it(anybody: Visitor) -> None:
    assert "What is wrong in your neighbourhood?" in await anybody.page("/")
    switched = await anybody.send("/look", page="", language="zh-CN", back="/sign-in?next=/")
    assert (switched.status_code, switched.headers["Location"]) == (303, "/sign-in?next=/")
    page = await anybody.page("/")
    assert "您的小区有什么问题？" in page
    assert '<html lang="zh-CN"' in page
    dark = await anybody.send("/look", page="", theme="dark", back="https://elsewhere.example/")
    assert dark.headers["Location"] == "/"
    assert 'data-theme="dark"' in await anybody.page("/")


async def test_a_page_loads_nothing_from_elsewhere_and_says_so(anybody: Visitor) -> None:
    answer = await anybody.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    loaded = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert loaded
    assert all(each.startswith(("/", "#")) for each in loaded)
    for address in {each for each in loaded if each.startswith("/static/")}:
        found = await anybody.get(address)
        assert found.status_code == 200
        assert "immutable" in found.headers["Cache-Control"]
    assert not inline_in(answer.text)


async def test_the_page_of_all_parts_is_not_there_unless_a_setting_asks_for_it(anybody: Visitor) -> None:
    assert (await anybody.get("/components")).status_code == 404


async def test_what_is_not_there_is_a_page_for_people_and_a_problem_for_programs(anybody: Visitor) -> None:
    page = await anybody.get("/no/such/page")
    assert (page.status_code, "text/html" in page.headers["Content-Type"]) == (404, True)
    problem = await anybody.http.get("/no/such/page", headers={"Accept": "application/json"})
    assert problem.headers["Content-Type"] == "application/problem+json"


async def test_a_key_opens_a_session_that_its_person_sees_and_ends(system: System, anybody: Visitor) -> None:
    answer = await anybody.get("/sessions")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=%2Fsessions")
    wrong = await anybody.send("/sign-in", page="", key="not a key")
    assert (wrong.status_code, "not accepted" in wrong.text) == (403, True)
    made = await key_for(system, "party", party="estate", community="test")
    await anybody.sign_in(made["key"])
    (cookie,) = [each for each in anybody.http.cookies.jar if each.name == "linli_session"]
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "lax"
    page = await anybody.page("/sessions")
    assert "estate" in page
    async with visitor(system.urls["portal"], made["key"]) as elsewhere:
        assert "End all others" in await anybody.page("/sessions")
        await anybody.send("/sessions/end-others")
        assert (await elsewhere.get("/sessions")).status_code == 303
    await anybody.send("/sign-out")
    assert (await anybody.get("/sessions")).status_code == 303


async def test_a_form_without_the_sessions_token_or_from_elsewhere_is_refused(operator: Visitor) -> None:
    ours = {"Origin": operator.url, "Sec-Fetch-Site": "same-origin"}
    assert (await operator.http.post("/sign-out", data={"csrf": "00" * 32}, headers=ours)).status_code == 403
    assert (await operator.http.post("/sign-out", headers=ours)).status_code == 403
    for foreign in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert (await operator.http.post("/look", data={"theme": "dark"}, headers=foreign)).status_code == 403
    assert (await operator.get("/sessions")).status_code == 200


async def test_a_key_that_is_revoked_ends_its_sessions(system: System, anybody: Visitor) -> None:
    made = await key_for(system, "operator")
    await anybody.sign_in(made["key"])
    assert (await anybody.get("/sessions")).status_code == 200
    revoked = await system.operator.post(f"{system.urls['workflow']}/v1/keys/{made['id']}:revoke")
    assert revoked.status_code == 200, revoked.text

    async def ended() -> bool:
        return (await anybody.get("/sessions")).status_code == 303

    await until(ended)


async def test_a_programs_key_opens_no_session(system: System, anybody: Visitor) -> None:
    made = await key_for(system, "service")
    answer = await anybody.send("/sign-in", page="", key=made["key"])
    assert (answer.status_code, "program" in answer.text) == (403, True)


async def test_who_is_not_signed_in_is_led_there_before_a_large_form_is_read(system: System, anybody: Visitor) -> None:
    place = urlsplit(system.urls["portal"])
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    head = (
        "POST /office/communities/test/publish HTTP/1.1",
        f"Host: {place.netloc}",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Length: 10000000",
    )
    writer.write("\r\n".join((*head, "", "text=")).encode())
    await writer.drain()
    assert (await reader.readline()).startswith(b"HTTP/1.1 303 "), "and the rest was not waited for"
    writer.close()
    await writer.wait_closed()
    answer = await anybody.http.post("/office/communities/test/publish", data={"text": "x" * 10_000_000})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=%2F")
